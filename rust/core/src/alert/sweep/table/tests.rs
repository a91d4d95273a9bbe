use proptest::prelude::*;

use super::*;
use crate::alert::{Event, GroundCourse, Marks, Scored, Verdict, score};

/// The alerts of one series at a threshold.
fn alerts(ranks: &[i16], threshold: i16) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (tick, rank) in ranks.iter().enumerate() {
        match found.last_mut() {
            _ if *rank <= threshold => {}
            Some(last) if last.1 == tick => last.1 += 1,
            _ => found.push((tick, tick + 1)),
        }
    }
    found
}

/// What one threshold did, as its columns would be.
fn told(ground: &Ground, found: &[Vec<(usize, usize)>]) -> Told {
    let all = found.concat();
    let scored: Scored = score(ground, &all);
    let counts = [Verdict::False, Verdict::True, Verdict::Unsure].map(|verdict| scored.count(ground, verdict));
    let told: Vec<usize> = (0..ground.events.len()).filter(|event| scored.page(*event).is_some()).collect();
    let detections: Vec<(i64, u64)> =
        (0..ground.events.len()).filter_map(|event| scored.detection(ground, event)).collect();
    let lost = |events: &mut dyn Iterator<Item = usize>| events.map(|event| ground.events[event].lost).sum::<u64>();
    let one = |count: u64| vec![count.cast_signed()];
    Told {
        alerts: one(all.iter().filter(|(first, _)| ground.course.part.contains(first)).count() as u64),
        pages: [counts[0][0], counts[1][0], counts[2][0], counts[0][1], counts[1][1], counts[2][1]].map(one),
        detected: one(detections.len() as u64),
        firing: one((told.len() - detections.len()) as u64),
        after: vec![detections.iter().map(|(after, _)| after).sum()],
        before: one(detections.iter().map(|(_, before)| before).sum()),
        lost: one(lost(&mut (0..ground.events.len()).filter(|event| !told.contains(event)))),
        outside: one(scored.outside),
        events: ground.events.len() as u64,
        all_outside: u64::from(ground.all_outside()),
    }
}

impl Told {
    /// That of one threshold alone.
    fn only(&self, at: usize) -> Self {
        let one = |column: &Vec<i64>| vec![column[at]];
        Self {
            alerts: one(&self.alerts),
            pages: self.pages.each_ref().map(one),
            detected: one(&self.detected),
            firing: one(&self.firing),
            after: one(&self.after),
            before: one(&self.before),
            lost: one(&self.lost),
            outside: one(&self.outside),
            ..*self
        }
    }
}

proptest! {
    #[test]
    fn every_threshold_is_scored_as_if_it_were_alone(
        columns in proptest::collection::vec(proptest::array::uniform2(0_i16..5), 1..60),
        many in 1_usize..3,
        start in 0_usize..20,
        more in 1_usize..60,
        every in 1_i64..4,
        regroup in 0_i64..9,
        grace in 0_i64..20,
        events in proptest::collection::vec((0_i64..150, 1_i64..40, 0_u64..9), 0..4),
        left_out in proptest::collection::vec((0_i64..150, 1_i64..20), 0..2),
        unsure in proptest::collection::vec((0_i64..150, 1_i64..20), 0..2),
        nights in proptest::collection::vec((0_i64..150, 1_i64..20), 0..2),
    ) {
        let count = columns.len();
        let part = start.min(count)..(start + more).min(count);
        let course = GroundCourse { first: 3, every, count, part: part.clone(), regroup, grace };
        let event = |(start, long, lost): (i64, i64, u64)| {
            let ticks = course.matching((start, start + long));
            let spent = (0..=ticks.len() as u64).map(|at| at * at).collect();
            Event { start, end: start + long, spent, lost }
        };
        let spans = |spans: Vec<(i64, i64)>| spans.into_iter().map(|(at, long)| (at, at + long)).collect::<Vec<_>>();
        let (left_out, unsure, nights) = (spans(left_out), spans(unsure), spans(nights));
        let marks = Marks { left_out: &left_out, unsure: &unsure, nights: &nights };
        // An event belongs to the part that it begins in.
        let belongs = |event: &Event| (course.moment(part.start)..course.moment(part.end)).contains(&event.start);
        let events = events.into_iter().map(event).filter(belongs).collect();
        let ground = Ground::new(course.clone(), events, marks);
        let series: Vec<Vec<i16>> = (0..many).map(|at| columns.iter().map(|column| column[at]).collect()).collect();
        let mut table = Table::new(4, true);
        table.add(&ground, &series);
        let latencies = table.latencies.clone();
        let columns = table.told();
        prop_assert_eq!(columns.alerts.len(), 4);
        for threshold in 0..4_i16 {
            let found = columns.only(usize::try_from(threshold).unwrap());
            let of: Vec<Vec<(usize, usize)>> = series.iter().map(|ranks| alerts(ranks, threshold)).collect();
            prop_assert_eq!(&found, &told(&ground, &of), "threshold {}", threshold);
            let within = |one: &&Latency| one.thresholds.0 <= threshold && threshold < one.thresholds.1;
            let kept: i64 = latencies.iter().filter(within).map(|one| one.after).sum();
            prop_assert_eq!(kept, found.after[0]);
        }
    }
}
