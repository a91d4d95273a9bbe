//! The window that holds the last so many events.

use super::sums::Cells;
use crate::error::Result;

/// Where the shortest run of whole steps begins that ends before step `end` and holds at least `events` valid events; `None`
/// where there are fewer. Fails where a sum does not fit.
///
/// It is found by halving, for a run never holds fewer events than a later one with the same end.
pub fn last_events(cells: Cells<'_>, end: i64, events: u64) -> Result<Option<i64>> {
    let firsts = cells.series.iter().filter_map(|series| cells.tallies.cells(*series, i64::MIN, end).next());
    let Some(first) = firsts.map(|(step, _)| step).min() else { return Ok(None) };
    if cells.total(first, end)?.valid < events {
        return Ok(None);
    }
    // From `enough` on there are enough, and from `few` on there are not.
    let (mut enough, mut few) = (first, end);
    while few - enough > 1 {
        let middle = enough + (few - enough) / 2;
        if cells.total(middle, end)?.valid >= events { enough = middle } else { few = middle }
    }
    Ok(Some(enough))
}
