//! Reading the cells of a saved rollup back.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Int32Type, TimestampMicrosecondType, UInt64Type};
use backburn_core::cell::{Bucket, Builder, Cell, Histogram, Histograms, Lane, Part, Sample, Tallies};
use backburn_core::rollup::{Indicator, Key, Rollup};

use super::cells::TOO_GREAT;
use super::names::{AFTER, BEFORE, EXCLUDED, HISTOGRAM, SAMPLE, TALLY, columns_of, labels};
use crate::error::{Error, Result};
use crate::format::parquet::ParquetFile;

/// The cells of one indicator as they come: by key and step, the counts of all lanes, and the weights.
#[derive(Default)]
struct Collected {
    cells: BTreeMap<Key, BTreeMap<i64, Counts>>,
    histograms: BTreeMap<Key, BTreeMap<i64, Histogram>>,
    samples: BTreeMap<Key, Vec<Sample>>,
}

struct Counts {
    lanes: Vec<u64>,
    weights: (u64, u64, u128),
}

/// The rollup with the cells that the file holds.
pub(super) fn fill(mut rollup: Rollup, file: &ParquetFile) -> Result<Rollup> {
    let labels = labels(&rollup);
    let names: Vec<String> = BEFORE
        .iter()
        .map(|name| (*name).to_owned())
        .chain(columns_of(&labels))
        .chain(AFTER.iter().map(|name| (*name).to_owned()))
        .collect();
    let projection: Vec<usize> = names
        .iter()
        .map(|name| file.schema().index_of(name).map_err(|_| Error::data(format!("there is no column '{name}'"))))
        .collect::<Result<_>>()?;
    let mut collected: BTreeMap<String, Collected> = BTreeMap::new();
    for group in 0..file.groups() {
        for chunk in file.read(group, &projection)? {
            collect(&rollup, &labels, &chunk?.batch, &mut collected)?;
        }
    }
    for (name, cells) in collected {
        if let Some(indicator) = rollup.indicators.get_mut(&name) {
            seal(&name, indicator, cells)?;
        }
    }
    Ok(rollup)
}

fn collect(
    rollup: &Rollup,
    labels: &[String],
    batch: &RecordBatch,
    collected: &mut BTreeMap<String, Collected>,
) -> Result<()> {
    let column = |at: usize, wanted: &DataType| {
        cast(batch.column(at), wanted).map_err(|error| Error::data(format!("column {at}: {error}")))
    };
    let text: Vec<_> = (0..BEFORE.len() + labels.len()).map(|at| column(at, &DataType::Utf8)).collect::<Result<_>>()?;
    let text: Vec<_> = text.iter().map(AsArray::as_string::<i32>).collect();
    let after = text.len();
    let start = batch
        .column(after)
        .as_primitive_opt::<TimestampMicrosecondType>()
        .ok_or_else(|| Error::data("step_start is no time in microseconds"))?;
    let counts: Vec<_> = (after + 2..after + 8).map(|at| column(at, &DataType::UInt64)).collect::<Result<_>>()?;
    let [good, bad, excluded, unknown, rows, bad_rows] = counts.as_slice() else {
        return Err(Error::data("counts are missing"));
    };
    let count = |array: &dyn Array, row: usize| array.as_primitive::<UInt64Type>().value(row);
    let squares = column(after + 8, &DataType::Decimal128(38, 0))?;
    let squares = squares.as_primitive::<Decimal128Type>();
    for row in 0..batch.num_rows() {
        let measure = text[1].value(row);
        let Some(indicator) = rollup.indicators.get(measure) else {
            return Err(Error::data(format!("its metadata does not know the indicator '{measure}'")));
        };
        let key: Key = indicator
            .by
            .iter()
            .map(|by| labels.iter().position(|label| label == by))
            .map(|at| at.map(|at| text[BEFORE.len() + at]).filter(|c| c.is_valid(row)).map(|c| c.value(row).to_owned()))
            .collect();
        if text[0].value(row) == HISTOGRAM {
            let histogram = histogram(indicator, batch, after + 9, row)?;
            let step = indicator.durations.as_ref().map_or(indicator.step, |durations| durations.step);
            let known = collected.entry(measure.to_owned()).or_default();
            known.histograms.entry(key).or_default().insert(step.index(start.value(row)), histogram);
            continue;
        }
        if let Some(samples) = &indicator.samples {
            // The cells of counters follow from their readings.
            if text[0].value(row) == SAMPLE {
                let part = count(if samples.part() == Part::Good { good } else { bad }, row);
                let sample = Sample { time: start.value(row), part, valid: count(rows, row) };
                collected.entry(measure.to_owned()).or_default().samples.entry(key).or_default().push(sample);
            }
            continue;
        }
        let step = indicator.step.index(start.value(row));
        let series = collected.entry(measure.to_owned()).or_default().cells.entry(key).or_default();
        let cell = series
            .entry(step)
            .or_insert_with(|| Counts { lanes: vec![0; Lane::FIXED + indicator.reasons.len()], weights: (0, 0, 0) });
        match text[0].value(row) {
            TALLY => {
                cell.lanes[Lane::GOOD.index()] = count(good, row);
                cell.lanes[Lane::BAD.index()] = count(bad, row);
                cell.lanes[Lane::UNKNOWN.index()] = count(unknown, row);
                let squares = u128::try_from(squares.value(row)).ok().filter(|squares| *squares < TOO_GREAT);
                let squares = squares.ok_or_else(|| Error::data("a sum of squared weights is none"))?;
                cell.weights = (count(rows, row), count(bad_rows, row), squares);
            }
            EXCLUDED => {
                let reason = indicator.reasons.iter().position(|reason| reason == text[2].value(row));
                let reason = reason.ok_or_else(|| Error::data("its metadata does not know a reason"))?;
                cell.lanes[Lane::FIXED + reason] = count(excluded, row);
            }
            other => return Err(Error::data(format!("rows of kind '{other}' are of a later release"))),
        }
    }
    Ok(())
}

fn seal(name: &str, indicator: &mut Indicator, collected: Collected) -> Result<()> {
    if indicator.samples.is_some() {
        let (keys, samples): (Vec<Key>, Vec<Vec<Sample>>) = collected.samples.into_iter().unzip();
        *indicator = indicator.clone().with_samples(name, &keys, samples)?;
        return Ok(());
    }
    let weighted = indicator.tallies.weighted();
    let mut builder = Builder::new(Lane::FIXED + indicator.reasons.len(), weighted);
    for (series, steps) in collected.cells.values().enumerate() {
        for (step, counts) in steps {
            let weights = weighted.then_some(counts.weights);
            builder.push(Cell { series, step: *step, lanes: &counts.lanes, weights });
        }
    }
    let tallies: Tallies = builder.finish(collected.cells.len());
    indicator.tallies = tallies;
    indicator.keys = collected.cells.keys().cloned().collect();
    if let Some(durations) = &mut indicator.durations {
        let number = |key: &Key| indicator.keys.binary_search(key);
        let mut cells = Vec::new();
        for (key, steps) in &collected.histograms {
            let series = number(key).map_err(|_| Error::data("durations of a series without counts"))?;
            cells.extend(steps.iter().map(|(step, histogram)| (series, *step, histogram)));
        }
        durations.histograms = Histograms::of(durations.histograms.scale(), &cells, indicator.keys.len())?;
    }
    Ok(())
}

/// The histogram of a row whose buckets begin at column `at`.
fn histogram(indicator: &Indicator, batch: &RecordBatch, at: usize, row: usize) -> Result<Histogram> {
    let wrong = || Error::data("a histogram's columns are not as they should be");
    let durations = indicator.durations.as_ref().ok_or_else(|| Error::data("its metadata knows no durations"))?;
    let zeros = batch.column(at).as_primitive_opt::<UInt64Type>().ok_or_else(wrong)?;
    let list = |at: usize| batch.column(at).as_list_opt::<i32>().filter(|lists| lists.is_valid(row)).ok_or_else(wrong);
    let (indexes, counts) = (list(at + 1)?.value(row), list(at + 2)?.value(row));
    let indexes = indexes.as_primitive_opt::<Int32Type>().ok_or_else(wrong)?;
    let counts = counts.as_primitive_opt::<UInt64Type>().ok_or_else(wrong)?;
    if indexes.len() != counts.len() || indexes.null_count() + counts.null_count() > 0 {
        return Err(wrong());
    }
    let mut histogram = Histogram::new(durations.histograms.scale());
    histogram.add(Bucket::Zero, if zeros.is_valid(row) { zeros.value(row) } else { 0 })?;
    for (index, count) in indexes.values().iter().zip(counts.values()) {
        if !histogram.scale().has(*index) {
            return Err(Error::data(format!("no duration falls into bucket {index}")));
        }
        histogram.add(Bucket::Index(*index), *count)?;
    }
    Ok(histogram)
}
