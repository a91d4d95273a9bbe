//! The sink of a second scan: values that a search asks for, instead of counts.

use std::sync::{Arc, Mutex, PoisonError};

use backburn_core::cell::{Lane, Places};
use backburn_core::quantile::{Collected, Finder, Search, Values};
use backburn_core::rollup::Rollup;

use super::batch::Batch;
use super::bind::Bound;
use super::durations::durations;
use super::lanes::{BoundIndicator, BoundSli};
use super::series::Series;
use crate::error::{Error, Result};
use crate::normalise::Unit;

/// What all threads of a scan collect together, so that there is one bound on its memory however many they are.
pub(crate) struct Collecting {
    search: Search,
    /// By the position of a measure: the position of its indicator, and the unit in which it was recorded.
    measures: Vec<(usize, Unit)>,
    values: Mutex<Values>,
}

impl Collecting {
    /// Nothing collected yet; an error where the request that was bound is not that of the first scan.
    pub(crate) fn new(search: &Search, bound: &Bound) -> Result<Arc<Self>> {
        let recorded = bound.recording.map(super::durations::Recording::step);
        let mut measures = Vec::with_capacity(search.measures().len());
        for measure in search.measures() {
            let same = |indicator: &&BoundIndicator| {
                indicator.name == measure.name
                    && indicator.fingerprint == measure.fingerprint
                    && matches!(indicator.sli, BoundSli::Latency { .. })
            };
            let at = bound.indicators.iter().position(|indicator| same(&indicator));
            let at =
                at.filter(|_| bound.by == measure.by && search.every().is_none_or(|every| recorded == Some(every)));
            let at = at.ok_or_else(|| {
                Error::spec(format!("indicator '{}' is not counted as in the first scan", measure.name))
                    .remedy("collect with the request of the first scan")
            })?;
            measures.push((at, Unit::parse(&measure.unit)?));
        }
        Ok(Arc::new(Self { search: search.clone(), measures, values: Mutex::new(search.values()) }))
    }

    /// What was collected by a scan that has read these rows.
    pub(crate) fn finish(&self, read: Rollup) -> Result<Collected> {
        let mut values = std::mem::replace(&mut *self.lock(), self.search.values());
        values.seal()?;
        Ok(Collected { values, read })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Values> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one thread collects.
pub(super) struct Collector {
    shared: Arc<Collecting>,
    finders: Vec<Finder>,
}

impl Collector {
    pub(super) fn new(shared: &Arc<Collecting>) -> Self {
        let finders = (0..shared.measures.len()).map(|measure| shared.search.finder(measure));
        Self { finders: finders.collect(), shared: Arc::clone(shared) }
    }

    /// Whether the rows of the indicator at this position must be judged.
    pub(super) fn needs(&self, indicator: usize) -> bool {
        self.shared.measures.iter().any(|(at, _)| *at == indicator)
    }

    /// Collects from a batch whose rows belong to `places`, in steps as wide as the spans, of the series met in `all`, and
    /// to the `lanes` of each indicator that it [needs](Self::needs).
    pub(super) fn add(
        &mut self,
        bound: &Bound,
        batch: &Batch,
        all: &Series,
        places: Places<'_>,
        lanes: &[Vec<Lane>],
    ) -> Result<()> {
        let mut read = None;
        for (finder, (at, unit)) in self.finders.iter_mut().zip(&self.shared.measures) {
            for number in finder.series()..all.len() {
                finder.meet(&all.key(number));
            }
            // An indicator that is seen in several ways is read once.
            let values = match read.take().filter(|(known, _)| known == at) {
                Some((_, values)) => values,
                None => durations(&bound.indicators[*at], *unit, batch)?,
            };
            if let Some(values) = &values {
                finder.add(places, &lanes[*at], values.values())?;
            }
            read = Some((*at, values));
            if finder.is_full() {
                // Sorted before the others have to wait.
                finder.prepare()?;
                finder.hand_over(&mut self.shared.lock())?;
            }
        }
        Ok(())
    }

    /// Hands over what is left.
    pub(super) fn finish(self) -> Result<()> {
        self.finders.into_iter().try_for_each(|finder| Ok(finder.finish(&mut self.shared.lock())?))
    }
}
