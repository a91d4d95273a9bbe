//! Rows in, values that fall into targets out: what each thread of a scan does by itself.

use std::ops::Range;
use std::sync::Arc;

use super::entries::{Entry, join};
use super::sought::Sought;
use super::values::Values;
use crate::cell::{Lane, Places, sum};
use crate::error::Result;
use crate::rollup::Key;

/// How many entries wait before they are handed over.
const FULL: usize = 64 * 1024;

/// Entries of the table in which equal values meet, as a power of two.
const TABLE: u32 = 12;

/// Finds the values of one indicator's good and bad rows that a search asks for.
#[derive(Debug)]
pub struct Finder {
    sought: Arc<Sought>,
    measure: usize,
    /// By the numbers that the scan gives to series: what the search calls each, and its last cell.
    series: Vec<Seen>,
    /// Where equal values meet, so that a log of whole seconds does not fill the buffer; one of no count is free.
    table: Vec<Entry>,
    found: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Seen {
    number: Option<usize>,
    span: i64,
    targets: Range<u32>,
}

impl Finder {
    pub(super) fn new(sought: Arc<Sought>, measure: usize) -> Self {
        let free = Entry { target: 0, place: 0, count: 0 };
        Self { sought, measure, series: Vec::new(), table: vec![free; 1 << TABLE], found: Vec::new() }
    }

    /// How many series are known.
    #[must_use]
    pub fn series(&self) -> usize {
        self.series.len()
    }

    /// Makes the next series known, by all of its labels.
    pub fn meet(&mut self, key: &Key) {
        let number = self.sought.number(self.measure, key);
        let targets = number.map_or(0..0, |number| self.sought.cell(number, 0));
        self.series.push(Seen { number, span: 0, targets });
    }

    /// Looks at a batch: `values[i]` belongs to the place of its row, the step of which is the number of its span, and is
    /// looked at where its row is good or bad.
    ///
    /// All columns are of equal length, and all series known; there are weights where rows stand for more than one event.
    /// Fails where a count overflows.
    pub fn add(&mut self, places: Places<'_>, lanes: &[Lane], values: &[f64]) -> Result<()> {
        let sought = Arc::clone(&self.sought);
        for (step, rows) in places.steps.iter() {
            let span = if sought.whole { 0 } else { step };
            let part = places.series[rows.clone()].iter().zip(&lanes[rows.clone()]).zip(&values[rows.clone()]);
            for (row, ((series, lane), value)) in rows.zip(part) {
                if *lane > Lane::BAD {
                    continue;
                }
                let seen = &mut self.series[*series as usize];
                if seen.span != span {
                    seen.span = span;
                    seen.targets = seen.number.map_or(0..0, |number| sought.cell(number, span));
                }
                let first = seen.targets.start;
                let own = &sought.targets[first as usize..seen.targets.end as usize];
                // The bits of what is negative or no number lie behind those of all targets.
                let bits = value.to_bits();
                let Some(at) = own.partition_point(|target| target.low <= bits).checked_sub(1) else { continue };
                let target = own[at];
                if bits <= target.high {
                    let count = places.weights.map_or(1, |weights| weights[row]);
                    #[expect(clippy::cast_possible_truncation, reason = "targets are numbered in 32 bits")]
                    self.note(Entry { target: first + at as u32, place: bits - target.low, count })?;
                }
            }
        }
        Ok(())
    }

    /// Whether there is enough to hand over.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.found.len() >= FULL
    }

    /// Makes what was found ready to be handed over.
    pub fn prepare(&mut self) -> Result<()> {
        join(&mut self.found)
    }

    /// Hands over what was found so far, but for what may still meet its like.
    pub fn hand_over(&mut self, values: &mut Values) -> Result<()> {
        values.add(&mut self.found)
    }

    /// Hands over all that was found.
    pub fn finish(mut self, values: &mut Values) -> Result<()> {
        self.found.extend(self.table.iter().filter(|entry| entry.count > 0));
        self.prepare()?;
        self.hand_over(values)
    }

    fn note(&mut self, entry: Entry) -> Result<()> {
        // Multiplication carries the lowest bits up, where numbers of few digits differ.
        let mixed = (entry.place ^ u64::from(entry.target)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let met = &mut self.table[(mixed >> (u64::BITS - TABLE)) as usize];
        if met.key() == entry.key() {
            met.count = sum(met.count, entry.count)?;
            return Ok(());
        }
        if met.count > 0 {
            self.found.push(*met);
        }
        *met = entry;
        Ok(())
    }
}
