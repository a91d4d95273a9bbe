//! The cells of one indicator, their series, and what was counted.

use std::collections::{BTreeMap, BTreeSet};

use super::problems::Problems;
use super::source::{SILENCE, Source, SourceId};
use crate::cell::{Contradiction, Histogram, Histograms, Sample, Samples, Scale, Tallies, Tally, sum};
use crate::error::{Error, Result};
use crate::time::{Span, Spans, Step};

/// The value of one label of a series; null is a value of its own.
pub type Label = Option<String>;

/// The values of all labels of a series, in the order of the indicator's `by`.
pub type Key = Vec<Label>;

/// The same keys in order, and the place in it of each.
#[must_use]
pub fn in_order(mut keys: Vec<Key>) -> (Vec<Key>, Vec<usize>) {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_unstable_by(|a, b| keys[*a].cmp(&keys[*b]));
    let mut to = vec![0; keys.len()];
    for (new, old) in order.iter().enumerate() {
        to[*old] = new;
    }
    (order.into_iter().map(|old| std::mem::take(&mut keys[old])).collect(), to)
}

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
    /// The series, sorted; each has at least one cell, or one reading.
    pub keys: Vec<Key>,
    /// The cells, series numbered as in `keys`.
    pub tallies: Tallies,
    /// The durations behind the good and bad rows, where they were recorded.
    pub durations: Option<Durations>,
    /// The readings that the tallies follow from, where counters were read.
    pub samples: Option<Samples>,
}

/// Histograms of durations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durations {
    /// The width of the cells, a multiple of that of the tallies.
    pub step: Step,
    /// What the values are counted in: `s`, `ms`, `us` or `ns`.
    pub unit: String,
    /// The cells, series numbered as in the indicator's keys.
    pub histograms: Histograms,
}

impl Durations {
    /// No durations yet, of the same meaning.
    fn clone_meaning(&self) -> Self {
        Self { histograms: Histograms::empty(self.histograms.scale(), 0), unit: self.unit.clone(), step: self.step }
    }

    fn meaning(&self) -> (Step, &str, Scale) {
        (self.step, &self.unit, self.histograms.scale())
    }
}

impl Indicator {
    /// The same indicator holding these cells, whose series are numbered as in `keys`, which are sorted; series without
    /// cells are left out.
    #[must_use]
    pub fn with_cells(mut self, keys: &[Key], tallies: Tallies, durations: Option<Durations>) -> Self {
        let used: Vec<usize> = (0..keys.len()).filter(|series| !tallies.index().range(*series).is_empty()).collect();
        self.keys = used.iter().map(|series| keys[*series].clone()).collect();
        self.tallies = tallies.pick(&used);
        self.durations =
            durations.map(|durations| Durations { histograms: durations.histograms.pick(&used), ..durations });
        self
    }

    /// The same indicator holding these readings, whose series are numbered as in `keys`, which are sorted, and the cells
    /// that follow from them; series without readings are left out.
    pub fn with_samples(mut self, name: &str, keys: &[Key], samples: Vec<Vec<Sample>>) -> Result<Self> {
        let Some(empty) = &self.samples else { return Ok(self) };
        let samples = Samples::of(empty.part(), empty.max_gap(), samples);
        let samples = samples.map_err(|found| self.two_readings(name, keys, found))?;
        let used: Vec<usize> = (0..keys.len()).filter(|series| !samples.series(*series).is_empty()).collect();
        self.keys = used.iter().map(|series| keys[*series].clone()).collect();
        self.take(samples.pick(&used))?;
        Ok(self)
    }

    /// Holds these readings and what follows from them.
    fn take(&mut self, samples: Samples) -> Result<()> {
        self.tallies = samples.tallies(self.step, self.reasons.len())?;
        self.samples = Some(samples);
        Ok(())
    }

    fn two_readings(&self, name: &str, keys: &[impl std::borrow::Borrow<Key>], found: Contradiction) -> Error {
        let key = keys.get(found.series).map(std::borrow::Borrow::borrow);
        let series = self.by.iter().cloned().zip(key.into_iter().flatten().cloned()).collect();
        Error::TwoReadings { indicator: name.to_owned(), series, time: found.time }
    }

    /// Whether the two count the same thing.
    #[must_use]
    pub fn same_meaning(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
            && self.step == other.step
            && self.by == other.by
            && self.reasons == other.reasons
            && self.durations.as_ref().map(Durations::meaning) == other.durations.as_ref().map(Durations::meaning)
            && self.samples.as_ref().map(Samples::meaning) == other.samples.as_ref().map(Samples::meaning)
    }

    /// All of them together: `first` and others of the same meaning.
    pub(super) fn merge_all(name: &str, first: &Self, others: &[&Self]) -> Result<Self> {
        let all = || std::iter::once(first).chain(others.iter().copied());
        let mut keys: Vec<&Key> = all().flat_map(|one| &one.keys).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut merged = first.clone_meaning();
        let mut numbers = Vec::with_capacity(others.len() + 1);
        for one in all() {
            merged.sources.extend(one.sources.iter().cloned());
            merged.ignored = merged.ignored.checked_add(one.ignored).ok_or(Error::Overflow)?;
            merged.unknown = merged.unknown.merge(&one.unknown);
            // The keys of each are sorted as those of all are.
            let mut at = 0;
            numbers.push(
                one.keys
                    .iter()
                    .map(|key| {
                        at += keys[at..].partition_point(|known| *known < key);
                        at
                    })
                    .collect::<Vec<usize>>(),
            );
        }
        if let Some(empty) = &merged.samples {
            // What grew between the readings of two parts is in neither, so cells are not added: they follow from all.
            let parts = all().zip(&numbers).filter_map(|(one, to)| Some((one.samples.as_ref()?, to.as_slice())));
            let samples = Samples::merge_all(&parts.collect::<Vec<_>>(), keys.len(), empty);
            let samples = samples.map_err(|found| merged.two_readings(name, &keys, found))?;
            merged.keys = keys.into_iter().cloned().collect();
            merged.take(samples)?;
            return Ok(merged);
        }
        let parts: Vec<_> = all().zip(&numbers).map(|(one, to)| (&one.tallies, to.as_slice())).collect();
        merged.tallies = Tallies::merge_all(&parts, keys.len())?;
        if let Some(durations) = &mut merged.durations {
            let parts = all().zip(&numbers);
            let parts = parts.filter_map(|(one, to)| Some((&one.durations.as_ref()?.histograms, to.as_slice())));
            let parts: Vec<_> = parts.collect();
            durations.histograms = Histograms::merge_all(durations.histograms.scale(), &parts, keys.len())?;
        }
        merged.keys = keys.into_iter().cloned().collect();
        Ok(merged)
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
            durations: self.durations.as_ref().map(Durations::clone_meaning),
            samples: self.samples.as_ref().map(|samples| Samples::empty(samples.part(), samples.max_gap(), 0)),
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
        let Span { start: from, end: to } = self.step.begun_in(span);
        let mut total = Tally::empty(self.reasons.len());
        for series in series {
            total.add(&self.tallies.total(*series, from, to)?)?;
        }
        Ok(total)
    }

    /// The good, bad and unknown events of some series together over the steps that begin in `span`.
    pub fn judged(&self, series: &[usize], span: Span) -> Result<[u64; 3]> {
        let Span { start: from, end: to } = self.step.begun_in(span);
        let mut total = [0; 3];
        for series in series {
            let own = self.tallies.judged(*series, from, to)?;
            for (all, events) in total.iter_mut().zip(own) {
                *all = sum(*all, events)?;
            }
        }
        Ok(total)
    }

    /// The durations of some series together over the cells that begin in `span`; `None` where none were recorded.
    pub fn durations(&self, series: &[usize], span: Span) -> Result<Option<Histogram>> {
        let Some(durations) = &self.durations else { return Ok(None) };
        let Span { start: from, end: to } = durations.step.begun_in(span);
        let mut total = Histogram::new(durations.histograms.scale());
        for series in series {
            total = total.merge(&durations.histograms.total(*series, from, to)?)?;
        }
        Ok(Some(total))
    }

    /// The time for which this indicator can tell what happened.
    ///
    /// A step is covered inside a source's span and outside silences. With `gap`, a silence of all sources longer than
    /// that many microseconds (at least [`SILENCE`]) is not covered; without it, silences inside a source are quiet.
    /// Sources that follow each other within the gap are taken for one log, also where what follows was not asked for.
    /// `unknown` is never covered.
    ///
    /// Where counters were read, a step is covered that lies between two readings of a series, near enough to each other:
    /// before the first and after the last reading nobody knows, and how long a silence may be is settled already.
    #[must_use]
    pub fn covered(&self, sources: &BTreeMap<SourceId, Source>, gap: Option<i64>, unknown: &Spans) -> Spans {
        if let Some(samples) = &self.samples {
            return samples.told(0..self.keys.len(), self.step).subtract(unknown);
        }
        let mine = || self.sources.iter().filter_map(|id| sources.get(id));
        let of_all = |spans: fn(&Source, bool) -> Spans| -> Spans {
            mine().flat_map(|source| spans(source, gap.is_none()).as_slice().to_vec()).collect()
        };
        let asked: Spans = mine().flat_map(|source| source.asked.as_slice().iter().copied()).collect();
        let present = of_all(Source::presence);
        let between = present.close(gap.unwrap_or(SILENCE).max(SILENCE)).subtract(&present).intersect(&asked);
        of_all(Source::vouches).union(&between).subtract(unknown)
    }

    /// The time of which some series together lost what happened, although others may be covered. Only counters know: what
    /// lies between two readings of a series that are too far apart is lost, unless another of these series tells. Before
    /// its first reading and after its last there was nothing of it to count, as long as others were read.
    #[must_use]
    pub fn lost(&self, series: &[usize]) -> Spans {
        let Some(samples) = &self.samples else { return Spans::default() };
        let own = || series.iter().copied();
        samples.silent(own(), self.step).subtract(&samples.told(own(), self.step))
    }
}
