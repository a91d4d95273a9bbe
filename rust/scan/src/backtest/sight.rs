//! The windows of one series at every tick, as alerts look at them.

use backburn_core::alert::Held;
use backburn_core::judge::Target;
use backburn_core::time::Span;
use backburn_core::window::{Cells, Rolling, Sliced};

use crate::error::Result;
use crate::timeline::{Ready, Series};

/// One series, and what its windows hold.
pub(crate) struct Sight<'a> {
    pub(crate) ready: &'a Ready,
    pub(crate) series: &'a Series,
    pub(crate) cells: Cells<'a>,
    pub(crate) rolling: &'a Rolling<'a>,
    /// The slices that its budget counts, where it counts slices.
    pub(crate) slices: Option<Sliced<'a>>,
    /// The windows of the part, in their order.
    pub(crate) held: Vec<Held<'a>>,
}

/// Looks at a series of a part by its place. Fails where a sum does not fit.
pub(crate) fn look<T>(ready: &Ready, at: usize, see: impl FnOnce(Sight<'_>) -> Result<T>) -> Result<T> {
    let (series, ticks) = (&ready.series[at], ready.ticks);
    let cells = series.cells(&ready.indicator()?.tallies, ready.unparsable);
    let rolling = Rolling::new(cells, ticks, &ready.lengths)?;
    let cutting = ready.cutting.as_ref();
    let judged = cutting.map(|cutting| ready.slices(cutting, series, cells, ticks)).transpose()?;
    let slices = judged.as_ref().zip(cutting).map(|(slices, cutting)| Sliced { slices, length: cutting.length });
    let mut held = Vec::with_capacity(ready.windows.len());
    for length in &ready.windows {
        let of_slices = slices.map(|cut| cut.window(ticks, *length).collect());
        held.push(Held { events: rolling.window(*length)?, slices: of_slices });
    }
    see(Sight { ready, series, cells, rolling: &rolling, slices, held })
}

/// What a series spends of its budget, in whatever that counts.
#[derive(Clone, Copy)]
pub(crate) struct Spending<'a> {
    pub(crate) cells: Cells<'a>,
    pub(crate) slices: Option<Sliced<'a>>,
    pub(crate) target: Target,
}

impl Sight<'_> {
    pub(crate) fn spending(&self) -> Spending<'_> {
        Spending { cells: self.cells, slices: self.slices, target: self.series.target }
    }
}

impl Spending<'_> {
    /// What is bad, and what is valid, in the steps `[from, to)`. Fails where a sum does not fit.
    pub(crate) fn between(&self, from: i64, to: i64) -> Result<(u128, u128)> {
        let Some(Sliced { slices, length }) = self.slices else {
            let events = self.cells.total(from, to)?;
            return Ok((events.bad.into(), events.valid.into()));
        };
        let number = |step: i64| step.div_euclid(length.steps());
        let found = slices.total(number(from), number(to));
        Ok((found.bad(), found.bad() + found.good))
    }

    /// What is bad in each of the steps `[from, to)`, ascending; that of a slice stands at its last step. Fails where a sum
    /// does not fit.
    pub(crate) fn bad(&self, from: i64, to: i64) -> Result<Vec<(i64, u128)>> {
        let Some(Sliced { slices, length }) = self.slices else {
            let events = self.cells.each(Span::new(from, to))?;
            return Ok(events.into_iter().map(|(step, events)| (step, events.bad.into())).collect());
        };
        let number = |step: i64| step.div_euclid(length.steps());
        let each = slices.each(Span::new(number(from), number(to)));
        Ok(each.map(|(slice, one)| ((slice + 1) * length.steps() - 1, one.bad())).collect())
    }
}
