//! From rows to tallies, for several indicators at once.

use super::builder::{Builder, Cell};
use super::classes::{Classes, shares};
use super::counts::Counts;
use super::grid::Extent;
use super::run::{Amount, Layout, Rows, Run, Weighed};
use super::steps::Places;
use super::tallies::Tallies;
use super::tally::{Lane, sum};
use crate::error::{Error, Result};

/// A class takes 12 bits.
const LAYOUT: Layout = Layout { series_bits: 26, step_bits: 26 };

/// Counts rows of several indicators at once.
#[derive(Debug)]
pub struct Accumulator(Groups);

#[derive(Debug)]
enum Groups {
    Plain(Vec<Group<u32>>),
    Weighted(Vec<Group<Weighed>>),
}

/// Neighbouring indicators that share one set of classes.
#[derive(Debug)]
struct Group<V: Amount> {
    lanes: Vec<usize>,
    classes: Classes,
    counts: Counts<V>,
    /// The class of each row of the batch at hand.
    numbers: Vec<u32>,
}

impl Accumulator {
    /// Nothing counted yet, of indicators with so many reasons.
    #[must_use]
    pub fn new(reasons: &[usize], weighted: bool) -> Self {
        let lanes: Vec<usize> = reasons.iter().map(|reasons| Lane::FIXED + reasons).collect();
        Self(if weighted { Groups::Weighted(groups(&lanes, true)) } else { Groups::Plain(groups(&lanes, false)) })
    }

    /// Counts a batch: row `i` belongs to its place, and `lanes[k][i]` counts it for indicator `k`.
    ///
    /// All columns are of equal length; weights are given exactly where the accumulator is weighted. A row that all
    /// indicators ignore may have any series and step, but near ones are cheaper.
    /// Fails where a weighted count overflows or there are more series than can be numbered.
    pub fn add(&mut self, places: Places<'_>, lanes: &[&[Lane]]) -> Result<()> {
        match &mut self.0 {
            Groups::Plain(groups) => add(groups, places, lanes),
            Groups::Weighted(groups) => add(groups, places, lanes),
        }
    }

    /// The sealed cells of each indicator, with room for `series` series.
    pub fn finish(self, series: usize) -> Result<Vec<Tallies>> {
        match self.0 {
            Groups::Plain(groups) => finish(groups, series, false),
            Groups::Weighted(groups) => finish(groups, series, true),
        }
    }
}

fn groups<V: Amount>(lanes: &[usize], weighted: bool) -> Vec<Group<V>> {
    let mut rest = lanes;
    let mut groups = Vec::new();
    for share in shares(lanes) {
        let (mine, others) = rest.split_at(share);
        let counts = Counts::new(LAYOUT, (), weighted);
        groups.push(Group { lanes: mine.to_vec(), classes: Classes::new(mine), counts, numbers: Vec::new() });
        rest = others;
    }
    groups
}

fn add<V: Amount>(groups: &mut [Group<V>], places: Places<'_>, lanes: &[&[Lane]]) -> Result<()> {
    let Some((low, high)) = places.steps.bounds() else { return Ok(()) };
    let mut rest = lanes;
    for group in groups {
        let (mine, others) = rest.split_at(group.lanes.len());
        rest = others;
        group.classes.number(mine, &mut group.numbers);
        // Classes are numbered from 1.
        let last = group.classes.last();
        let extent = Extent { low, high, series: places.series_met, codes: (last > 1).then_some((2, last)) };
        let rows = Rows { series: places.series, codes: &group.numbers, weights: places.weights };
        group.counts.add(extent, places.steps, rows)?;
    }
    Ok(())
}

fn finish<V: Amount>(groups: Vec<Group<V>>, series: usize, weighted: bool) -> Result<Vec<Tallies>> {
    let numbers: Vec<usize> = (0..series).collect();
    let mut all = Vec::new();
    for group in groups {
        let (lanes, classes) = (group.lanes, group.classes);
        let mut parts: Vec<Vec<Tallies>> = lanes.iter().map(|_| Vec::new()).collect();
        for (base, run) in group.counts.finish()?.0 {
            let cells = cells(base, &run, &classes, &lanes, weighted)?;
            parts.iter_mut().zip(cells).for_each(|(parts, cells)| parts.push(cells));
        }
        for (parts, lanes) in parts.iter_mut().zip(&lanes) {
            all.push(if parts.len() > 1 {
                let numbered: Vec<_> = parts.iter().map(|one| (one, &numbers[..one.series()])).collect();
                Tallies::merge_all(&numbered, series)?
            } else {
                let only = parts.pop();
                only.unwrap_or_else(|| Tallies::empty(lanes - Lane::FIXED, weighted)).resize(series)
            });
        }
    }
    Ok(all)
}

/// The cells of each indicator from the keys of all.
fn cells<V: Amount>(
    base: i64,
    run: &Run<V>,
    classes: &Classes,
    lanes: &[usize],
    weighted: bool,
) -> Result<Vec<Tallies>> {
    let lane_of: Vec<Vec<Option<usize>>> =
        (0..lanes.len()).map(|one| (0..=classes.last()).map(|class| classes.lane(class, one)).collect()).collect();
    let mut builders: Vec<Builder> = lanes.iter().map(|lanes| Builder::new(*lanes, weighted)).collect();
    let mut counts: Vec<Vec<u64>> = lanes.iter().map(|lanes| vec![0; *lanes]).collect();
    for builder in &mut builders {
        builder.reserve(run.len());
    }
    let mut entries = run.iter().peekable();
    while let Some((first, _)) = entries.peek().copied() {
        let mut weights = vec![(0_u64, 0_u64, 0_u128); if weighted { lanes.len() } else { 0 }];
        for counts in &mut counts {
            counts.fill(0);
        }
        while let Some((key, amount)) = entries.next_if(|(key, _)| LAYOUT.place(*key) == LAYOUT.place(first)) {
            let (rows, events, squares) = amount.totals();
            for (at, counts) in counts.iter_mut().enumerate() {
                let Some(lane) = lane_of[at][LAYOUT.code(key) as usize] else { continue };
                counts[lane] = sum(counts[lane], events)?;
                if let Some(weights) = weights.get_mut(at) {
                    weights.0 = sum(weights.0, rows)?;
                    weights.1 = sum(weights.1, if lane == Lane::BAD.index() { rows } else { 0 })?;
                    let judged = lane <= Lane::BAD.index();
                    weights.2 = weights.2.checked_add(if judged { squares } else { 0 }).ok_or(Error::Overflow)?;
                }
            }
        }
        let (series, offset) = LAYOUT.series_and_offset(first);
        for (at, (builder, counts)) in builders.iter_mut().zip(&counts).enumerate() {
            if counts.iter().any(|count| *count > 0) {
                let step = base.saturating_add(offset);
                builder.push(Cell { series, step, lanes: counts, weights: weights.get(at).copied() });
            }
        }
    }
    Ok(builders.into_iter().map(|builder| builder.finish(0)).collect())
}
