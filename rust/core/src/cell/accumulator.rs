//! From rows to tallies, for several indicators at once.

use super::builder::Builder;
use super::classes::{Classes, shares};
use super::counts::Counts;
use super::grid::{Extent, FIRST, SECOND};
use super::layout::Layout;
use super::run::{Amount, Weighed};
use super::sealing::{Cells, of_run};
use super::steps::Places;
use super::tallies::Tallies;
use super::tally::Lane;
use crate::error::Result;

/// A class takes 12 bits.
pub(super) const LAYOUT: Layout = Layout { series_bits: 26, step_bits: 26 };

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
    counts: Counts<V, Cells>,
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
            Groups::Plain(groups) => groups.iter().map(Group::keys).max(),
            Groups::Weighted(groups) => groups.iter().map(Group::keys).max(),
        }
        .unwrap_or(0)
    }

    /// How many cells there are at least, in steps `factor` times as wide.
    pub fn places(&mut self, factor: i64) -> Result<u64> {
        let most = |one: Result<u64>, other: Result<u64>| Ok(one?.max(other?));
        match &mut self.0 {
            Groups::Plain(groups) => groups.iter_mut().map(|group| group.places(factor)).reduce(most),
            Groups::Weighted(groups) => groups.iter_mut().map(|group| group.places(factor)).reduce(most),
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

impl<V: Amount> Group<V> {
    fn keys(&self) -> usize {
        self.counts.keys() + self.counts.kept().len()
    }

    fn places(&mut self, factor: i64) -> Result<u64> {
        self.counts.settle(&self.classes)?;
        if self.counts.kept().len() == 0 {
            return Ok(self.counts.places(factor));
        }
        // Those of both ways may be the same ones.
        for (base, run) in self.counts.take_runs() {
            self.counts.kept_mut().add(base, &run, &self.classes)?;
        }
        self.counts.kept_mut().places(factor)
    }
}

fn groups<V: Amount>(lanes: &[usize], weighted: bool) -> Vec<Group<V>> {
    let mut rest = lanes;
    let mut groups = Vec::new();
    for share in shares(lanes) {
        let (mine, others) = rest.split_at(share);
        let counts = Counts::new(LAYOUT, Cells::new(mine), weighted);
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
        group.counts.add_rest(extent, places, &group.numbers, &group.classes)?;
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
    for Group { lanes, classes, counts, .. } in groups {
        let (runs, kept) = counts.finish(&classes)?;
        let sorted = runs.iter().map(|(base, run)| {
            let builders = lanes.iter().map(|lanes| Builder::new(*lanes, weighted)).collect();
            of_run(*base, run, &classes, builders, &old_numbers)
        });
        let mut sorted: Vec<Vec<Tallies>> = sorted.collect::<Result<_>>()?;
        if kept.len() == 0 && sorted.len() == 1 {
            all.append(&mut sorted[0]);
            continue;
        }
        for (at, lanes) in lanes.iter().enumerate() {
            let kept = kept.of(at).map(|part| (part, to));
            let parts: Vec<_> = kept.chain(sorted.iter().map(|part| (&part[at], same.as_slice()))).collect();
            all.push(match parts.len() {
                0 => Builder::new(*lanes, weighted).finish(to.len()),
                _ => Tallies::merge_all(&parts, to.len())?,
            });
        }
    }
    Ok(all)
}
