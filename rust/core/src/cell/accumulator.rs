//! From rows to tallies, for several indicators at once.

use super::builder::{Builder, Cell};
use super::classes::{Classes, shares};
use super::counts::Counts;
use super::grid::{Extent, FIRST, SECOND};
use super::layout::Layout;
use super::run::{Amount, Run, Weighed};
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

    /// How many keys are kept: at least one for each cell that any indicator has, as far as rows were sorted.
    #[must_use]
    pub fn keys(&self) -> usize {
        match &self.0 {
            Groups::Plain(groups) => groups.iter().map(|group| group.counts.keys()).max(),
            Groups::Weighted(groups) => groups.iter().map(|group| group.counts.keys()).max(),
        }
        .unwrap_or(0)
    }

    /// How many cells there are at least, in steps `factor` times as wide.
    pub fn places(&mut self, factor: i64) -> Result<u64> {
        let most = |one: Result<u64>, other: Result<u64>| Ok(one?.max(other?));
        match &mut self.0 {
            Groups::Plain(groups) => groups.iter_mut().map(|group| group.counts.places(factor)).reduce(most),
            Groups::Weighted(groups) => groups.iter_mut().map(|group| group.counts.places(factor)).reduce(most),
        }
        .unwrap_or(Ok(0))
    }

    /// The sealed cells of each indicator, under new numbers: series `s` becomes `to[s]`, one of `0..to.len()`.
    pub fn finish(self, to: &[usize]) -> Result<Vec<Tallies>> {
        match self.0 {
            Groups::Plain(groups) => finish(groups, to, false),
            Groups::Weighted(groups) => finish(groups, to, true),
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
        let extent = Extent { low, high, series: places.series_met, codes: None };
        let mut done = 0;
        if group.classes.read(mine) {
            done = group.counts.add_coded(extent, places.steps, places.series, &group.classes);
        }
        if done == places.series.len() {
            continue;
        }
        group.classes.number(done, &mut group.numbers);
        // Classes are numbered from 1.
        let last = group.classes.last();
        let extent = Extent { codes: (last > FIRST).then_some((SECOND, last)), ..extent };
        group.counts.add_rest(extent, places, &group.numbers)?;
    }
    Ok(())
}

fn finish<V: Amount>(groups: Vec<Group<V>>, to: &[usize], weighted: bool) -> Result<Vec<Tallies>> {
    let mut old_numbers = vec![0; to.len()];
    for (old, new) in to.iter().enumerate() {
        old_numbers[*new] = old;
    }
    let same: Vec<usize> = (0..to.len()).collect();
    let mut all = Vec::new();
    for group in groups {
        let (lanes, classes) = (group.lanes, group.classes);
        let mut parts: Vec<Vec<Tallies>> = lanes.iter().map(|_| Vec::new()).collect();
        for (base, run) in group.counts.finish()?.0 {
            let builders = lanes.iter().map(|lanes| Builder::new(*lanes, weighted)).collect();
            let cells = cells(base, &run, &classes, builders, &old_numbers)?;
            parts.iter_mut().zip(cells).for_each(|(parts, cells)| parts.push(cells));
        }
        for (mut parts, lanes) in parts.into_iter().zip(lanes) {
            all.push(match parts.len() {
                0 => Builder::new(lanes, weighted).finish(to.len()),
                1 => parts.remove(0),
                _ => Tallies::merge_all(&parts.iter().map(|one| (one, same.as_slice())).collect::<Vec<_>>(), to.len())?,
            });
        }
    }
    Ok(all)
}

/// The cells of each indicator from the keys of all, series by series; `old_numbers` are those in the run.
fn cells<V: Amount>(
    base: i64,
    run: &Run<V>,
    classes: &Classes,
    mut builders: Vec<Builder>,
    old_numbers: &[usize],
) -> Result<Vec<Tallies>> {
    // The lanes of all indicators side by side, and after them none.
    let ends = builders.iter().scan(0, |end, builder| {
        *end += builder.lanes();
        Some(*end)
    });
    let ends: Vec<usize> = ends.collect();
    let none = ends.last().copied().unwrap_or(0);
    let lanes_of = |class| {
        ends.iter().zip(&builders).enumerate().map(move |(one, (end, builder))| {
            classes.lane(class, one).map_or(none, |lane| end - builder.lanes() + lane)
        })
    };
    let lanes: Vec<usize> = (0..=classes.last()).flat_map(lanes_of).collect();
    let weighted = builders.iter().any(Builder::weighted);
    let mut counts = vec![0_u64; none];
    let mut weights = vec![(0_u64, 0_u64, 0_u128); if weighted { ends.len() } else { 0 }];
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
                let class = LAYOUT.code(*key) as usize * ends.len();
                let lanes = &lanes[class..class + ends.len()];
                for lane in lanes {
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
                let lanes = &counts[ends[at] - builder.lanes()..ends[at]];
                if lanes.iter().fold(0, |any, count| any | count) > 0 {
                    builder.push(Cell { series, step, lanes, weights: weights.get(at).copied() });
                }
            }
        }
    }
    Ok(builders.into_iter().map(|builder| builder.finish(old_numbers.len())).collect())
}
