//! The cells of a rollup as Arrow batches: the rows that its file holds and that other tools see.

use std::borrow::Borrow;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::SchemaRef;
use backburn_core::rollup::{Indicator, Rollup};
use backburn_core::time::Step;

use super::names::{EXCLUDED, HISTOGRAM, KINDS, SAMPLE, labels, schema};
use super::rows::{Rows, excluded, histograms, label, samples, tallies, unfit};
use super::shared::{Shared, Texts};
use crate::control::Control;
use crate::error::{Error, Result};
use crate::task::{in_parallel, processors};

/// The most rows of a batch.
const BATCH: usize = 64 * 1024;
/// The most of a batch of histograms, of which each has many buckets.
const HISTOGRAMS: usize = 4 * 1024;
/// How many batches each thread makes before any of them is handed over.
const AT_ONCE: usize = 4;
/// What a decimal of 38 digits cannot hold.
pub(super) const TOO_GREAT: u128 = 10_u128.pow(38);

/// The cells as batches, made a few at a time as they are taken; sorted by kind, indicator, labels and step.
///
/// Rows of kind `tally` hold a cell each. Rows of kind `excluded` split the `excluded` of a cell by reason. Rows of kind
/// `histogram` hold the durations behind the good and bad rows of one of their steps, rows of kind `sample` what counters
/// said at one moment.
pub struct Batches<R> {
    rollup: R,
    labels: Vec<String>,
    schema: SchemaRef,
    texts: [Texts; 3],
    /// What is to come, the next one last, and the columns of one value of the next one.
    sections: Vec<Section>,
    shared: Option<Arc<Shared>>,
    ready: VecDeque<RecordBatch>,
}

/// Cells that become one batch.
struct Unit {
    kind: &'static str,
    measure: String,
    step: Step,
    cells: Range<usize>,
    shared: Arc<Shared>,
}

/// Rows of one kind and one indicator that are still to be handed on.
struct Section {
    kind: &'static str,
    measure: String,
    step: Step,
    /// Positions among the indicator's tallies or histograms.
    cells: Range<usize>,
    /// How many of them become a batch, and how many rows this has at most.
    cells_a_batch: usize,
    rows_a_batch: usize,
}

impl<R: Borrow<Rollup> + Sync> Batches<R> {
    /// All cells of `rollup`; an error where a number among them has no room in its column.
    pub fn new(rollup: R) -> Result<Self> {
        let indicators = || rollup.borrow().indicators.iter();
        let too_great = |indicator: &Indicator| {
            indicator
                .tallies
                .squares(0..indicator.tallies.index().len())
                .is_some_and(|all| all.iter().any(|one| *one >= TOO_GREAT))
        };
        if indicators().any(|(_, indicator)| too_great(indicator)) {
            let error = Error::data("a sum of squared weights has over 38 digits");
            return Err(error.remedy("check the column that `source.count` names: no log stands for that many events"));
        }
        let labels = labels(rollup.borrow());
        let mut reasons: Vec<&String> = indicators().flat_map(|(_, indicator)| &indicator.reasons).collect();
        reasons.sort_unstable();
        reasons.dedup();
        let measures = indicators().map(|(name, _)| name);
        let texts = [Texts::new(KINDS), Texts::new(measures), Texts::new(reasons)];
        let of_kind = |kind| indicators().filter_map(move |(name, indicator)| Section::new(kind, name, indicator));
        let mut sections: Vec<Section> = KINDS.into_iter().flat_map(of_kind).collect();
        sections.reverse();
        Ok(Self { schema: schema(&labels), labels, texts, sections, shared: None, ready: VecDeque::new(), rollup })
    }

    /// The columns of every batch.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The next cells of the section at hand; `None` where no section is left.
    fn unit(&mut self) -> Result<Option<Unit>> {
        let Some(section) = self.sections.last_mut() else { return Ok(None) };
        let [kinds, measures, _] = &self.texts;
        let (kind, measure, step) = (section.kind, section.measure.clone(), section.step);
        let shared = match self.shared.take() {
            Some(shared) => shared,
            None => Arc::new(Shared::new(
                (kinds, kind),
                (measures, &measure),
                step.micros(),
                &self.schema,
                section.rows_a_batch,
            )?),
        };
        let cells = section.cells.start..section.cells.end.min(section.cells.start + section.cells_a_batch);
        section.cells.start = cells.end;
        if section.cells.is_empty() {
            self.sections.pop();
        } else {
            self.shared = Some(Arc::clone(&shared));
        }
        Ok(Some(Unit { kind, measure, step, cells, shared }))
    }

    /// The rows of a unit, which may be none: of its cells perhaps none was forgiven anything.
    fn batch(&self, unit: &Unit) -> Result<RecordBatch> {
        let Unit { kind, measure, step, cells, shared } = unit;
        let indicator = self.rollup.borrow().indicators.get(measure);
        let indicator = indicator.ok_or_else(|| Error::data(format!("no indicator '{measure}'")))?;
        let rows = match (*kind, &indicator.durations) {
            (EXCLUDED, _) => excluded(indicator, cells, shared, &self.texts[2])?,
            (HISTOGRAM, Some(durations)) => histograms(durations, cells, shared),
            (SAMPLE, _) => samples(indicator, cells, shared)?,
            _ => tallies(indicator, cells, shared)?,
        };
        batch(&self.schema, &self.labels, indicator, *step, rows, shared)
    }

    /// Makes the next batches, on all processors.
    fn make(&mut self) -> Result<()> {
        let threads = processors();
        let units = std::iter::from_fn(|| self.unit().transpose()).take(AT_ONCE * threads);
        let units = units.collect::<Result<Vec<Unit>>>()?;
        let made = in_parallel(threads, &units, &Control::default(), |unit| self.batch(unit))?;
        self.ready.extend(made.into_iter().filter(|batch| batch.num_rows() > 0));
        Ok(())
    }
}

impl<R: Borrow<Rollup> + Sync> Iterator for Batches<R> {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && !self.sections.is_empty() {
            if let Err(error) = self.make() {
                self.sections.clear();
                return Some(Err(error));
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

impl Section {
    /// The rows of a kind of this indicator, if it has any.
    fn new(kind: &'static str, measure: &str, indicator: &Indicator) -> Option<Self> {
        let reasons = indicator.reasons.len();
        let (step, cells, cells_a_batch, rows_a_cell) = match (kind, &indicator.durations) {
            // Nothing is forgiven without a reason.
            (EXCLUDED, _) if reasons == 0 => return None,
            (EXCLUDED, _) => (indicator.step, indicator.tallies.index().len(), BATCH / reasons, reasons),
            (HISTOGRAM, None) => return None,
            (HISTOGRAM, Some(durations)) => (durations.step, durations.histograms.index().len(), HISTOGRAMS, 1),
            // A moment is a step of its own.
            (SAMPLE, _) => (Step::new(1)?, indicator.samples.as_ref()?.readings().len(), BATCH, 1),
            _ => (indicator.step, indicator.tallies.index().len(), BATCH, 1),
        };
        let rows_a_batch = cells.min(cells_a_batch) * rows_a_cell;
        (cells > 0).then(|| Self {
            kind,
            measure: measure.to_owned(),
            step,
            cells: 0..cells,
            cells_a_batch,
            rows_a_batch,
        })
    }
}

/// The rows with the columns that do not change.
fn batch(
    schema: &SchemaRef,
    labels: &[String],
    indicator: &Indicator,
    step: Step,
    rows: Rows,
    shared: &Shared,
) -> Result<RecordBatch> {
    let count = rows.steps.len();
    let starts = rows.steps.into_iter().map(|at| step.span(at).start);
    let starts = TimestampMicrosecondArray::from_iter_values(starts).with_timezone("UTC");
    let mut columns = vec![Some(shared.kind.slice(0, count)), Some(shared.measure.slice(0, count)), rows.reason];
    for name in labels {
        columns.push(label(indicator, name, &rows.series)?);
    }
    columns.extend([Some(Arc::new(starts) as _), Some(shared.step_us.slice(0, count))]);
    columns.extend(rows.counts.map(Some));
    columns.push(rows.squares);
    match rows.durations {
        Some(durations) => columns.extend(durations.map(Some)),
        None => columns.resize(schema.fields().len(), None),
    }
    let columns = columns.into_iter().zip(schema.fields());
    let columns = columns.map(|(column, field)| column.unwrap_or_else(|| shared.null(field.data_type(), count)));
    RecordBatch::try_new(schema.clone(), columns.collect()).map_err(|error| unfit(&error))
}
