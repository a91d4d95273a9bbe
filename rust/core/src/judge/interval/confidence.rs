//! How sure the judgement of a window is, as if its events were independent.

use super::proportion::Intervals;
use super::verdict::{Promise, Verdict};
use crate::cell::Tally;
use crate::error::{Error, Result};
use crate::judge::{Target, Unparsable};

/// How sure the judgement of one window is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    /// How many independent events the counts are worth: n, and for sampled rows (Σw)²/Σw² (Kish, *Survey Sampling*, 1965).
    pub events: f64,
    /// Intervals of the share of good events, for `sli · events` of `events`.
    pub intervals: Intervals,
    /// What the interval of Clopper and Pearson says about the target.
    pub verdict: Verdict,
    /// The least number of events that would decide with the same share; `None` where none below 2^53 would.
    pub needed: Option<u64>,
}

/// How sure it is that `tally` keeps or breaks `target`; `None` without valid events. `sampled` says that rows stand for
/// others like them, not for themselves. Fails where the sums do not fit.
#[expect(clippy::cast_precision_loss, reason = "only probabilities follow from these floats")]
pub fn confidence(tally: &Tally, target: Target, unparsable: Unparsable, sampled: bool) -> Result<Option<Confidence>> {
    let bad = unparsable.bad(tally.bad, tally.unknown)?;
    let valid = tally.good.checked_add(bad).ok_or(Error::Overflow)?;
    if valid == 0 {
        return Ok(None);
    }
    let scale = if sampled { scale(tally) } else { Some(1.0) };
    // One row is there at least; a quotient of floats might say a little less.
    let events = (valid as f64 * scale.unwrap_or(0.0)).max(1.0);
    let per_event = events / valid as f64;
    let promise = Promise::new(bad, valid, target);
    Ok(Some(Confidence {
        events,
        intervals: Intervals::of(tally.good as f64 * per_event, bad as f64 * per_event),
        verdict: promise.verdict(events),
        needed: promise.needed(),
    }))
}

/// Σw / Σw²: what one event of a sample is worth; `None` where no row tells what rows weigh. Rows that do not tell good
/// from bad, of which only the sum is known, are taken to weigh like the others.
#[expect(clippy::cast_precision_loss, reason = "only probabilities follow from this float")]
fn scale(tally: &Tally) -> Option<f64> {
    (tally.squares > 0).then(|| (tally.good as f64 + tally.bad as f64) / tally.squares as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target {
        Target::parse("0.999").unwrap()
    }

    fn events(tally: &Tally, unparsable: Unparsable, sampled: bool) -> Option<f64> {
        confidence(tally, target(), unparsable, sampled).unwrap().map(|found| found.events)
    }

    /// Ten good rows that weigh `weight`, and as many that do not tell.
    fn rows(weight: u64) -> Tally {
        let squares = u128::from(10 * weight * weight);
        Tally { good: 10 * weight, unknown: 10 * weight, rows: 20, squares, ..Tally::empty(0) }
    }

    #[test]
    fn a_sample_is_worth_its_rows() {
        assert_eq!(events(&rows(7), Unparsable::Reject, true), Some(10.0));
        assert_eq!(events(&rows(7), Unparsable::Reject, false), Some(70.0));
        assert_eq!(events(&rows(7), Unparsable::Bad, true), Some(20.0));
        // Weights 1 and 9: (1 + 9)² / (1 + 81).
        let uneven = Tally { good: 1, bad: 9, rows: 2, bad_rows: 1, squares: 82, ..Tally::empty(0) };
        assert!((events(&uneven, Unparsable::Reject, true).unwrap() - 100.0 / 82.0).abs() < 1e-15);
    }

    #[test]
    fn without_events_there_is_nothing_to_be_sure_of() {
        let unknown = Tally { unknown: 50, rows: 5, ..Tally::empty(0) };
        assert_eq!(events(&unknown, Unparsable::Reject, true), None);
        assert_eq!(events(&unknown, Unparsable::Bad, true), Some(1.0));
        assert_eq!(events(&unknown, Unparsable::Bad, false), Some(50.0));
    }

    #[test]
    fn a_share_keeps_its_ratio_whatever_the_events_are_worth() {
        let found = confidence(&rows(400), target(), Unparsable::Reject, true).unwrap().unwrap();
        assert_eq!((found.verdict, found.needed), (Verdict::TooFew, Some(3_688)));
        let found = confidence(&rows(400), target(), Unparsable::Reject, false).unwrap().unwrap();
        assert_eq!((found.verdict, found.needed), (Verdict::Met, Some(3_688)));
    }

    #[test]
    fn an_interval_that_decides_lies_on_one_side() {
        for (good, bad) in [(10_000, 0), (3_000, 0), (9_990, 10), (9_970, 30), (99_950, 50), (1, 9), (999, 1)] {
            let tally = Tally { good, bad, squares: u128::from(good + bad), ..Tally::empty(0) };
            let found = confidence(&tally, target(), Unparsable::Reject, false).unwrap().unwrap();
            let exact = found.intervals.clopper_pearson;
            let wanted = if exact.low >= 0.999 {
                Verdict::Met
            } else if exact.high < 0.999 {
                Verdict::Breached
            } else {
                Verdict::TooFew
            };
            assert_eq!(found.verdict, wanted, "{good} {bad}");
        }
    }
}
