//! The samples of one counter of one series.

use std::ops::Range;

use backburn_core::rollup::Indicator;

use super::count::Lane;

/// The samples of a counter that are still to come.
pub(super) struct Samples {
    pub(super) indicator: String,
    lane: Lane,
    /// What every line begins with.
    prefix: String,
    /// The cells that are not in the sum yet, and the sum.
    cells: Range<usize>,
    sum: u128,
    /// The steps at whose beginnings the next and the last sample stand.
    next: i64,
    last: i64,
}

impl Samples {
    /// Those from the beginning of the series' first step to `end`, a step; `None` of a series without cells.
    pub(super) fn new(
        name: &str,
        indicator: &Indicator,
        series: usize,
        lane: Lane,
        prefix: String,
        end: i64,
    ) -> Option<Self> {
        let cells = indicator.tallies.index().range(series);
        let next = indicator.tallies.index().steps_of(cells.clone()).next()?;
        Some(Self { indicator: name.to_owned(), lane, prefix, cells, sum: 0, next, last: end })
    }

    /// Writes samples until none are left, which is said, or `text` is longer than `most`.
    pub(super) fn write(&mut self, indicator: Option<&Indicator>, text: &mut Vec<u8>, most: usize) -> bool {
        let Some(indicator) = indicator else { return true };
        let step = i128::from(indicator.step.micros());
        let mut value = self.sum.to_string();
        while self.next <= self.last {
            if text.len() > most {
                return false;
            }
            let index = indicator.tallies.index();
            let mut upcoming = index.steps_of(self.cells.clone());
            if upcoming.next().is_some_and(|cell| cell < self.next) {
                // The total of the series fits, or there were no such samples, so nothing is cut here.
                self.sum = self.sum.saturating_add(self.lane.of(&indicator.tallies.at(self.cells.start)));
                self.cells.start += 1;
                value = self.sum.to_string();
            }
            text.extend_from_slice(self.prefix.as_bytes());
            text.extend_from_slice(value.as_bytes());
            text.push(b' ');
            text.extend_from_slice(seconds(i128::from(self.next) * step).as_bytes());
            text.push(b'\n');
            self.next += 1;
        }
        true
    }
}

/// Microseconds as seconds, without zeros at the end of a fraction.
pub(super) fn seconds(micros: i128) -> String {
    const SECOND: u128 = 1_000_000;
    let (sign, whole) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
    let text = format!("{sign}{}", whole / SECOND);
    match whole % SECOND {
        0 => text,
        rest => format!("{text}.{}", format!("{rest:06}").trim_end_matches('0')),
    }
}
