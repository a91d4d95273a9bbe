//! How the durations of each series are spread, series by series on all processors.

use backburn_core::quantile::{Definition, Quantile, Spread};
use backburn_core::rollup::{Durations, Indicator, Key};
use backburn_core::time::Step;

use crate::control::Control;
use crate::error::Result;
use crate::task::{in_parallel, processors};

/// The quantiles in each span of `every`, for each series seen through some labels (positions in `by`), sorted.
pub fn spread(
    indicator: &Indicator,
    durations: &Durations,
    labels: &[usize],
    every: Option<Step>,
    quantiles: &[Quantile],
    definition: Definition,
) -> Result<Vec<(Key, Spread)>> {
    let projected: Vec<(Key, Vec<usize>)> = indicator.project(labels).into_iter().collect();
    let one = |(_, series): &(Key, Vec<usize>)| Ok(durations.spread(series, every, quantiles, definition)?);
    let spread = in_parallel(processors(), &projected, &Control::default(), one)?;
    Ok(projected.into_iter().map(|(key, _)| key).zip(spread).collect())
}
