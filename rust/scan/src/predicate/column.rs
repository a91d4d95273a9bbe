//! The columns of a schema as predicates see them.

use arrow::datatypes::{DataType, Field, Schema};

use super::tree::Column;
use crate::error::{Error, Result};
use crate::normalise::{Unit, is_loose, type_name, value_type};
use crate::spelling::nearest;

/// What the cells of a column can be compared with.
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
        matches!(self, Self::Whole | Self::Fixed(_) | Self::Single | Self::Double)
    }
}

/// A column that was found.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) index: usize,
    pub(crate) family: Family,
    pub(crate) name: String,
    pub(crate) data_type: DataType,
    pub(crate) position: u64,
}

impl Resolved {
    /// What the column holds, in words.
    pub(crate) fn holds(&self) -> String {
        format!("the column '{}' holds {}", self.name, type_name(&self.data_type))
    }

    /// An error about the column, where it stands in the text.
    pub(crate) fn error(&self, message: impl Into<String>) -> Error {
        Error::spec(message).column(self.position).field(self.name.as_str()).value(&self.name)
    }
}

/// Finds a column by its exact name.
pub(crate) fn resolve(column: &Column, schema: &Schema) -> Result<Resolved> {
    let mut found = schema.fields().iter().enumerate().filter(|(_, field)| *field.name() == column.name);
    match (found.next(), found.next()) {
        (Some((index, field)), None) => Ok(Resolved {
            index,
            family: Family::of(field),
            name: column.name.clone(),
            data_type: field.data_type().clone(),
            position: column.position,
        }),
        (Some(_), Some(_)) => Err(error(column, format!("there are several columns '{}'", column.name))
            .remedy("give the columns of the file different names")),
        (None, _) => Err(unknown(column, schema)),
    }
}

fn error(column: &Column, message: String) -> Error {
    Error::spec(message).column(column.position).field(column.name.as_str()).value(&column.name)
}

fn unknown(column: &Column, schema: &Schema) -> Error {
    const SHOWN: usize = 20;
    let names = || schema.fields().iter().map(|field| field.name().as_str());
    let mut remedy = String::new();
    if let Some(close) = nearest(&column.name, names()) {
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
