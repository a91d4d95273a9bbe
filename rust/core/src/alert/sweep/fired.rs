//! At which thresholds alerts and pages of a group begin, tick by tick.

use std::ops::Range;

use super::changes::{Change, changes};
use super::levels::Levels;

/// A tick at which something begins, at the thresholds of a range.
pub(super) type Begins = (usize, i16, i16);

/// The ranks up to which each series of a group fires at each tick; what fired before the part that is scored does not
/// count until it has ended.
pub(super) struct Fired<'a> {
    series: &'a [Vec<i16>],
    /// The greatest of all series.
    top: &'a [i16],
    part: Range<usize>,
    gap: usize,
    /// Where the ranks of each series change within the part, after its first tick.
    changed: Vec<Vec<Change>>,
    /// Where the greatest of them does, unless there is one series only.
    top_changed: Option<Vec<Change>>,
    /// Per series, how far up what does not count reaches, from the first tick of the part on; it ends before it is 0.
    held: Vec<Vec<i16>>,
}

impl<'a> Fired<'a> {
    /// `top` has the greatest rank of all `series` at each tick.
    pub(super) fn new(series: &'a [Vec<i16>], top: &'a [i16], part: Range<usize>, gap: usize) -> Self {
        let part = part.start.min(top.len())..part.end.min(top.len());
        let held = |ranks: &Vec<i16>| {
            let mut least = part.start.checked_sub(1).map_or(0, |before| ranks[before]);
            let lasts = ranks[part.clone()].iter().map_while(move |rank| {
                least = least.min(*rank);
                (least > 0).then_some(least)
            });
            lasts.collect()
        };
        let held = series.iter().map(held).collect();
        let within = |ranks: &[i16]| changes(ranks, part.start + 1..part.end);
        let changed = series.iter().map(|ranks| within(ranks)).collect();
        let top_changed = (series.len() != 1).then(|| within(top));
        Self { series, top, part, gap, changed, top_changed, held }
    }

    /// Where the greatest rank changes, from a tick on.
    fn top_changes(&self, from: usize) -> &[Change] {
        let all = self.top_changed.as_ref().or(self.changed.first()).map_or(&[][..], Vec::as_slice);
        &all[all.partition_point(|change| change.tick < from)..]
    }

    /// How far up what does not count reaches at a tick.
    fn held(&self, series: usize, tick: usize) -> i16 {
        tick.checked_sub(self.part.start).and_then(|at| self.held[series].get(at)).copied().unwrap_or(0)
    }

    /// The first tick from which on nothing remembers that something did not count.
    fn settled(&self) -> usize {
        let longest = self.held.iter().map(Vec::len).max().unwrap_or(0);
        if longest == 0 { self.part.start } else { (self.part.start + longest + self.gap + 2).min(self.part.end) }
    }

    /// The thresholds at which something that counts fires at a tick.
    fn at(&self, tick: usize) -> Levels {
        if !self.part.contains(&tick) {
            return Levels::default();
        }
        let each = self.series.iter().enumerate().map(|(at, ranks)| Levels::of(self.held(at, tick), ranks[tick]));
        each.fold(Levels::default(), |all, one| all.union(&one))
    }

    /// When alerts begin, series by series.
    pub(super) fn alerts(&self, mut found: impl FnMut(i16, i16)) {
        for (at, ranks) in self.series.iter().enumerate() {
            let Range { start, end } = self.part;
            let Some(first) = ranks[..end].get(start) else { continue };
            found(self.held(at, start), *first);
            for Change { before, now, .. } in self.changed[at].iter().filter(|change| change.now > change.before) {
                found(*before, *now);
            }
        }
    }

    /// When pages begin: where something begins to fire at a threshold at which nothing of the group did so lately.
    pub(super) fn pages(&self) -> Vec<Begins> {
        let mut found = Vec::new();
        let Range { start, end } = self.part;
        if start >= end {
            return found;
        }
        let settled = self.settled();
        // One series fires at all thresholds up to a rank, so what begins does so where the rank rises.
        let slow = if self.series.len() == 1 { start } else { settled };
        for tick in start..slow {
            found.extend(self.begun(tick).ranges().map(|(low, high)| (tick, low, high)));
        }
        let mut look = |tick: usize, now: i16| {
            if self.series.len() == 1 && tick < settled && self.held(0, tick) != self.held(0, self.since(tick)) {
                found.extend(self.begun(tick).ranges().map(|(low, high)| (tick, low, high)));
                return;
            }
            let held = if self.series.len() == 1 { self.held(0, tick) } else { 0 };
            let lately = self.top[self.since(tick)..tick].iter().rev();
            let mut low = held;
            for before in lately {
                low = low.max(*before);
                if low >= now {
                    return;
                }
            }
            if low < now {
                found.push((tick, low, now));
            }
        };
        if slow == start {
            look(start, self.top[start]);
        }
        for Change { tick, now, .. } in self.top_changes(slow).iter().filter(|change| change.now > change.before) {
            look(*tick, *now);
        }
        found
    }

    /// The first tick that is looked back to.
    fn since(&self, tick: usize) -> usize {
        tick.saturating_sub(self.gap.saturating_add(1)).max(self.part.start)
    }

    fn begun(&self, tick: usize) -> Levels {
        let mut begun = self.at(tick);
        for earlier in (self.since(tick)..tick).rev() {
            if begun.is_empty() {
                break;
            }
            begun = begun.minus(&self.at(earlier));
        }
        begun
    }

    /// The thresholds at which a page covers a tick: something fires, or did and will again within a gap.
    pub(super) fn covers(&self, tick: usize) -> Levels {
        let mut covers = self.at(tick);
        let (mut before, mut after) = (Levels::default(), Vec::new());
        let mut next = Levels::default();
        for ahead in 1..=self.gap {
            next = next.union(&self.at(tick + ahead));
            after.push(next.clone());
        }
        for back in (1..=self.gap).take_while(|back| *back <= tick) {
            before = before.union(&self.at(tick - back));
            // The gap between the two has `back + ahead - 1` ticks.
            if let Some(after) = after.get(self.gap - back) {
                covers = covers.union(&self.at(tick - back).intersection(after));
            }
        }
        covers
    }

    /// For each stretch of ticks, the thresholds at which something that counts fires.
    pub(super) fn stretches(&self, mut found: impl FnMut(Range<usize>, i16, i16)) {
        let Range { start, end } = self.part;
        if start >= end {
            return;
        }
        let longest = self.held.iter().map(Vec::len).max().unwrap_or(0);
        let free = (start + longest).min(end);
        for tick in start..free {
            self.at(tick).ranges().for_each(|(low, high)| found(tick..tick + 1, low, high));
        }
        let Some(mut rank) = self.top[..end].get(free).copied() else { return };
        let mut since = free;
        for Change { tick, now, .. } in self.top_changes(free + 1) {
            if rank > 0 {
                found(since..*tick, 0, rank);
            }
            (since, rank) = (*tick, *now);
        }
        if rank > 0 {
            found(since..end, 0, rank);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The alerts that count at a threshold, of all series.
    fn alerts(series: &[Vec<i16>], part: &Range<usize>, threshold: i16) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for ranks in series {
            let mut first = None;
            for tick in 0..=ranks.len() {
                match (ranks.get(tick).is_some_and(|rank| *rank > threshold), first) {
                    (true, None) => first = Some(tick),
                    (false, Some(began)) => {
                        if part.contains(&began) {
                            found.push((began, tick));
                        }
                        first = None;
                    }
                    _ => {}
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// Where pages begin and end.
    fn pages(alerts: &[(usize, usize)], gap: usize) -> Vec<(usize, usize)> {
        let mut pages: Vec<(usize, usize)> = Vec::new();
        for (first, end) in alerts {
            match pages.last_mut() {
                Some(page) if *first <= page.1 + gap => page.1 = page.1.max(*end),
                _ => pages.push((*first, *end)),
            }
        }
        pages
    }

    proptest! {
        #[test]
        fn what_begins_and_lasts_is_what_each_threshold_alone_does(
            columns in proptest::collection::vec(proptest::array::uniform3(0_i16..5), 1..50),
            many in 1_usize..4,
            start in 0_usize..20,
            more in 0_usize..60,
            gap in 0_usize..5,
        ) {
            let series: Vec<Vec<i16>> =
                (0..many).map(|at| columns.iter().map(|column| column[at].max(column[(at + 1) % 3] - 2)).collect()).collect();
            let count = columns.len();
            let top: Vec<i16> = (0..count).map(|tick| series.iter().map(|ranks| ranks[tick]).max().unwrap()).collect();
            let part = start.min(count)..(start + more).min(count);
            let fired = Fired::new(&series, &top, part.clone(), gap);
            let begins = fired.pages();
            let mut counted = [0_usize; 5];
            fired.alerts(|low, high| (low..high).for_each(|threshold| counted[usize::try_from(threshold).unwrap()] += 1));
            for threshold in 0..5 {
                let within = |low: i16, high: i16| low <= threshold && threshold < high;
                let alone = alerts(&series, &part, threshold);
                prop_assert_eq!(counted[usize::try_from(threshold).unwrap()], alone.len());
                let wanted: Vec<usize> = pages(&alone, gap).iter().map(|page| page.0).collect();
                let found: Vec<usize> =
                    begins.iter().filter(|(_, low, high)| within(*low, *high)).map(|(tick, ..)| *tick).collect();
                prop_assert_eq!(found, wanted, "threshold {}", threshold);
                let mut fires = vec![false; count];
                fired.stretches(|ticks, low, high| if within(low, high) { fires[ticks].fill(true) });
                for (tick, fires) in fires.into_iter().enumerate() {
                    let firing = part.contains(&tick) && alone.iter().any(|one| one.0 <= tick && tick < one.1);
                    prop_assert_eq!(fires, firing);
                    // Pages reach beyond the part; a gap is closed by what begins in it only.
                    let covered = pages(&alone, gap).iter().any(|page| page.0 <= tick && tick < page.1);
                    let covers = fired.covers(tick).ranges().any(|(low, high)| within(low, high));
                    if part.contains(&tick) {
                        prop_assert_eq!(covers, covered, "threshold {} at {}", threshold, tick);
                    }
                }
            }
        }
    }
}
