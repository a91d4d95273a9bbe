//! From values to histograms, for one indicator.

use super::bucket::{Buckets, Scale};
use super::codes::code;
use super::counts::Counts;
use super::grid::{Extent, FIRST};
use super::histograms::Histograms;
use super::packing::Builder;
use super::run::{Amount, Layout, NOTHING, Rows, Weighed};
use super::tally::Lane;
use crate::error::Result;

/// A bucket of the finest scale takes 20 bits.
const LAYOUT: Layout = Layout { series_bits: 22, step_bits: 22 };

/// Counts the values of one indicator's good and bad rows into histograms.
#[derive(Debug)]
pub struct Recorder {
    buckets: Buckets,
    counts: Either,
    /// The code of each value of the batch at hand.
    codes: Vec<u32>,
}

#[derive(Debug)]
enum Either {
    Plain(Counts<u32>),
    Weighted(Counts<Weighed>),
}

impl Recorder {
    /// No values yet.
    #[must_use]
    pub fn new(scale: Scale, weighted: bool) -> Self {
        let counts = if weighted {
            Either::Weighted(Counts::new(LAYOUT, true))
        } else {
            Either::Plain(Counts::new(LAYOUT, false))
        };
        Self { buckets: Buckets::new(scale), counts, codes: Vec::new() }
    }

    /// Counts a batch: `values[i]` belongs to `series[i]` and `steps[i]`, and counts where its row is good or bad.
    ///
    /// All columns are of equal length; `weights` is given exactly where the recorder is weighted. Values that are
    /// negative, infinite or not a number are left out; rows with such a duration are neither good nor bad.
    /// Fails where a weighted count overflows or there are more series than can be numbered.
    pub fn add(
        &mut self,
        series: &[u32],
        steps: &[i64],
        lanes: &[Lane],
        values: &[f64],
        weights: Option<&[u64]>,
    ) -> Result<()> {
        let Some(first) = steps.first() else { return Ok(()) };
        let judged = |lane: &Lane| *lane <= Lane::BAD;
        let code = |(lane, value): (&Lane, &f64)| if judged(lane) { code(&self.buckets, *value) } else { NOTHING };
        self.codes.clear();
        self.codes.extend(lanes.iter().zip(values).map(code));
        let wider = |(low, high): (i64, i64), step: &i64| (low.min(*step), high.max(*step));
        let (low, high) = steps.iter().fold((*first, *first), wider);
        let least = self.codes.iter().map(|code| if *code > FIRST { *code } else { u32::MAX }).min();
        let greatest = self.codes.iter().max().copied();
        let series_end = series.iter().fold(0, |most, one| most.max(*one)) as usize + 1;
        let codes = least.zip(greatest).filter(|(least, greatest)| least <= greatest);
        let extent = Extent { low, high, series: series_end, codes };
        let rows = Rows { series, steps, codes: &self.codes, weights };
        match &mut self.counts {
            Either::Plain(counts) => counts.add(extent, rows),
            Either::Weighted(counts) => counts.add(extent, rows),
        }
    }

    /// The sealed histograms, with room for `series` series.
    pub fn finish(self, series: usize) -> Result<Histograms> {
        let scale = self.buckets.scale();
        match self.counts {
            Either::Plain(counts) => sealed(scale, counts, series),
            Either::Weighted(counts) => sealed(scale, counts, series),
        }
    }
}

fn sealed<V: Amount>(scale: Scale, counts: Counts<V>, series: usize) -> Result<Histograms> {
    let mut parts = Vec::new();
    for (base, run) in counts.finish()? {
        let mut builder = Builder::new(scale);
        for (key, amount) in run.iter() {
            let (series, offset) = LAYOUT.series_and_offset(key);
            builder.push(series, base.saturating_add(offset), LAYOUT.code(key), amount.totals().1)?;
        }
        parts.push(builder.finish(series));
    }
    if parts.len() < 2 {
        return Ok(parts.pop().unwrap_or_else(|| Histograms::empty(scale, series)).resize(series));
    }
    let numbers: Vec<usize> = (0..parts.iter().map(Histograms::series).max().unwrap_or(0)).collect();
    let numbered: Vec<_> = parts.iter().map(|part| (part, &numbers[..part.series()])).collect();
    Histograms::merge_all(scale, &numbered, series)
}
