//! Conditions at every tick against the obvious definition, with counts and targets as great and as fine as can be.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::cmp::Ordering;
use std::collections::BTreeMap;

use backburn_core::alert::{Condition, Held, How, Level, OfBudget, Op, Test, Truth, Truths, Windows};
use backburn_core::cell::{Builder, Cell, Lane, Tallies};
use backburn_core::judge::{NoData, Target, Unparsable};
use backburn_core::time::Spans;
use backburn_core::window::{BadRows, Cells, Length, Rolling, Ticks};
use proptest::prelude::*;

/// Good and bad events and bad rows by step.
type Counts = BTreeMap<i64, [u64; 3]>;

const LENGTHS: [i64; 3] = [2, 5, 11];

fn tallies(counts: &Counts, weighted: bool) -> Tallies {
    let mut builder = Builder::new(Lane::FIXED, weighted);
    for (step, [good, bad, rows]) in counts {
        let weights = weighted.then_some((rows + 1, *rows, 1));
        builder.push(Cell { series: 0, step: *step, lanes: &[*good, *bad, 0], weights });
    }
    builder.finish(1)
}

fn total(counts: &Counts, from: i64, to: i64) -> [u64; 3] {
    let mut total = [0; 3];
    for (_, counts) in counts.range(from.min(to)..to) {
        for (all, more) in total.iter_mut().zip(counts) {
            *all += more;
        }
    }
    total
}

/// Compares `a · b · c` with `d · e · f` by the digits of their products.
fn order(left: [u64; 3], right: [u64; 3]) -> Ordering {
    let digits = |factors: [u64; 3]| {
        let mut digits: Vec<u128> = vec![1];
        for factor in factors {
            let mut carry = 0;
            for digit in &mut digits {
                let all = *digit * u128::from(factor) + carry;
                *digit = all & u128::from(u64::MAX);
                carry = all >> 64;
            }
            digits.push(carry);
        }
        digits.reverse();
        digits
    };
    digits(left).cmp(&digits(right))
}

#[derive(Debug, Clone)]
struct Drawn {
    long: usize,
    short: Option<usize>,
    factor: (u64, u64),
    least_bad: u64,
    least_valid: u64,
}

impl Drawn {
    fn condition(&self, target: Target) -> Condition {
        let level = Level::burn(self.factor, target).unwrap();
        let test = Test::Burn((self.long, self.short), level);
        Condition { test, least_bad: self.least_bad, least_valid: self.least_valid }
    }

    fn holds(&self, counts: &Counts, tick: i64, how: How, target: Target) -> bool {
        let guarded = total(counts, tick - LENGTHS[self.long], tick);
        let rows = guarded[2];
        if rows < self.least_bad || guarded[0] + guarded[1] < self.least_valid {
            return false;
        }
        [Some(self.long), self.short].into_iter().flatten().all(|window| {
            let [good, bad, _] = total(counts, tick - LENGTHS[window], tick);
            let (bad, valid) = match (good + bad, how.no_data) {
                (0, NoData::Undefined) => return false,
                (0, NoData::Good) => (0, 1),
                (0, NoData::Bad) => (1, 1),
                (valid, _) => (bad, valid),
            };
            // bad / valid / (budget / whole) against above / below.
            let found = order([bad, target.denominator(), self.factor.1], [self.factor.0, valid, target.budget()]);
            found == Ordering::Greater || (how.op == Op::Reaches && found == Ordering::Equal)
        })
    }
}

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 0_u64..4, 1 => 0_u64..u64::MAX / 64, 1 => Just(u64::MAX / 64)]
}

fn cells() -> impl Strategy<Value = Counts> {
    let counts = prop_oneof![
        (count(), count(), 0_u64..5),
        Just((9, 1, 1)),
        Just((999, 1, 1)),
        Just((0, 3, 2)),
        Just((u64::MAX / 64 - 7, 7, 3)),
    ];
    prop::collection::btree_map(0_i64..40, counts.prop_map(|(good, bad, rows)| [good, bad, rows.min(bad)]), 0..30)
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let factors = vec![(1, 1), (72, 5), (14, 15), (10, 1), (1, 3), (1000, 1), (u64::MAX, 3), (1, u64::MAX), (999, 1)];
    let guard = || prop_oneof![3 => Just(0), 1 => 0_u64..6];
    (1_usize..3, prop::option::of(Just(0_usize)), prop::sample::select(factors), guard(), guard())
        .prop_map(|(long, short, factor, least_bad, least_valid)| Drawn { long, short, factor, least_bad, least_valid })
}

proptest! {
    #[test]
    fn conditions_are_true_where_their_definition_says(
        counts in cells(),
        weighted: bool,
        conditions in prop::collection::vec(drawn(), 1..4),
        target in prop::sample::select(vec!["0.9", "0.999", "0.5", "0.999999999999999999", "0.000000000000000001"]),
        op in prop::sample::select(vec![Op::Above, Op::Reaches]),
        no_data in prop::sample::select(vec![NoData::Undefined, NoData::Good, NoData::Bad]),
        freeze: bool,
        (first, every) in (0_i64..12, 1_i64..4),
    ) {
        let counts: Counts = if weighted { counts } else {
            counts.into_iter().map(|(step, [good, bad, _])| (step, [good, bad, bad])).collect()
        };
        let (tallies, target) = (tallies(&counts, weighted), Target::parse(target).unwrap());
        let left_out = Spans::default();
        let cells = Cells { tallies: &tallies, series: &[0], unparsable: Unparsable::Reject, left_out: &left_out };
        let ticks = Ticks::new(first, every, 15).unwrap();
        let lengths = LENGTHS.map(|steps| Length::new(steps).unwrap());
        let rolling = Rolling::new(cells, ticks, &lengths).unwrap();
        let held = lengths.iter().map(|length| Held { events: rolling.window(*length).unwrap(), slices: None });
        let rows = BadRows::new(cells, ticks, &lengths).unwrap();
        let windows = Windows { held: held.collect(), budget: OfBudget::default(), coming: Vec::new(), usual: Vec::new(), rows, ticks: ticks.len(), target };
        let how = How { op, no_data: if freeze { NoData::Undefined } else { no_data }, freeze };
        let asked: Vec<Condition> = conditions.iter().map(|one| one.condition(target)).collect();
        let found: Vec<Truth> = Truths::new(&asked, how, &windows).unwrap().each().collect();
        let expected: Vec<Truth> = ticks
            .steps()
            .map(|tick| {
                let empty = |one: &Drawn| {
                    let [good, bad, _] = total(&counts, tick - LENGTHS[one.short.unwrap_or(one.long)], tick);
                    good + bad == 0
                };
                if conditions.iter().any(|one| one.holds(&counts, tick, how, target)) {
                    Truth::True
                } else if freeze && conditions.iter().any(empty) {
                    Truth::Frozen
                } else {
                    Truth::False
                }
            })
            .collect();
        prop_assert_eq!(found, expected);
        // Whatever stands above its level at a tick stands as high as its height says.
        for (condition, one) in asked.iter().zip(&conditions) {
            for (place, tick) in ticks.steps().enumerate() {
                let height = condition.height(place, how, &windows);
                if one.holds(&counts, tick, how, target) {
                    #[expect(clippy::cast_precision_loss, reason = "a height is a float, and so is what it is near to")]
                    let level = one.factor.0 as f64 / one.factor.1 as f64;
                    prop_assert!(height.unwrap() >= level * (1.0 - 1e-12), "{:?} {}", height, level);
                }
            }
        }
    }
}
