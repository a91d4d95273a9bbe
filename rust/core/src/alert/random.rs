//! How well a policy would have done by chance: the same pages at other times.

use super::ground::{Ground, Verdict};
use super::score::Page;
use crate::judge::SplitMix64;

/// What pages at other times would have told of, in all groups together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chance {
    /// Detected events.
    pub detected: u64,
    /// True pages.
    pub tell: u64,
    /// False pages.
    pub lie: u64,
}

/// Moves the pages of each group around the part that is scored, as on a ring and each group by a distance of its own, so
/// often; the numbers are drawn from 0 as seed.
#[must_use]
pub fn shifted(groups: &[(&Ground, &[Page])], times: usize) -> Vec<Chance> {
    let mut generator = SplitMix64::new(0);
    let mut draw = || {
        let mut chance = Chance::default();
        for (ground, pages) in groups {
            let part = ground.course.part.clone();
            if part.is_empty() || pages.is_empty() {
                continue;
            }
            let distance = generator.below(part.len());
            let mut firsts: Vec<usize> =
                pages.iter().map(|page| part.start + (page.first - part.start + distance) % part.len()).collect();
            firsts.sort_unstable();
            for first in &firsts {
                match ground.verdict(*first) {
                    Verdict::True => chance.tell += 1,
                    Verdict::False => chance.lie += 1,
                    Verdict::Unsure => {}
                }
            }
            for event in &ground.events {
                let span = ground.course.matching((event.start, event.end));
                let next = firsts.partition_point(|first| *first < span.start);
                chance.detected += u64::from(firsts.get(next).is_some_and(|first| *first < span.end));
            }
        }
        chance
    };
    (0..times).map(|_| draw()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Event, GroundCourse, Marks};

    #[test]
    fn a_page_lies_in_a_tenth_of_the_time_a_tenth_of_the_time() {
        let course = GroundCourse { first: 0, every: 1, count: 110, part: 10..110, regroup: 0, grace: 0 };
        let event = Event { start: 20, end: 30, spent: vec![0; 11], lost: 0 };
        let ground = Ground::new(course, vec![event], Marks::default());
        let found = shifted(&[(&ground, &[Page { first: 50, end: 60 }])], 10_000);
        let detected = found.iter().map(|one| one.detected).sum::<u64>();
        assert!((900..1_100).contains(&detected), "{detected}");
        assert!(found.iter().all(|one| one.detected == one.tell && one.tell + one.lie == 1));
        assert_eq!(shifted(&[(&ground, &[])], 2), [Chance::default(); 2]);
    }
}
