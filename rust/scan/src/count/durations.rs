//! The durations behind latency indicators, recorded beside their counts.

use arrow::array::Float64Array;
use backburn_core::cell::{Lane, Places, Recorder, Scale, Steps};
use backburn_core::rollup::Durations;
use backburn_core::time::Step;

use super::batch::Batch;
use super::bind::Bound;
use super::lanes::{BoundIndicator, BoundSli};
use crate::error::{Error, Result};
use crate::normalise::{Unit, values};
use crate::request::Histogram;

/// How durations are recorded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recording {
    step: Step,
    /// How many steps of the tallies make one.
    steps: i64,
    scale: Scale,
}

impl Recording {
    /// Checks what a request asks for.
    pub(super) fn new(asked: Histogram, step: Step) -> Result<Self> {
        let scale = Scale::new(asked.scale).ok_or_else(|| Error::spec(format!("a scale of {}", asked.scale)))?;
        let whole = asked.step % step.micros() == 0;
        match Step::new(asked.step).filter(|_| whole) {
            Some(own) => Ok(Self { step: own, steps: asked.step / step.micros(), scale }),
            None => Err(Error::spec(format!("a histogram step of {} microseconds", asked.step))),
        }
    }

    /// The width of the histograms.
    pub(super) fn step(self) -> Step {
        self.step
    }

    /// The steps of a batch in its own width, into `own`.
    pub(super) fn steps(self, steps: &Steps, own: &mut Steps) {
        steps.coarser(self.steps, own);
    }
}

/// The durations of one indicator so far.
pub(super) struct Recorded {
    recorder: Recorder,
    unit: Unit,
    recording: Recording,
}

impl Recorded {
    /// None yet; `None` for an indicator that judges no durations, or where none are asked for.
    pub(super) fn new(bound: &Bound, indicator: &BoundIndicator) -> Option<Self> {
        let recording = bound.recording?;
        let BoundSli::Latency { unit, .. } = &indicator.sli else { return None };
        Some(Self { recorder: Recorder::new(recording.scale, bound.weighted()), unit: *unit, recording })
    }

    /// Records a batch whose rows belong to `places`, in steps as wide as the histograms', and to `lanes`.
    pub(super) fn add(
        &mut self,
        indicator: &BoundIndicator,
        batch: &Batch,
        places: Places<'_>,
        lanes: &[Lane],
    ) -> Result<()> {
        let Some(durations) = durations(indicator, self.unit, batch)? else { return Ok(()) };
        Ok(self.recorder.add(places, lanes, durations.values())?)
    }

    /// All of them, under new numbers: series `s` becomes `to[s]`.
    pub(super) fn finish(self, to: &[usize]) -> Result<Durations> {
        let unit = self.unit.to_string();
        Ok(Durations { step: self.recording.step, unit, histograms: self.recorder.finish(to)? })
    }
}

/// The durations that an indicator judges, in `unit`, which all files count in; `None` for one that judges none.
pub(super) fn durations(indicator: &BoundIndicator, unit: Unit, batch: &Batch) -> Result<Option<Float64Array>> {
    let BoundSli::Latency { origin, unit: own, .. } = &indicator.sli else { return Ok(None) };
    let durations = values(&origin.values(&batch.chunk, &batch.folders))?;
    if *own == unit {
        return Ok(Some(durations));
    }
    let factor = 10_f64.powi(unit.power() - own.power());
    Ok(Some(durations.unary(|duration| duration * factor)))
}
