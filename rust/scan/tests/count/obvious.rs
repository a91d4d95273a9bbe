//! Counts as they are defined, row by row.

use std::collections::BTreeMap;

use backburn_core::cell::{Buckets, Histogram, Tally};
use backburn_core::rollup::Rollup;

use crate::rows::{Asked, Row, STEP, scale};

pub(crate) type Cells = BTreeMap<(Vec<Option<String>>, i64), Tally>;

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Expected {
    pub(crate) rows: u64,
    pub(crate) ignored: u64,
    /// The first and the last of the rows.
    pub(crate) times: Option<(i64, i64)>,
    pub(crate) rejects: BTreeMap<&'static str, u64>,
    pub(crate) own_ignored: u64,
    pub(crate) cells: BTreeMap<&'static str, Cells>,
    pub(crate) durations: BTreeMap<(Vec<Option<String>>, i64), Histogram>,
}

/// When a row became known, or why it cannot be used.
pub(crate) fn known(row: &Row, asked: &Asked) -> Result<i64, &'static str> {
    let mut time = match row.time {
        None => return Err("null timestamp"),
        Some(time) if time < 0 => return Err("time out of range"),
        Some(time) => time,
    };
    if asked.marks_start {
        let lasted = match row.duration {
            None => return Err("null duration"),
            Some(d) if d.is_nan() => return Err("NaN duration"),
            Some(d) if d.is_infinite() => return Err("infinite duration"),
            Some(d) if d < 0.0 => return Err("negative duration"),
            Some(d) => d,
        };
        // The durations drawn here are whole microseconds of at most three decimals.
        let digits = format!("{lasted:.3}").replace('.', "");
        time += digits.parse::<i64>().unwrap();
    }
    if asked.weighted {
        match row.weight {
            None => return Err("null count"),
            Some(0) => return Err("count is not a whole positive number"),
            Some(_) => {}
        }
    }
    Ok(time)
}

pub(crate) fn label(row: &Row, name: &str) -> Option<String> {
    match name {
        "service" => row.service.map(str::to_owned),
        _ => match row.path {
            Some("/pay") => Some("/pay".to_owned()),
            Some("/users/7/cards") => Some("/users/{id}/cards".to_owned()),
            _ => None,
        },
    }
}

pub(crate) fn truth(row: &Row, indicator: &str, strict: bool) -> Option<bool> {
    let duration = row.duration.filter(|d| d.is_finite() && *d >= 0.0);
    match indicator {
        "availability" => row.status.filter(|s| (100..600).contains(s)).map(|s| s < 500),
        "fast" => duration.map(|d| if strict { d < 300.0 } else { d <= 300.0 }),
        _ => row.status.map(|s| s < 400),
    }
}

pub(crate) fn obvious(rows: &[Row], asked: &Asked) -> Expected {
    let mut expected = Expected::default();
    let names = ["availability", "fast", "good", "bad"];
    for name in names {
        expected.cells.insert(name, Cells::new());
    }
    let reasons = usize::from(asked.exclude) + usize::from(asked.own_exclude);
    for row in rows {
        let time = match known(row, asked) {
            Ok(time) => time,
            Err(reason) => {
                *expected.rejects.entry(reason).or_default() += 1;
                continue;
            }
        };
        if asked.start.is_some_and(|start| time < start) || asked.end.is_some_and(|end| time >= end) {
            continue;
        }
        expected.rows += 1;
        let (first, last) = expected.times.unwrap_or((time, time));
        expected.times = Some((first.min(time), last.max(time)));
        if asked.scope && row.path.is_none_or(|path| path == "/pay") {
            expected.ignored += 1;
            continue;
        }
        // A NaN is below nothing, infinity is not below 1000.
        if asked.valid && !row.duration.is_some_and(|d| d < 1000.0) {
            expected.own_ignored += 1;
            continue;
        }
        let key: Vec<_> = asked.by.iter().map(|name| label(row, name)).collect();
        let weight = if asked.weighted { u64::from(row.weight.unwrap()) } else { 1 };
        for name in names {
            let cells = expected.cells.get_mut(name).unwrap();
            let cell = cells.entry((key.clone(), time.div_euclid(STEP))).or_insert_with(|| Tally::empty(reasons));
            cell.rows += 1;
            if asked.exclude && row.status == Some(429) {
                cell.excluded[0] += weight;
                continue;
            }
            if asked.own_exclude && row.status == Some(503) {
                cell.excluded[reasons - 1] += weight;
                continue;
            }
            match truth(row, name, asked.strict) {
                None => cell.unknown += weight,
                Some(good) => {
                    if good {
                        cell.good += weight;
                    } else {
                        cell.bad += weight;
                        cell.bad_rows += 1;
                    }
                    cell.squares += u128::from(weight) * u128::from(weight);
                    if name == "fast" {
                        let bucket = Buckets::new(scale()).find(row.duration.unwrap()).unwrap();
                        let place = (key.clone(), time.div_euclid(5 * STEP));
                        let durations = expected.durations.entry(place).or_insert_with(|| Histogram::new(scale()));
                        durations.add(bucket, weight).unwrap();
                    }
                }
            }
        }
    }
    expected
}

pub(crate) fn read(rollup: &Rollup) -> Expected {
    let times = rollup.times();
    let mut found = Expected { rows: rollup.rows, ignored: rollup.ignored, times, ..Expected::default() };
    for (reason, problem) in rollup.rejects.iter() {
        found.rejects.insert(Box::leak(reason.to_owned().into_boxed_str()), problem.count);
    }
    for (name, indicator) in &rollup.indicators {
        found.own_ignored = indicator.ignored;
        let mut cells = Cells::new();
        let mut at = 0;
        for (series, key) in indicator.keys.iter().enumerate() {
            for step in indicator.tallies.index().steps(series) {
                cells.insert((key.clone(), step), indicator.tallies.at(at));
                at += 1;
            }
        }
        if let Some(durations) = &indicator.durations {
            assert_eq!((name.as_str(), durations.unit.as_str(), durations.step.micros()), ("fast", "ms", 5 * STEP));
            let mut at = 0;
            for (series, key) in indicator.keys.iter().enumerate() {
                for step in durations.histograms.index().steps(series) {
                    found.durations.insert((key.clone(), step), durations.histograms.at(at).unwrap());
                    at += 1;
                }
            }
        }
        let unknown: u64 = cells.values().map(|cell| cell.unknown).sum();
        if !indicator.tallies.weighted() {
            assert_eq!(indicator.unknown.count(), unknown, "every unknown row has its reason");
        }
        found.cells.insert(Box::leak(name.clone().into_boxed_str()), cells);
    }
    found
}
