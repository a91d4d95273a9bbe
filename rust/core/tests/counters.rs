//! The laws of counters: whatever the split and order of readings, and however often they are there, the result is the same.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use backburn_core::cell::{Increment, Lane, Part, Sample, Samples, Tallies};
use backburn_core::error::Error;
use backburn_core::rollup::{Indicator, Key, Problems, Rollup, Source, SourceId, in_order};
use backburn_core::time::{Span, Spans, Step};
use proptest::prelude::*;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const GAP: i64 = 5 * MINUTE;

fn sample(seconds: i64, part: u64, valid: u64) -> Sample {
    Sample { time: seconds * SECOND, part, valid }
}

/// A rollup of one source with these readings, each of the series of its name.
fn rollup(source: u64, readings: &[(&str, Sample)]) -> Result<Rollup, Error> {
    let names: Vec<Key> = readings.iter().map(|(name, _)| vec![Some((*name).to_owned())]).collect();
    let (keys, to) = in_order(names);
    let mut unique = keys.clone();
    unique.dedup();
    let mut samples = vec![Vec::new(); unique.len()];
    for ((_, sample), at) in readings.iter().zip(to) {
        let series = unique.binary_search(&keys[at]).unwrap();
        samples[series].push(*sample);
    }
    let id = SourceId { size: source, hash: "f".to_owned() };
    let indicator = Indicator {
        fingerprint: "f".to_owned(),
        step: Step::new(MINUTE).unwrap(),
        by: vec!["zone".to_owned()],
        reasons: Vec::new(),
        sources: BTreeSet::from([id.clone()]),
        ignored: 0,
        unknown: Problems::default(),
        keys: Vec::new(),
        tallies: Tallies::empty(0, false),
        durations: None,
        samples: Some(Samples::empty(Part::Bad, GAP, 0)),
    };
    let indicator = indicator.with_samples("errors", &unique, samples)?;
    let times = readings.iter().map(|(_, sample)| sample.time);
    let source = Source {
        name: format!("{source}.log"),
        rows: std::iter::once(Span::new(0, 100)).collect(),
        asked: Source::unbounded(),
        present: Spans::default(),
        times: times.clone().min().zip(times.max()),
    };
    Ok(Rollup {
        indicators: [("errors".to_owned(), indicator)].into(),
        sources: [(id, source)].into(),
        ..Rollup::default()
    })
}

/// Good, bad and unknown events of a series, step by step.
fn cells(rollup: &Rollup, series: usize) -> Vec<(i64, [u64; 3])> {
    let tallies = &rollup.indicators["errors"].tallies;
    let range = tallies.index().range(series);
    let counts = range.map(|at| tallies.at(at)).map(|tally| [tally.good, tally.bad, tally.unknown]);
    tallies.index().steps(series).zip(counts).collect()
}

proptest! {
    #[test]
    fn any_split_with_any_overlap_gives_the_same_counts(
        seconds in prop::collection::btree_set(0_i64..3_000, 0..30),
        values in prop::collection::vec((0_u64..50, 0_u64..100), 30),
        homes in prop::collection::vec(1_u8..8, 30),
        names in prop::collection::vec(prop::sample::select(vec!["a", "b"]), 30),
    ) {
        let all: Vec<(&str, Sample)> = seconds
            .iter()
            .zip(values)
            .zip(names)
            .map(|((second, (part, valid)), name)| (name, sample(*second, part, valid)))
            .collect();
        // A reading may be in several of three parts.
        let part = |number: u8| {
            let mine = all.iter().zip(&homes).filter(|(_, home)| **home & number > 0);
            rollup(number.into(), &mine.map(|(reading, _)| *reading).collect::<Vec<_>>()).unwrap()
        };
        let (a, b, c) = (part(1), part(2), part(4));
        let merged = a.merge(&b).unwrap().merge(&c).unwrap();
        prop_assert_eq!(&merged, &a.merge(&b.merge(&c).unwrap()).unwrap());
        prop_assert_eq!(&merged, &c.merge(&a).unwrap().merge(&b).unwrap());
        prop_assert_eq!(&merged, &Rollup::merge_all(vec![b, c, a.clone()]).unwrap());
        prop_assert_eq!(&a.merge(&Rollup::default()).unwrap(), &a);
        prop_assert_eq!(&Rollup::default().merge(&a).unwrap(), &a);
        prop_assert_eq!(&merged.indicators["errors"].tallies, &rollup(0, &all).unwrap().indicators["errors"].tallies);
        prop_assert_eq!(&merged.indicators["errors"].samples, &rollup(0, &all).unwrap().indicators["errors"].samples);
    }
}

#[test]
fn what_grew_belongs_to_the_step_that_ends_at_or_holds_the_second_reading() {
    let of = |readings: &[Sample]| {
        let readings: Vec<_> = readings.iter().map(|sample| ("a", *sample)).collect();
        cells(&rollup(0, &readings).unwrap(), 0)
    };
    assert_eq!(of(&[sample(0, 5, 50)]), []);
    assert_eq!(of(&[sample(0, 5, 50), sample(60, 6, 60)]), [(0, [9, 1, 0])]);
    assert_eq!(of(&[sample(0, 5, 50), sample(61, 6, 60)]), [(1, [9, 1, 0])]);
    assert_eq!(
        of(&[sample(0, 0, 0), sample(60, 1, 2), sample(61, 1, 2), sample(119, 2, 9)]),
        [(0, [1, 1, 0]), (1, [6, 1, 0])]
    );
    // Exactly the gap is near enough.
    assert_eq!(of(&[sample(0, 0, 0), sample(300, 1, 2)]), [(4, [1, 1, 0])]);
    assert_eq!(of(&[sample(0, 0, 0), sample(301, 1, 2), sample(302, 1, 4)]), [(5, [2, 0, 0])]);
}

#[test]
fn each_counter_begins_anew_by_itself_and_a_part_greater_than_its_whole_does_not_tell() {
    let grew = |before: (u64, u64), now: (u64, u64)| {
        let found = Increment::between(sample(0, before.0, before.1), sample(1, now.0, now.1));
        (found.part, found.valid, found.reset, found.contradicts(), found.lanes(Part::Good), found.lanes(Part::Bad))
    };
    assert_eq!(grew((3, 10), (5, 20)), (2, 10, false, false, [2, 8, 0], [8, 2, 0]));
    assert_eq!(grew((3, 10), (3, 10)), (0, 0, false, false, [0, 0, 0], [0, 0, 0]));
    assert_eq!(grew((3, 10), (1, 4)), (1, 4, true, false, [1, 3, 0], [3, 1, 0]));
    assert_eq!(grew((3, 10), (1, 20)), (1, 10, true, false, [1, 9, 0], [9, 1, 0]));
    assert_eq!(grew((3, 10), (4, 6)), (1, 6, true, false, [1, 5, 0], [5, 1, 0]));
    assert_eq!(grew((3, 10), (9, 4)), (6, 4, true, true, [0, 0, 6], [0, 0, 6]));
    assert_eq!(grew((0, 10), (2, 10)), (2, 0, false, true, [0, 0, 2], [0, 0, 2]));
    assert_eq!(Lane::FIXED, 3);
}

#[test]
fn two_readings_at_one_moment_are_one_or_an_error() {
    let same = rollup(0, &[("a", sample(7, 1, 2)), ("b", sample(7, 5, 9)), ("a", sample(7, 1, 2))]).unwrap();
    assert_eq!(same.readings(), 2);
    let told = |error: Error| error.to_string();
    let wanted = "the counters of indicator 'errors' have two readings at 7000000 µs that differ in the series zone=a";
    assert_eq!(rollup(0, &[("a", sample(7, 1, 2)), ("a", sample(7, 1, 3))]).map_err(told), Err(wanted.to_owned()));
    let other = rollup(1, &[("b", sample(0, 1, 1)), ("a", sample(7, 1, 3))]).unwrap();
    assert_eq!(same.merge(&other).map_err(told), Err(wanted.to_owned()));
    assert_eq!(other.merge(&same).map_err(told), Err(wanted.to_owned()));
}

#[test]
fn other_counters_are_another_meaning() {
    let one = rollup(0, &[("a", sample(0, 0, 0))]).unwrap();
    for samples in [None, Some(Samples::empty(Part::Good, GAP, 0)), Some(Samples::empty(Part::Bad, GAP + 1, 0))] {
        let mut other = rollup(1, &[]).unwrap();
        other.indicators.get_mut("errors").unwrap().samples = samples;
        assert_eq!(one.merge(&other), Err(Error::Fingerprint { indicator: "errors".to_owned() }));
    }
}

#[test]
fn what_lies_between_near_readings_is_covered_and_a_series_may_be_silent_alone() {
    let step = |from: i64, to: i64| Span::new(from * MINUTE, to * MINUTE);
    let minutes =
        |name: &'static str, at: &[i64]| at.iter().map(|minute| (name, sample(minute * 60, 0, 0))).collect::<Vec<_>>();
    let mut readings = minutes("a", &[1, 2, 3, 20, 21]);
    readings.extend(minutes("b", &[1, 5, 9, 13, 17, 21, 25]));
    readings.push(("c", sample(600, 0, 0)));
    let rollup = rollup(0, &readings).unwrap();
    let indicator = &rollup.indicators["errors"];
    let covered = indicator.covered(&rollup.sources, None, &Spans::default());
    assert_eq!(covered.as_slice(), [step(1, 25)]);
    assert_eq!(indicator.lost(&[0]).as_slice(), [step(3, 20)]);
    assert_eq!(indicator.lost(&[1]).as_slice(), []);
    // Of a series with one reading nothing can be lost, and together the other one tells.
    assert_eq!(indicator.lost(&[2]).as_slice(), []);
    assert_eq!(indicator.lost(&[0, 1]).as_slice(), []);
    let unknown: Spans = std::iter::once(step(4, 6)).collect();
    assert_eq!(indicator.covered(&rollup.sources, Some(1), &unknown).as_slice(), [step(1, 4), step(6, 25)]);
}

#[test]
fn a_series_of_one_reading_is_kept_although_it_has_no_cell() {
    let one = rollup(0, &[("a", sample(0, 1, 10)), ("b", sample(0, 1, 10)), ("b", sample(60, 3, 20))]).unwrap();
    assert_eq!(one.indicators["errors"].keys, [vec![Some("a".to_owned())], vec![Some("b".to_owned())]]);
    assert_eq!((cells(&one, 0), cells(&one, 1)), (vec![], vec![(0, [8, 2, 0])]));
    let both = one.merge(&rollup(1, &[("a", sample(90, 2, 14))]).unwrap()).unwrap();
    assert_eq!(cells(&both, 0), [(1, [3, 1, 0])]);
}

#[test]
fn counts_that_do_not_fit_are_an_error() {
    let readings = [("a", sample(0, 0, 0)), ("a", sample(1, 0, u64::MAX)), ("a", sample(2, 0, u64::MAX - 1))];
    assert_eq!(rollup(0, &readings), Err(Error::Overflow));
}
