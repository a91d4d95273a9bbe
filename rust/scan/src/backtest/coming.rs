//! What is foreseen of the budget of one series, where conditions ask for it.

use backburn_core::alert::Coming;
use backburn_core::time::{Span, Spans};
use backburn_core::window::{BadRows, Cells, Civil, Counts, Deadline, Length, Rolling, Slices, exhausting};

use super::Replay;
use super::asked::{Asked, Rules};
use crate::error::Result;

impl Replay<'_> {
    /// For each deadline, whether the budget is gone or will be in time.
    pub(super) fn coming(&self, cells: Cells<'_>, rows: Option<&BadRows>, at: usize) -> Result<Vec<Coming>> {
        let ready = &self.ready;
        if self.rules.deadlines.is_empty() {
            return Ok(Vec::new());
        }
        let slices = self.slices_ahead(cells, at)?;
        let cut = ready.cutting.as_ref().map(|cutting| cutting.length);
        let counts = slices.as_ref().map_or(Counts::Events(cells), Counts::Slices);
        let civil = self.civil(cells, at);
        let target = ready.series[at].target;
        let of = |deadline: &Deadline| {
            let (times, budget) = ((ready.step, ready.ticks, cut), (&ready.budget, target));
            let foreseen = exhausting(counts, times, budget, (&civil, ready.data.start), *deadline)?;
            Ok(Coming { foreseen, guards: self.guards_of(deadline, cells, rows)? })
        };
        self.rules.deadlines.iter().map(of).collect()
    }

    /// All slices for which there are data, where the budget counts slices: hours of weeks ago are compared too.
    fn slices_ahead(&self, cells: Cells<'_>, at: usize) -> Result<Option<Slices>> {
        let (ready, Span { start, .. }) = (&self.ready, self.ready.data);
        let Some(cutting) = ready.cutting.as_ref() else { return Ok(None) };
        let length = cutting.length.steps();
        let span = Span::new(start.div_euclid(length), ready.ticks.last().div_euclid(length));
        cutting.judged(&ready.series[at], cells, span).map(Some)
    }

    fn civil(&self, cells: Cells<'_>, at: usize) -> Civil {
        let step = self.ready.step;
        let micros = |span: &Span| Span::new(step.span(span.start).start, step.span(span.end).start);
        let left_out: Spans = cells.left_out.as_slice().iter().map(micros).collect();
        let known = self.item.logged.get(at).map_or(Spans::NONE, |logged| logged.subtract(&left_out));
        Civil { clocks: self.item.clocks.clone(), known, left_out }
    }

    /// Valid events and bad rows of the time whose error ratio is taken to go on, where guards ask for them.
    fn guards_of(&self, deadline: &Deadline, cells: Cells<'_>, rows: Option<&BadRows>) -> Result<Vec<(u64, u64)>> {
        let asks = |asked: &Asked| asked.guarded() && Rules::asks(asked.compared, deadline);
        if !self.item.alerts.iter().flat_map(|alert| &alert.conditions).any(asks) {
            return Ok(Vec::new());
        }
        let (step, ticks) = (self.ready.step, self.ready.ticks);
        let Some(length) = Length::new(deadline.lookback.div_euclid(step.micros())) else {
            return Ok(vec![(0, 0); ticks.len()]);
        };
        let rolling = Rolling::new(cells, ticks, &[length])?;
        let window = rolling.window(length)?;
        let guard = |(tick, (valid, bad)): (i64, (u64, u64))| {
            (valid, rows.map_or(bad, |rows| rows.between(tick.saturating_sub(length.steps()), tick)))
        };
        Ok(ticks.steps().zip(window.valid().zip(window.bad())).map(guard).collect())
    }
}
