//! Events that nobody wrote down: times in which failures came faster than promised, and cost enough.

use super::level::{Level, Op};
use crate::error::{Error, Result};
use crate::judge::Target;

/// What makes an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Failures count from so many times the allowed share on, β.
    pub times: (u64, u64),
    /// What is spent beyond that is at least this share of a period's budget, x.
    pub share: (u64, u64),
    /// After so many steps without a new peak it is over, g.
    pub quiet: i64,
}

/// The events of a series, as steps `[start, end)`, from what each step has: its number, bad and valid events, ascending.
///
/// Each step scores `bad − β · (1 − T) · valid`, and `S = max(0, S + score)`. A candidate begins at the first positive
/// step after S was 0 and ends with the step at which S peaked; it is over when S is 0 again, or when no new peak came
/// for so long. It is kept if its peak reaches the share of `B = (1 − T) · V · P / D`, the budget of a period of `period`
/// where `valid` events came in the time that is `covered`. (This is the cumulative sum of Page, *Biometrika* 41, 1954.)
///
/// Fails where a number does not fit.
pub fn computed(
    steps: impl Iterator<Item = (i64, u128, u128)>,
    target: Target,
    rule: Rule,
    (valid, (period, covered)): (u128, (u64, u64)),
) -> Result<Vec<(i64, i64)>> {
    if valid == 0 || covered == 0 {
        return Ok(Vec::new());
    }
    // In parts of an event, so that every score is whole.
    let part = i128::from(target.denominator()) * i128::from(rule.times.1);
    let allowed = i128::from(target.budget()) * i128::from(rule.times.0);
    let least = Level::burn(rule.share, target)?.times((period, covered))?;
    let whole = valid.checked_mul(part.unsigned_abs()).ok_or(Error::Overflow)?;
    let keep = |peak: i128| least.passed(Op::Reaches, (peak.unsigned_abs(), whole));
    let mut found = Vec::new();
    let mut open: Option<Candidate> = None;
    let mut end = |candidate: Option<Candidate>| {
        found.extend(candidate.filter(|one| keep(one.peak)).map(|one| (one.start, one.peaked + 1)));
    };
    for (step, bad, valid) in steps {
        if open.is_some_and(|one| step - one.peaked > rule.quiet) {
            end(open.take());
        }
        let times = |count: u128, factor: i128| {
            i128::try_from(count).ok().and_then(|count| count.checked_mul(factor)).ok_or(Error::Overflow)
        };
        let score = times(bad, part)?.checked_sub(times(valid, allowed)?).ok_or(Error::Overflow)?;
        let sum = open.map_or(0, |one| one.sum).checked_add(score).ok_or(Error::Overflow)?;
        if sum <= 0 {
            end(open.take());
            continue;
        }
        let one = open.get_or_insert(Candidate { start: step, sum, peak: 0, peaked: step });
        one.sum = sum;
        if sum > one.peak {
            (one.peak, one.peaked) = (sum, step);
        } else if step - one.peaked >= rule.quiet {
            end(open.take());
        }
    }
    end(open);
    Ok(found)
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    start: i64,
    sum: i128,
    peak: i128,
    /// The step of the peak.
    peaked: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { times: (2, 1), share: (1, 50), quiet: 3 };

    fn of(steps: &[(i64, u128, u128)], valid: u128) -> Vec<(i64, i64)> {
        computed(steps.iter().copied(), Target::parse("0.99").unwrap(), RULE, (valid, (1, 1))).unwrap()
    }

    #[test]
    fn an_event_ends_where_it_peaked() {
        // Of 10,000 events 100 may fail; 2 % of these are two beyond twice the allowed share.
        let steps = [(0, 0, 100), (1, 3, 100), (2, 3, 100), (3, 2, 100), (4, 1, 100), (5, 1, 100), (6, 0, 100)];
        assert_eq!(of(&steps, 10_000), [(1, 3)]);
        // Twice as much traffic allows twice as much.
        assert_eq!(of(&steps, 10_001), []);
        assert_eq!(of(&[], 10_000), []);
        assert_eq!(of(&steps, 0), []);
    }

    #[test]
    fn two_bursts_merge_unless_the_sum_returns_to_zero_or_no_peak_comes_for_long() {
        let burst = |at: i64| (at, 10, 100);
        assert_eq!(of(&[burst(0), (1, 1, 100), burst(2)], 10_000), [(0, 3)]);
        assert_eq!(of(&[burst(0), (1, 0, 500), burst(2)], 10_000), [(0, 1), (2, 3)]);
        // The third step after the peak ends it, whether there is anything in it or not.
        assert_eq!(of(&[burst(0), (3, 2, 100), burst(4)], 10_000), [(0, 1), (4, 5)]);
        assert_eq!(of(&[burst(0), burst(3)], 10_000), [(0, 4)]);
        assert_eq!(of(&[burst(0), burst(4)], 10_000), [(0, 1), (4, 5)]);
    }
}
