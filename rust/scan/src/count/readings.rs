//! The readings of counters: rows that are no events themselves, but tell how many there were until then.

use arrow::array::{Array, ArrayRef, UInt64Array};
use backburn_core::cell::{Lane, Part, Sample, Samples};

use super::batch::Batch;
use super::bind::Names;
use super::cap::Cap;
use super::columns::{Columns, Meaning, Origin};
use super::judge::Unknown;
use crate::error::{Error, Result};
use crate::normalise::readings;
use crate::request::{Request, Sli};

/// The columns with the counters of one indicator, in one file.
pub(super) struct Counters {
    pub(super) part: Part,
    pub(super) max_gap: i64,
    /// Of the good or bad events, and of all.
    columns: [(Origin, String); 2],
}

impl Counters {
    /// Finds the columns.
    pub(super) fn draft(sli: &Sli, request: &Request, names: &mut Names<'_>) -> Result<Self> {
        let Sli::Counters { good, bad, valid, max_gap } = sli else {
            return Err(Error::spec("these are no counters"));
        };
        let (part, column) = match (good, bad) {
            (Some(good), None) => (Part::Good, good),
            (None, Some(bad)) => (Part::Bad, bad),
            _ => return Err(Error::spec("counters need exactly one of good and bad")),
        };
        if request.count.is_some() {
            return Err(Error::spec("rows stand for several events, and counters are read from them")
                .field("source.count")
                .remedy("leave out the count: a counter says how many events there were"));
        }
        let mut find = |column: &str| -> Result<_> { Ok((origin(&mut names.columns, column)?, column.to_owned())) };
        Ok(Self { part, max_gap: *max_gap, columns: [find(column)?, find(valid)?] })
    }

    /// Keeps the rows in the good lane that have readings; gives how many have none at all, and those that do not tell.
    pub(super) fn sort(&self, batch: &Batch, lanes: &mut [Lane]) -> Result<(u64, Vec<Unknown>)> {
        let arrays = self.arrays(batch);
        let read = self.read(&arrays)?;
        let given = arrays.each_ref().map(Array::logical_nulls);
        let null = |which: usize, row: usize| given[which].as_ref().is_some_and(|nulls| nulls.is_null(row));
        let (mut absent, mut unknown) = (0, Vec::new());
        for (row, lane) in lanes.iter_mut().enumerate().filter(|(_, lane)| **lane == Lane::GOOD) {
            if read.iter().all(|values| values.is_valid(row)) {
                continue;
            }
            *lane = Lane::IGNORED;
            // Whoever polls does not have everything each time: what did not exist yet has no readings.
            if null(0, row) && null(1, row) {
                absent += 1;
                continue;
            }
            // What cannot be read says more than what is not there.
            let unreadable = (0..2).find(|which| !null(*which, row) && read[*which].is_null(row));
            let which = unreadable.or_else(|| (0..2).find(|which| null(*which, row))).unwrap_or(0);
            let reason = if unreadable.is_some() {
                "the reading of a counter is no whole number from 0"
            } else {
                "only one of the two counters has a reading"
            };
            unknown.push(Unknown { row, reason, origin: Some(self.columns[which].0) });
        }
        Ok((absent, unknown))
    }

    fn arrays(&self, batch: &Batch) -> [ArrayRef; 2] {
        self.columns.each_ref().map(|(origin, _)| origin.values(&batch.chunk, &batch.folders))
    }

    fn read(&self, [part, valid]: &[ArrayRef; 2]) -> Result<[UInt64Array; 2]> {
        let [(_, part_is), (_, valid_is)] = &self.columns;
        Ok([readings(part, part_is)?, readings(valid, valid_is)?])
    }
}

fn origin(columns: &mut Columns<'_>, column: &str) -> Result<Origin> {
    match columns.resolve(column)?.1 {
        Meaning::Plain(origin) => Ok(origin),
        _ => Err(Error::spec(format!("'{column}' has a meaning of its own and is no counter"))
            .field(column)
            .remedy("name the column of the counter")),
    }
}

/// The readings of one indicator so far, by the number of the series.
pub(super) struct Taken {
    series: Vec<Vec<Sample>>,
    meaning: (Part, i64),
    count: u64,
}

impl Taken {
    /// None yet.
    pub(super) fn new(counters: &Counters) -> Self {
        Self { series: Vec::new(), meaning: (counters.part, counters.max_gap), count: 0 }
    }

    /// Takes the readings of the rows that are in the good lane, and takes these rows out of it: they are no events.
    pub(super) fn add(
        &mut self,
        counters: &Counters,
        batch: &Batch,
        numbers: &[u32],
        lanes: &mut [Lane],
        cap: Cap,
    ) -> Result<()> {
        let [part, valid] = counters.read(&counters.arrays(batch))?;
        for (row, (lane, number)) in lanes.iter_mut().zip(numbers).enumerate() {
            if *lane != Lane::GOOD {
                continue;
            }
            *lane = Lane::IGNORED;
            let series = *number as usize;
            if self.series.len() <= series {
                self.series.resize_with(series + 1, Vec::new);
            }
            self.series[series].push(Sample {
                time: batch.times.value(row),
                part: part.value(row),
                valid: valid.value(row),
            });
            self.count += 1;
        }
        cap.readings(self.count)
    }

    /// All of them, under new numbers: series `s` becomes `to[s]`; and those that an indicator without any has.
    pub(super) fn finish(mut self, to: &[usize]) -> (Vec<Vec<Sample>>, Samples) {
        let mut sorted = vec![Vec::new(); to.len()];
        for (samples, new) in self.series.drain(..).zip(to) {
            sorted[*new] = samples;
        }
        (sorted, Samples::empty(self.meaning.0, self.meaning.1, 0))
    }
}
