//! The timestamp of each row: whole microseconds from the epoch, UTC, rounded down.

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, new_null_array};
use arrow::datatypes::{
    ArrowTimestampType, DataType, Field, Int64Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use jiff::tz::TimeZone;

use super::epoch::{
    ABSENT, OUT_OF_RANGE, UNREADABLE, counted, counts, guess_unit, in_range, is_count, numbers, usable,
};
use super::minute::Minute;
use super::strptime::{self, Read};
use super::zone::{instant, zone};
use super::{Normalised, Text, Unit, cell, parse_stamp, type_name, unpack, value_type};
use crate::error::{Error, Result};

/// How the document says that times are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimeSpec {
    /// The layout of text, as for `strptime`.
    pub format: Option<String>,
    /// The unit of numbers since the epoch.
    pub unit: Option<Unit>,
    /// The IANA zone of times that do not say theirs.
    pub timezone: Option<String>,
}

/// Reads the timestamps of one column.
#[derive(Debug, Clone)]
pub struct TimeReader {
    name: String,
    written: Written,
    zone: Option<TimeZone>,
}

#[derive(Debug, Clone)]
enum Written {
    Nothing,
    Instants,
    Local,
    Numbers(Unit),
    Counted(Unit),
    Layout(String),
    Standard,
}

impl TimeReader {
    /// Decides how a column is read, or says why it cannot be.
    pub fn bind(field: &Field, spec: &TimeSpec) -> Result<Self> {
        let name = field.name();
        let wrong = |message: String| Error::spec(message).field(name.as_str());
        let zone = spec.timezone.as_deref().map(zone).transpose()?;
        if spec.format.is_some() && spec.unit.is_some() {
            return Err(wrong(format!("the timestamp column '{name}' has both a format and a unit"))
                .remedy("keep `format` for text, or `unit` for numbers"));
        }
        let data_type = value_type(field.data_type());
        let typed = match data_type {
            DataType::Timestamp(own, _) => Some(Unit::from(*own)),
            _ => None,
        };
        if !cell::is_text(data_type) && data_type != &DataType::Null {
            if spec.format.is_some() {
                return Err(wrong(format!("the timestamp column '{name}' holds {}, not text", type_name(data_type)))
                    .remedy("leave `format` out"));
            }
            if typed.is_some() && spec.unit.is_some() && typed != spec.unit {
                return Err(wrong(format!("the timestamp column '{name}' holds times, which have their own unit"))
                    .remedy("leave `unit` out"));
            }
        }
        let written = match (data_type, &spec.format, spec.unit) {
            (DataType::Null, _, _) => Written::Nothing,
            (DataType::Timestamp(_, Some(_)), _, _) => Written::Instants,
            (DataType::Timestamp(_, None), _, _) => {
                if zone.is_none() {
                    return Err(naive(name));
                }
                Written::Local
            }
            (other, Some(format), _) if cell::is_text(other) => {
                let zoned = strptime::check(format).map_err(|error| error.field(name.as_str()))?;
                if !zoned && zone.is_none() {
                    return Err(naive(name));
                }
                Written::Layout(format.clone())
            }
            (other, None, Some(unit)) if cell::is_text(other) => Written::Counted(unit),
            (other, None, None) if cell::is_text(other) => Written::Standard,
            (other, _, unit) if counts(other) => Written::Numbers(unit.ok_or_else(|| no_unit(name, None))?),
            (other, _, _) => {
                return Err(wrong(format!("the timestamp column '{name}' holds {}, not times", type_name(other)))
                    .remedy("name a column of times, of numbers with a `unit`, or of text"));
            }
        };
        Ok(Self { name: name.clone(), written, zone })
    }

    /// Reads a batch of the column; a row without a usable time is a problem.
    pub fn read(&self, array: &ArrayRef) -> Result<Normalised<Int64Type>> {
        let array = &unpack(array)?;
        match &self.written {
            Written::Nothing => {
                let nulls = new_null_array(&DataType::Int64, array.len());
                Ok(Normalised::explain(nulls.as_primitive::<Int64Type>().clone(), array, ABSENT, UNREADABLE))
            }
            Written::Instants | Written::Local => self.times(array),
            Written::Numbers(unit) => numbers(array, *unit).ok_or_else(|| self.changed()),
            Written::Counted(unit) => self.text(array, |text| counted(text, *unit)),
            Written::Layout(format) => self.text(array, |text| match strptime::read(format, text) {
                Some(Read::Instant(micros)) => in_range(micros),
                Some(Read::Local(local)) => self.local(local),
                None => Err(UNREADABLE),
            }),
            Written::Standard => self.standard(array),
        }
    }

    fn times(&self, array: &ArrayRef) -> Result<Normalised<Int64Type>> {
        match array.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => self.ticks::<TimestampSecondType>(array),
            DataType::Timestamp(TimeUnit::Millisecond, _) => self.ticks::<TimestampMillisecondType>(array),
            DataType::Timestamp(TimeUnit::Microsecond, _) => self.ticks::<TimestampMicrosecondType>(array),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => self.ticks::<TimestampNanosecondType>(array),
            _ => Err(self.changed()),
        }
    }

    fn ticks<T: ArrowTimestampType>(&self, array: &ArrayRef) -> Result<Normalised<Int64Type>> {
        let array = array.as_primitive_opt::<T>().ok_or_else(|| self.changed())?;
        let unit = Unit::from(T::UNIT);
        if matches!(self.written, Written::Local) {
            return Ok(Normalised::collect(array.iter().map(|value| {
                let local = unit.micros(i128::from(value.ok_or(ABSENT)?)).ok_or(OUT_OF_RANGE)?;
                self.local(local)
            })));
        }
        if unit == Unit::Microseconds && array.null_count() == 0 {
            // The usual column needs one look and no copy.
            // What has no bits but theirs is at least as great as each of them, and negative if any of them is.
            let all = array.values().iter().fold(0, |all, value| all | value);
            if usable(all) || array.values().iter().all(|value| usable(*value)) {
                let values = Int64Array::new(array.values().clone(), None);
                return Ok(Normalised { values, problems: Vec::new() });
            }
        }
        let values: Int64Array = match unit {
            Unit::Seconds => array.unary_opt(|value| value.checked_mul(1_000_000).filter(|&micros| usable(micros))),
            Unit::Milliseconds => array.unary_opt(|value| value.checked_mul(1_000).filter(|&micros| usable(micros))),
            Unit::Microseconds => array.unary_opt(|value| Some(value).filter(|&micros| usable(micros))),
            Unit::Nanoseconds => {
                array.unary_opt(|value| Some(value.div_euclid(1_000)).filter(|&micros| usable(micros)))
            }
        };
        Ok(Normalised::explain(values, array, ABSENT, OUT_OF_RANGE))
    }

    fn local(&self, local: i64) -> std::result::Result<i64, &'static str> {
        let zone = self.zone.as_ref().ok_or(UNREADABLE)?;
        instant(zone, local).and_then(in_range)
    }

    /// Reads text row by row; consecutive lines often share their second, so the last answer is kept.
    fn text(
        &self,
        array: &ArrayRef,
        mut read: impl FnMut(&str) -> std::result::Result<i64, &'static str>,
    ) -> Result<Normalised<Int64Type>> {
        let text = Text::of(array).ok_or_else(|| self.changed())?;
        let mut last = None;
        Ok(Normalised::collect(text.iter().map(|value| {
            let value = value.ok_or(ABSENT)?;
            match last {
                Some((known, answer)) if known == value => answer,
                _ => {
                    let answer = read(value);
                    last = Some((value, answer));
                    answer
                }
            }
        })))
    }

    /// Reads RFC 3339 and its relatives; what the document has to say first is an error and not a problem.
    fn standard(&self, array: &ArrayRef) -> Result<Normalised<Int64Type>> {
        let text = Text::of(array).ok_or_else(|| self.changed())?;
        let mut written = text.iter().flatten().peekable();
        if let Some(&first) = written.peek()
            && written.all(is_count)
        {
            return Err(no_unit(&self.name, Some(first)));
        }
        let mut minute = Minute::default();
        let read = self.text(array, |value| {
            if let Some(known) = minute.read(value) {
                return in_range(known);
            }
            let value = value.trim();
            // A day alone is its first moment, in a zone that somebody named.
            let stamp = parse_stamp(value).filter(|stamp| stamp.clock || self.zone.is_some()).ok_or(UNREADABLE)?;
            if stamp.clock {
                minute.learn(value, stamp);
            }
            stamp.micros().map_or_else(|| self.local(stamp.local_micros()), in_range)
        })?;
        // Without a zone a naive time is unreadable, but it is the document that has to change and not the row.
        let naive_time =
            |row: usize| parse_stamp(text.value(row).trim()).is_some_and(|stamp| stamp.clock && stamp.offset.is_none());
        let unreadable = || read.problems.iter().filter(|problem| problem.reason == UNREADABLE);
        let needs_zone = self.zone.is_none() && unreadable().any(|problem| naive_time(problem.row));
        if needs_zone { Err(naive(&self.name)) } else { Ok(read) }
    }

    fn changed(&self) -> Error {
        Error::data(format!("the timestamp column '{}' changes its type", self.name)).field(self.name.as_str())
    }
}

fn no_unit(name: &str, first: Option<&str>) -> Error {
    let error = Error::spec(format!("the timestamp column '{name}' holds numbers whose unit is not known")).field(name);
    let guess = first.and_then(|text| text.trim().parse().ok()).and_then(guess_unit);
    let error = first.iter().fold(error, |error, text| error.value(text));
    match guess {
        Some(unit) => {
            error.remedy(format!("write `unit: {unit}` at columns.timestamp if these are times since 1970 in {unit}"))
        }
        None => error.remedy("write `unit: ms` (or s, us, ns) at columns.timestamp"),
    }
}

fn naive(name: &str) -> Error {
    Error::spec(format!("the times of the timestamp column '{name}' do not say their zone"))
        .field(name)
        .remedy("write it at columns.timestamp.timezone, for example `timezone: UTC`")
}
