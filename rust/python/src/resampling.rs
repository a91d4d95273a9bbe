//! Intervals of ratios, from weeks that are drawn anew.

use backburn_core::judge::{Interval, Intervals, Resampler};
use pyo3::prelude::*;

/// What is counted in each block, and out of how much.
type Ratio = (Vec<u64>, Vec<u64>);

/// The interval of 95 % of a ratio of sums over blocks; `None` where nothing can be said.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python lists")]
pub(crate) fn ratio_interval(ratio: Ratio) -> Option<(f64, f64)> {
    Resampler::default().ratio(&ratio.0, &ratio.1).map(ends)
}

/// That of the difference of two ratios over the same blocks.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python lists")]
pub(crate) fn difference_interval(one: Ratio, other: Ratio) -> Option<(f64, f64)> {
    Resampler::default().difference((&one.0, &one.1), (&other.0, &other.1)).map(ends)
}

/// The interval of Clopper and Pearson of `count` out of `all`; `None` for none out of none.
#[pyfunction]
#[expect(clippy::cast_precision_loss, reason = "an interval of a share is no exact number")]
pub(crate) fn clopper_pearson(count: u64, all: u64) -> Option<(f64, f64)> {
    let others = all.checked_sub(count).filter(|_| all > 0)?;
    Some(ends(Intervals::of(count as f64, others as f64).clopper_pearson))
}

fn ends(interval: Interval) -> (f64, f64) {
    (interval.low, interval.high)
}
