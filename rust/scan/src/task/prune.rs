//! Which row groups have no row in the asked time, as far as their statistics prove it.
//!
//! Statistics may be absent, of another type, or looser than the rows. What they do not prove is read.

use arrow::array::{Array, ArrayRef, Int64Array, UInt64Array};
use arrow::datatypes::{DataType, Field};
use backburn_core::rollup::SILENCE;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;

use crate::count::{asked, started, step};
use crate::error::Result;
use crate::format::parquet::ParquetFile;
use crate::normalise::{TimeReader, TimeSpec, Unit, duration_micros, duration_unit, value_type, weights};
use crate::request::Request;

/// How far the order of local times may differ from that of the moments they mean: zones have changed by a day.
const ZONES_CHANGE: i64 = 2 * 86_400_000_000;

/// Two moments in microseconds between which a row group has usable rows.
pub(super) type Seen = (i64, i64);

/// For each row group that can be left out, when it has rows; `None` for those that are to be read.
///
/// A row group is left out if none of its rows lies in the asked time or so near to it that a silence between the two
/// would be filled, and if every row of it can be used: what is known of the source's time stays the same then, and no
/// reject is lost.
pub(super) fn outside(request: &Request, file: &ParquetFile) -> Result<Vec<Option<Seen>>> {
    let nothing = vec![None; file.groups()];
    if request.start.is_none() && request.end.is_none() {
        return Ok(nothing);
    }
    let Some(columns) = Columns::of(request, file) else { return Ok(nothing) };
    let (step, asked) = (step(request.step)?, asked(request.start, request.end));
    if asked.is_empty() {
        return Ok(nothing);
    }
    // The steps that could hold a row of the asked time.
    let first = step.span(step.index(asked.start)).start;
    let last = step.span(step.index(asked.end.saturating_sub(1))).end;
    let out = |group: usize| {
        let (low, high) = columns.seen(group)?;
        let (earliest, latest) = columns.known((low, high), group)?;
        let before = step.span(step.index(latest)).end < first.saturating_sub(SILENCE);
        let after = step.span(step.index(earliest)).start > last.saturating_add(SILENCE);
        ((before || after) && columns.usable(group)).then_some((low, high))
    };
    Ok((0..file.groups()).map(out).collect())
}

/// The least and greatest time that each row group holds, where its statistics say so.
pub(super) fn times(request: &Request, file: &ParquetFile) -> Vec<Option<Seen>> {
    let times = Columns::times(request, file);
    times.map(|times| (0..file.groups()).map(|group| times.bounds(group)).collect()).unwrap_or_default()
}

/// The columns that decide when a row is and whether it can be used.
struct Columns {
    times: Bounds,
    /// Whether times are those of a zone.
    local: bool,
    durations: Option<Bounds>,
    weights: Option<Bounds>,
}

impl Columns {
    /// Nothing if one of them has no statistics that tell.
    fn of(request: &Request, file: &ParquetFile) -> Option<Self> {
        let durations = match started(request, numbers(file, &request.timestamp.column)?) {
            None => None,
            Some((column, unit)) => {
                let field = numbers(file, column)?;
                let unit = unit.map(Unit::parse).transpose().ok()?;
                let unit = duration_unit(field, unit).ok()?;
                Some(Bounds::of(file, field, |array| Ok(duration_micros(array, unit, field.name())?.values))?)
            }
        };
        let weights = match request.count.as_ref().and_then(|count| count.column.as_ref()) {
            None => None,
            Some(column) => {
                let field = numbers(file, column)?;
                let read = |array: &ArrayRef| {
                    let weights: UInt64Array = weights(array, field.name())?.values;
                    Ok(weights.iter().map(|weight| i64::try_from(weight?).ok()).collect())
                };
                Some(Bounds::of(file, field, read)?)
            }
        };
        let field = numbers(file, &request.timestamp.column)?;
        let local = matches!(value_type(field.data_type()), DataType::Timestamp(_, None));
        Some(Self { times: Self::times(request, file)?, local, durations, weights })
    }

    /// The times as the log writes them.
    fn times(request: &Request, file: &ParquetFile) -> Option<Bounds> {
        let role = &request.timestamp;
        let field = numbers(file, &role.column)?;
        let unit = role.unit.as_deref().map(Unit::parse).transpose().ok()?;
        let spec = TimeSpec { format: role.format.clone(), unit, timezone: role.timezone.clone() };
        let reader = TimeReader::bind(field, &spec).ok()?;
        Bounds::of(file, field, |array| Ok(reader.read(array)?.values))
    }

    /// Two moments between which a row group has a row, or would have one if all of its columns were usable.
    fn seen(&self, group: usize) -> Option<Seen> {
        self.times.bounds(group)
    }

    /// Two moments between which all usable rows of a group became known.
    fn known(&self, (low, high): Seen, group: usize) -> Option<Seen> {
        let margin = if self.local { ZONES_CHANGE } else { 0 };
        let longest = match &self.durations {
            None => 0,
            Some(durations) => durations.bounds(group)?.1,
        };
        Some((low.checked_sub(margin)?, high.checked_add(margin)?.checked_add(longest)?))
    }

    /// Whether every row of a group can be used, but for local times that their zone never had.
    fn usable(&self, group: usize) -> bool {
        let columns = [Some(&self.times), self.durations.as_ref(), self.weights.as_ref()];
        columns.into_iter().flatten().all(|column| column.full(group))
    }
}

/// The least and greatest value of a column in each row group.
struct Bounds {
    low: Int64Array,
    high: Int64Array,
    nulls: UInt64Array,
    /// Whether every value between two usable ones is usable.
    dense: bool,
}

impl Bounds {
    /// The bounds of a column whose values `read` brings into an order; null where one cannot be used.
    fn of(file: &ParquetFile, field: &Field, read: impl Fn(&ArrayRef) -> Result<Int64Array>) -> Option<Self> {
        let schema = file.metadata().file_metadata().schema_descr();
        let converter = StatisticsConverter::try_new(field.name(), file.schema(), schema).ok()?;
        let converter = converter.with_missing_null_counts_as_zero(false);
        let groups = || file.metadata().row_groups().iter();
        let found = Self {
            low: read(&converter.row_group_mins(groups()).ok()?).ok()?,
            high: read(&converter.row_group_maxes(groups()).ok()?).ok()?,
            nulls: converter.row_group_null_counts(groups()).ok()?,
            dense: !matches!(
                value_type(field.data_type()),
                DataType::Float16 | DataType::Float32 | DataType::Float64 | DataType::Decimal128(_, _)
            ),
        };
        [found.low.len(), found.high.len(), found.nulls.len()].iter().all(|len| *len == file.groups()).then_some(found)
    }

    /// Those of one row group, if it has them and they can be.
    fn bounds(&self, group: usize) -> Option<Seen> {
        let value = |array: &Int64Array| array.is_valid(group).then(|| array.value(group));
        Some((value(&self.low)?, value(&self.high)?)).filter(|(low, high)| low <= high)
    }

    /// Whether every row of the group has a usable value.
    fn full(&self, group: usize) -> bool {
        self.dense && self.nulls.is_valid(group) && self.nulls.value(group) == 0 && self.bounds(group).is_some()
    }
}

/// A column whose order is that of its numbers. Text has another one, and so its bounds say nothing.
fn numbers<'a>(file: &'a ParquetFile, column: &str) -> Option<&'a Field> {
    let field = file.schema().field_with_name(column).ok()?;
    let data_type = value_type(field.data_type());
    let ordered = data_type.is_numeric() || matches!(data_type, DataType::Timestamp(_, _) | DataType::Duration(_));
    ordered.then_some(field)
}
