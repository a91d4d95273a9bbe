//! What counters do not tell of a rollup, in a family of its own at the beginning of the text: its help is JSON.

use std::collections::BTreeMap;

use backburn_core::cell::Sample;
use backburn_core::rollup::{Key, Rollup};
use serde::{Deserialize, Serialize};

use super::names::{escaped, unescaped};
use crate::rollup::{Facts, described, restored};

/// The first line of every export, by which it is known.
pub(crate) const FIRST: &str = "# TYPE backburn_rollup info";
/// How the second line begins.
const SECOND: &str = "# HELP backburn_rollup ";
/// The version of the text and of this family.
const FORMAT: u32 = 1;

/// A reading: when, and what the counters said.
type Reading = (i64, u64, u64);

/// All of it.
#[derive(Serialize, Deserialize)]
struct Preface {
    export: u32,
    /// The names of labels that every series has besides its own.
    labels: Vec<String>,
    /// How many series of each indicator have counters.
    series: BTreeMap<String, usize>,
    /// The readings of indicators that were made of counters themselves, by series.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    readings: BTreeMap<String, Vec<(Key, Vec<Reading>)>>,
    rollup: Facts,
}

/// What a text tells beside its counters.
pub(super) struct Told {
    pub(super) labels: Vec<String>,
    pub(super) series: BTreeMap<String, usize>,
    /// Without cells yet, but for those that follow from readings.
    pub(super) rollup: Rollup,
}

/// The lines of the family. Durations are not exported, so nothing is said of them.
pub(super) fn write(rollup: &Rollup, labels: &[(String, String)]) -> String {
    let series = rollup.indicators.iter().map(|(name, indicator)| {
        let filled = |series: &usize| !indicator.tallies.index().range(*series).is_empty();
        (name.clone(), (0..indicator.keys.len()).filter(filled).count())
    });
    let readings = rollup.indicators.iter().filter_map(|(name, indicator)| {
        let samples = indicator.samples.as_ref()?;
        let of =
            |series| samples.series(series).iter().map(|sample| (sample.time, sample.part, sample.valid)).collect();
        Some((name.clone(), indicator.keys.iter().cloned().enumerate().map(|(at, key)| (key, of(at))).collect()))
    });
    let preface = Preface {
        export: FORMAT,
        labels: labels.iter().map(|(name, _)| name.clone()).collect(),
        series: series.collect(),
        readings: readings.collect(),
        rollup: described(rollup).without_durations(),
    };
    // Every map in it has text for its keys and it writes to memory, so nothing can fail.
    let json = serde_json::to_string(&preface).unwrap_or_default();
    format!("{FIRST}\n{SECOND}{}\n", escaped(&json))
}

/// Reads the second line; or says why it cannot be.
pub(super) fn read(line: &str) -> Result<Told, String> {
    let json = line.strip_prefix(SECOND).ok_or("what it tells beside its counters is missing")?;
    let preface: Preface = serde_json::from_str(&unescaped(json)).map_err(|error| error.to_string())?;
    if preface.export != FORMAT {
        return Err(format!("it has version {} of the text, this release reads version {FORMAT}", preface.export));
    }
    let mut rollup = restored(preface.rollup)?;
    for (name, series) in preface.readings {
        let sample = |(time, part, valid)| Sample { time, part, valid };
        let (mut keys, mut readings) = (Vec::new(), Vec::new());
        for (key, samples) in series {
            keys.push(key);
            readings.push(samples.into_iter().map(sample).collect());
        }
        if let Some(indicator) = rollup.indicators.remove(&name) {
            if !keys.is_sorted() || keys.iter().any(|key| key.len() != indicator.by.len()) {
                return Err(format!("the readings of '{name}' are not in order"));
            }
            let sealed = indicator.with_samples(&name, &keys, readings).map_err(|error| error.to_string())?;
            rollup.indicators.insert(name, sealed);
        }
    }
    Ok(Told { labels: preface.labels, series: preface.series, rollup })
}
