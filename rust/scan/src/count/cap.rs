//! The most cells that are kept, and the refusal of more, which names a step that needs fewer.

use backburn_core::rollup::Rollup;
use backburn_core::time::Step;

use crate::error::{Error, Result};

/// The most cells of all indicators together, about 1.6 GB of them.
pub(super) const MOST_CELLS: u64 = 1 << 27;

/// Steps that people count in, in microseconds.
const STEPS: [(&str, i64); 12] = [
    ("1m", 60_000_000),
    ("5m", 300_000_000),
    ("10m", 600_000_000),
    ("15m", 900_000_000),
    ("30m", 1_800_000_000),
    ("1h", 3_600_000_000),
    ("2h", 7_200_000_000),
    ("3h", 10_800_000_000),
    ("6h", 21_600_000_000),
    ("8h", 28_800_000_000),
    ("12h", 43_200_000_000),
    ("1d", 86_400_000_000),
];

/// How many cells there may be, in steps of this width.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cap {
    pub(super) most: u64,
    pub(super) step: Step,
}

impl Cap {
    /// The rollup, unless it has too many cells.
    pub(crate) fn hold(self, rollup: Rollup) -> Result<Rollup> {
        self.readings(rollup.readings())?;
        self.check(|factor| Ok(rollup.cells_in(factor))).map(|()| rollup)
    }

    /// Refuses too many readings of counters, which are kept one by one.
    pub(super) fn readings(self, found: u64) -> Result<()> {
        if found <= self.most {
            return Ok(());
        }
        let (found, most) = (grouped(found), grouped(self.most));
        Err(Error::data(format!("at least {found} readings of counters, of which no more than {most} are kept"))
            .field("source.data")
            .remedy("ask for less time, or read fewer of them (`source.where`)"))
    }

    /// Refuses too many cells; `cells` says how many there would be in steps so many times as wide.
    pub(super) fn check(self, mut cells: impl FnMut(i64) -> Result<u64>) -> Result<()> {
        let found = cells(1)?;
        if found <= self.most {
            return Ok(());
        }
        let message =
            format!("at least {} cells, of which no more than {} are kept", grouped(found), grouped(self.most));
        let error = Error::data(message).field("source.step");
        let micros = self.step.micros();
        for (text, wider) in STEPS.iter().filter(|(_, wider)| *wider > micros && wider % micros == 0) {
            let fewer = cells(wider / micros)?;
            if fewer <= self.most {
                let fewer = grouped(fewer);
                return Err(error.remedy(format!("count in steps of {text}, which make {fewer} cells of these rows")));
            }
        }
        Err(error.remedy("tell fewer series apart (`source.by`), or ask for less time"))
    }
}

/// A number as people write it.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(most: u64, step: i64, cells: impl Fn(i64) -> u64) -> String {
        let cap = Cap { most, step: Step::new(step).unwrap() };
        let told = |error: Error| format!("{} | {}", error.message, error.remedy.unwrap_or_default());
        cap.check(|factor| Ok(cells(factor))).map_or_else(told, |()| "kept".to_owned())
    }

    #[test]
    fn the_first_step_that_is_wide_enough_is_named() {
        let cells = |factor: i64| 7_000_000 / factor.unsigned_abs();
        assert_eq!(said(7_000_000, 60_000_000, cells), "kept");
        assert_eq!(
            said(6_999_999, 60_000_000, cells),
            "at least 7,000,000 cells, of which no more than 6,999,999 are kept | \
             count in steps of 5m, which make 1,400,000 cells of these rows"
        );
        // A step is made of whole ones: 15 minutes are no multiple of 10.
        assert!(
            said(4_000_000, 600_000_000, cells).ends_with("steps of 30m, which make 2,333,333 cells of these rows")
        );
    }

    #[test]
    fn where_no_step_is_wide_enough_another_way_is_named() {
        let remedy = "tell fewer series apart (`source.by`), or ask for less time";
        assert!(said(10, 60_000_000, |_| 1_000).ends_with(remedy));
        assert!(said(10, 86_400_000_000, |_| 11).ends_with(remedy));
        // No usual step is made of seven minutes.
        assert!(said(500, 420_000_000, |factor| 1_000 / factor.unsigned_abs()).ends_with(remedy));
    }
}
