//! Usual traffic against the obvious definition: the median of the weeks that are known.

use std::collections::BTreeSet;

use backburn_core::cell::{Builder, Cell, Lane};
use backburn_core::judge::Unparsable;
use backburn_core::time::{Span, Spans};
use backburn_core::window::{Cells, Length, Ticks, Weeks, usual};
use proptest::prelude::*;

fn spans() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((-60_i64..40, 1_i64..40), 0..4)
        .prop_map(|spans| spans.into_iter().map(|(start, steps)| (start, start + steps)).collect())
}

proptest! {
    #[test]
    fn the_median_of_known_weeks_is_usual(
        counts in prop::collection::btree_map(-60_i64..40, [0_u64..5, 0_u64..3, 0_u64..2], 0..60),
        covered in spans(),
        cut in spans(),
        length in 1_i64..6,
        (first, every, number) in (-20_i64..10, 1_i64..4, 0_usize..12),
        back in prop::collection::vec(prop::collection::vec(1_i64..30, 0..5), 1..4),
        bad: bool,
    ) {
        let mut builder = Builder::new(Lane::FIXED, false);
        for (step, lanes) in &counts {
            builder.push(Cell { series: 0, step: *step, lanes, weights: None });
        }
        let tallies = builder.finish(1);
        let of = |spans: &[(i64, i64)]| spans.iter().map(|(start, end)| Span::new(*start, *end)).collect::<Spans>();
        let (known, left_out) = (of(&covered), of(&cut));
        let unparsable = if bad { Unparsable::Bad } else { Unparsable::Reject };
        let cells = Cells { tallies: &tallies, series: &[0], unparsable, left_out: &left_out };
        let ticks = Ticks::new(first, every, number).unwrap();
        // One after the other, the last of them for all that is left.
        let last = back.len() - 1;
        let weeks: Vec<Weeks> = back
            .iter()
            .enumerate()
            .map(|(at, back)| {
                let until = if at == last { i64::MAX } else { first + 5 * i64::try_from(at).unwrap() };
                Weeks { until, back: back.clone() }
            })
            .collect();
        let found = usual(cells, ticks, Length::new(length).unwrap(), &weeks, &known).unwrap();
        let expected: Vec<Option<u64>> = ticks
            .steps()
            .map(|tick| {
                let inside = |step: i64, spans: &[(i64, i64)]| spans.iter().any(|(from, to)| (*from..*to).contains(&step));
                let of_week = |back: &i64| {
                    let steps: Vec<i64> = (tick - back - length..tick - back).collect();
                    let whole = steps.iter().all(|step| inside(*step, &covered) && !inside(*step, &cut));
                    let held = |step: &i64| {
                        let [good, bad_events, unknown] = counts.get(step).copied().unwrap_or_default();
                        good + bad_events + if bad { unknown } else { 0 }
                    };
                    // What comes at the last tick, or later, is not known at any tick.
                    let past = steps.iter().filter(|step| **step < ticks.last());
                    whole.then(|| past.map(held).sum::<u64>())
                };
                let week = weeks.iter().find(|one| tick <= one.until).unwrap();
                let mut held: BTreeSet<(u64, usize)> = BTreeSet::new();
                for (at, back) in week.back.iter().enumerate() {
                    if let Some(sum) = of_week(back) {
                        held.insert((sum, at));
                    }
                }
                let held: Vec<u64> = held.into_iter().map(|(sum, _)| sum).collect();
                if held.is_empty() { None } else { Some(held[(held.len() - 1) / 2] + held[held.len() / 2]) }
            })
            .collect();
        prop_assert_eq!(found, expected);
    }
}
