//! The columns beside those of each window: what is left of the budget, and quantiles of durations.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, NullBufferBuilder};
use backburn_core::judge::SliceCounts;
use backburn_core::quantile::{Definition, Quantile};
use backburn_core::rollup::Durations;
use backburn_core::window::{Cells, Percentiles, Rolling, Ticks};

use super::column::Columns;
use super::{Ready, Series};
use crate::error::Result;

/// These columns, as far as they are filled; NaN holds the place of what is undefined.
pub(super) struct Shares {
    budget: Option<Vec<f64>>,
    /// Window by window, quantile by quantile.
    quantiles: Vec<Vec<f64>>,
    asked: Vec<Quantile>,
}

impl Shares {
    pub(super) fn new(columns: &Columns, windows: usize, rows: usize) -> Self {
        let column = || Vec::with_capacity(rows);
        Self {
            budget: columns.budget.then(column),
            quantiles: (0..windows * columns.quantiles.len()).map(|_| column()).collect(),
            asked: columns.quantiles.iter().map(|(_, quantile)| *quantile).collect(),
        }
    }

    /// Appends those of one series.
    pub(super) fn push(
        &mut self,
        part: &Ready,
        series: &Series,
        (rolling, cells): (&Rolling<'_>, Cells<'_>),
        durations: Option<&Durations>,
        ticks: Ticks,
    ) -> Result<()> {
        if let Some(out) = &mut self.budget {
            part.budget.spent(rolling, cells, ticks)?.remaining(series.target, out);
        }
        self.push_quantiles(part, series, durations, ticks, None)
    }

    /// Appends what is left of the budget at each tick, where it counts slices.
    pub(super) fn push_slices(&mut self, series: &Series, counts: &[SliceCounts]) {
        if let Some(out) = &mut self.budget {
            out.extend(counts.iter().map(|one| one.remaining(series.target).unwrap_or(f64::NAN)));
        }
    }

    /// Appends the quantiles of one series at each tick, or at those whose `places` are given.
    pub(super) fn push_quantiles(
        &mut self,
        part: &Ready,
        series: &Series,
        durations: Option<&Durations>,
        ticks: Ticks,
        places: Option<&[usize]>,
    ) -> Result<()> {
        let rows = places.map_or(ticks.len(), <[usize]>::len);
        let (Some(longest), false) = (part.windows.iter().max(), self.asked.is_empty()) else { return Ok(()) };
        let percentiles = durations.and_then(|durations| {
            Percentiles::new(durations, &series.members, (part.step, ticks), *longest, part.data, &series.left_out)
        });
        let Some(mut percentiles) = percentiles else {
            self.quantiles.iter_mut().for_each(|out| out.resize(out.len() + rows, f64::NAN));
            return Ok(());
        };
        for (length, out) in part.windows.iter().zip(self.quantiles.chunks_mut(self.asked.len())) {
            let Some(places) = places else {
                percentiles.window(ticks, *length, &self.asked, Definition::default(), out)?;
                continue;
            };
            let mut all = vec![Vec::with_capacity(ticks.len()); out.len()];
            percentiles.window(ticks, *length, &self.asked, Definition::default(), &mut all)?;
            for (out, all) in out.iter_mut().zip(&all) {
                out.extend(places.iter().map(|place| all[*place]));
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> impl Iterator<Item = ArrayRef> {
        self.budget.into_iter().chain(self.quantiles).map(nullable)
    }
}

/// Numbers of which NaN is no number.
fn nullable(numbers: Vec<f64>) -> ArrayRef {
    let mut known = NullBufferBuilder::new(numbers.len());
    for number in &numbers {
        known.append(!number.is_nan());
    }
    Arc::new(Float64Array::new(numbers.into(), known.finish()))
}
