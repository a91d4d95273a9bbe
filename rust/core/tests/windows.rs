//! Rolling windows against the obvious definition: the sum of each window, judged.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use backburn_core::cell::{Builder, Cell, Lane, Tallies, Tally};
use backburn_core::error::Error;
use backburn_core::judge::{Judgement, Target, Unparsable, judge};
use backburn_core::time::{Span, Spans, Step};
use backburn_core::window::{Cells, Length, Rolling, Ticks, last_events};
use proptest::prelude::*;

/// Good, bad and unknown events per series and step.
type Counts = BTreeMap<(usize, i64), [u64; 3]>;

fn tallies(counts: &Counts) -> Tallies {
    let mut builder = Builder::new(Lane::FIXED + 1, false);
    for ((series, step), [good, bad, unknown]) in counts {
        builder.push(Cell { series: *series, step: *step, lanes: &[*good, *bad, *unknown, 1], weights: None });
    }
    builder.finish(3)
}

/// The window of `length` steps before `tick`, added up cell by cell.
fn obvious(counts: &Counts, series: &[usize], tick: i64, length: i64, asked: &Asked) -> Judgement {
    let mut total = Tally::empty(1);
    for ((_, step), [good, bad, unknown]) in counts.iter().filter(|((of, _), _)| series.contains(of)) {
        let left_out = asked.left_out.iter().any(|(from, to)| (*from..*to).contains(step));
        if (tick - length..tick).contains(step) && !left_out {
            total.add(&Tally { good: *good, bad: *bad, unknown: *unknown, ..Tally::default() }).unwrap();
        }
    }
    judge(&total, asked.target, asked.unparsable).unwrap()
}

#[derive(Debug, Clone)]
struct Asked {
    target: Target,
    unparsable: Unparsable,
    /// Steps that do not count.
    left_out: Vec<(i64, i64)>,
}

impl Asked {
    fn left_out(&self) -> Spans {
        self.left_out.iter().map(|(from, to)| Span::new(*from, *to)).collect()
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let targets = vec!["0.9", "0.997", "0.999", "0.99995", "0.5", "0.000000000000000001", "0.999999999999999999"];
    let unparsable = vec![Unparsable::Reject, Unparsable::Exclude, Unparsable::Bad];
    let left_out = prop::collection::vec((-40_i64..60, 1_i64..30), 0..3);
    (prop::sample::select(targets), prop::sample::select(unparsable), left_out).prop_map(
        |(target, unparsable, left_out)| Asked {
            target: Target::parse(target).unwrap(),
            unparsable,
            left_out: left_out.into_iter().map(|(from, steps)| (from, from + steps)).collect(),
        },
    )
}

/// Small counts and great ones, of which a whole log still fits.
fn count() -> impl Strategy<Value = u64> {
    let near = 1_u64 << 53;
    prop_oneof![4 => 0_u64..4, 1 => near - 2..near + 3, 1 => Just(u64::MAX / 512), 1 => 0..u64::MAX / 512]
}

/// Cells here and there, or one after the other.
fn cells() -> impl Strategy<Value = Counts> {
    let steps = prop_oneof![Just(-30_i64..40), Just(-3_000_000_000_i64..3_000_000_000), Just(0_i64..12)];
    steps.prop_flat_map(|steps| prop::collection::btree_map((0_usize..3, steps), [count(), count(), count()], 0..60))
}

fn same(found: f64, expected: Option<f64>) -> bool {
    expected.map_or(found.is_nan(), |expected| found.to_bits() == expected.to_bits())
}

proptest! {
    #[test]
    fn the_last_events_begin_where_no_later_step_holds_enough(
        counts in cells(),
        series in prop::sample::subsequence(vec![0_usize, 1, 2], 0..=3),
        end in -50_i64..60,
        events in prop_oneof![1_u64..12, Just(1 << 60)],
        asked in asked(),
    ) {
        let (tallies, left_out) = (tallies(&counts), asked.left_out());
        let cells = Cells { tallies: &tallies, series: &series, unparsable: asked.unparsable, left_out: &left_out };
        let enough = |from: i64| obvious(&counts, &series, end, end - from, &asked).valid >= events;
        // A run that begins at a step without events is no longer than it needs only where the next step has some.
        let steps = counts.keys().filter(|(of, step)| series.contains(of) && *step < end).map(|(_, step)| *step);
        let expected = steps.filter(|step| enough(*step)).max();
        prop_assert_eq!(last_events(cells, end, events).unwrap(), expected);
    }

    #[test]
    fn every_window_at_every_tick_is_judged_as_if_alone(
        counts in cells(),
        series in prop::sample::subsequence(vec![0_usize, 1, 2], 0..=3),
        (first, every, number) in (-50_i64..60, 1_i64..6, 0_usize..40),
        lengths in prop::collection::vec(prop_oneof![1_i64..8, 1_i64..90, Just(2_999_999_999)], 1..4),
        asked in asked(),
    ) {
        let (tallies, left_out) = (tallies(&counts), asked.left_out());
        let cells = Cells { tallies: &tallies, series: &series, unparsable: asked.unparsable, left_out: &left_out };
        let ticks = Ticks::new(first, every, number).unwrap();
        let windows: Vec<Length> = lengths.iter().map(|steps| Length::new(*steps).unwrap()).collect();
        Rolling::check(cells, ticks, &windows).unwrap();
        let rolling = Rolling::new(cells, ticks, &windows).unwrap();
        for (length, steps) in windows.iter().zip(&lengths) {
            let window = rolling.window(*length).unwrap();
            let (mut sli, mut burn) = (Vec::new(), Vec::new());
            window.sli(&mut sli);
            window.burn(asked.target, &mut burn);
            prop_assert_eq!([window.valid().len(), window.bad().len(), sli.len(), burn.len()], [number; 4]);
            let mut defined = true;
            for (at, (valid, bad)) in window.valid().zip(window.bad()).enumerate() {
                let tick = first + every * i64::try_from(at).unwrap();
                let expected = obvious(&counts, &series, tick, *steps, &asked);
                prop_assert_eq!((valid, bad), (expected.valid, expected.bad), "{} steps before {}", steps, tick);
                prop_assert!(same(sli[at], expected.sli), "{} is not {:?}", sli[at], expected.sli);
                prop_assert!(same(burn[at], expected.burn), "{} is not {:?}", burn[at], expected.burn);
                defined &= valid > 0;
            }
            prop_assert_eq!(window.defined(), defined);
        }
    }

    #[test]
    fn a_part_of_the_ticks_says_the_same(counts in cells(), skipped in 0_usize..50, number in 0_usize..50, long in 1_i64..30) {
        let tallies = tallies(&counts);
        let cells = Cells { tallies: &tallies, series: &[0, 2], unparsable: Unparsable::Bad, left_out: &Spans::default() };
        let (ticks, length) = (Ticks::new(-20, 2, 40).unwrap(), Length::new(long).unwrap());
        let valid = |ticks| {
            let rolling = Rolling::new(cells, ticks, &[length]).unwrap();
            let window = rolling.window(length).unwrap();
            window.valid().collect::<Vec<_>>()
        };
        let part: Vec<u64> = valid(ticks).into_iter().skip(skipped).take(number).collect();
        prop_assert_eq!(valid(ticks.part(skipped, number)), part);
    }
}

#[test]
fn sums_past_64_bits_are_an_error_and_nothing_less_is() {
    let edge = Counts::from([((0, 0), [u64::MAX - 2, 0, 1]), ((0, 5), [0, 1, 1])]);
    for (unparsable, length, fits) in [
        (Unparsable::Reject, 2, true),
        (Unparsable::Reject, 7, true),
        (Unparsable::Bad, 2, false),
        (Unparsable::Bad, 7, false),
        (Unparsable::Bad, 1_000, false),
    ] {
        let tallies = tallies(&edge);
        let cells = Cells { tallies: &tallies, series: &[0], unparsable, left_out: &Spans::default() };
        let (ticks, length) = (Ticks::new(1, 1, 8).unwrap(), Length::new(length).unwrap());
        let found = Rolling::new(cells, ticks, &[length]).and_then(|rolling| rolling.window(length).map(|_| ()));
        assert_eq!(found, if fits { Ok(()) } else { Err(Error::Overflow) }, "{unparsable:?} {length:?}");
        assert_eq!(Rolling::check(cells, ticks, &[length]), found);
    }
}

#[test]
fn a_window_that_reaches_back_before_all_ticks_overflows_with_them() {
    // Each side of the first tick fits; the longest window at the last tick does not.
    let halves = Counts::from([((0, -90), [1 << 63, 0, 0]), ((0, 2), [1 << 63, 0, 0])]);
    let tallies = tallies(&halves);
    let cells = Cells { tallies: &tallies, series: &[0], unparsable: Unparsable::Reject, left_out: &Spans::default() };
    let (ticks, length) = (Ticks::new(1, 1, 3).unwrap(), Length::new(95).unwrap());
    assert_eq!(Rolling::new(cells, ticks, &[length]).unwrap().window(length).unwrap_err(), Error::Overflow);
    assert_eq!(Rolling::check(cells, ticks, &[length]), Err(Error::Overflow));
}

#[test]
fn a_tick_knows_what_came_before_it() {
    let one = Counts::from([((0, 10), [0, 1, 0])]);
    let tallies = tallies(&one);
    let cells = Cells { tallies: &tallies, series: &[0], unparsable: Unparsable::Reject, left_out: &Spans::default() };
    let length = Length::new(3).unwrap();
    let rolling = Rolling::new(cells, Ticks::new(9, 1, 6).unwrap(), &[length]).unwrap();
    let window = rolling.window(length).unwrap();
    assert_eq!(window.bad().collect::<Vec<_>>(), [0, 0, 1, 1, 1, 0]);
    let mut burn = Vec::new();
    window.burn(Target::parse("0.999").unwrap(), &mut burn);
    // A budget of three in a thousand is spent faster than all of it by 1000/3.
    window.burn(Target::parse("0.997").unwrap(), &mut burn);
    assert_eq!((&burn[2..5], &burn[8..11]), ([1000.0; 3].as_slice(), [1000.0 / 3.0; 3].as_slice()));
}

#[test]
fn ticks_and_windows_fall_on_steps() {
    let step = Step::new(60).unwrap();
    let ticks = Ticks::between(step, -120, 250, 180).unwrap();
    assert_eq!((ticks.first(), ticks.every(), ticks.len(), ticks.last()), (-2, 3, 3, 4));
    assert_eq!(ticks.micros(step).collect::<Vec<_>>(), [-120, 60, 240]);
    assert_eq!(Ticks::between(step, 0, -1, 60).map(Ticks::is_empty), Some(true));
    for (first, last, every) in [(1, 300, 60), (0, 300, 61), (0, 300, 0), (0, 300, -60), (i64::MIN + 8, i64::MAX, 60)] {
        assert_eq!(Ticks::between(step, first, last, every), None, "{first} {last} {every}");
    }
    assert_eq!(Length::of(step, 180), Length::new(3));
    for micros in [0, -60, 61] {
        assert_eq!(Length::of(step, micros), None);
    }
}

#[test]
fn nothing_is_too_far_to_be_asked_about() {
    let far = 1 << 62;
    assert_eq!(Ticks::new(far + 1, 1, 0), None);
    assert_eq!(Ticks::new(far - 5, 3, 2), None);
    assert_eq!(Ticks::new(0, i64::MAX, 2), None);
    let few = Counts::from([((0, -far), [5, 0, 0]), ((0, far - 4), [0, 2, 0])]);
    let tallies = tallies(&few);
    let cells = Cells { tallies: &tallies, series: &[0], unparsable: Unparsable::Reject, left_out: &Spans::default() };
    let (ticks, length) = (Ticks::new(far - 3, 1, 3).unwrap(), Length::new(i64::MAX).unwrap());
    let rolling = Rolling::new(cells, ticks, &[length]).unwrap();
    assert_eq!(rolling.window(length).unwrap().valid().collect::<Vec<_>>(), [2, 2, 2]);
}

#[test]
fn what_came_before_the_first_tick_is_counted_once() {
    // The short window begins at a tick before the first one, so that its sums hold the great count already.
    let halves = Counts::from([((0, 0), [1 << 63, 0, 0])]);
    let tallies = tallies(&halves);
    let cells = Cells { tallies: &tallies, series: &[0], unparsable: Unparsable::Reject, left_out: &Spans::default() };
    let (ticks, short, long) = (Ticks::new(1, 1, 3).unwrap(), Length::new(2).unwrap(), Length::new(95).unwrap());
    let rolling = Rolling::new(cells, ticks, &[short, long]).unwrap();
    let valid = |length| rolling.window(length).unwrap().valid().collect::<Vec<_>>();
    assert_eq!((valid(short), valid(long)), (vec![1 << 63, 1 << 63, 0], vec![1 << 63; 3]));
}
