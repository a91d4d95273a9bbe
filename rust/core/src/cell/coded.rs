//! Counting rows whose codes are worked out on the way and not written down first.

use super::grid::FIRST;

/// The codes of a batch as they are worked out from something else, row by row, while rows are counted.
pub(super) trait Coded {
    /// What the code of a row is worked out from.
    type Row: Copy;
    /// That of each row.
    fn rows(&self) -> &[Self::Row];
    /// What [`Self::slot`] counts from where codes have these places; `None` where it cannot tell them.
    fn base(&self, places: Codes) -> Option<usize>;
    /// The place of an ordinary row, from a base and before so many others; `None`, or one past all counts, where more
    /// has to be asked.
    fn slot(&self, row: Self::Row, base: usize, others: usize) -> Option<usize>;
    /// The code of any row; `None` where it is not known yet.
    fn code(&self, row: Self::Row) -> Option<u32>;
}

/// The codes that have places beside [`FIRST`]: so many, from one on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Codes {
    pub(super) first: u32,
    pub(super) others: u32,
}

impl Codes {
    /// The place of a code among those of a cell.
    pub(super) fn slot(self, code: u32) -> Option<usize> {
        let beside = |at: u32| (at < self.others).then(|| at as usize + 1);
        if code == FIRST { Some(0) } else { code.checked_sub(self.first).and_then(beside) }
    }
}

/// Counts rows of one step as long as they are ordinary, and says how many these are.
#[inline(never)] // Alone it has registers enough.
pub(super) fn add_ordinary<R: Copy>(
    counts: &mut [u32],
    width: usize,
    series: &[u32],
    rows: &[R],
    slot: impl Fn(R) -> Option<usize>,
) -> usize {
    let mut add = |series: u32, row: R| {
        // No product leaves the array, which holds at most COUNTS; a count is at most the number of rows.
        let start = (series as usize).wrapping_mul(width);
        match slot(row).and_then(|slot| counts.get_mut(start.wrapping_add(slot))) {
            Some(count) => {
                *count = count.wrapping_add(1);
                true
            }
            None => false,
        }
    };
    // Four at a time, for to go on to the next row would cost a quarter of it all.
    let mut done = 0_usize;
    for (series, rows) in series.as_chunks::<4>().0.iter().zip(rows.as_chunks::<4>().0) {
        for at in 0..4 {
            if !add(series[at], rows[at]) {
                return done.wrapping_add(at);
            }
        }
        done = done.wrapping_add(4);
    }
    for (series, row) in series[done..].iter().zip(&rows[done..]) {
        if !add(*series, *row) {
            break;
        }
        done = done.wrapping_add(1);
    }
    done
}
