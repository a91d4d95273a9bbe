//! `Confidence`: how sure the judgement of one window is; and what its blocks of time say of it.

use backburn_core::error::Result;
use backburn_core::judge::{Confidence as Sure, Interval, Resampler, Unparsable, Verdict, events_needed as needed};
use backburn_core::rollup::Key;
use pyo3::prelude::*;

use crate::pieces::{Pieces, Seen};
use crate::tally::parse_target;

/// The lower and the upper end of an interval.
type Ends = (f64, f64);

/// How many blocks of a series have events, and the interval that they give.
pub(crate) type Resampled = (usize, Option<Ends>);

/// How sure the judgement of one window is.
#[pyclass(frozen, get_all, module = "backburn._rust")]
pub(crate) struct Confidence {
    events: f64,
    wilson: Ends,
    clopper_pearson: Ends,
    jeffreys: Ends,
    verdict: &'static str,
    needed: Option<u64>,
}

impl From<Sure> for Confidence {
    fn from(sure: Sure) -> Self {
        Self {
            events: sure.events,
            wilson: ends(sure.intervals.wilson),
            clopper_pearson: ends(sure.intervals.clopper_pearson),
            jeffreys: ends(sure.intervals.jeffreys),
            verdict: match sure.verdict {
                Verdict::Met => "met",
                Verdict::Breached => "breached",
                Verdict::TooFew => "too few to tell",
            },
            needed: sure.needed,
        }
    }
}

fn ends(interval: Interval) -> Ends {
    (interval.low, interval.high)
}

/// The least number of events that can keep a promise for sure, all of them good.
#[pyfunction]
pub(crate) fn events_needed(target: &str) -> PyResult<Option<u64>> {
    Ok(needed(parse_target(target)?))
}

/// Draws the blocks of every series anew; those of one group are of the same time.
pub(crate) fn resampled(
    seen: &Seen<'_>,
    asked: &[(Vec<Key>, Vec<Pieces>)],
    unparsable: Unparsable,
) -> Result<Vec<Vec<Resampled>>> {
    let mut resampler = Resampler::default();
    let mut one = |key: &Key, blocks: &[Pieces]| -> Result<Resampled> {
        let sums = blocks.iter().map(|pieces| seen.judged(seen.series(key), pieces)).collect::<Result<Vec<_>>>()?;
        let found = resampler.resample(&sums, unparsable)?;
        Ok((found.count, found.interval.map(ends)))
    };
    asked.iter().map(|(keys, blocks)| keys.iter().map(|key| one(key, blocks)).collect()).collect()
}
