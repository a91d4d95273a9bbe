//! Text columns of every layout behind one face.

use arrow::array::{Array, AsArray, LargeStringArray, StringArray, StringViewArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::DataType;

/// A column of text without a dictionary.
#[derive(Clone, Copy)]
pub(crate) enum Text<'a> {
    /// Offsets of 32 bits.
    Small(&'a StringArray),
    /// Offsets of 64 bits.
    Large(&'a LargeStringArray),
    /// Views.
    View(&'a StringViewArray),
}

impl<'a> Text<'a> {
    /// The column as text, if it is that.
    pub(crate) fn of(array: &'a dyn Array) -> Option<Self> {
        match array.data_type() {
            DataType::Utf8 => array.as_string_opt::<i32>().map(Self::Small),
            DataType::LargeUtf8 => array.as_string_opt::<i64>().map(Self::Large),
            DataType::Utf8View => array.as_string_view_opt().map(Self::View),
            _ => None,
        }
    }

    /// How many rows there are.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Small(array) => array.len(),
            Self::Large(array) => array.len(),
            Self::View(array) => array.len(),
        }
    }

    /// Which rows are null.
    pub(crate) fn nulls(self) -> Option<&'a NullBuffer> {
        match self {
            Self::Small(array) => array.nulls(),
            Self::Large(array) => array.nulls(),
            Self::View(array) => array.nulls(),
        }
    }

    /// The text of a row, or anything where the row is null.
    pub(crate) fn value(self, row: usize) -> &'a str {
        match self {
            Self::Small(array) => array.value(row),
            Self::Large(array) => array.value(row),
            Self::View(array) => array.value(row),
        }
    }

    /// Every row in order.
    pub(crate) fn iter(self) -> impl Iterator<Item = Option<&'a str>> {
        let nulls = self.nulls();
        (0..self.len()).map(move |row| (!nulls.is_some_and(|nulls| nulls.is_null(row))).then(|| self.value(row)))
    }
}

/// Whether a type is text without a dictionary.
pub(crate) fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}
