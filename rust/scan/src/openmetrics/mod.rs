//! A rollup as cumulative counters in `OpenMetrics` text, made piece by piece as it is taken.
//!
//! The sample of a series at time t holds its events before t. The first one, which is zero, stands where the series'
//! first step begins; one follows at the end of every step until the rollup ends, the same again where nothing happened.
//! What counters do not tell stands before them, so that the rollup can be read back.

mod count;
mod line;
mod names;
mod preface;
mod read;
mod samples;
mod tracks;

pub(crate) use preface::FIRST;
pub use read::{is_export, load};

use std::borrow::Borrow;
use std::collections::VecDeque;
use std::io::Write;

use backburn_core::rollup::Rollup;

use self::count::Count;
use self::names::{Labels, escaped, stems};
use self::samples::{Samples, seconds};
use crate::control::Control;
use crate::error::{Error, Result};
use crate::whole::Whole;

/// About how many bytes a piece has.
const PIECE: usize = 256 * 1024;

/// The text, in pieces. Families follow each other, in each of them series, in each of them samples by time.
pub struct OpenMetrics<R> {
    rollup: R,
    /// What counters do not tell, which comes first.
    preface: String,
    families: VecDeque<Family>,
    /// The family at hand: its samples that are still to come, those of one series at a time.
    series: VecDeque<Samples>,
    ended: bool,
}

/// All counters of one indicator and one kind of count.
struct Family {
    head: String,
    series: VecDeque<Samples>,
}

impl<R: Borrow<Rollup>> OpenMetrics<R> {
    /// The counters of all indicators, each with these labels besides its own; an error where a sum does not fit.
    pub fn new(rollup: R, labels: &[(String, String)]) -> Result<Self> {
        let mut families = VecDeque::new();
        for (indicator, stem) in rollup.borrow().indicators.keys().zip(stems(rollup.borrow().indicators.keys())) {
            for count in Count::ALL {
                families.extend(family(rollup.borrow(), indicator, &stem, count, labels)?);
            }
        }
        let preface = preface::write(rollup.borrow(), labels);
        Ok(Self { rollup, preface, families, series: VecDeque::new(), ended: false })
    }
}

impl<R: Borrow<Rollup>> Iterator for OpenMetrics<R> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut piece = std::mem::take(&mut self.preface).into_bytes();
        while !self.ended && piece.len() < PIECE {
            if let Some(samples) = self.series.front_mut() {
                let rollup: &Rollup = self.rollup.borrow();
                if samples.write(rollup.indicators.get(&samples.indicator), &mut piece, PIECE) {
                    self.series.pop_front();
                }
            } else if let Some(family) = self.families.pop_front() {
                piece.extend_from_slice(family.head.as_bytes());
                self.series = family.series;
            } else {
                piece.extend_from_slice(b"# EOF\n");
                self.ended = true;
            }
        }
        (!piece.is_empty()).then_some(piece)
    }
}

/// Writes the text to `path`, whole or not at all.
pub fn save(rollup: &Rollup, labels: &[(String, String)], path: &str, control: &Control) -> Result<()> {
    let whole = Whole::begin(path)?;
    for piece in OpenMetrics::new(rollup, labels)? {
        control.check()?;
        whole.file().write_all(&piece).map_err(|error| Error::io(&error, path))?;
    }
    whole.end()
}

/// The series that have such counts, if any has.
fn family(
    rollup: &Rollup,
    name: &str,
    stem: &str,
    count: Count,
    constant: &[(String, String)],
) -> Result<Option<Family>> {
    let Some(indicator) = rollup.indicators.get(name) else { return Ok(None) };
    let metric = format!("{stem}_{}", count.name());
    let labels = Labels::new(&indicator.by, constant, name);
    let end = end(rollup).map_or(i64::MIN, |end| indicator.step.first_at_or_after(end));
    let mut series = VecDeque::new();
    for (at, key) in indicator.keys.iter().enumerate() {
        let total = indicator.tallies.total(at, i64::MIN, i64::MAX)?;
        for lane in count.lanes(indicator, &total) {
            let reason = lane.reason().and_then(|reason| indicator.reasons.get(reason));
            let prefix = format!("{metric}_total{{{}}} ", labels.of(key, reason.map(String::as_str)));
            series.extend(Samples::new(name, indicator, at, lane, prefix, end));
        }
    }
    let help = format!(
        "{} of '{name}' since the series began; a sample every {} s holds what happened before it. Fingerprint {}.",
        count.meaning(),
        seconds(i128::from(indicator.step.micros())),
        indicator.fingerprint,
    );
    let head = format!("# TYPE {metric} counter\n# HELP {metric} {}\n", escaped(&help));
    Ok((!series.is_empty()).then_some(Family { head, series }))
}

/// The moment at which a rollup ends: the end of its last cell, or the first moment after its last row.
fn end(rollup: &Rollup) -> Option<i64> {
    let last = rollup.indicators.values().flat_map(|indicator| {
        let index = indicator.tallies.index();
        let last = |series| Some(indicator.step.span(index.steps(series).last()?).end);
        (0..index.series()).filter_map(last)
    });
    last.chain(rollup.times().map(|(_, last)| last.saturating_add(1))).max()
}
