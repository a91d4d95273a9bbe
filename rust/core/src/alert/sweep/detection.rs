//! Quantiles of the time to detection at every threshold.

use super::table::{Latency, Table};

/// The shares whose quantiles are told: the median, nine tenths, and all.
const SHARES: [(u64, u64); 3] = [(1, 2), (9, 10), (1, 1)];

impl Table {
    /// For each threshold the median, the 90th percentile and the greatest time to detection of all events, in
    /// microseconds: the least time within which that share of them was detected (type 1 of Hyndman and Fan, *American
    /// Statistician* 50, 1996, with +∞ for the others); `None` where fewer were.
    ///
    /// What is detected changes from threshold to threshold only where one of the kept latencies begins or ends.
    #[must_use]
    pub fn detection(&self) -> Vec<[Option<i64>; 3]> {
        let thresholds = self.thresholds();
        let mut begins: Vec<&Latency> = self.latencies.iter().collect();
        let mut ends = begins.clone();
        begins.sort_unstable_by_key(|one| one.thresholds.0);
        ends.sort_unstable_by_key(|one| one.thresholds.1);
        let (mut begins, mut ends) = (begins.into_iter().peekable(), ends.into_iter().peekable());
        let mut known: Vec<i64> = Vec::new();
        let mut told = [None; 3];
        let at = |threshold: i16| {
            let mut same = true;
            while let Some(one) = begins.next_if(|one| one.thresholds.0 <= threshold) {
                known.insert(known.partition_point(|after| *after < one.after), one.after);
                same = false;
            }
            while let Some(one) = ends.next_if(|one| one.thresholds.1 <= threshold) {
                if let Ok(place) = known.binary_search(&one.after) {
                    known.remove(place);
                }
                same = false;
            }
            if !same {
                told = SHARES.map(|share| quantile(&known, self.events(), share));
            }
            told
        };
        (0..thresholds).map(at).collect()
    }
}

/// The least of sorted times within which a share of all events was detected.
fn quantile(known: &[i64], events: u64, (above, below): (u64, u64)) -> Option<i64> {
    let rank = (events * above).div_ceil(below).checked_sub(1)?;
    known.get(usize::try_from(rank).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_counts_what_was_not_detected_as_later_than_anything() {
        let known = [1, 2, 3, 4, 5];
        let of = |events, share| quantile(&known, events, share);
        assert_eq!([(1, 2), (9, 10), (1, 1)].map(|share| of(5, share)), [Some(3), Some(5), Some(5)]);
        assert_eq!([(1, 2), (9, 10), (1, 1)].map(|share| of(10, share)), [Some(5), None, None]);
        assert_eq!(quantile(&[], 0, (1, 2)), None);
    }

    #[test]
    fn each_threshold_has_its_own() {
        let mut table = Table::new(4, true);
        table.latencies =
            [((0, 3), 7), ((1, 2), 5), ((3, 4), 9)].map(|(thresholds, after)| Latency { thresholds, after }).into();
        table.expect(2);
        let found: Vec<[Option<i64>; 3]> = table.detection();
        assert_eq!(
            found,
            [[Some(7), None, None], [Some(5), Some(7), Some(7)], [Some(7), None, None], [Some(9), None, None]]
        );
    }
}
