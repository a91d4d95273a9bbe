//! How far the share of good events strays when whole blocks of time are drawn anew.

use super::proportion::Interval;
use super::random::SplitMix64;
use crate::error::{Error, Result};
use crate::judge::Unparsable;
use crate::quantile::{Definition, Quantile};

/// How often the blocks are drawn.
pub const RESAMPLES: usize = 2_000;
/// With fewer blocks than this nothing can be said.
pub const FEWEST_BLOCKS: usize = 3;
/// Every interval is drawn with numbers of its own from the same beginning, so neither order nor threads matter.
const SEED: u64 = 0;

/// A bootstrap over blocks of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blocks {
    /// The blocks that have valid events; the others say nothing.
    pub count: usize,
    /// The interval; `None` with fewer than [`FEWEST_BLOCKS`].
    pub interval: Option<Interval>,
}

/// The percentile interval of 95 % (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13) of the
/// share of good events, from the good, bad and unknown events of each block.
///
/// [`RESAMPLES`] times, as many blocks as there are get drawn with replacement, and the share is the sum of their good
/// events over that of their valid ones; the ends are the quantiles of 2.5 % and 97.5 % of these shares (type 7). Errors
/// come in runs, which blocks keep together. Fails where the events of a block do not fit.
pub fn resample(blocks: &[[u64; 3]], unparsable: Unparsable) -> Result<Blocks> {
    let mut sums: Vec<(u64, u64)> = Vec::with_capacity(blocks.len());
    for [good, bad, unknown] in blocks {
        let valid = good.checked_add(unparsable.bad(*bad, *unknown)?).ok_or(Error::Overflow)?;
        if valid > 0 {
            sums.push((*good, valid));
        }
    }
    let interval = (sums.len() >= FEWEST_BLOCKS).then(|| interval(&sums)).flatten();
    Ok(Blocks { count: sums.len(), interval })
}

fn interval(blocks: &[(u64, u64)]) -> Option<Interval> {
    let mut generator = SplitMix64::new(SEED);
    let mut shares: Vec<f64> = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        let (mut good, mut valid) = (0_u128, 0_u128);
        for _ in 0..blocks.len() {
            let (drawn_good, drawn_valid) = blocks[generator.below(blocks.len())];
            good += u128::from(drawn_good);
            valid += u128::from(drawn_valid);
        }
        #[expect(clippy::cast_precision_loss, reason = "a share is shown, never compared")]
        shares.push(good as f64 / valid as f64);
    }
    shares.sort_unstable_by(f64::total_cmp);
    let quantile = |text: &str| {
        let ranks = Definition::default().ranks(Quantile::parse(text)?, shares.len() as u64)?;
        let at = |rank: u64| usize::try_from(rank).ok().and_then(|rank| shares.get(rank).copied());
        Some(ranks.combine(at(ranks.low)?, at(ranks.high)?))
    };
    Some(Interval { low: quantile("0.025")?, high: quantile("0.975")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(blocks: &[[u64; 3]]) -> Blocks {
        resample(blocks, Unparsable::Reject).unwrap()
    }

    #[test]
    fn equal_blocks_leave_no_doubt() {
        let found = of(&[[9, 1, 0]; 10]);
        assert_eq!(found, Blocks { count: 10, interval: Some(Interval { low: 0.9, high: 0.9 }) });
    }

    #[test]
    fn blocks_without_events_are_none() {
        assert_eq!(of(&[[9, 1, 0], [0, 0, 0], [9, 1, 0]]), Blocks { count: 2, interval: None });
        assert_eq!(of(&[[9, 1, 0], [0, 0, 5], [9, 1, 0]]).count, 2);
        assert_eq!(resample(&[[9, 1, 0], [0, 0, 5], [9, 1, 0]], Unparsable::Bad).unwrap().count, 3);
    }

    #[test]
    fn one_bad_block_of_ten_is_drawn_up_to_three_times() {
        let mut blocks = [[100, 0, 0]; 10];
        blocks[3] = [0, 100, 0];
        // The number of times that it is drawn is binomial with n = 10 and p = 0.1: 0 with 35 %, more than 3 with 1.3 %.
        assert_eq!(of(&blocks).interval, Some(Interval { low: 0.7, high: 1.0 }));
    }

    #[test]
    fn sums_beyond_64_bits_are_no_trouble() {
        assert!(of(&[[u64::MAX / 2, 0, 0]; 5]).interval.is_some());
        assert_eq!(resample(&[[u64::MAX, 1, 0]], Unparsable::Bad), Err(Error::Overflow));
    }
}
