//! The cells of one indicator, their series, and what was counted.

use std::collections::{BTreeMap, BTreeSet};

use super::problems::Problems;
use super::source::{SILENCE, Source, SourceId};
use crate::cell::{Tallies, Tally};
use crate::error::{Error, Result};
use crate::time::{Span, Spans, Step};

/// The value of one label of a series; null is a value of its own.
pub type Label = Option<String>;

/// The values of all labels of a series, in the order of the indicator's `by`.
pub type Key = Vec<Label>;

/// The cells of one indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Tells what was counted; equal fingerprints may be merged.
    pub fingerprint: String,
    /// The width of the cells.
    pub step: Step,
    /// The names of the labels.
    pub by: Vec<String>,
    /// The reasons for which rows are forgiven, in the order of the lanes.
    pub reasons: Vec<String>,
    /// The sources whose rows were counted.
    pub sources: BTreeSet<SourceId>,
    /// Rows out of this indicator's scope (beyond those out of everyone's).
    pub ignored: u64,
    /// Rows that do not tell, by reason.
    pub unknown: Problems,
    /// The series, sorted; each has at least one cell.
    pub keys: Vec<Key>,
    /// The cells, series numbered as in `keys`.
    pub tallies: Tallies,
}

impl Indicator {
    /// The same indicator holding these cells, whose series are numbered as in `keys` (any order, some without cells).
    #[must_use]
    pub fn with_cells(mut self, keys: &[Key], tallies: &Tallies) -> Self {
        let mut used: Vec<usize> =
            (0..tallies.series().min(keys.len())).filter(|s| !tallies.steps(*s).is_empty()).collect();
        used.sort_by(|a, b| keys[*a].cmp(&keys[*b]));
        let mut to = vec![usize::MAX; tallies.series()];
        let mut spare = used.len();
        for (new, old) in used.iter().enumerate() {
            to[*old] = new;
        }
        // Series without cells go behind the others and are cut off.
        for slot in to.iter_mut().filter(|slot| **slot == usize::MAX) {
            *slot = spare;
            spare += 1;
        }
        self.tallies = tallies.renumber(&to, spare).keep(used.len());
        self.keys = used.into_iter().map(|s| keys[s].clone()).collect();
        self
    }

    /// Whether the two count the same thing.
    #[must_use]
    pub fn same_meaning(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
            && self.step == other.step
            && self.by == other.by
            && self.reasons == other.reasons
    }

    /// Both together; they have the same meaning.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        let mut numbers: BTreeMap<&Key, usize> = self.keys.iter().chain(&other.keys).map(|key| (key, 0)).collect();
        for (number, slot) in numbers.values_mut().enumerate() {
            *slot = number;
        }
        let all = numbers.len();
        let to = |one: &Self| one.keys.iter().map(|key| numbers[key]).collect::<Vec<usize>>();
        Ok(Self {
            sources: self.sources.union(&other.sources).cloned().collect(),
            ignored: self.ignored.checked_add(other.ignored).ok_or(Error::Overflow)?,
            unknown: self.unknown.merge(&other.unknown),
            tallies: self.tallies.merge_as(&to(self), &other.tallies, &to(other), all)?,
            keys: numbers.into_keys().cloned().collect(),
            ..self.clone_meaning()
        })
    }

    /// An indicator of the same meaning without cells.
    fn clone_meaning(&self) -> Self {
        Self {
            fingerprint: self.fingerprint.clone(),
            step: self.step,
            by: self.by.clone(),
            reasons: self.reasons.clone(),
            sources: BTreeSet::new(),
            ignored: 0,
            unknown: Problems::default(),
            keys: Vec::new(),
            tallies: Tallies::empty(self.reasons.len(), self.tallies.weighted()),
        }
    }

    /// The series seen through fewer labels: each projected key with the series that it stands for.
    ///
    /// `labels` are positions in `by`.
    #[must_use]
    pub fn project(&self, labels: &[usize]) -> BTreeMap<Key, Vec<usize>> {
        let mut groups: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (series, key) in self.keys.iter().enumerate() {
            let projected = labels.iter().map(|label| key[*label].clone()).collect();
            groups.entry(projected).or_default().push(series);
        }
        groups
    }

    /// The counts of some series together over the steps that begin in `span`.
    pub fn total(&self, series: &[usize], span: Span) -> Result<Tally> {
        let first_at_or_after = |time: i64| {
            let index = self.step.index(time);
            if self.step.span(index).start < time { index + 1 } else { index }
        };
        let (from, to) = (first_at_or_after(span.start), first_at_or_after(span.end));
        let mut total = Tally::empty(self.reasons.len());
        for series in series {
            total.add(&self.tallies.total(*series, from, to)?)?;
        }
        Ok(total)
    }

    /// The time for which this indicator can tell what happened.
    ///
    /// A step is covered inside a source's span and outside silences. With `gap`, a silence of all sources longer than
    /// that many microseconds (at least [`SILENCE`]) is not covered; without it, silences inside a source are quiet.
    /// Sources that follow each other within the gap are taken for one log. `unknown` is never covered.
    #[must_use]
    pub fn covered(&self, sources: &BTreeMap<SourceId, Source>, gap: Option<i64>, unknown: &Spans) -> Spans {
        let mine = || self.sources.iter().filter_map(|id| sources.get(id));
        let asked: Spans = mine().flat_map(|source| source.asked.as_slice().iter().copied()).collect();
        mine()
            .flat_map(|source| source.vouches(gap.is_none()).as_slice().to_vec())
            .collect::<Spans>()
            .close(gap.unwrap_or(SILENCE).max(SILENCE))
            .intersect(&asked)
            .subtract(unknown)
    }
}
