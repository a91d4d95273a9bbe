//! How far the share of good events strays when whole blocks of time are drawn anew.

use super::proportion::Interval;
use super::random::SplitMix64;
use crate::error::{Error, Result};
use crate::judge::Unparsable;
use crate::quantile::{Definition, Quantile};

/// How often the blocks are drawn.
const RESAMPLES: usize = 2_000;
/// With fewer blocks than this nothing can be said.
const FEWEST_BLOCKS: usize = 3;
/// Every interval is drawn with numbers of its own from the same beginning, so neither order nor threads matter.
const SEED: u64 = 0;

/// A bootstrap over blocks of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blocks {
    /// The blocks that have valid events; the others say nothing.
    pub count: usize,
    /// The interval; `None` with fewer than three.
    pub interval: Option<Interval>,
}

/// Draws blocks anew, and remembers how often each was drawn: as many blocks are always drawn alike.
#[derive(Debug, Default)]
pub struct Resampler {
    blocks: usize,
    /// For each resample, how often it has each block.
    times: Vec<u16>,
}

impl Resampler {
    /// The percentile interval of 95 % (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13) of the
    /// share of good events, from the good, bad and unknown events of each block.
    ///
    /// 2,000 times, as many blocks as there are get drawn with replacement, and the share is the sum of their good
    /// events over that of their valid ones; the ends are the quantiles of 2.5 % and 97.5 % of these shares (type 7).
    /// Errors come in runs, which blocks keep together. Fails where the events of a block do not fit.
    pub fn resample(&mut self, blocks: &[[u64; 3]], unparsable: Unparsable) -> Result<Blocks> {
        let (mut good, mut valid) = (Vec::with_capacity(blocks.len()), Vec::with_capacity(blocks.len()));
        for [kept, broken, unknown] in blocks {
            let all = kept.checked_add(unparsable.bad(*broken, *unknown)?).ok_or(Error::Overflow)?;
            if all > 0 {
                good.push(*kept);
                valid.push(all);
            }
        }
        let interval = if valid.len() < FEWEST_BLOCKS { None } else { self.ratio(&good, &valid) };
        Ok(Blocks { count: valid.len(), interval })
    }

    /// The interval of the sum of `above` over that of `below`, block by block; resamples in which nothing is below say
    /// nothing, and `None` is returned where all are so.
    pub fn ratio(&mut self, above: &[u64], below: &[u64]) -> Option<Interval> {
        middle(self.ratios(above, below).into_iter().flatten().collect())
    }

    /// The interval of the difference of two such ratios, drawn together.
    pub fn difference(&mut self, one: (&[u64], &[u64]), other: (&[u64], &[u64])) -> Option<Interval> {
        let (one, other) = (self.ratios(one.0, one.1), self.ratios(other.0, other.1));
        let both = one.into_iter().zip(other);
        middle(both.filter_map(|(one, other)| Some(one? - other?)).collect())
    }

    fn ratios(&mut self, above: &[u64], below: &[u64]) -> Vec<Option<f64>> {
        if below.is_empty() {
            return Vec::new();
        }
        if self.blocks != below.len() {
            *self = Self::drawn(below.len());
        }
        // At most, every draw is the greatest block.
        let most = above.iter().chain(below).copied().max().map_or(0, u128::from) * below.len() as u128;
        let total = |times: &[u16], events: &[u64]| {
            let each = times.iter().zip(events);
            if most <= u128::from(u64::MAX) {
                u128::from(each.map(|(times, events)| u64::from(*times) * events).sum::<u64>())
            } else {
                each.map(|(times, events)| u128::from(*times) * u128::from(*events)).sum()
            }
        };
        let resamples = self.times.chunks_exact(self.blocks);
        #[expect(clippy::cast_precision_loss, reason = "a share is shown, never compared")]
        let ratio = |(above, below): (u128, u128)| (below > 0).then(|| above as f64 / below as f64);
        resamples.map(|times| ratio((total(times, above), total(times, below)))).collect()
    }

    fn drawn(blocks: usize) -> Self {
        let mut generator = SplitMix64::new(SEED);
        let mut times = vec![0_u16; RESAMPLES * blocks];
        for resample in times.chunks_exact_mut(blocks) {
            for _ in 0..blocks {
                // That one block of many were drawn 65,535 times does not happen.
                let drawn = &mut resample[generator.below(blocks)];
                *drawn = drawn.saturating_add(1);
            }
        }
        Self { blocks, times }
    }
}

/// The quantiles of 2.5 % and 97.5 % (type 7).
fn middle(mut drawn: Vec<f64>) -> Option<Interval> {
    drawn.sort_unstable_by(f64::total_cmp);
    let quantile = |text: &str| {
        let ranks = Definition::default().ranks(Quantile::parse(text)?, drawn.len() as u64)?;
        let at = |rank: u64| usize::try_from(rank).ok().and_then(|rank| drawn.get(rank).copied());
        Some(ranks.combine(at(ranks.low)?, at(ranks.high)?))
    };
    Some(Interval { low: quantile("0.025")?, high: quantile("0.975")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(blocks: &[[u64; 3]]) -> Blocks {
        Resampler::default().resample(blocks, Unparsable::Reject).unwrap()
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
        assert_eq!(
            Resampler::default().resample(&[[9, 1, 0], [0, 0, 5], [9, 1, 0]], Unparsable::Bad).unwrap().count,
            3
        );
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
        let half = u64::MAX / 2;
        assert_eq!(of(&[[half, half, 0]; 5]).interval, Some(Interval { low: 0.5, high: 0.5 }));
        assert_eq!(Resampler::default().resample(&[[u64::MAX, 1, 0]], Unparsable::Bad), Err(Error::Overflow));
    }

    #[test]
    fn ratios_are_drawn_together_where_they_are_compared() {
        let (above, below) = ([1, 2, 3, 4], [10, 20, 30, 40]);
        let mut drawn = Resampler::default();
        assert_eq!(drawn.ratio(&above, &below), Some(Interval { low: 0.1, high: 0.1 }));
        let higher: Vec<u64> = above.iter().zip(below).map(|(above, below)| above + below / 2).collect();
        let apart = drawn.difference((&higher, &below), (&above, &below)).unwrap();
        assert!((apart.low - 0.5).abs() < 1e-12 && (apart.high - 0.5).abs() < 1e-12);
        // A fourth of the resamples of two blocks have nothing below.
        assert_eq!(drawn.ratio(&[7, 1], &[0, 1]), Some(Interval { low: 1.0, high: 8.0 }));
        assert_eq!(drawn.ratio(&[1], &[0]), None);
        assert_eq!(drawn.ratio(&[], &[]), None);
    }

    #[test]
    fn what_was_drawn_before_changes_nothing() {
        let blocks: Vec<[u64; 3]> = (0..20).map(|day| [1000 - day * day, day * day, 0]).collect();
        let mut resampler = Resampler::default();
        for count in [20, 5, 20, 7, 20] {
            let again = resampler.resample(&blocks[..count], Unparsable::Reject).unwrap();
            assert_eq!(again, of(&blocks[..count]));
            // Events beyond 64 bits take another way to the same shares.
            let huge: Vec<[u64; 3]> = blocks[..count].iter().map(|block| block.map(|events| events << 53)).collect();
            assert_eq!(again, of(&huge));
        }
    }
}
