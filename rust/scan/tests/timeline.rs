//! Timelines of made-up rollups: what they refuse, and what their batches hold.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, UInt64Type};
use backburn_core::cell::{Builder, Cell};
use backburn_core::judge::{NoData, Target, Unparsable};
use backburn_core::rollup::{Indicator, Key, Problems, Rollup};
use backburn_core::time::{Span, Spans, Step};
use backburn_scan::error::{Kind, Result};
use backburn_scan::timeline::{Batches, Budget, Column, Columns, Part, Promised, Timeline};

/// Some rollup, as whoever holds one has it.
struct Held(Rollup);

impl Borrow<Rollup> for Held {
    fn borrow(&self) -> &Rollup {
        &self.0
    }
}

fn key(label: &str) -> Key {
    vec![Some(label.to_owned())]
}

/// One indicator of steps of 10 µs with the series `a` and `b`, whose cells are (series, step, good, bad).
fn counted(cells: &[(usize, i64, u64, u64)]) -> Arc<Held> {
    let mut builder = Builder::new(3, false);
    for (series, step, good, bad) in cells {
        builder.push(Cell { series: *series, step: *step, lanes: &[*good, *bad, 1], weights: None });
    }
    let indicator = Indicator {
        fingerprint: "f".to_owned(),
        step: Step::new(10).unwrap(),
        by: vec!["zone".to_owned()],
        reasons: Vec::new(),
        sources: BTreeSet::new(),
        ignored: 0,
        unknown: Problems::default(),
        keys: vec![key("a"), key("b")],
        tallies: builder.finish(2),
        durations: None,
        samples: None,
    };
    Arc::new(Held(Rollup { indicators: BTreeMap::from([("up".to_owned(), indicator)]), ..Rollup::default() }))
}

fn part(counted: Arc<Held>) -> Part {
    let target = Target::parse("0.9").unwrap();
    Part {
        counted,
        objective: "up".to_owned(),
        service: None,
        by: vec!["zone".to_owned()],
        unparsable: Unparsable::Bad,
        ticks: (10, 50, 20),
        budget: Budget::Rolling(20),
        cut: None,
        data: Span::new(0, 50),
        series: ["a", "b", "never"].map(|label| promised(label, target)).into(),
    }
}

fn promised(label: &str, target: Target) -> Promised {
    Promised {
        key: key(label),
        target,
        no_data: NoData::Undefined,
        slice_target: None,
        left_out: Spans::default(),
        covered: None,
    }
}

fn columns(names: &[&str]) -> Columns {
    Columns::parse(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap()
}

fn timeline(part: Part, window: i64) -> Result<Timeline> {
    Timeline::new(&[part], &[("W".to_owned(), window)], columns(&["bad", "burn"]), 2)
}

#[test]
fn a_batch_holds_whole_series() {
    let held = counted(&[(0, 0, 7, 2), (0, 3, 0, 0), (1, 4, 9, 0)]);
    let all = Arc::new(timeline(part(held), 20).unwrap());
    let batches: Vec<_> = Batches::new(all.clone()).map(Result::unwrap).collect();
    assert_eq!(batches.len(), 1);
    assert_eq!(batches[0].schema(), all.schema());
    let (bad, burn) =
        (batches[0].column(3).as_primitive::<UInt64Type>(), batches[0].column(4).as_primitive::<Float64Type>());
    // Events that do not tell are bad here, one in each cell.
    assert_eq!(bad.values(), &[3, 0, 1, 0, 0, 1, 0, 0, 0]);
    let burns: Vec<_> = burn.iter().map(|rate| rate.map(f64::to_bits)).collect();
    let expected = [Some(3.0), None, Some(10.0), None, None, Some(1.0), None, None, None];
    assert_eq!(burns, expected.map(|rate: Option<f64>| rate.map(f64::to_bits)));
    assert_eq!(batches[0].column(2).null_count(), 0);
}

#[test]
fn what_cannot_be_added_up_is_refused_before_the_first_batch() {
    let half = 1 << 63;
    let refused = |window| timeline(part(counted(&[(0, 0, half, 0), (0, 2, half, 0)])), window).err().unwrap();
    assert_eq!(refused(100).kind, Kind::Data);
    assert!(refused(100).message.contains("64 bits"));
    // Before the first window there may be anything.
    assert!(timeline(part(counted(&[(0, -20, half, 0), (0, 0, half, 0)])), 10).is_ok());
}

#[test]
fn times_off_the_steps_and_names_nobody_counted_are_refused() {
    let held = || counted(&[(0, 0, 1, 0)]);
    let refused = |part: Part, window| timeline(part, window).err().unwrap().message;
    assert!(refused(part(held()), 15).contains("fall on no step"));
    assert!(refused(Part { ticks: (11, 51, 20), ..part(held()) }, 10).contains("fall on no step"));
    assert!(refused(Part { objective: "down".to_owned(), ..part(held()) }, 10).contains("'down' was never counted"));
    assert!(refused(Part { by: vec!["host".to_owned()], ..part(held()) }, 10).contains("was not counted by 'host'"));
}

#[test]
fn columns_are_known_by_their_names() {
    for column in Column::ALL {
        assert_eq!(Column::parse(column.name()), Some(column));
    }
    assert_eq!(Column::parse("p95"), None);
}

#[test]
fn time_that_is_left_out_does_not_count_and_no_events_are_what_the_promise_says() {
    let held = counted(&[(0, 0, 7, 2), (0, 3, 0, 9), (1, 4, 9, 0)]);
    let left_out: Spans = std::iter::once(Span::new(30, 40)).collect();
    let goal = |label: &str, no_data| Promised {
        no_data,
        left_out: left_out.clone(),
        ..promised(label, part(held.clone()).series[0].target)
    };
    let series = vec![goal("a", NoData::Bad), goal("b", NoData::Good), goal("never", NoData::Undefined)];
    let all = Arc::new(timeline(Part { series, ..part(held.clone()) }, 20).unwrap());
    let batch = Batches::new(all).next().unwrap().unwrap();
    let bad = batch.column(3).as_primitive::<UInt64Type>().values().to_vec();
    // Ticks 10, 30 and 50: two bad events and one that does not tell before the first; those at 30 are left out.
    assert_eq!(bad[..3], [3, 0, 0]);
    let burn = batch.column(4).as_primitive::<Float64Type>();
    let told: Vec<Option<f64>> = burn.iter().collect();
    // Of the ten events of the other series before the last tick one does not tell.
    assert_eq!(told[3..6], [Some(0.0), Some(0.0), Some(1.0)]);
    assert_eq!(told[1..3], [Some(10.0), Some(10.0)]);
    assert_eq!(told[6..], [None, None, None]);
}
