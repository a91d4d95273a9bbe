//! Which lane each row of a batch belongs to, for one indicator: a few passes over bytes that the compiler makes wide.

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray};
use arrow::datatypes::{DataType, Int16Type, Int32Type, Int64Type, UInt16Type, UInt32Type, UInt64Type};
use backburn_core::cell::Lane;

use super::batch::Batch;
use super::columns::Origin;
use super::lanes::{BoundIndicator, BoundSli};
use crate::error::{Error, Result};
use crate::normalise::{Judged, status};

/// A row that does not tell, and the column that should have.
pub(super) struct Unknown {
    pub(super) row: usize,
    pub(super) reason: &'static str,
    pub(super) origin: Option<Origin>,
}

impl BoundIndicator {
    /// Sorts the rows of a batch into lanes; gives how many are out of the indicator's own scope, and those that do not
    /// tell. `lanes` holds the rows in everyone's scope as good and the others as ignored, `forgiven` those that the
    /// document forgives in the lane of their reason (nothing where it forgives none).
    ///
    /// The order is: out of the indicator's own scope, forgiven by the document, forgiven by the indicator, judged.
    pub(super) fn sort(&self, batch: &Batch, forgiven: &[Lane], lanes: &mut [Lane]) -> Result<(u64, Vec<Unknown>)> {
        let mut ignored = 0;
        if let Some(valid) = &self.valid {
            let valid = valid.evaluate(batch)?;
            for (row, lane) in lanes.iter_mut().enumerate() {
                if *lane != Lane::IGNORED && !is_true(&valid, row) {
                    *lane = Lane::IGNORED;
                    ignored += 1;
                }
            }
        }
        for (lane, forgiven) in lanes.iter_mut().zip(forgiven) {
            if *lane != Lane::IGNORED && *forgiven != Lane::GOOD {
                *lane = *forgiven;
            }
        }
        for (reason, test) in &self.exclude {
            forgive(&test.evaluate(batch)?, *reason, lanes)?;
        }
        if let BoundSli::Counters(counters) = &self.sli {
            let (absent, unknown) = counters.sort(batch, lanes)?;
            return Ok((ignored + absent, unknown));
        }
        Ok((ignored, self.judge(batch, lanes)?))
    }

    /// Sorts the rows that are still in the good lane into good, bad and unknown.
    fn judge(&self, batch: &Batch, lanes: &mut [Lane]) -> Result<Vec<Unknown>> {
        match &self.sli {
            BoundSli::Availability => availability(batch, lanes),
            BoundSli::Latency { threshold, origin, .. } => {
                let judged = threshold.judge(&origin.values(&batch.chunk, &batch.folders))?;
                Ok(latency(judged, *origin, lanes))
            }
            // They have no rows to judge.
            BoundSli::Counters(_) => Ok(Vec::new()),
            BoundSli::Ratio { test, good, origin } => Ok(ratio(&test.evaluate(batch)?, *good, *origin, lanes)),
        }
    }
}

/// Good is what was fast enough.
fn latency(judged: Judged, origin: Origin, lanes: &mut [Lane]) -> Vec<Unknown> {
    let mut unknown = Vec::new();
    for problem in judged.problems.into_iter().filter(|problem| lanes[problem.row] == Lane::GOOD) {
        unknown.push(Unknown { row: problem.row, reason: problem.reason, origin: Some(origin) });
    }
    for row in &unknown {
        lanes[row.row] = Lane::UNKNOWN;
    }
    for (lane, slow) in lanes.iter_mut().zip(judged.slow) {
        lane.0 = judged_lane(lane.0, slow);
    }
    unknown
}

/// A row in the good lane goes to the bad one where `bad` is one and not zero; the others stay where they are.
fn judged_lane(lane: u8, bad: u8) -> u8 {
    lane | (u8::from(lane == Lane::GOOD.0) & bad & Lane::BAD.0)
}

/// Good is where the predicate says what it should.
fn ratio(truth: &BooleanArray, good: bool, origin: Option<Origin>, lanes: &mut [Lane]) -> Vec<Unknown> {
    let mut unknown = Vec::new();
    if truth.null_count() == 0 {
        for (lane, holds) in lanes.iter_mut().zip(truth.values()) {
            lane.0 = judged_lane(lane.0, u8::from(holds != good));
        }
        return unknown;
    }
    for (row, lane) in lanes.iter_mut().enumerate().filter(|(_, lane)| **lane == Lane::GOOD) {
        if truth.is_valid(row) {
            lane.0 = judged_lane(lane.0, u8::from(truth.value(row) != good));
        } else {
            *lane = Lane::UNKNOWN;
            unknown.push(Unknown { row, reason: "the predicate is null", origin });
        }
    }
    unknown
}

/// Good is a status of 100 to 499, bad is 500 to 599; anything else does not tell.
fn availability(batch: &Batch, lanes: &mut [Lane]) -> Result<Vec<Unknown>> {
    let Some((column, called)) = batch.status.as_ref() else { return Ok(Vec::new()) };
    let values = column.values(&batch.chunk, &batch.folders);
    if plain_status(&values, lanes) {
        return Ok(strange(lanes, |_| None, *column));
    }
    let read = status(&values, called)?;
    for (lane, value) in lanes.iter_mut().zip(&read.values) {
        *lane = outcome(*lane, value.and_then(|value| i32::try_from(value).ok()).unwrap_or(0));
    }
    let mut problems = read.problems.iter().peekable();
    let reason = |row| {
        while problems.next_if(|problem| problem.row < row).is_some() {}
        problems.next_if(|problem| problem.row == row).map(|problem| problem.reason)
    };
    Ok(strange(lanes, reason, *column))
}

/// The rows that were found not to tell, which are all that are in the unknown lane.
fn strange(lanes: &[Lane], mut reason: impl FnMut(usize) -> Option<&'static str>, column: Origin) -> Vec<Unknown> {
    // To the end, which the compiler makes wide.
    if lanes.iter().fold(0, |any, lane| any | u8::from(*lane == Lane::UNKNOWN)) == 0 {
        return Vec::new();
    }
    let rows = lanes.iter().enumerate().filter(|(_, lane)| **lane == Lane::UNKNOWN);
    rows.map(|(row, _)| Unknown {
        row,
        reason: reason(row).unwrap_or("status outside 100 to 599"),
        origin: Some(column),
    })
    .collect()
}

/// Judges a column of whole numbers without nulls in its own width; false if it is none.
fn plain_status(values: &ArrayRef, lanes: &mut [Lane]) -> bool {
    fn native<T: ArrowPrimitiveType<Native: TryInto<i32>>>(values: &ArrayRef, lanes: &mut [Lane]) {
        for (lane, value) in lanes.iter_mut().zip(values.as_primitive::<T>().values()) {
            // What does not fit is no status.
            *lane = outcome(*lane, (*value).try_into().unwrap_or(0));
        }
    }
    if values.null_count() > 0 {
        return false;
    }
    match values.data_type() {
        DataType::Int16 => native::<Int16Type>(values, lanes),
        DataType::Int32 => native::<Int32Type>(values, lanes),
        DataType::Int64 => native::<Int64Type>(values, lanes),
        DataType::UInt16 => native::<UInt16Type>(values, lanes),
        DataType::UInt32 => native::<UInt32Type>(values, lanes),
        DataType::UInt64 => native::<UInt64Type>(values, lanes),
        _ => return false,
    }
    true
}

/// Where a row in the good lane goes by its status; the others stay where they are.
fn outcome(lane: Lane, status: i32) -> Lane {
    let judged = if (100..500).contains(&status) {
        Lane::GOOD
    } else if (500..600).contains(&status) {
        Lane::BAD
    } else {
        Lane::UNKNOWN
    };
    if lane == Lane::GOOD { judged } else { lane }
}

/// Moves the rows for which `truth` holds from the good lane to that of reason number `reason`.
pub(super) fn forgive(truth: &BooleanArray, reason: usize, lanes: &mut [Lane]) -> Result<()> {
    let to = Lane::excluded(reason).ok_or_else(|| Error::spec("too many reasons to exclude rows"))?;
    for (row, lane) in lanes.iter_mut().enumerate() {
        if *lane == Lane::GOOD && is_true(truth, row) {
            *lane = to;
        }
    }
    Ok(())
}

fn is_true(truth: &BooleanArray, row: usize) -> bool {
    truth.is_valid(row) && truth.value(row)
}
