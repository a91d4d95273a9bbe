//! How much traffic is usual: that of the same civil time in the last weeks.

use super::sums::Cells;
use super::ticks::{Length, Ticks};
use crate::cell::sum;
use crate::error::Result;
use crate::time::{Span, Spans};

/// How far back the same civil time lies, week by week, for all ticks up to one; in steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weeks {
    /// The last tick for which this holds.
    pub until: i64,
    /// How far back it lies a week before, two weeks before, ...
    pub back: Vec<i64>,
}

/// Twice the median of the valid events in the window of this length at the same civil time of the last weeks, for each
/// tick; `None` where no week is known. A week is known where logs of all of its window are there, and none of it is left
/// out. (Twice, for the median of an even number of weeks may lie halfway between two numbers.)
///
/// Fails where a sum does not fit.
pub fn usual(
    cells: Cells<'_>,
    ticks: Ticks,
    length: Length,
    weeks: &[Weeks],
    covered: &Spans,
) -> Result<Vec<Option<u64>>> {
    let (sums, known) = (running(cells, ticks.last())?, covered.subtract(cells.left_out));
    let before = |step: i64| {
        let at = sums.partition_point(|(known, _)| *known < step);
        at.checked_sub(1).map_or(0, |last| sums[last].1)
    };
    let whole = |span: Span| {
        let spans = known.as_slice();
        let at = spans.partition_point(|one| one.start <= span.start);
        at.checked_sub(1).is_some_and(|last| spans[last].end >= span.end)
    };
    let mut weeks = weeks.iter().peekable();
    let at = |tick: i64| {
        while weeks.next_if(|one| one.until < tick).is_some() {}
        let back = weeks.peek().map_or(&[][..], |one| &one.back);
        let windows = back.iter().map(|back| Span::new(tick - back - length.steps(), tick - back));
        let mut held: Vec<u64> =
            windows.filter(|span| whole(*span)).map(|span| before(span.end) - before(span.start)).collect();
        held.sort_unstable();
        let (low, high) = (held.get(held.len().checked_sub(1)? / 2)?, held.get(held.len() / 2)?);
        low.checked_add(*high)
    };
    Ok(ticks.steps().map(at).collect())
}

/// Each step before `to` with valid events, and how many there are up to its end.
fn running(cells: Cells<'_>, to: i64) -> Result<Vec<(i64, u64)>> {
    let (mut total, mut sums) = (0, Vec::new());
    for (step, events) in cells.each(Span::new(i64::MIN, to))? {
        total = sum(total, events.valid)?;
        sums.push((step, total));
    }
    Ok(sums)
}
