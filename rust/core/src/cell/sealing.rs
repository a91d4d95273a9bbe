//! From the counts of classes to the cells of several indicators.

use std::ops::Range;

use super::accumulator::LAYOUT;
use super::builder::{Builder, Cell};
use super::classes::Classes;
use super::counts::Keep;
use super::grid::{Counted, Grid};
use super::kept::Kept;
use super::run::{Amount, Run};
use super::tallies::Tallies;
use super::tally::{Lane, sum};
use crate::error::{Error, Result};

/// Cells for which it is worth to look for those that parts have in common.
const MANY_CELLS: usize = 1 << 21;

/// The cells of grids that have moved on, part by part: those of each indicator.
#[derive(Debug)]
pub(super) struct Cells {
    /// How many lanes each indicator has.
    lanes: Vec<usize>,
    kept: Kept<Part>,
}

/// The cells of each indicator.
type Part = Vec<Tallies>;

impl Cells {
    /// None yet, of indicators with so many lanes.
    pub(super) fn new(lanes: &[usize]) -> Self {
        Self { lanes: lanes.to_vec(), kept: Kept::new(MANY_CELLS) }
    }

    /// How many there are, of which some may be there more than once.
    pub(super) fn len(&self) -> usize {
        self.kept.size()
    }

    /// Keeps the cells of a run too, whose series keep their numbers.
    pub(super) fn add<V: Amount>(&mut self, base: i64, run: &Run<V>, classes: &Classes) -> Result<()> {
        let builders = self.lanes.iter().map(|lanes| Builder::new(*lanes, false)).collect();
        let same: Vec<usize> = (0..run.series(LAYOUT)).collect();
        self.kept.push(of_run(base, run, classes, builders, &same)?, size, merged)
    }

    /// How many there are at least, in steps `factor` times as wide.
    pub(super) fn places(&mut self, factor: i64) -> Result<u64> {
        self.kept.settle(size, merged)?;
        let of_each = self.kept.parts().iter().flatten().map(|cells| cells.cells_in(factor));
        Ok(of_each.max().unwrap_or(0))
    }

    /// The parts of the indicator at this position.
    pub(super) fn of(&self, indicator: usize) -> impl Iterator<Item = &Tallies> {
        self.kept.parts().iter().map(move |part| &part[indicator])
    }
}

impl Keep for Cells {
    type With = Classes;

    fn keep(&mut self, grid: &mut Grid, classes: &Classes) -> Result<()> {
        let mut sealing = Sealing::new(&self.lanes, classes, grid.extents());
        grid.take(|cell| sealing.add(&cell));
        let part = sealing.finish();
        if size(&part) > 0 { self.kept.push(part, size, merged) } else { Ok(()) }
    }
}

fn size(part: &Part) -> usize {
    part.iter().map(|cells| cells.index().len()).max().unwrap_or(0)
}

fn merged(parts: &[Part]) -> Result<Part> {
    let indicators = parts.first().map_or(0, Vec::len);
    (0..indicators)
        .map(|at| {
            let series = parts.iter().map(|part| part[at].index().series()).max().unwrap_or(0);
            let same: Vec<usize> = (0..series).collect();
            Tallies::merge_all(&parts.iter().map(|part| (&part[at], same.as_slice())).collect::<Vec<_>>(), series)
        })
        .collect()
}

/// Which lanes each class counts for, those of all indicators side by side.
#[derive(Debug)]
struct LanesOf {
    /// Where the lanes of each indicator end.
    ends: Vec<usize>,
    /// Class by class the lane for each indicator, one past all where the class is none of its business.
    lanes: Vec<usize>,
}

impl LanesOf {
    /// Those of indicators with so many lanes.
    fn new(lanes: &[usize], classes: &Classes) -> Self {
        let ends = lanes.iter().scan(0, |end, lanes| {
            *end += lanes;
            Some(*end)
        });
        let ends: Vec<usize> = ends.collect();
        let none = ends.last().copied().unwrap_or(0);
        let of_class = |class| {
            let each = ends.iter().zip(lanes).enumerate();
            each.map(move |(one, (end, lanes))| classes.lane(class, one).map_or(none, |lane| end - lanes + lane))
        };
        let lanes = (0..=classes.last()).flat_map(of_class).collect();
        Self { ends, lanes }
    }

    /// How many lanes there are.
    fn width(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Where the lanes of an indicator are.
    fn of(&self, indicator: usize) -> Range<usize> {
        let start = indicator.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[indicator]
    }

    /// The lanes that a class counts for, and maybe some past all.
    fn of_class(&self, class: u32) -> &[usize] {
        let start = class as usize * self.ends.len();
        &self.lanes[start..start + self.ends.len()]
    }
}

/// Makes the cells of each indicator from those of a grid, which come in order of (series, step).
struct Sealing {
    lanes: LanesOf,
    builders: Vec<Builder>,
    /// The cells of one series: their steps, and the counts of all lanes of each.
    series: usize,
    steps: Vec<i64>,
    counts: Vec<u64>,
}

impl Sealing {
    /// For cells of at most so many series in so many steps.
    fn new(lanes: &[usize], classes: &Classes, (series, steps): (usize, usize)) -> Self {
        let of_classes = LanesOf::new(lanes, classes);
        let mut builders: Vec<Builder> = lanes.iter().map(|lanes| Builder::new(*lanes, false)).collect();
        for builder in &mut builders {
            builder.reserve(series * steps);
        }
        let counts = Vec::with_capacity(steps * of_classes.width());
        Self { lanes: of_classes, builders, series: 0, steps: Vec::with_capacity(steps), counts }
    }

    fn add(&mut self, cell: &Counted<'_>) {
        if cell.is_empty() {
            return;
        }
        if cell.series != self.series {
            self.close();
            self.series = cell.series;
        }
        self.steps.push(cell.step);
        let start = self.counts.len();
        self.counts.resize(start + self.lanes.width(), 0);
        let (lanes, counts) = (&self.lanes, &mut self.counts[start..]);
        cell.each(|class, count| {
            if count > 0 {
                for lane in lanes.of_class(class) {
                    // Counts of four bytes each, of which a cell has no more than classes.
                    if let Some(sum) = counts.get_mut(*lane) {
                        *sum = sum.wrapping_add(count.into());
                    }
                }
            }
        });
    }

    /// Hands the cells of the series at hand to the builders.
    fn close(&mut self) {
        for (at, builder) in self.builders.iter_mut().enumerate() {
            builder.append(self.series, &self.steps, &self.counts, self.lanes.width(), self.lanes.of(at));
        }
        self.steps.clear();
        self.counts.clear();
    }

    fn finish(mut self) -> Vec<Tallies> {
        self.close();
        self.builders.into_iter().map(|builder| builder.finish(0)).collect()
    }
}

/// The cells of each indicator from the keys of all, series by series; `old_numbers` are those in the run.
pub(super) fn of_run<V: Amount>(
    base: i64,
    run: &Run<V>,
    classes: &Classes,
    mut builders: Vec<Builder>,
    old_numbers: &[usize],
) -> Result<Vec<Tallies>> {
    let of_classes = LanesOf::new(&builders.iter().map(Builder::lanes).collect::<Vec<_>>(), classes);
    let weighted = builders.iter().any(Builder::weighted);
    let mut counts = vec![0_u64; of_classes.width()];
    let mut weights = vec![(0_u64, 0_u64, 0_u128); if weighted { builders.len() } else { 0 }];
    for builder in &mut builders {
        builder.reserve(run.len());
    }
    let starts = run.starts(LAYOUT, old_numbers.len());
    for (series, old) in old_numbers.iter().enumerate() {
        let (keys, amounts) = run.slices(starts[*old]..starts[*old + 1]);
        let mut at = 0;
        while let Some(first) = keys.get(at) {
            counts.fill(0);
            weights.fill((0, 0, 0));
            while at < keys.len() && LAYOUT.place(keys[at]) == LAYOUT.place(*first) {
                let (key, (rows, events, squares)) = (&keys[at], amounts[at].totals());
                at += 1;
                for lane in of_classes.of_class(LAYOUT.code(*key)) {
                    if let Some(count) = counts.get_mut(*lane) {
                        *count = sum(*count, events)?;
                    }
                }
                for (one, weights) in weights.iter_mut().enumerate() {
                    let Some(lane) = classes.lane(LAYOUT.code(*key), one) else { continue };
                    weights.0 = sum(weights.0, rows)?;
                    weights.1 = sum(weights.1, if lane == Lane::BAD.index() { rows } else { 0 })?;
                    let judged = lane <= Lane::BAD.index();
                    let Some(sum) = weights.2.checked_add(if judged { squares } else { 0 }) else {
                        return Err(Error::Overflow);
                    };
                    weights.2 = sum;
                }
            }
            let step = base.saturating_add(LAYOUT.offset(*first));
            for (at, builder) in builders.iter_mut().enumerate() {
                let lanes = &counts[of_classes.of(at)];
                if lanes.iter().fold(0, |any, count| any | count) > 0 {
                    builder.push(Cell { series, step, lanes, weights: weights.get(at).copied() });
                }
            }
        }
    }
    Ok(builders.into_iter().map(|builder| builder.finish(old_numbers.len())).collect())
}
