//! Windows of budgets against the obvious definition: the sum of each window, judged.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use backburn_core::cell::{Builder, Cell, Lane, Tallies, Tally};
use backburn_core::error::Error;
use backburn_core::judge::{Target, Unparsable, judge};
use backburn_core::time::{Span, Spans};
use backburn_core::window::{Budgeted, Cells, Length, Period, Rolling, Ticks, last_events};
use proptest::prelude::*;

/// Good, bad and unknown events per series and step.
type Counts = BTreeMap<(usize, i64), [u64; 3]>;

fn tallies(counts: &Counts) -> Tallies {
    let mut builder = Builder::new(Lane::FIXED, false);
    for ((series, step), lanes) in counts {
        builder.push(Cell { series: *series, step: *step, lanes, weights: None });
    }
    builder.finish(3)
}

/// Periods that follow each other, or the one before each of them, or a span that has nothing to do with the ticks.
fn periods() -> impl Strategy<Value = Vec<Period>> {
    let civil = (-70_i64..0, prop::collection::vec(1_i64..40, 1..8), any::<bool>());
    let civil = civil.prop_map(|(first, lengths, previous)| {
        let mut edges = vec![first];
        for length in &lengths {
            edges.push(edges.last().unwrap() + length);
        }
        let whole = |at: usize| (edges[at], edges[at + 1]);
        let shown = |at: usize| whole(if previous { at.saturating_sub(1) } else { at });
        let period = |at: usize| Period { until: edges[at + 1], start: shown(at).0, end: shown(at).1 };
        (0..lengths.len()).map(period).collect()
    });
    let one = (-60_i64..60, 0_i64..60)
        .prop_map(|(start, length)| vec![Period { until: i64::MAX, start, end: start + length }]);
    prop_oneof![3 => civil, 1 => one, 1 => Just(vec![Period { until: i64::MAX, start: -100, end: i64::MAX }])]
}

fn budgets() -> impl Strategy<Value = Budgeted> {
    prop_oneof![
        (1_i64..50).prop_map(|steps| Budgeted::Rolling(Length::new(steps).unwrap())),
        periods().prop_map(Budgeted::Periods),
        prop_oneof![1_u64..30, Just(1 << 50)].prop_map(Budgeted::LastEvents),
    ]
}

proptest! {
    #[test]
    fn what_is_left_at_every_tick_is_judged_as_if_alone(
        counts in prop::collection::btree_map((0_usize..3, -40_i64..60), [0_u64..5, 0_u64..3, 0_u64..2], 0..60),
        series in prop::sample::subsequence(vec![0_usize, 1, 2], 0..=3),
        (first, every, number) in (-50_i64..60, 1_i64..6, 0_usize..40),
        budget in budgets(),
        cut in prop::collection::vec((-40_i64..60, 1_i64..30), 0..3),
        unparsable in prop::sample::select(vec![Unparsable::Reject, Unparsable::Exclude, Unparsable::Bad]),
        target in prop::sample::select(vec!["0.9", "0.999", "0.5", "0.999999999999999999"]),
    ) {
        let (tallies, target) = (tallies(&counts), Target::parse(target).unwrap());
        let left_out: Spans = cut.iter().map(|(from, steps)| Span::new(*from, from + steps)).collect();
        let cells = Cells { tallies: &tallies, series: &series, unparsable, left_out: &left_out };
        let ticks = Ticks::new(first, every, number).unwrap();
        let windows: Vec<Length> = budget.length().into_iter().collect();
        budget.check(cells, ticks).unwrap();
        let spent = budget.spent(&Rolling::new(cells, ticks, &windows).unwrap(), cells, ticks).unwrap();
        let mut left = Vec::new();
        spent.remaining(target, &mut left);
        prop_assert_eq!([spent.events.len(), left.len()], [number; 2]);
        for (at, (events, left)) in spent.events.iter().zip(left).enumerate() {
            let tick = first + every * i64::try_from(at).unwrap();
            let (start, end) = match &budget {
                // A window of so many steps, whose length a test can only ask for.
                Budgeted::Rolling(length) => {
                    (tick - (1..50).find(|steps| Length::new(*steps) == Some(*length)).unwrap(), tick)
                }
                Budgeted::Periods(periods) => {
                    let period = periods.iter().find(|period| tick <= period.until);
                    period.map_or((0, 0), |period| (period.start, period.end.min(tick)))
                }
                Budgeted::LastEvents(events) => {
                    (last_events(cells, tick, *events).unwrap().unwrap_or(i64::MIN), tick)
                }
            };
            let mut total = Tally::empty(0);
            for ((_, step), [good, bad, unknown]) in counts.iter().filter(|((of, _), _)| series.contains(of)) {
                let outside = left_out.as_slice().iter().any(|span| span.contains(*step));
                if (start..end).contains(step) && !outside {
                    let tally = Tally { good: *good, bad: *bad, unknown: *unknown, ..Tally::default() };
                    total.add(&tally).unwrap();
                }
            }
            let expected = judge(&total, target, unparsable).unwrap();
            prop_assert_eq!((events.valid, events.bad), (expected.valid, expected.bad), "at {}", tick);
            let same = expected.remaining.map_or(left.is_nan(), |wanted| wanted.to_bits() == left.to_bits());
            prop_assert!(same, "{} is not {:?}", left, expected.remaining);
        }
    }
}

#[test]
fn sums_past_64_bits_are_an_error_and_nothing_less_is() {
    let halves = Counts::from([((0, 0), [1 << 63, 0, 0]), ((0, 5), [1 << 63, 0, 0])]);
    let tallies = tallies(&halves);
    let cells = Cells { tallies: &tallies, series: &[0], unparsable: Unparsable::Reject, left_out: &Spans::default() };
    let ticks = Ticks::new(1, 1, 9).unwrap();
    let period = |start, end| Budgeted::Periods(vec![Period { until: i64::MAX, start, end }]);
    for (budget, fits) in [
        (Budgeted::Rolling(Length::new(6).unwrap()), false),
        (period(0, 5), true),
        (period(1, 99), true),
        (period(0, 99), false),
        (Budgeted::LastEvents(9), false),
    ] {
        let windows: Vec<Length> = budget.length().into_iter().collect();
        let found = Rolling::new(cells, ticks, &windows).and_then(|rolling| budget.spent(&rolling, cells, ticks));
        assert_eq!(found.as_ref().err(), (!fits).then_some(&Error::Overflow), "{budget:?}");
        assert_eq!(budget.check(cells, ticks).is_ok(), fits, "{budget:?}");
    }
}
