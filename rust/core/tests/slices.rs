//! Slices of time against the obvious definition: each slice by itself, step by step, in whole numbers of any size.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use backburn_core::cell::{Builder, Cell, Lane, Tallies, Tally};
use backburn_core::judge::{NoData, ONE, SliceCounts, Target, Unparsable, judge};
use backburn_core::time::{Span, Spans};
use backburn_core::window::{Cells, Length, SliceMethod, SliceRule, Slices};
use num_bigint::BigInt;
use proptest::prelude::*;

/// Good and bad events per series and step.
type Counts = BTreeMap<(usize, i64), (u64, u64)>;

fn tallies(counts: &Counts) -> Tallies {
    let mut builder = Builder::new(Lane::FIXED, false);
    for ((series, step), (good, bad)) in counts {
        builder.push(Cell { series: *series, step: *step, lanes: &[*good, *bad, 0], weights: None });
    }
    builder.finish(3)
}

fn spans(list: &[(i64, i64)]) -> Spans {
    list.iter().map(|(from, steps)| Span::new(*from, from + steps)).collect()
}

fn holds(spans: &Spans, step: i64) -> bool {
    spans.as_slice().iter().any(|span| span.contains(step))
}

/// How good a slice is, in parts of [`ONE`]; `None` where it does not count.
fn obvious(
    counts: &Counts,
    slice: i64,
    rule: SliceRule,
    steps: i64,
    left_out: &Spans,
    covered: &Spans,
) -> Option<u128> {
    let own: Vec<i64> = (slice * steps..(slice + 1) * steps).filter(|step| !holds(left_out, *step)).collect();
    let inside = counts.iter().filter(|((_, step), _)| own.contains(step));
    let (good, bad) = inside.fold((0, 0), |all, (_, one)| (all.0 + one.0, all.1 + one.1));
    if good + bad >= rule.min_events.max(1) {
        let (good, valid) = (u128::from(good), u128::from(good + bad));
        return Some(match rule.method {
            SliceMethod::Ratio => (good << 64) / valid,
            SliceMethod::Reaches(target) => {
                let kept = good * u128::from(target.denominator()) >= valid * u128::from(target.numerator());
                if kept { ONE } else { 0 }
            }
        });
    }
    let told = !own.is_empty() && own.iter().all(|step| holds(covered, *step));
    match rule.no_data {
        NoData::Good if told => Some(ONE),
        NoData::Bad if told => Some(0),
        _ => None,
    }
}

fn rules() -> impl Strategy<Value = (SliceRule, i64)> {
    let target = |text| SliceMethod::Reaches(Target::parse(text).unwrap());
    let methods = vec![SliceMethod::Ratio, target("0.5"), target("0.9"), target("0.75")];
    let no_data = vec![NoData::Undefined, NoData::Good, NoData::Bad];
    let parts = (1_i64..6, 0_u64..4, prop::sample::select(methods), prop::sample::select(no_data));
    parts.prop_map(|(steps, min_events, method, no_data)| {
        (SliceRule { length: Length::new(steps).unwrap(), min_events, method, no_data }, steps)
    })
}

proptest! {
    #[test]
    fn every_slice_is_judged_as_if_alone(
        counts in prop::collection::btree_map((0_usize..3, -20_i64..40), (0_u64..4, 0_u64..4), 0..50),
        (rule, steps) in rules(),
        left_out in prop::collection::vec((-25_i64..45, 1_i64..12), 0..3),
        covered in prop::collection::vec((-25_i64..45, 1_i64..30), 0..3),
        (first, number) in (-12_i64..12, 0_i64..24),
        (from, to) in (-14_i64..26, -14_i64..26),
    ) {
        let (tallies, left_out, covered) = (tallies(&counts), spans(&left_out), spans(&covered));
        let cells = Cells { tallies: &tallies, series: &[0, 1, 2], unparsable: Unparsable::Reject, left_out: &left_out };
        let slices = Slices::new(cells, rule, Span::new(first, first + number), &covered).unwrap();
        let mut expected = SliceCounts::default();
        for slice in (first..first + number).filter(|slice| (from..to).contains(slice)) {
            if let Some(value) = obvious(&counts, slice, rule, steps, &left_out, &covered) {
                expected.counted += 1;
                expected.good += value;
            }
        }
        prop_assert_eq!(slices.total(from, to), expected);
    }

    #[test]
    fn a_judgement_by_slices_is_exact(
        (counted, good) in (1_u64..1 << 40).prop_flat_map(|counted| {
            let whole = (0..=counted).prop_map(|slices| u128::from(slices) * ONE);
            let near = (0..=counted, 0_u128..3).prop_map(move |(slices, more)| {
                (u128::from(slices) * ONE + more).min(u128::from(counted) * ONE)
            });
            (Just(counted), prop_oneof![whole, near, 0..=u128::from(counted) * ONE])
        }),
        target in prop::sample::select(vec!["0.9", "0.95", "0.999", "0.5", "0.999999999999999999"]),
    ) {
        let target = Target::parse(target).unwrap();
        let slices = SliceCounts { counted, good };
        let events = Tally { good: 3, bad: 4, ..Tally::empty(0) };
        let judged = judge(&events, target, Unparsable::Reject).unwrap().by_slices(slices, target);
        prop_assert_eq!((judged.good, judged.bad, judged.valid), (3, 4, 7));
        let big = |number: u128| BigInt::from(number);
        let (whole, budget) = (big(target.denominator().into()), big(target.budget().into()));
        let all = big(u128::from(counted) * ONE);
        let (allowed, spent) = (&budget * &all, &whole * (&all - big(good)));
        prop_assert_eq!(judged.met, Some(spent <= allowed));
        for (found, above, below) in [
            (judged.sli, big(good), all.clone()),
            (judged.consumed, spent.clone(), allowed.clone()),
            (judged.burn, spent.clone(), allowed.clone()),
            (judged.remaining, &allowed - &spent, allowed.clone()),
            (judged.allowed, &budget * counted, whole.clone()),
        ] {
            prop_assert!(nearest(found.unwrap(), &above, &below), "{:?} {} {}", found, above, below);
        }
    }
}

/// Whether no float is nearer to `above / below` than `found`: twice the distance is at most that to either neighbour.
fn nearest(found: f64, above: &BigInt, below: &BigInt) -> bool {
    // 2^1200 times a float is a whole number, unless it is far smaller than any share here.
    let exact = |number: f64| -> BigInt {
        let bits = number.abs().to_bits();
        let (exponent, mantissa) = (i64::try_from(bits >> 52).unwrap(), bits & ((1 << 52) - 1));
        let full = if exponent == 0 { mantissa } else { mantissa | 1 << 52 };
        let scaled = BigInt::from(full) << usize::try_from(1_200 - 1_075 + exponent.max(1)).unwrap();
        if number < 0.0 { -scaled } else { scaled }
    };
    let wanted = above << 1_200;
    let off = |number: f64| {
        let off: BigInt = &wanted - exact(number) * below;
        if off < BigInt::from(0) { -off } else { off }
    };
    [found.next_up(), found.next_down()].into_iter().all(|neighbour| off(found) <= off(neighbour))
}

#[test]
fn without_slices_nothing_is_said() {
    let target = Target::parse("0.99").unwrap();
    let judged = judge(&Tally { good: 1, ..Tally::empty(0) }, target, Unparsable::Reject).unwrap();
    let judged = judged.by_slices(SliceCounts::default(), target);
    assert_eq!((judged.sli, judged.met, judged.allowed, judged.consumed), (None, None, None, None));
    assert_eq!((judged.remaining, judged.burn, judged.valid), (None, None, 1));
}

#[test]
fn parts_of_slices_are_told_as_numbers_of_slices() {
    assert_eq!(SliceCounts::slices(3 * ONE + ONE / 4).to_bits(), 3.25_f64.to_bits());
    let counts = SliceCounts { counted: 5, good: 3 * ONE + ONE / 4 };
    assert_eq!(SliceCounts::slices(counts.bad()).to_bits(), 1.75_f64.to_bits());
}

#[test]
fn whole_slices_are_like_events_and_others_are_not() {
    let counts = SliceCounts { counted: 5, good: 3 * ONE };
    let events = counts.as_events().unwrap();
    assert_eq!((events.good, events.bad, events.rows, events.bad_rows, events.squares), (3, 2, 5, 2, 5));
    assert_eq!(SliceCounts { good: 3 * ONE + 1, ..counts }.as_events(), None);
}
