//! `Confidence`: how sure the judgement of one window is; and what its blocks of time say of it.

use backburn_core::error::Result;
use backburn_core::judge::{Confidence as Sure, Interval, Resampler, Verdict};
use backburn_core::rollup::{Indicator, Key};
use backburn_core::time::Span;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::error::refuse;
use crate::tally::parse_unparsable;

/// The lower and the upper end of an interval.
type Ends = (f64, f64);

/// A series, how many of its blocks have events, and the interval that they give.
pub(crate) type Resampled<'py> = (Bound<'py, PyTuple>, usize, Option<Ends>);

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

/// Draws the blocks of every series anew.
pub(crate) fn resampled<'py>(
    py: Python<'py>,
    indicator: &Indicator,
    labels: &[usize],
    blocks: &[(i64, i64)],
    unparsable: &str,
) -> PyResult<Vec<Resampled<'py>>> {
    let unparsable = parse_unparsable(unparsable)?;
    let mut resampler = Resampler::default();
    let mut one = |series: &[usize]| {
        let sums = blocks.iter().map(|(start, end)| indicator.judged(series, Span::new(*start, *end)));
        resampler.resample(&sums.collect::<Result<Vec<_>>>()?, unparsable)
    };
    let all: Result<Vec<(Key, _)>> =
        py.detach(|| indicator.project(labels).into_iter().map(|(key, series)| Ok((key, one(&series)?))).collect());
    let found = all.map_err(refuse)?.into_iter();
    found.map(|(key, found)| Ok((PyTuple::new(py, key)?, found.count, found.interval.map(ends)))).collect()
}
