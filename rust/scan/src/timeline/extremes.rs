//! What of a timeline is seen from afar: the least and the greatest of each stretch of ticks.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Float64Type, TimestampMicrosecondType, UInt64Type};

use super::Timeline;
use super::unit::{Cursor, Unit};
use crate::control::Control;
use crate::error::Result;
use crate::task::in_parallel;

/// What a column holds in a stretch of ticks, each value with its tick in microseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremes {
    /// The least value, where it stands first.
    pub least: (i64, f64),
    /// The greatest value, where it stands first.
    pub greatest: (i64, f64),
    /// The last one.
    pub last: (i64, f64),
    /// At how many ticks there is a value, and at how many one above 1.
    pub known: (u64, u64),
}

impl Extremes {
    const fn of(tick: i64, value: f64) -> Self {
        Self { least: (tick, value), greatest: (tick, value), last: (tick, value), known: (1, (value > 1.0) as u64) }
    }

    /// Both together; `later` comes after this one.
    fn and(self, later: Self) -> Self {
        Self {
            least: if later.least.1 < self.least.1 { later.least } else { self.least },
            greatest: if later.greatest.1 > self.greatest.1 { later.greatest } else { self.greatest },
            last: later.last,
            known: (self.known.0 + later.known.0, self.known.1 + later.known.1),
        }
    }
}

/// Per column of numbers, per stretch: nothing where all of it is undefined.
pub type Outline = Vec<Vec<Option<Extremes>>>;

impl Timeline {
    /// The series of a part, each in so many stretches of ticks, which are as long as each other but for one tick.
    pub fn outline(
        &self,
        part: usize,
        series: Range<usize>,
        stretches: usize,
        control: &Control,
    ) -> Result<Vec<Outline>> {
        let Some(ready) = self.parts.get(part) else { return Ok(Vec::new()) };
        let ticks = ready.ticks.len();
        let series = series.start.min(ready.series.len())..series.end.min(ready.series.len());
        let stretches = stretches.clamp(1, ticks.max(1));
        let mut all: Vec<Outline> = vec![vec![vec![None; stretches]; self.numbers()]; series.len()];
        let mut cursor = Cursor::default();
        let units: Vec<Unit> = std::iter::from_fn(|| cursor.next(self))
            .filter(|unit| unit.part == part && unit.series.start < series.end && unit.series.end > series.start)
            .collect();
        // A few at a time, as what is not looked at yet takes memory.
        for some in units.chunks(4 * self.threads) {
            let look = |unit: &Unit| self.look(unit, stretches);
            for (unit, outlines) in some.iter().zip(in_parallel(self.threads, some, control, look)?) {
                for (number, outline) in unit.series.clone().zip(outlines).filter(|(number, _)| series.contains(number))
                {
                    for (known, more) in all[number - series.start].iter_mut().zip(outline) {
                        for (known, more) in known.iter_mut().zip(more) {
                            *known = known.map_or(more, |known| Some(more.map_or(known, |more| known.and(more))));
                        }
                    }
                }
            }
        }
        Ok(all)
    }

    fn look(&self, unit: &Unit, stretches: usize) -> Result<Vec<Outline>> {
        let batch = self.batch(unit)?;
        let ticks = self.parts[unit.part].ticks.len();
        let moments = batch.column(0).as_primitive::<TimestampMicrosecondType>().values();
        let numbers = &batch.columns()[1 + self.names.dictionaries.len()..];
        let outline = |nth: usize| {
            let first = nth * unit.ticks.len();
            let column = |array: &ArrayRef| {
                let value = values(array);
                let mut found: Vec<Option<Extremes>> = vec![None; stretches];
                for (at, tick) in unit.ticks.clone().enumerate() {
                    if let Some(value) = value(first + at) {
                        let one = Extremes::of(moments[at], value);
                        let place = &mut found[tick * stretches / ticks];
                        *place = Some(place.map_or(one, |known| known.and(one)));
                    }
                }
                found
            };
            numbers.iter().map(column).collect()
        };
        Ok((0..unit.series.len()).map(outline).collect())
    }

    /// How many columns of numbers there are.
    fn numbers(&self) -> usize {
        self.schema().fields().len() - 1 - self.names.dictionaries.len()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count that is looked at from afar")]
fn values(array: &ArrayRef) -> Box<dyn Fn(usize) -> Option<f64> + '_> {
    if let Some(counts) = array.as_primitive_opt::<UInt64Type>() {
        return Box::new(|at| Some(counts.value(at) as f64));
    }
    let shares = array.as_primitive::<Float64Type>();
    Box::new(|at| shares.is_valid(at).then(|| shares.value(at)))
}
