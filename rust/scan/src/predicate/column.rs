//! What values hold, and the columns of a schema as predicates see them.

use arrow::datatypes::{DECIMAL128_MAX_PRECISION, DataType, Field, Schema};

use super::plan::{Place, Used};
use super::tree::Column;
use crate::error::{Error, Result};
use crate::normalise::{Unit, is_loose, type_name, value_type};
use crate::spelling::{dashed, nearest};

/// What a value can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Whole numbers of any width.
    Whole,
    /// Decimals with this many places.
    Fixed(i8),
    Single,
    Double,
    Text,
    /// Text whose type the file does not say.
    Loose,
    /// Numbers of any length, written as text: what arithmetic makes of loose text.
    Digits,
    Truth,
    /// Instants.
    Instant(Unit),
    /// Times without a zone.
    Clock(Unit),
    /// Dates, so many units a day.
    Date(i64),
    /// Only nulls.
    Nothing,
    /// What has no comparisons.
    Other,
}

impl Family {
    pub(crate) fn of(field: &Field) -> Self {
        match value_type(field.data_type()) {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                if is_loose(field) {
                    Self::Loose
                } else {
                    Self::Text
                }
            }
            DataType::Boolean => Self::Truth,
            DataType::Float32 => Self::Single,
            DataType::Float64 => Self::Double,
            DataType::Decimal128(_, scale) => Self::Fixed(*scale),
            DataType::Timestamp(unit, zone) => {
                let unit = Unit::from(*unit);
                if zone.is_some() { Self::Instant(unit) } else { Self::Clock(unit) }
            }
            DataType::Date32 => Self::Date(1),
            DataType::Date64 => Self::Date(86_400_000),
            DataType::Null => Self::Nothing,
            other if other.is_integer() => Self::Whole,
            _ => Self::Other,
        }
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Whole | Self::Fixed(_) | Self::Single | Self::Double | Self::Digits)
    }

    /// The family that computed values have; what is counted in tens or hundreds becomes whole numbers.
    pub(crate) fn computed(self) -> Self {
        match self {
            Self::Fixed(..=0) => Self::Whole,
            family => family,
        }
    }

    /// How many places an exact number has.
    pub(crate) fn places(self) -> Option<u32> {
        match self {
            Self::Whole => Some(0),
            Self::Fixed(scale) => Some(u32::try_from(scale).unwrap_or(0)),
            _ => None,
        }
    }

    /// Exact numbers with so many places.
    pub(crate) fn exact(places: u32) -> Self {
        match i8::try_from(places) {
            Ok(scale @ 1..) => Self::Fixed(scale),
            _ => Self::Whole,
        }
    }

    /// The type of the arrays that computed values of the family come in.
    pub(crate) fn data_type(self) -> DataType {
        match self {
            Self::Whole => DataType::Decimal128(DECIMAL128_MAX_PRECISION, 0),
            Self::Fixed(scale) => DataType::Decimal128(DECIMAL128_MAX_PRECISION, scale),
            Self::Single => DataType::Float32,
            Self::Double => DataType::Float64,
            Self::Text | Self::Loose | Self::Digits => DataType::LargeUtf8,
            Self::Truth => DataType::Boolean,
            // The zone of an instant is only how it is shown.
            Self::Instant(unit) | Self::Clock(unit) => DataType::Timestamp(unit.into(), None),
            Self::Date(1) => DataType::Date32,
            Self::Date(_) => DataType::Date64,
            Self::Nothing | Self::Other => DataType::Null,
        }
    }

    /// What values of the family are called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole numbers",
            Self::Fixed(_) => "decimals",
            Self::Single | Self::Double | Self::Digits => "numbers",
            Self::Text | Self::Loose => "text",
            Self::Truth => "true or false",
            Self::Instant(_) => "times",
            Self::Clock(_) => "times without a zone",
            Self::Date(_) => "dates",
            Self::Nothing => "only nulls",
            Self::Other => "what has no comparisons",
        }
    }
}

/// A value whose type is known: a column that was found, or what is computed.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub(crate) place: Place,
    pub(crate) family: Family,
    pub(crate) source: Origin,
    pub(crate) position: u64,
}

/// Where a value comes from, for messages.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    Column { name: String, data_type: DataType },
    Computed(&'static str),
    Literal(String),
}

impl Typed {
    /// What the value holds, in words.
    pub(crate) fn holds(&self) -> String {
        match &self.source {
            Origin::Column { name, data_type } => format!("the column '{name}' holds {}", type_name(data_type)),
            Origin::Computed(what) => format!("{what} gives {}", self.family.name()),
            Origin::Literal(text) => format!("{text} is {}", self.family.name()),
        }
    }

    /// An error about the value, where it stands in the text.
    pub(crate) fn error(&self, message: impl Into<String>) -> Error {
        let error = self.beside(Error::spec(message).column(self.position));
        match &self.source {
            Origin::Column { name, .. } => error.value(name),
            Origin::Computed(_) | Origin::Literal(_) => error,
        }
    }

    /// An error at what stands beside the value, which names its column.
    pub(crate) fn beside(&self, error: Error) -> Error {
        match &self.source {
            Origin::Column { name, .. } => error.field(name.as_str()),
            Origin::Computed(_) | Origin::Literal(_) => error,
        }
    }
}

/// Finds a column by its exact name.
pub(crate) fn resolve(column: &Column, schema: &Schema) -> Result<Used> {
    let mut found = schema.fields().iter().enumerate().filter(|(_, field)| *field.name() == column.name);
    match (found.next(), found.next()) {
        (Some((index, field)), None) => {
            Ok(Used { index, name: column.name.clone(), data_type: field.data_type().clone() })
        }
        (Some(_), Some(_)) => Err(error(column, format!("there are several columns '{}'", column.name))
            .remedy("give the columns of the file different names")),
        (None, _) => Err(unknown(column, schema)),
    }
}

/// The column as a value.
pub(crate) fn typed(column: &Column, schema: &Schema) -> Result<Typed> {
    let Used { index, name, data_type } = resolve(column, schema)?;
    Ok(Typed {
        place: Place::Column(index),
        family: Family::of(schema.field(index)),
        source: Origin::Column { name, data_type },
        position: column.position,
    })
}

fn error(column: &Column, message: String) -> Error {
    Error::spec(message).column(column.position).field(column.name.as_str()).value(&column.name)
}

fn unknown(column: &Column, schema: &Schema) -> Error {
    const SHOWN: usize = 20;
    let names = || schema.fields().iter().map(|field| field.name().as_str());
    let mut remedy = String::new();
    if let Some(whole) = dashed(&column.name, names()) {
        remedy = format!("write \"{whole}\" in double quotes if that is meant; ");
    } else if let Some(close) = nearest(&column.name, names()) {
        remedy = format!("did you mean '{close}'? ");
    } else if column.quoted {
        remedy = format!("text is written in single quotes: '{}'; ", column.name.replace('\'', "''"));
    }
    let list: Vec<&str> = names().take(SHOWN).collect();
    let more = if schema.fields().len() > SHOWN { ", …" } else { "" };
    let remedy = if list.is_empty() {
        format!("{remedy}there are no columns")
    } else {
        format!("{remedy}the columns are {}{more}", list.join(", "))
    };
    error(column, format!("there is no column '{}'", column.name)).remedy(remedy)
}
