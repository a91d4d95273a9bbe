//! One unit of a timeline as a batch.

use std::iter::repeat_n;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, NullBufferBuilder, RecordBatch, TimestampMicrosecondArray,
    UInt64Array,
};
use arrow::datatypes::Int32Type;
use arrow::error::ArrowError;
use backburn_core::judge::{SliceCounts, Target};
use backburn_core::window::{InWindow, Rolling, Ticks};

use super::column::Column;
use super::shares::Shares;
use super::unit::{ROWS, Unit};
use super::{Ready, Series, Timeline};
use crate::error::{Error, Result};

impl Timeline {
    /// Computes a unit.
    pub(super) fn batch(&self, unit: &Unit) -> Result<RecordBatch> {
        let part = &self.parts[unit.part];
        let (series, ticks) = (&part.series[unit.series.clone()], unit.ticks.len());
        let (moments, objective) = part.same_in_all(unit);
        let mut arrays = vec![moments];
        for (at, texts) in self.names.dictionaries.iter().enumerate() {
            let numbers = match at {
                0 => objective.clone(),
                _ => numbers(series.iter().map(|one| one.texts[at]), ticks),
            };
            let array = DictionaryArray::<Int32Type>::try_new(numbers, texts.clone()).map_err(|error| unfit(&error))?;
            arrays.push(Arc::new(array));
        }
        let rows = series.len() * ticks;
        let window = |_| Window::new(&self.columns.of_windows, rows);
        let mut windows: Vec<Window> = part.windows.iter().map(window).collect();
        let mut shares = Shares::new(&self.columns, windows.len(), rows);
        part.roll(unit, &mut windows, &mut shares)?;
        arrays.extend(windows.into_iter().flat_map(Window::finish));
        arrays.extend(shares.finish());
        RecordBatch::try_new(self.schema(), arrays).map_err(|error| unfit(&error))
    }
}

impl Ready {
    /// The ticks of each series, and the number of the objective. Batches of whole series share them.
    fn same_in_all(&self, unit: &Unit) -> (ArrayRef, Int32Array) {
        let rows = unit.series.len() * unit.ticks.len();
        if unit.ticks.len() < self.ticks.len() {
            return self.same(unit.series.len(), self.ticks.part(unit.ticks.start, unit.ticks.len()));
        }
        let (moments, objective) =
            self.same.get_or_init(|| self.same((ROWS / self.ticks.len()).min(self.series.len()), self.ticks));
        (moments.slice(0, rows), objective.slice(0, rows))
    }

    fn same(&self, series: usize, ticks: Ticks) -> (ArrayRef, Int32Array) {
        let mut moments = Vec::with_capacity(series * ticks.len());
        for _ in 0..series {
            moments.extend(ticks.micros(self.step));
        }
        let objective = numbers(self.series.iter().take(series).map(|one| one.texts[0]), ticks.len());
        (Arc::new(TimestampMicrosecondArray::from(moments).with_timezone("UTC")), objective)
    }

    /// Appends what happened in each window before each tick, a series after the other.
    fn roll(&self, unit: &Unit, windows: &mut [Window], shares: &mut Shares) -> Result<()> {
        let ticks = self.ticks.part(unit.ticks.start, unit.ticks.len());
        let indicator = self.indicator()?;
        for series in &self.series[unit.series.clone()] {
            let cells = series.cells(&indicator.tallies, self.unparsable);
            if let Some(cutting) = &self.cutting {
                self.roll_slices((cutting, series, cells), ticks, windows, shares)?;
                continue;
            }
            let rolling = Rolling::new(cells, ticks, &self.lengths)?;
            for (length, window) in self.windows.iter().zip(&mut *windows) {
                window.push(&rolling.window(*length)?, series);
            }
            shares.push(self, series, (&rolling, cells), indicator.durations.as_ref(), ticks)?;
        }
        Ok(())
    }
}

/// The columns of one window, as far as they are filled.
pub(super) struct Window {
    columns: Vec<Filling>,
    /// At which ticks there are valid events.
    defined: NullBufferBuilder,
    /// At which ticks there is a burn rate: there, and where the promise says what no events are.
    burning: NullBufferBuilder,
}

enum Filling {
    Valid(Vec<u64>),
    Bad(Vec<u64>),
    Sli(Vec<f64>),
    Burn(Vec<f64>),
}

impl Filling {
    const fn is_share(&self) -> bool {
        matches!(self, Self::Sli(_) | Self::Burn(_))
    }
}

impl Window {
    fn new(asked: &[Column], rows: usize) -> Self {
        let empty = |column: &Column| match column {
            Column::Valid => Filling::Valid(Vec::with_capacity(rows)),
            Column::Bad => Filling::Bad(Vec::with_capacity(rows)),
            Column::Sli => Filling::Sli(Vec::with_capacity(rows)),
            Column::Burn => Filling::Burn(Vec::with_capacity(rows)),
        };
        let (defined, burning) = (NullBufferBuilder::new(rows), NullBufferBuilder::new(rows));
        Self { columns: asked.iter().map(empty).collect(), defined, burning }
    }

    fn push(&mut self, window: &InWindow<'_>, series: &Series) {
        let instead = series.no_data.burn(series.target);
        for column in &mut self.columns {
            match column {
                Filling::Valid(out) => out.extend(window.valid()),
                Filling::Bad(out) => out.extend(window.bad()),
                Filling::Sli(out) => window.sli(out),
                Filling::Burn(out) => burn(window, series.target, instead, out),
            }
        }
        // Counts are never null, and most windows have events before every tick.
        if !self.columns.iter().any(Filling::is_share) || window.defined() {
            self.defined.append_n_non_nulls(window.valid().len());
            self.burning.append_n_non_nulls(window.valid().len());
        } else {
            window.valid().for_each(|valid| self.defined.append(valid > 0));
            window.valid().for_each(|valid| self.burning.append(valid > 0 || instead.is_some()));
        }
    }

    /// Appends windows of slices, whose events are told by their place.
    pub(super) fn push_slices(&mut self, counts: &[SliceCounts], target: Target, events: impl Fn(usize) -> (u64, u64)) {
        let places = 0..counts.len();
        for column in &mut self.columns {
            match column {
                Filling::Valid(out) => out.extend(places.clone().map(|at| events(at).0)),
                Filling::Bad(out) => out.extend(places.clone().map(|at| events(at).1)),
                Filling::Sli(out) => out.extend(counts.iter().map(|one| one.sli().unwrap_or(f64::NAN))),
                Filling::Burn(out) => out.extend(counts.iter().map(|one| one.consumed(target).unwrap_or(f64::NAN))),
            }
        }
        for one in counts {
            self.defined.append(one.counted > 0);
            self.burning.append(one.counted > 0);
        }
    }

    fn finish(mut self) -> Vec<ArrayRef> {
        let (defined, burning) = (self.defined.finish(), self.burning.finish());
        let array = |column: Filling| -> ArrayRef {
            match column {
                Filling::Valid(counts) | Filling::Bad(counts) => Arc::new(UInt64Array::from(counts)),
                Filling::Sli(shares) => Arc::new(Float64Array::new(shares.into(), defined.clone())),
                Filling::Burn(rates) => Arc::new(Float64Array::new(rates.into(), burning.clone())),
            }
        };
        self.columns.into_iter().map(array).collect()
    }
}

/// Appends the burn rates of a window; that of one without valid events is `instead`, where there is such a rate.
fn burn(window: &InWindow<'_>, target: Target, instead: Option<f64>, out: &mut Vec<f64>) {
    let before = out.len();
    window.burn(target, out);
    if let Some(instead) = instead {
        for (rate, _) in out[before..].iter_mut().zip(window.valid()).filter(|(_, valid)| *valid == 0) {
            *rate = instead;
        }
    }
}

/// The number of each series' text, once for each tick.
fn numbers(texts: impl ExactSizeIterator<Item = Option<i32>>, ticks: usize) -> Int32Array {
    let rows = texts.len() * ticks;
    let (mut numbers, mut known) = (Vec::with_capacity(rows), NullBufferBuilder::new(rows));
    for text in texts {
        numbers.extend(repeat_n(text.unwrap_or(0), ticks));
        match text {
            Some(_) => known.append_n_non_nulls(ticks),
            None => known.append_n_nulls(ticks),
        }
    }
    Int32Array::new(numbers.into(), known.finish())
}

fn unfit(error: &ArrowError) -> Error {
    Error::data(format!("the ticks do not fit a batch: {error}"))
}
