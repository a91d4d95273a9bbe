//! From values to histograms, for one indicator.

use super::bucket::{Buckets, Scale};
use super::codes::{Valued, codes_of};
use super::counts::{Counts, Keep};
use super::grid::{Extent, FIRST, Grid, SECOND};
use super::histograms::Histograms;
use super::kept::Kept;
use super::layout::Layout;
use super::packing::Builder;
use super::run::{Amount, NOTHING, Run, Weighed};
use super::steps::Places;
use super::tally::Lane;
use crate::error::Result;

/// A bucket of the finest scale takes 20 bits.
const LAYOUT: Layout = Layout { series_bits: 22, step_bits: 22 };

/// Bytes of histograms for which it is worth to look for those that parts have in common.
const MANY_BYTES: usize = 1 << 24;

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
    Plain(Counts<u32, Parts>),
    Weighted(Counts<Weighed, Parts>),
}

/// The histograms of grids that have moved on, packed at once: they are many, and as keys they take ten times the room.
#[derive(Debug)]
struct Parts {
    scale: Scale,
    kept: Kept<Histograms>,
}

impl Parts {
    fn push(&mut self, part: Histograms) -> Result<()> {
        if part.index().is_empty() {
            return Ok(());
        }
        let scale = self.scale;
        self.kept.push(part, Histograms::packed_bytes, |parts| {
            let series = parts.iter().map(|part| part.index().series()).max().unwrap_or(0);
            let same: Vec<usize> = (0..series).collect();
            Histograms::merge_all(scale, &parts.iter().map(|part| (part, same.as_slice())).collect::<Vec<_>>(), series)
        })
    }
}

impl Keep for Parts {
    type With = ();

    fn keep(&mut self, grid: &mut Grid, (): &()) -> Result<()> {
        let mut builder = Builder::new(self.scale);
        grid.take(|cell| builder.pack(&cell));
        self.push(builder.finish(0))
    }
}

impl Recorder {
    /// No values yet.
    #[must_use]
    pub fn new(scale: Scale, weighted: bool) -> Self {
        let parts = Parts { scale, kept: Kept::new(MANY_BYTES) };
        let counts = if weighted {
            Either::Weighted(Counts::new(LAYOUT, parts, true))
        } else {
            Either::Plain(Counts::new(LAYOUT, parts, false))
        };
        Self { buckets: Buckets::new(scale), counts, codes: Vec::new() }
    }

    /// Counts a batch: `values[i]` belongs to the place of its row, and counts where that is good or bad.
    ///
    /// All columns are of equal length; weights are given exactly where the recorder is weighted. Values that are
    /// negative, infinite or not a number are left out; rows with such a duration are neither good nor bad.
    /// Fails where a weighted count overflows or there are more series than can be numbered.
    pub fn add(&mut self, places: Places<'_>, lanes: &[Lane], values: &[f64]) -> Result<()> {
        match &mut self.counts {
            Either::Plain(counts) => record(&self.buckets, counts, &mut self.codes, places, lanes, values),
            Either::Weighted(counts) => record(&self.buckets, counts, &mut self.codes, places, lanes, values),
        }
    }

    /// The sealed histograms, under new numbers: series `s` becomes `to[s]`, one of `0..to.len()`.
    pub fn finish(self, to: &[usize]) -> Result<Histograms> {
        match self.counts {
            Either::Plain(counts) => sealed(counts, to),
            Either::Weighted(counts) => sealed(counts, to),
        }
    }
}

fn record<V: Amount>(
    buckets: &Buckets,
    counts: &mut Counts<V, Parts>,
    codes: &mut Vec<u32>,
    places: Places<'_>,
    lanes: &[Lane],
    values: &[f64],
) -> Result<()> {
    let Some((low, high)) = places.steps.bounds() else { return Ok(()) };
    let extent = Extent { low, high, series: places.series_met, codes: None };
    // Mostly all rows are good or bad; both have a lane of one bit at most.
    let mut done = 0;
    if lanes.iter().fold(0, |any, lane| any | lane.0) <= Lane::BAD.0 {
        done = counts.add_coded(extent, places.steps, places.series, &Valued { buckets, values });
    }
    if done == values.len() {
        return Ok(());
    }
    codes_of(buckets, &values[done..], codes);
    // A loop of its own, which the compiler makes wide.
    let (mut least, mut greatest) = (u32::MAX, 0);
    for (code, lane) in codes.iter_mut().zip(&lanes[done..]) {
        *code = if *lane <= Lane::BAD { *code } else { NOTHING };
        // Nothing and zero, the least codes, wrap around to the greatest numbers.
        least = least.min(code.wrapping_sub(SECOND));
        greatest = greatest.max(*code);
    }
    let extent = Extent { codes: (greatest > FIRST).then(|| (least.wrapping_add(SECOND), greatest)), ..extent };
    counts.add_rest(extent, places, codes, &())
}

fn sealed<V: Amount>(counts: Counts<V, Parts>, to: &[usize]) -> Result<Histograms> {
    let (runs, mut parts) = counts.finish(&())?;
    for (base, run) in runs {
        parts.push(pack(parts.scale, base, &run)?)?;
    }
    let of_all: Vec<_> = parts.kept.parts().iter().map(|part| (part, to)).collect();
    Histograms::merge_all(parts.scale, &of_all, to.len())
}

fn pack<V: Amount>(scale: Scale, base: i64, run: &Run<V>) -> Result<Histograms> {
    let mut builder = Builder::new(scale);
    let mut place = None;
    for (key, count) in run.iter().map(|(key, amount)| (key, amount.totals().1)).filter(|(_, count)| *count > 0) {
        if place.replace(LAYOUT.place(key)) != Some(LAYOUT.place(key)) {
            builder.open(LAYOUT.series_of(key), base.saturating_add(LAYOUT.offset(key)));
        }
        builder.push(LAYOUT.code(key), count)?;
    }
    Ok(builder.finish(0))
}
