//! From the samples of counters back to cells: what a counter grew by in a step is what the cell of the step holds.

use std::collections::{BTreeMap, HashMap};

use backburn_core::cell::{Builder, Cell, Lane as Kept};
use backburn_core::rollup::{Indicator, Key};

use super::count::{Count, Lane};
use super::line::Line;

/// The counters of one indicator as they are read.
#[derive(Default)]
pub(super) struct Tracks {
    series: BTreeMap<Key, Series>,
}

/// The counters of one series.
#[derive(Default)]
struct Series {
    /// By counter, the steps at whose beginnings its first and its last sample stand.
    spans: HashMap<Lane, (i64, i64)>,
    cells: BTreeMap<i64, Vec<(Lane, u128)>>,
}

/// The counter at hand.
pub(super) struct Track {
    pub(super) indicator: String,
    key: Key,
    lane: Lane,
    begin: i64,
    last: i64,
    value: u128,
    grown: Vec<(i64, u128)>,
}

impl Track {
    /// Begins with the sample of a counter, which must be zero.
    pub(super) fn begin(name: &str, key: Key, lane: Lane, step: i64, first: &Line<'_>) -> Result<Self, String> {
        let tick = tick(step, first.time)?;
        if first.value > 0 {
            return Err("a counter begins with a sample of 0".to_owned());
        }
        Ok(Self { indicator: name.to_owned(), key, lane, begin: tick, last: tick, value: 0, grown: Vec::new() })
    }

    /// The next sample of the same counter.
    pub(super) fn go_on(&mut self, step: i64, line: &Line<'_>) -> Result<(), String> {
        let tick = tick(step, line.time)?;
        if self.last.checked_add(1) != Some(tick) {
            return Err("there is no sample one step after that before it".to_owned());
        }
        let grown = line.value.checked_sub(self.value).ok_or("the counter is lower than before")?;
        if grown > 0 {
            self.grown.push((self.last, grown));
        }
        (self.last, self.value) = (tick, line.value);
        Ok(())
    }
}

fn tick(step: i64, time: i64) -> Result<i64, String> {
    let whole = time % step == 0;
    if whole { Ok(time / step) } else { Err("the sample does not stand at the end of a step".to_owned()) }
}

impl Tracks {
    /// A counter whose samples were read.
    pub(super) fn end(&mut self, track: Track) -> Result<(), String> {
        let series = self.series.entry(track.key).or_default();
        if series.spans.insert(track.lane, (track.begin, track.last)).is_some() {
            return Err("the samples of one counter stand in two places".to_owned());
        }
        for (step, grown) in track.grown {
            series.cells.entry(step).or_default().push((track.lane, grown));
        }
        Ok(())
    }

    /// How many series there are.
    pub(super) fn len(&self) -> usize {
        self.series.len()
    }

    /// The indicator with the cells that the counters tell; or why they tell none.
    pub(super) fn seal(self, indicator: &mut Indicator) -> Result<(), String> {
        let weighted = indicator.tallies.weighted();
        let mut needed = vec![Count::Good, Count::Bad, Count::Valid];
        needed.extend(if weighted { &[Count::Rows, Count::BadRows, Count::Squares][..] } else { &[] });
        let mut builder = Builder::new(Kept::FIXED + indicator.reasons.len(), weighted);
        let end = self.series.values().flat_map(|series| series.spans.values()).map(|(_, last)| *last).max();
        for (at, (key, series)) in self.series.iter().enumerate() {
            let of = || format!("the series {}", shown(&indicator.by, key));
            for count in &needed {
                if !series.spans.contains_key(&count.lane()) {
                    return Err(format!("{} has no counter of {}", of(), count.name()));
                }
            }
            let first = series.cells.keys().next().copied();
            if series.spans.values().any(|(begin, last)| Some(*begin) != first || Some(*last) != end) {
                return Err(format!("the counters of {} do not begin and end together", of()));
            }
            for (step, grown) in &series.cells {
                let lane = |lane: Lane| grown.iter().find(|(known, _)| *known == lane).map_or(0, |(_, grown)| *grown);
                let narrow =
                    |count: u128| u64::try_from(count).map_err(|_| format!("a count of {} is too great", of()));
                let of_kind = |count: Count| narrow(lane(count.lane()));
                let (good, bad) = (of_kind(Count::Good)?, of_kind(Count::Bad)?);
                if lane(Count::Valid.lane()) != u128::from(good) + u128::from(bad) {
                    return Err(format!("the valid events of {} are not the good and the bad ones", of()));
                }
                let mut lanes = vec![good, bad, of_kind(Count::Unknown)?];
                for reason in 0..indicator.reasons.len() {
                    lanes.push(narrow(lane(Lane::excluded(reason)))?);
                }
                let weights = (of_kind(Count::Rows)?, of_kind(Count::BadRows)?, lane(Count::Squares.lane()));
                builder.push(Cell { series: at, step: *step, lanes: &lanes, weights: weighted.then_some(weights) });
            }
        }
        let tallies = builder.finish(self.series.len());
        if indicator.samples.is_some() {
            // Series without events have readings, but no counters.
            let filled: Vec<usize> =
                (0..indicator.keys.len()).filter(|at| !indicator.tallies.index().range(*at).is_empty()).collect();
            let same_series = filled.iter().map(|at| &indicator.keys[*at]).eq(self.series.keys());
            if !same_series || indicator.tallies.clone().pick(&filled) != tallies {
                return Err("the counters are not those that follow from the readings".to_owned());
            }
            return Ok(());
        }
        indicator.tallies = tallies;
        indicator.keys = self.series.into_keys().collect();
        Ok(())
    }
}

fn shown(by: &[String], key: &Key) -> String {
    let label = |(name, value): (&String, &Option<String>)| format!("{name}={}", value.as_deref().unwrap_or("null"));
    let labels: Vec<String> = by.iter().zip(key).map(label).collect();
    if labels.is_empty() { "without labels".to_owned() } else { labels.join(", ") }
}
