//! The timestamp of each row: whole microseconds from the epoch, UTC, rounded down.

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, PrimitiveArray, new_null_array};
use arrow::datatypes::{
    ArrowPrimitiveType, ArrowTimestampType, DataType, Field, Float32Type, Float64Type, Int32Type, Int64Type, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt32Type,
    UInt64Type,
};
use jiff::tz::TimeZone;

use super::strptime::{self, Read};
use super::zone::{instant, zone};
use super::{Decimal, Normalised, Stamp, Text, Unit, cell, parse_stamp, type_name, unpack, value_type};
use crate::error::{Error, Result};

/// 9999-12-31T23:59:59.999999Z.
const LAST: i64 = 253_402_300_799_999_999;
const ABSENT: &str = "null timestamp";
const UNREADABLE: &str = "unreadable time";
const OUT_OF_RANGE: &str = "time out of range";

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
            return Err(wrong(format!("the timestamp column {name:?} has both a format and a unit"))
                .remedy("keep `format` for text, or `unit` for numbers"));
        }
        let data_type = value_type(field.data_type());
        let typed = match data_type {
            DataType::Timestamp(own, _) => Some(Unit::from(*own)),
            _ => None,
        };
        if !cell::is_text(data_type) && data_type != &DataType::Null {
            if spec.format.is_some() {
                return Err(wrong(format!("the timestamp column {name:?} holds {}, not text", type_name(data_type)))
                    .remedy("leave `format` out"));
            }
            if typed.is_some() && spec.unit.is_some() && typed != spec.unit {
                return Err(wrong(format!("the timestamp column {name:?} holds times, which have their own unit"))
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
                return Err(wrong(format!("the timestamp column {name:?} holds {}, not times", type_name(other)))
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
            let outside = array.values().iter().fold(false, |outside, value| outside | !(0..=LAST).contains(value));
            if !outside {
                let values = Int64Array::new(array.values().clone(), None);
                return Ok(Normalised { values, problems: Vec::new() });
            }
        }
        let values: Int64Array = match unit {
            Unit::Seconds => array.unary_opt(|value| value.checked_mul(1_000_000).filter(usable)),
            Unit::Milliseconds => array.unary_opt(|value| value.checked_mul(1_000).filter(usable)),
            Unit::Microseconds => array.unary_opt(|value| Some(value).filter(usable)),
            Unit::Nanoseconds => array.unary_opt(|value| Some(value.div_euclid(1_000)).filter(usable)),
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
        read: impl Fn(&str) -> std::result::Result<i64, &'static str>,
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
        let mut needs_zone = false;
        let read = self.text(array, |value| {
            let stamp = parse_stamp(value.trim()).filter(|stamp| stamp.clock).ok_or(UNREADABLE)?;
            stamp.micros().map_or_else(|| self.local(stamp.local_micros()), in_range)
        })?;
        if self.zone.is_none() {
            needs_zone = read.problems.iter().any(|problem| {
                problem.reason == UNREADABLE
                    && parse_stamp(text.value(problem.row).trim())
                        .is_some_and(|Stamp { clock, offset, .. }| clock && offset.is_none())
            });
        }
        if needs_zone { Err(naive(&self.name)) } else { Ok(read) }
    }

    fn changed(&self) -> Error {
        Error::data(format!("the timestamp column {:?} changes its type", self.name)).field(self.name.as_str())
    }
}

fn usable(micros: &i64) -> bool {
    (0..=LAST).contains(micros)
}

fn in_range(micros: i64) -> std::result::Result<i64, &'static str> {
    if usable(&micros) { Ok(micros) } else { Err(OUT_OF_RANGE) }
}

/// Whether a column of this type can count units since the epoch.
fn counts(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Int32
            | DataType::Int64
            | DataType::UInt32
            | DataType::UInt64
            | DataType::Float32
            | DataType::Float64
            | DataType::Decimal128(_, _)
    )
}

/// Numbers since the epoch; a float is the decimal that it was written as.
fn numbers(array: &ArrayRef, unit: Unit) -> Option<Normalised<Int64Type>> {
    fn whole<T: ArrowPrimitiveType<Native: Into<i128>>>(
        array: &PrimitiveArray<T>,
        unit: Unit,
    ) -> Normalised<Int64Type> {
        let values = array.unary_opt(|value| unit.micros(value.into()).filter(usable));
        Normalised::explain(values, array, ABSENT, OUT_OF_RANGE)
    }
    fn floats(values: impl Iterator<Item = Option<f64>>, unit: Unit) -> Normalised<Int64Type> {
        Normalised::collect(values.map(|value| {
            let value = value.ok_or(ABSENT)?;
            decimal(&Decimal::shortest(value).ok_or(UNREADABLE)?, unit)
        }))
    }
    Some(match array.data_type() {
        DataType::Int32 => whole(array.as_primitive::<Int32Type>(), unit),
        DataType::Int64 => whole(array.as_primitive::<Int64Type>(), unit),
        DataType::UInt32 => whole(array.as_primitive::<UInt32Type>(), unit),
        DataType::UInt64 => whole(array.as_primitive::<UInt64Type>(), unit),
        DataType::Float64 => floats(array.as_primitive::<Float64Type>().iter(), unit),
        DataType::Float32 => floats(array.as_primitive::<Float32Type>().iter().map(|v| v.map(f64::from)), unit),
        DataType::Decimal128(_, scale) => {
            let values = array.as_primitive::<arrow::datatypes::Decimal128Type>();
            Normalised::collect(
                values.iter().map(|value| decimal(&Decimal::unscaled(value.ok_or(ABSENT)?, *scale), unit)),
            )
        }
        _ => return None,
    })
}

/// Text that counts units since the epoch.
fn counted(text: &str, unit: Unit) -> std::result::Result<i64, &'static str> {
    let text = text.trim();
    match text.parse::<i64>() {
        Ok(count) => unit.micros(i128::from(count)).ok_or(OUT_OF_RANGE).and_then(in_range),
        Err(_) => decimal(&Decimal::parse(text).ok_or(UNREADABLE)?, unit),
    }
}

fn decimal(value: &Decimal, unit: Unit) -> std::result::Result<i64, &'static str> {
    let micros = value.scaled(6 - unit.power()).floor().whole;
    i64::try_from(micros).map_err(|_| OUT_OF_RANGE).and_then(in_range)
}

/// Whether a text looks like a count of units since the epoch.
fn is_count(text: &str) -> bool {
    let text = text.trim();
    let whole = text.split('.').next().unwrap_or(text);
    (9..=20).contains(&whole.len()) && Decimal::parse(text).is_some_and(|value| !value.is_negative())
}

/// The unit in which a number would be a time between 1973 and 5138.
#[must_use]
pub fn guess_unit(value: f64) -> Option<Unit> {
    match value {
        v if (1e8..1e11).contains(&v) => Some(Unit::Seconds),
        v if (1e11..1e14).contains(&v) => Some(Unit::Milliseconds),
        v if (1e14..1e17).contains(&v) => Some(Unit::Microseconds),
        v if (1e17..1e20).contains(&v) => Some(Unit::Nanoseconds),
        _ => None,
    }
}

fn no_unit(name: &str, first: Option<&str>) -> Error {
    let error = Error::spec(format!("the timestamp column {name:?} holds numbers whose unit is not known")).field(name);
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
    Error::spec(format!("the times of the timestamp column {name:?} do not say their zone"))
        .field(name)
        .remedy("write it at columns.timestamp.timezone, for example `timezone: UTC`")
}
