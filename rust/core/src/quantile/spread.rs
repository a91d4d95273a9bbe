//! Quantiles of many spans at once.

use super::order::{Definition, Quantile};
use crate::cell::Ordered;
use crate::error::{Error, Result};
use crate::rollup::Durations;
use crate::time::Step;

/// How durations were spread, span by span; spans without values are left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spread {
    /// Where the spans begin, ascending.
    pub starts: Vec<i64>,
    /// How many values each holds.
    pub counts: Vec<u64>,
    /// For each quantile that was asked for, its value in each span.
    pub values: Vec<Vec<f64>>,
}

impl Durations {
    /// The quantiles of some series together in each span of `every` from the epoch, or in one span that begins there
    /// and has no end. A cell belongs to the span in which it begins.
    pub fn spread(
        &self,
        series: &[usize],
        every: Option<Step>,
        quantiles: &[Quantile],
        definition: Definition,
    ) -> Result<Spread> {
        let number = |cell: i64| every.map_or(0, |every| every.index(self.step.span(cell).start));
        let mut spread = Spread { values: vec![Vec::new(); quantiles.len()], ..Spread::default() };
        self.histograms.each_group(series, number, |number, values| {
            spread.starts.push(every.map_or(0, |every| every.span(number).start));
            spread.counts.push(values.count());
            for (quantile, column) in quantiles.iter().zip(&mut spread.values) {
                column.push(quantile_of(values, *quantile, definition)?);
            }
            Ok(())
        })?;
        Ok(spread)
    }
}

fn quantile_of(values: &Ordered, quantile: Quantile, definition: Definition) -> Result<f64> {
    let ranks = definition.ranks(quantile, values.count()).ok_or(Error::Overflow)?;
    let shown = |position| values.shown_at(position).ok_or(Error::Overflow);
    let low = shown(ranks.low)?;
    Ok(ranks.combine(low, if ranks.high == ranks.low { low } else { shown(ranks.high)? }))
}
