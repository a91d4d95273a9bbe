//! Pages, and which events they told of.

use super::ground::{Ground, Verdict};

/// Alerts of one group that are one interruption: from `first` on, until `end`, as places among all ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The tick at which it begins.
    pub first: usize,
    /// The first tick after it; the number of all ticks where it fires at the last one.
    pub end: usize,
}

/// What pages made of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// This page, by its place, began in its match span, as the first one.
    Detected(usize),
    /// This page had begun before it, and lasted.
    Firing(usize),
    /// Nobody was told.
    Missed,
}

/// How long it took until a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// It ended before its event did.
    Early,
    /// So many microseconds after it.
    After(i64),
    /// Something else had begun and lasted, or the data ended, so many microseconds after it and before the page did.
    Censored(i64),
}

/// The pages of one group, and what they made of each event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scored {
    /// In the order of time.
    pub pages: Vec<Page>,
    /// One for each event.
    pub outcomes: Vec<Outcome>,
    /// At how many ticks outside every match span an alert that counts fired.
    pub outside: u64,
}

/// Merges alerts, given as first tick and first tick after, that begin in the part of the ground that is scored; two are
/// one page where the later begins at most the regrouping time after the earlier ended.
///
/// A page is true if it begins in the match span of some event; an event is detected by the first page that begins in its
/// match span, or else already firing if a page covers its beginning.
#[must_use]
pub fn score(ground: &Ground, alerts: &[(usize, usize)]) -> Scored {
    let course = &ground.course;
    let mut counted: Vec<(usize, usize)> =
        alerts.iter().copied().filter(|(first, end)| course.part.contains(first) && end > first).collect();
    counted.sort_unstable();
    let (mut pages, mut outside): (Vec<Page>, u64) = (Vec::new(), 0);
    let mut fired = 0;
    for (first, end) in counted {
        outside += u64::from(ground.outside(first.max(fired), end.max(fired)));
        fired = fired.max(end);
        match pages.last_mut() {
            Some(page) if first <= page.end.saturating_add(course.gap()) => page.end = page.end.max(end),
            _ => pages.push(Page { first, end }),
        }
    }
    let outcome = |event: &super::ground::Event| {
        let span = course.matching((event.start, event.end));
        let next = pages.partition_point(|page| page.first < span.start);
        if pages.get(next).is_some_and(|page| page.first < span.end) {
            return Outcome::Detected(next);
        }
        let covers = |page: &Page| course.before(event.start).is_some_and(|tick| page.first <= tick && tick < page.end);
        match next.checked_sub(1).filter(|last| covers(&pages[*last])) {
            Some(last) => Outcome::Firing(last),
            None => Outcome::Missed,
        }
    };
    let outcomes = ground.events.iter().map(outcome).collect();
    Scored { pages, outcomes, outside }
}

impl Scored {
    /// The page that an event is told by.
    #[must_use]
    pub fn page(&self, event: usize) -> Option<Page> {
        match self.outcomes.get(event)? {
            Outcome::Detected(page) | Outcome::Firing(page) => self.pages.get(*page).copied(),
            Outcome::Missed => None,
        }
    }

    /// How long after its beginning an event was detected, in microseconds, and what it had spent by then.
    #[must_use]
    pub fn detection(&self, ground: &Ground, event: usize) -> Option<(i64, u64)> {
        let Outcome::Detected(page) = self.outcomes.get(event)? else { return None };
        let (event, first) = (&ground.events[event], self.pages[*page].first);
        Some((ground.course.moment(first) - event.start, spent(ground, event, first)))
    }

    /// How long after the end of an event the page that told of it ended.
    #[must_use]
    pub fn reset(&self, ground: &Ground, event: usize) -> Option<Reset> {
        let page = self.page(event)?;
        let (course, end) = (&ground.course, ground.events[event].end);
        let others = ground.events.iter().enumerate().filter(|(other, _)| *other != event);
        let began = others.filter(|(_, other)| other.end > end);
        let next = began.map(|(_, other)| other.start.max(end)).min();
        let last = course.moment(course.count.saturating_sub(1));
        let ended = (page.end < course.count).then(|| course.moment(page.end));
        Some(match (ended, next) {
            (Some(ended), _) if ended <= end => Reset::Early,
            (Some(ended), Some(next)) if next < ended => Reset::Censored(next - end),
            (Some(ended), _) => Reset::After(ended - end),
            (None, next) => Reset::Censored((next.unwrap_or(last).min(last) - end).max(0)),
        })
    }

    /// How many pages are of a verdict, by day and by night.
    #[must_use]
    pub fn count(&self, ground: &Ground, verdict: Verdict) -> [u64; 2] {
        let mut counts = [0; 2];
        for page in self.pages.iter().filter(|page| ground.verdict(page.first) == verdict) {
            counts[usize::from(ground.night(page.first))] += 1;
        }
        counts
    }
}

/// What an event had spent before a tick of its match span.
pub(super) fn spent(ground: &Ground, event: &super::ground::Event, tick: usize) -> u64 {
    let first = ground.course.at_or_after(event.start);
    event.spent.get(tick - first).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Event, GroundCourse, Marks};

    fn ground(events: &[(i64, i64)]) -> Ground {
        let course = GroundCourse { first: 0, every: 1, count: 100, part: 10..90, regroup: 3, grace: 5 };
        let events =
            events.iter().map(|(start, end)| Event { start: *start, end: *end, spent: (0..200).collect(), lost: 7 });
        Ground::new(course, events.collect(), Marks::default())
    }

    #[test]
    fn alerts_that_follow_soon_are_one_page() {
        let ground = ground(&[]);
        let page = |first, end| Page { first, end };
        let scored = score(&ground, &[(20, 25), (28, 30), (34, 35), (22, 23), (5, 12), (90, 95)]);
        assert_eq!(scored.pages, [page(20, 30), page(34, 35)]);
        // Seconds in which two alerts fire are counted once, and those between two alerts of a page not at all.
        assert_eq!(scored.outside, 5 + 2 + 1);
    }

    #[test]
    fn an_event_is_detected_by_the_first_page_that_begins_in_its_match_span() {
        for (alerts, outcome, detection) in [
            (&[(20, 25)][..], Outcome::Detected(0), Some((0, 0))),
            (&[(19, 25)], Outcome::Firing(0), None),
            (&[(34, 36)], Outcome::Detected(0), Some((14, 14))),
            (&[(35, 36)], Outcome::Missed, None),
            (&[(12, 20)], Outcome::Missed, None),
            (&[(12, 21), (26, 27)], Outcome::Detected(1), Some((6, 6))),
            // One page from before it on, with a gap at its beginning.
            (&[(12, 19), (22, 27)], Outcome::Firing(0), None),
        ] {
            let ground = ground(&[(20, 30)]);
            let scored = score(&ground, alerts);
            assert_eq!((scored.outcomes[0], scored.detection(&ground, 0)), (outcome, detection), "{alerts:?}");
        }
    }

    #[test]
    fn a_reset_ends_where_something_else_begins() {
        for (events, alerts, reset) in [
            (&[(20, 30)][..], &[(21, 29)][..], Some(Reset::Early)),
            (&[(20, 30)], &[(21, 30)], Some(Reset::Early)),
            (&[(20, 30)], &[(21, 37)], Some(Reset::After(7))),
            (&[(20, 30), (35, 40)], &[(21, 37)], Some(Reset::Censored(5))),
            (&[(20, 30), (25, 40)], &[(21, 37)], Some(Reset::Censored(0))),
            (&[(20, 30), (15, 40)], &[(21, 37)], Some(Reset::Censored(0))),
            (&[(20, 30), (22, 28)], &[(21, 37)], Some(Reset::After(7))),
            (&[(20, 30)], &[(21, 100)], Some(Reset::Censored(69))),
            (&[(20, 30)], &[], None),
        ] {
            let ground = ground(events);
            assert_eq!(score(&ground, alerts).reset(&ground, 0), reset, "{events:?} {alerts:?}");
        }
    }
}
