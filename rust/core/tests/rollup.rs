//! The laws that a rollup promises: whatever the split and order of the rows, the result is the same.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use backburn_core::cell::{Accumulator, Histograms, Lane, Places, Recorder, Scale, Steps, Tallies};
use backburn_core::error::Error;
use backburn_core::rollup::{
    Durations, Indicator, Key, Place, Problems, Rollup, SILENCE, Skipped, Source, SourceId, in_order,
};
use backburn_core::time::{Span, Spans, Step};
use proptest::prelude::*;

const MINUTE: i64 = 60_000_000;

/// A row of a log: time in seconds, one label, and its lane; `None` is a row that cannot be used.
type Row = (i64, Option<&'static str>, Option<u8>);

fn logs() -> impl Strategy<Value = Vec<Vec<Row>>> {
    let label = prop::option::of(prop::sample::select(vec!["api", "web", "batch"]));
    let row = (0_i64..40_000, label, prop::option::weighted(0.9, 0_u8..4));
    prop::collection::vec(prop::collection::vec(row, 1..40), 1..4)
}

fn id(log: usize) -> SourceId {
    SourceId { size: 100 + log as u64, hash: format!("{log:x}") }
}

/// Counts the rows `from..to` of one log.
fn count(log: usize, rows: &[Row], from: usize, to: usize) -> Rollup {
    let step = Step::new(MINUTE).unwrap();
    let part = &rows[from..to];
    let keys: Vec<Key> = part.iter().map(|row| vec![row.1.map(str::to_owned)]).collect();
    let (sorted, to_sorted) = in_order(keys.clone());
    let mut cells = Accumulator::new(&[1], false);
    let mut values = Recorder::new(Scale::default(), false);
    let mut rejects = Problems::default();
    let one = |step: i64| std::iter::once(step).collect::<Steps>();
    let name = format!("{log}.log");
    for (at, row) in part.iter().enumerate() {
        match row.2 {
            Some(lane) => {
                let number = keys.iter().position(|key| *key == keys[at]).unwrap();
                let (series, time) = ([u32::try_from(number).unwrap()], row.0 * 1_000_000);
                let (minute, hour) = (one(step.index(time)), one(time.div_euclid(60 * MINUTE)));
                let places = Places { series: &series, series_met: number + 1, steps: &minute, weights: None };
                cells.add(places, &[&[Lane(lane)]]).unwrap();
                let lasted = f64::from(u32::try_from(row.0).unwrap());
                values.add(Places { steps: &hour, ..places }, &[Lane(lane)], &[lasted]).unwrap();
            }
            None => rejects.add("unreadable", &name, Place::Row((from + at) as u64), || format!("{row:?}")),
        }
    }
    let used = || part.iter().filter(|row| row.2.is_some());
    let times = || used().map(|row| row.0 * 1_000_000);
    let indicator = Indicator {
        fingerprint: "f".to_owned(),
        step,
        by: vec!["service".to_owned()],
        reasons: vec!["forgiven".to_owned()],
        sources: BTreeSet::from([id(log)]),
        ignored: 0,
        unknown: Problems::default(),
        keys: Vec::new(),
        tallies: Tallies::empty(1, false),
        durations: None,
        samples: None,
    };
    let durations = Durations {
        step: Step::new(60 * MINUTE).unwrap(),
        unit: "s".to_owned(),
        histograms: values.finish(&to_sorted).unwrap(),
    };
    let indicator = indicator.with_cells(&sorted, cells.finish(&to_sorted).unwrap().remove(0), Some(durations));
    let source = Source {
        name,
        rows: [Span::new(i64::try_from(from).unwrap(), i64::try_from(to).unwrap())].into_iter().collect(),
        asked: Source::unbounded(),
        present: times().map(|time| step.span(step.index(time))).collect::<Spans>().close(SILENCE),
        times: times().min().zip(times().max()),
    };
    Rollup {
        indicators: [("availability".to_owned(), indicator)].into(),
        sources: [(id(log), source)].into(),
        rows: used().count() as u64,
        ignored: 0,
        rejects,
        skipped: Skipped { files: 0, row_groups: part.len() as u64 },
    }
}

fn whole(logs: &[Vec<Row>]) -> Vec<Rollup> {
    logs.iter().enumerate().map(|(log, rows)| count(log, rows, 0, rows.len())).collect()
}

proptest! {
    #[test]
    fn any_split_in_any_order_gives_the_same_rollup(logs in logs(), size in 1_usize..9, turn in 0_usize..50) {
        let mut parts = Vec::new();
        for (log, rows) in logs.iter().enumerate() {
            for from in (0..rows.len()).step_by(size) {
                parts.push(count(log, rows, from, (from + size).min(rows.len())));
            }
        }
        let turn = turn % parts.len();
        parts.rotate_left(turn);
        prop_assert_eq!(Rollup::merge_all(parts).unwrap(), Rollup::merge_all(whole(&logs)).unwrap());
    }

    #[test]
    fn merge_is_commutative_and_associative_with_an_identity(logs in logs()) {
        let parts = whole(&logs);
        let first = &parts[0];
        let nothing = Rollup::default();
        prop_assert_eq!(&first.merge(&nothing).unwrap(), first);
        prop_assert_eq!(&nothing.merge(first).unwrap(), first);
        if let [a, b, c] = parts.as_slice() {
            prop_assert_eq!(a.merge(b).unwrap(), b.merge(a).unwrap());
            prop_assert_eq!(a.merge(b).unwrap().merge(c).unwrap(), a.merge(&b.merge(c).unwrap()).unwrap());
        }
    }

    #[test]
    fn covered_time_does_not_depend_on_the_split(logs in logs(), cut in 1_usize..39) {
        let unsplit = Rollup::merge_all(whole(&logs)).unwrap();
        let rows = &logs[0];
        let cut = cut.min(rows.len());
        let mut parts = whole(&logs);
        parts[0] = count(0, rows, 0, cut);
        if cut < rows.len() {
            parts.push(count(0, rows, cut, rows.len()));
        }
        let split = Rollup::merge_all(parts).unwrap();
        for gap in [None, Some(SILENCE), Some(3 * SILENCE)] {
            let covered = |rollup: &Rollup| rollup.indicators["availability"].covered(&rollup.sources, gap, &Spans::default());
            prop_assert_eq!(covered(&split), covered(&unsplit));
        }
    }
}

#[test]
fn rows_are_never_counted_twice() {
    let rows: Vec<Row> = vec![(0, None, Some(0)), (60, None, Some(1))];
    let both = count(0, &rows, 0, 2);
    let refused = both.merge(&count(0, &rows, 1, 2)).unwrap_err();
    assert_eq!(refused, Error::SharedSource { first: "0.log".to_owned(), second: "0.log".to_owned() });
}

#[test]
fn one_name_for_two_things_is_refused_and_another_indicator_is_welcome() {
    let rows: Vec<Row> = vec![(0, None, Some(0))];
    let (a, mut b) = (count(0, &rows, 0, 1), count(1, &rows, 0, 1));
    b.indicators.get_mut("availability").unwrap().fingerprint = "g".to_owned();
    assert_eq!(a.merge(&b).unwrap_err(), Error::Fingerprint { indicator: "availability".to_owned() });
    let moved = b.indicators.remove("availability").unwrap();
    b.indicators.insert("speed".to_owned(), moved);
    let merged = a.merge(&b).unwrap();
    // Each indicator vouches only for the source that it counted.
    for (name, source) in [("availability", id(0)), ("speed", id(1))] {
        assert_eq!(merged.indicators[name].sources, BTreeSet::from([source]));
    }
}

fn source(present: &[(i64, i64)], asked: Option<(i64, i64)>) -> Source {
    Source {
        name: "a.log".to_owned(),
        rows: Spans::default(),
        asked: asked.map_or_else(Source::unbounded, |(a, b)| [Span::new(a * MINUTE, b * MINUTE)].into_iter().collect()),
        present: present.iter().map(|(a, b)| Span::new(a * MINUTE, b * MINUTE)).collect::<Spans>().close(SILENCE),
        times: None,
    }
}

fn covered(sources: &[Source], gap: Option<i64>, unknown: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let rows: Vec<Row> = vec![(0, None, Some(0))];
    let mut indicator = count(0, &rows, 0, 1).indicators.remove("availability").unwrap();
    indicator.sources = (0..sources.len()).map(id).collect();
    let sources = sources.iter().cloned().enumerate().map(|(at, source)| (id(at), source)).collect();
    let unknown = unknown.iter().map(|(a, b)| Span::new(a * MINUTE, b * MINUTE)).collect();
    let spans = indicator.covered(&sources, gap.map(|minutes| minutes * MINUTE), &unknown);
    spans.as_slice().iter().map(|span| (span.start / MINUTE, span.end / MINUTE)).collect()
}

#[test]
fn a_long_silence_is_unknown_unless_it_is_called_quiet() {
    let log = [source(&[(0, 10), (200, 210)], None)];
    assert_eq!(covered(&log, Some(60), &[]), [(0, 10), (200, 210)]);
    assert_eq!(covered(&log, None, &[]), [(0, 210)]);
    assert_eq!(covered(&log, Some(190), &[]), [(0, 210)]);
    assert_eq!(covered(&log, Some(189), &[]), [(0, 10), (200, 210)]);
}

#[test]
fn an_hour_of_silence_is_still_quiet_and_a_minute_more_is_not() {
    assert_eq!(covered(&[source(&[(0, 10), (70, 80)], None)], Some(60), &[]), [(0, 80)]);
    assert_eq!(covered(&[source(&[(0, 10), (71, 80)], None)], Some(60), &[]), [(0, 10), (71, 80)]);
}

#[test]
fn logs_that_follow_each_other_are_one_log_but_a_missing_day_stays_missing() {
    let near = [source(&[(0, 58)], None), source(&[(61, 120)], None)];
    assert_eq!(covered(&near, Some(60), &[]), [(0, 120)]);
    let far = [source(&[(0, 58)], None), source(&[(1500, 1600)], None)];
    assert_eq!(covered(&far, None, &[]), [(0, 58), (1500, 1600)]);
}

#[test]
fn nothing_is_covered_outside_what_was_asked_or_inside_what_is_unknown() {
    let log = [source(&[(0, 300)], Some((100, 200)))];
    assert_eq!(covered(&log, Some(60), &[(150, 160)]), [(100, 150), (160, 200)]);
    let two = [source(&[(0, 300)], Some((100, 120))), source(&[(0, 300)], Some((150, 160)))];
    assert_eq!(covered(&two, Some(60), &[]), [(100, 120), (150, 160)]);
    // The log goes on where nobody asked, so what comes before is no silence; where it was not counted it does not tell.
    let goes_on = [source(&[(0, 10)], Some((0, 40))), source(&[(50, 60)], Some((0, 40)))];
    assert_eq!(covered(&goes_on, Some(60), &[]), [(0, 40)]);
    let not_counted = [source(&[(0, 20)], Some((0, 10))), source(&[(12, 20)], Some((0, 20)))];
    assert_eq!(covered(&not_counted, Some(60), &[]), [(0, 10), (12, 20)]);
}

#[test]
fn the_least_examples_are_kept_whatever_the_order() {
    let mut all: Vec<u64> = (0..20).collect();
    let mut kept = Vec::new();
    for turn in 0..20 {
        all.rotate_left(1);
        let (mut a, mut b) = (Problems::default(), Problems::default());
        for (at, line) in all.iter().enumerate() {
            let half = if at % 2 == turn % 2 { &mut a } else { &mut b };
            half.add("bad time", "a.log", Place::Line(*line), || line.to_string());
        }
        kept.push(a.merge(&b));
        assert_eq!(a.merge(&b).count(), 20);
    }
    assert!(kept.windows(2).all(|pair| pair[0] == pair[1]));
    let (_, problem) = kept[0].iter().next().unwrap();
    let lines: Vec<Place> = problem.examples.iter().map(|example| example.place).collect();
    assert_eq!(lines, [Place::Line(0), Place::Line(1), Place::Line(2)]);
}

#[test]
fn a_projection_groups_series_and_totals_add_up() {
    let rows: Vec<Row> =
        vec![(0, Some("api"), Some(0)), (59, Some("web"), Some(1)), (60, None, Some(2)), (61, None, Some(3))];
    let rollup = count(0, &rows, 0, 4);
    let indicator = &rollup.indicators["availability"];
    assert_eq!(indicator.keys, [vec![None], vec![Some("api".to_owned())], vec![Some("web".to_owned())]]);
    let all = indicator.project(&[]);
    assert_eq!(all.len(), 1);
    let total = |from: i64, to: i64| {
        let tally = indicator.total(&all[&Vec::new()], Span::new(from * 1_000_000, to * 1_000_000)).unwrap();
        (tally.good, tally.bad, tally.unknown, tally.excluded)
    };
    assert_eq!(total(0, 120), (1, 1, 1, vec![1]));
    assert_eq!(total(0, 60), (1, 1, 0, vec![0]));
    // A step counts where it begins.
    assert_eq!(total(1, 61), (0, 0, 1, vec![1]));
}

#[test]
fn durations_are_those_of_good_and_bad_rows_in_the_hours_that_begin_inside() {
    let rows: Vec<Row> = vec![
        (10, Some("api"), Some(0)),
        (3_599, Some("web"), Some(1)),
        (3_600, Some("api"), Some(0)),
        (3_601, Some("api"), Some(2)),
    ];
    let rollup = count(0, &rows, 0, 4);
    let indicator = &rollup.indicators["availability"];
    let count = |series: &[usize], start, end| {
        indicator.durations(series, Span::new(start, end)).unwrap().unwrap().count().unwrap()
    };
    assert_eq!((count(&[0, 1], 0, 60 * MINUTE), count(&[0, 1], 0, 60 * MINUTE + 1)), (2, 3));
    assert_eq!((count(&[0], 0, 120 * MINUTE), count(&[0], 1, 120 * MINUTE)), (2, 1));
    let mut without = indicator.clone();
    without.durations = None;
    assert_eq!(without.durations(&[0], Span::new(0, MINUTE)).unwrap(), None);
}

#[test]
fn the_times_of_a_rollup_are_its_first_and_last_row() {
    assert_eq!(Rollup::default().times(), None);
    let early: Vec<Row> = vec![(40, None, Some(0)), (30, None, Some(1)), (35, None, Some(0))];
    let late: Vec<Row> = vec![(90, None, Some(0)), (20, None, None)];
    let both = count(0, &early, 0, 3).merge(&count(1, &late, 0, 2)).unwrap();
    assert_eq!(both.times(), Some((30_000_000, 90_000_000)));
}

#[test]
fn two_parts_of_a_source_add_up_and_keep_the_least_name() {
    let rows: Vec<Row> = vec![(600, None, Some(0)), (60, None, Some(1)), (6000, None, Some(1))];
    let (mut a, b) = (count(0, &rows, 0, 2), count(0, &rows, 2, 3));
    a.sources.get_mut(&id(0)).unwrap().name = "z.log".to_owned();
    let merged = a.merge(&b).unwrap();
    let source = &merged.sources[&id(0)];
    assert_eq!((source.name.as_str(), source.times), ("0.log", Some((60_000_000, 6_000_000_000))));
    assert_eq!(source.rows.as_slice(), [Span::new(0, 3)]);
    // Ninety minutes without a row stay a hole between the parts.
    assert_eq!(source.present.as_slice(), [Span::new(MINUTE, 11 * MINUTE), Span::new(100 * MINUTE, 101 * MINUTE)]);
    assert_eq!((merged.rows, merged.ignored), (3, 0));
}

#[test]
fn rows_out_of_scope_add_up() {
    let rows: Vec<Row> = vec![(0, None, Some(0)), (60, None, Some(1))];
    let (mut a, mut b) = (count(0, &rows, 0, 1), count(0, &rows, 1, 2));
    (a.ignored, b.ignored) = (3, 4);
    a.indicators.get_mut("availability").unwrap().ignored = 5;
    b.indicators.get_mut("availability").unwrap().ignored = 6;
    let merged = a.merge(&b).unwrap();
    assert_eq!((merged.ignored, merged.indicators["availability"].ignored), (7, 11));
    a.ignored = u64::MAX;
    assert_eq!(a.merge(&b).unwrap_err(), Error::Overflow);
}

#[test]
fn unknown_rows_of_both_are_told() {
    let rows: Vec<Row> = vec![(0, None, Some(2)), (60, None, Some(2))];
    let (mut a, mut b) = (count(0, &rows, 0, 1), count(0, &rows, 1, 2));
    for (rollup, row) in [(&mut a, 0), (&mut b, 1)] {
        let unknown = &mut rollup.indicators.get_mut("availability").unwrap().unknown;
        unknown.add("null status", "0.log", Place::Row(row), || "null".to_owned());
    }
    let merged = a.merge(&b).unwrap();
    let unknown: Vec<_> = merged.indicators["availability"].unknown.iter().collect();
    assert_eq!((unknown.len(), unknown[0].1.count, unknown[0].1.examples.len()), (1, 2, 2));
    assert_eq!(Rollup::merge_all(vec![a, b]).unwrap(), merged);
}

#[test]
fn indicators_of_another_meaning_are_told_apart_in_every_part() {
    let rows: Vec<Row> = vec![(0, None, Some(0))];
    let indicator = count(0, &rows, 0, 1).indicators.remove("availability").unwrap();
    assert!(indicator.same_meaning(&indicator.clone()));
    let changed = |change: fn(&mut Indicator)| {
        let mut other = indicator.clone();
        change(&mut other);
        indicator.same_meaning(&other)
    };
    assert!(!changed(|other| other.fingerprint.push('x')));
    assert!(!changed(|other| other.step = Step::new(1).unwrap()));
    assert!(!changed(|other| other.by.clear()));
    assert!(!changed(|other| other.reasons.clear()));
    assert!(!changed(|other| other.durations = None));
    assert!(!changed(|other| other.durations.as_mut().unwrap().step = Step::new(1).unwrap()));
    assert!(!changed(|other| other.durations.as_mut().unwrap().unit.push('x')));
    let coarse = |other: &mut Indicator| {
        other.durations.as_mut().unwrap().histograms = Histograms::empty(Scale::new(0).unwrap(), 1);
    };
    assert!(!changed(coarse));
}

#[test]
fn refusals_say_what_is_refused() {
    let shared = |first: &str, second: &str| Error::SharedSource { first: first.to_owned(), second: second.to_owned() };
    let said = |error: Error| error.to_string();
    assert_eq!(said(shared("a.log", "a.log")), "the rows of 'a.log' are there twice");
    assert_eq!(said(shared("a.log", "b.log")), "the same rows are there twice: 'a.log' and 'b.log' have equal content");
    assert_eq!(
        said(Error::Fingerprint { indicator: "up".to_owned() }),
        "indicator 'up' counts different things in the two rollups"
    );
    assert_eq!(said(Error::Overflow), "a count does not fit 64 bits");
    assert_eq!(said(Error::TooManySeries), "more than 67,108,864 series");
}

#[test]
fn problems_are_told_by_reason_and_none_is_lost_when_they_are_restored() {
    let mut problems = Problems::default();
    for line in 1..=5 {
        problems.add("bad time", "a.log", Place::Line(line), || format!("line {line}"));
    }
    problems.add("null status", "a.log", Place::Row(9), || "null".to_owned());
    let mut restored = Problems::default();
    for (reason, problem) in problems.iter() {
        restored.insert(reason.to_owned(), problem.clone());
    }
    assert_eq!(restored, problems);
    assert_eq!(problems.count(), 6);
    let reasons: Vec<(&str, u64)> = problems.iter().map(|(reason, problem)| (reason, problem.count)).collect();
    assert_eq!(reasons, [("bad time", 5), ("null status", 1)]);
}
