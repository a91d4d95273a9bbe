//! What alerts are scored in: shares of the error budget of a period.

use super::level::Level;
use crate::error::Result;
use crate::judge::Target;

/// The share of a period's budget that `bad` events are, where `valid` of them came in the time that is `covered`:
/// `bad / B` with `B = (1 − T) · valid · period / covered`; `None` without valid ones.
///
/// ```
/// # use backburn_core::{alert::share_of_period, judge::Target};
/// let target = Target::parse("0.999").unwrap();
/// // In a tenth of a period 10 of 10,000 failed: a tenth of the budget.
/// assert_eq!(share_of_period((10, 10_000), target, (30, 3)).unwrap(), Some(0.1));
/// ```
pub fn share_of_period(events: (u128, u128), target: Target, (period, covered): (u64, u64)) -> Result<Option<f64>> {
    Ok(Level::burn((1, 1), target)?.times((period, covered))?.height(events))
}
