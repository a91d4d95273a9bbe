//! What pages of one group are held against: events, nights, and what nobody knows.

use std::ops::Range;

/// A page may count for nothing, for an event, or be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// It belongs to no event.
    False,
    /// It lies in the match span of an event.
    True,
    /// Nobody knows, or its event is left out.
    Unsure,
}

/// Shares of a budget are added up in parts of 2^-32, so that their sum depends on no order.
pub const PARTS: f64 = 4_294_967_296.0;

/// Something that somebody should have been told of: `[start, end)`, in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When it began.
    pub start: i64,
    /// When it was over.
    pub end: i64,
    /// The share of the budget that it had spent before each tick from its first one to the one that ends its match
    /// span, both of them, in [`PARTS`].
    pub spent: Vec<u64>,
    /// The share that it spent as a whole, in [`PARTS`].
    pub lost: u64,
}

/// Where the ticks of a group lie, in microseconds, and which of them are scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The first tick.
    pub first: i64,
    /// The time between two.
    pub every: i64,
    /// How many there are.
    pub count: usize,
    /// Those at which an alert must begin for it to count.
    pub part: Range<usize>,
    /// Alerts that end and begin so far apart at most are one page, in microseconds.
    pub regroup: i64,
    /// For so long after an event pages still belong to it, in microseconds.
    pub grace: i64,
}

impl Course {
    /// The first tick at or after a moment.
    #[must_use]
    pub fn at_or_after(&self, moment: i64) -> usize {
        let distance = i128::from(moment) - i128::from(self.first);
        let ticks = -(-distance).div_euclid(i128::from(self.every.max(1)));
        usize::try_from(ticks.max(0)).unwrap_or(usize::MAX).min(self.count)
    }

    /// The moment of a tick.
    #[must_use]
    pub fn moment(&self, tick: usize) -> i64 {
        self.first.saturating_add(self.every.saturating_mul(i64::try_from(tick).unwrap_or(i64::MAX)))
    }

    /// How many ticks without an alert lie between two of one page at most.
    pub(super) fn gap(&self) -> usize {
        usize::try_from(self.regroup.max(0) / self.every.max(1)).unwrap_or(usize::MAX).min(self.count)
    }

    /// The ticks in `[start, end)`.
    fn within(&self, (start, end): (i64, i64)) -> Range<usize> {
        let first = self.at_or_after(start);
        first..self.at_or_after(end).max(first)
    }

    /// The ticks at which a page belongs to an event.
    #[must_use]
    pub fn matching(&self, (start, end): (i64, i64)) -> Range<usize> {
        self.within((start, end.saturating_add(self.grace)))
    }

    /// The last tick at or before a moment; `None` where there is none.
    pub(super) fn before(&self, moment: i64) -> Option<usize> {
        let after = self.at_or_after(moment);
        if after < self.count && self.moment(after) == moment { Some(after) } else { after.checked_sub(1) }
    }
}

/// The spans, in microseconds, that say what a page at a tick is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marks<'a> {
    /// Events that do not count: pages that belong to them are left out.
    pub left_out: &'a [(i64, i64)],
    /// Where nobody knows.
    pub unsure: &'a [(i64, i64)],
    /// Nights.
    pub nights: &'a [(i64, i64)],
}

/// What pages of one group are held against, tick by tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Where the ticks lie.
    pub course: Course,
    /// What counts.
    pub events: Vec<Event>,
    /// What a page at each tick is, and whether it is at night.
    classes: Vec<u8>,
    /// How many ticks of the part before each lie outside the match span of every event.
    outside: Vec<u32>,
}

/// How many classes of ticks there are.
pub(super) const CLASSES: usize = 6;
const NIGHT: u8 = 3;

impl Ground {
    /// Looks at every tick.
    #[must_use]
    pub fn new(course: Course, events: Vec<Event>, marks: Marks<'_>) -> Self {
        let mut classes = vec![Verdict::False as u8; course.count];
        let mut inside = vec![false; course.count];
        let mut paint = |spans: &mut dyn Iterator<Item = Range<usize>>, verdict: Verdict| {
            spans.for_each(|span| classes[span].fill(verdict as u8));
        };
        paint(&mut marks.unsure.iter().map(|span| course.within(*span)), Verdict::Unsure);
        paint(&mut marks.left_out.iter().map(|span| course.matching(*span)), Verdict::Unsure);
        paint(&mut events.iter().map(|event| course.matching((event.start, event.end))), Verdict::True);
        for event in events.iter().map(|event| (event.start, event.end)).chain(marks.left_out.iter().copied()) {
            inside[course.matching(event)].fill(true);
        }
        for night in marks.nights {
            classes[course.within(*night)].iter_mut().filter(|class| **class < NIGHT).for_each(|class| *class += NIGHT);
        }
        let mut outside = Vec::with_capacity(course.count + 1);
        let mut count = 0;
        outside.push(count);
        for (tick, inside) in inside.into_iter().enumerate() {
            count += u32::from(!inside && course.part.contains(&tick));
            outside.push(count);
        }
        Self { course, events, classes, outside }
    }

    /// What a page that begins at a tick is.
    #[must_use]
    pub fn verdict(&self, tick: usize) -> Verdict {
        match self.classes[tick] % NIGHT {
            0 => Verdict::False,
            1 => Verdict::True,
            _ => Verdict::Unsure,
        }
    }

    /// Whether a tick is at night.
    #[must_use]
    pub fn night(&self, tick: usize) -> bool {
        self.classes[tick] >= NIGHT
    }

    /// The verdict, and 3 more at night.
    pub(super) fn class(&self, tick: usize) -> usize {
        usize::from(self.classes[tick])
    }

    /// How many ticks of `[from, to)` lie in the part and outside the match span of every event.
    #[must_use]
    pub fn outside(&self, from: usize, to: usize) -> u32 {
        self.outside[to] - self.outside[from]
    }

    /// All of them.
    #[must_use]
    pub fn all_outside(&self) -> u32 {
        self.outside.last().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(part: Range<usize>) -> Course {
        Course { first: 1_000, every: 10, count: 10, part, regroup: 25, grace: 20 }
    }

    #[test]
    fn moments_fall_on_ticks() {
        let course = course(0..10);
        for (moment, after, before) in [
            (990, 0, None),
            (1_000, 0, Some(0)),
            (1_001, 1, Some(0)),
            (1_090, 9, Some(9)),
            (1_095, 10, Some(9)),
            (2_000, 10, Some(9)),
        ] {
            assert_eq!((course.at_or_after(moment), course.before(moment)), (after, before), "{moment}");
        }
        assert_eq!((course.gap(), course.moment(3)), (2, 1_030));
        assert_eq!(course.matching((1_005, 1_020)), 1..4);
    }

    #[test]
    fn a_tick_is_true_before_it_is_unsure() {
        let event = Event { start: 1_010, end: 1_020, spent: vec![0; 4], lost: 0 };
        let marks = Marks { left_out: &[(1_060, 1_061)], unsure: &[(1_000, 1_030)], nights: &[(1_030, 1_050)] };
        let ground = Ground::new(course(1..9), vec![event], marks);
        let verdicts: Vec<Verdict> = (0..10).map(|tick| ground.verdict(tick)).collect();
        let (f, t, u) = (Verdict::False, Verdict::True, Verdict::Unsure);
        assert_eq!(verdicts, [u, t, t, t, f, f, u, u, u, f]);
        let nights: Vec<usize> = (0..10).filter(|tick| ground.night(*tick)).collect();
        assert_eq!(nights, [3, 4]);
        // Ticks 0 and 9 are not in the part, 1 to 3 and 6 to 8 in a match span.
        assert_eq!((ground.all_outside(), ground.outside(4, 5), ground.outside(0, 4)), (2, 1, 0));
    }
}
