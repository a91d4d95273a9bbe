//! The columns of some cells of one indicator, for each kind of rows.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Array, Int32Array, Int32Builder, ListBuilder, StringArray, UInt64Array, UInt64Builder,
};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::error::ArrowError;
use backburn_core::cell::{Bucket, Lane, Part, Sample};
use backburn_core::rollup::{Durations, Indicator};

use super::shared::{Shared, Texts};
use crate::error::{Error, Result};

/// Some rows of one kind; a column that is not there is null.
pub(super) struct Rows {
    pub(super) steps: Vec<i64>,
    /// The series of the rows, and how many neighbouring rows each has.
    pub(super) series: Vec<(usize, usize)>,
    pub(super) reason: Option<ArrayRef>,
    /// Good, bad, excluded, unknown, rows and bad rows.
    pub(super) counts: [ArrayRef; 6],
    pub(super) squares: Option<ArrayRef>,
    /// Zeros, indexes of buckets, their counts.
    pub(super) durations: Option<[ArrayRef; 3]>,
}

/// A row for each of these cells.
pub(super) fn tallies(indicator: &Indicator, cells: &Range<usize>, shared: &Shared) -> Result<Rows> {
    let (tallies, rows) = (&indicator.tallies, cells.len());
    let lane = |lane| shared.counts(tallies.lane(lane, cells.clone()), rows);
    let bad = lane(Lane::BAD);
    let bad_rows = tallies.bad_rows(cells.clone()).map(|rows| shared.counts(Some(rows.to_vec()), rows.len()));
    let counts = [
        lane(Lane::GOOD),
        bad.clone(),
        shared.counts(tallies.excluded(cells), rows),
        lane(Lane::UNKNOWN),
        shared.counts(Some(tallies.rows(cells)), rows),
        bad_rows.unwrap_or(bad),
    ];
    let squares = tallies.squares(cells.clone()).map(decimals).transpose()?;
    let series = runs(tallies.index().series_of(cells.start), |series| tallies.index().range(series), cells);
    Ok(Rows {
        steps: tallies.index().steps_of(cells.clone()).collect(),
        series,
        reason: None,
        counts,
        squares,
        durations: None,
    })
}

/// A row for each reason for which events of these cells were forgiven.
pub(super) fn excluded(indicator: &Indicator, cells: &Range<usize>, shared: &Shared, reasons: &Texts) -> Result<Rows> {
    let tallies = &indicator.tallies;
    let lanes = indicator.reasons.iter().zip(0..).filter_map(|(reason, at)| Some((reason, Lane::excluded(at)?)));
    let lanes = lanes.filter_map(|(reason, lane)| Some((reasons.number(reason), tallies.lane(lane, cells.clone())?)));
    let lanes: Vec<(i32, Vec<u64>)> = lanes.collect();
    let (mut steps, mut series, mut reason, mut counts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let runs = runs(tallies.index().series_of(cells.start), |series| tallies.index().range(series), cells);
    let mut each = tallies.index().steps_of(cells.clone()).enumerate();
    for (one, run) in runs {
        let before = steps.len();
        for (at, step) in each.by_ref().take(run) {
            for (number, lane) in lanes.iter().filter(|(_, lane)| lane[at] > 0) {
                steps.push(step);
                reason.push(*number);
                counts.push(lane[at]);
            }
        }
        series.push((one, steps.len() - before));
    }
    let zeros = || shared.counts(None, steps.len());
    let reason = Some(reasons.column(Int32Array::from(reason))?);
    let counts = [zeros(), zeros(), shared.counts(Some(counts), steps.len()), zeros(), zeros(), zeros()];
    Ok(Rows { steps, series, reason, counts, squares: None, durations: None })
}

/// A row for each of these histograms.
pub(super) fn histograms(durations: &Durations, cells: &Range<usize>, shared: &Shared) -> Rows {
    let histograms = &durations.histograms;
    let (mut zeros, mut rows) = (Vec::with_capacity(cells.len()), Vec::with_capacity(cells.len()));
    let (mut indexes, mut counts) = (ListBuilder::new(Int32Builder::new()), ListBuilder::new(UInt64Builder::new()));
    for at in cells.clone() {
        let (mut zero, mut sum) = (0, 0_u64);
        for (bucket, count) in histograms.buckets(at) {
            sum = sum.saturating_add(count);
            match bucket {
                Bucket::Zero => zero = count,
                Bucket::Index(index) => {
                    indexes.values().append_value(index);
                    counts.values().append_value(count);
                }
            }
        }
        indexes.append(true);
        counts.append(true);
        zeros.push(zero);
        rows.push(sum);
    }
    let series = runs(histograms.index().series_of(cells.start), |series| histograms.index().range(series), cells);
    let none = || shared.counts(None, cells.len());
    Rows {
        steps: histograms.index().steps_of(cells.clone()).collect(),
        series,
        reason: None,
        counts: [none(), none(), none(), none(), shared.counts(Some(rows), cells.len()), none()],
        squares: None,
        durations: Some([Arc::new(UInt64Array::from(zeros)), Arc::new(indexes.finish()), Arc::new(counts.finish())]),
    }
}

/// A row for each of these readings: what the counter of good or of bad events said, and in `rows` that of all.
pub(super) fn samples(indicator: &Indicator, cells: &Range<usize>, shared: &Shared) -> Result<Rows> {
    let samples = indicator.samples.as_ref().ok_or_else(|| Error::data("the indicator has no counters"))?;
    let readings = &samples.readings()[cells.clone()];
    let counts = |of: fn(&Sample) -> u64| shared.counts(Some(readings.iter().map(of).collect()), readings.len());
    let none = || shared.counts(None, readings.len());
    let (part, valid) = (counts(|sample| sample.part), counts(|sample| sample.valid));
    let counts = match samples.part() {
        Part::Good => [part, none(), none(), none(), valid, none()],
        Part::Bad => [none(), part, none(), none(), valid, none()],
    };
    let series = runs(samples.series_of(cells.start), |series| samples.range(series), cells);
    let steps = readings.iter().map(|sample| sample.time).collect();
    Ok(Rows { steps, series, reason: None, counts, squares: None, durations: None })
}

/// The series of some neighbouring cells, from `first` on, and how many of these each has.
fn runs(first: usize, range: impl Fn(usize) -> Range<usize>, cells: &Range<usize>) -> Vec<(usize, usize)> {
    let mut at = cells.start;
    let mut runs = Vec::new();
    for series in first.. {
        if at >= cells.end {
            break;
        }
        let end = range(series).end.min(cells.end);
        runs.push((series, end - at));
        at = end;
    }
    runs
}

/// The values of a label, row by row; `None` where the indicator is not told apart by it.
pub(super) fn label(indicator: &Indicator, name: &str, series: &[(usize, usize)]) -> Result<Option<ArrayRef>> {
    let Some(position) = indicator.by.iter().position(|by| by == name) else { return Ok(None) };
    let values = || series.iter().map(|(series, rows)| (indicator.keys[*series][position].as_deref(), *rows));
    let rows = values().map(|(_, rows)| rows).sum::<usize>();
    let (mut ends, mut bytes) = (Vec::with_capacity(rows + 1), Vec::new());
    let mut valid = Vec::with_capacity(if values().any(|(value, _)| value.is_none()) { rows } else { 0 });
    let (mut end, long) = (0_i32, |_| Error::data(format!("the values of '{name}' are too long for a batch")));
    ends.push(end);
    for (value, rows) in values() {
        let text = value.unwrap_or_default();
        bytes.extend_from_slice(text.repeat(rows).as_bytes());
        i32::try_from(bytes.len()).map_err(long)?;
        let length = i32::try_from(text.len()).map_err(long)?;
        ends.extend((0..rows).map(|_| {
            end += length;
            end
        }));
        if valid.capacity() > 0 {
            valid.extend(std::iter::repeat_n(value.is_some(), rows));
        }
    }
    let nulls = (!valid.is_empty()).then(|| NullBuffer::from(valid));
    let offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
    let column = StringArray::try_new(offsets, Buffer::from_vec(bytes), nulls).map_err(|error| unfit(&error))?;
    Ok(Some(Arc::new(column)))
}

fn decimals(squares: &[u128]) -> Result<ArrayRef> {
    let narrow = |square: &u128| i128::try_from(*square).unwrap_or(i128::MAX);
    let column = Decimal128Array::from_iter_values(squares.iter().map(narrow)).with_precision_and_scale(38, 0);
    Ok(Arc::new(column.map_err(|error| unfit(&error))?))
}

pub(super) fn unfit(error: &ArrowError) -> Error {
    Error::data(format!("the cells do not fit a batch: {error}"))
}
