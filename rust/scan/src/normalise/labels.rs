//! The values of a `by` column as small numbers, resolved once a batch.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use rustc_hash::FxHashMap;

use super::{Text, broken, cell, type_name, unpack, value_type};
use crate::error::{Error, Result};

/// Which value each row has: `values[codes[row]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// One code a row.
    pub codes: Vec<u32>,
    /// The values that occur, each once, in the order in which they first do; a null is a value of its own.
    pub values: Vec<Option<String>>,
}

/// Numbers the distinct values of a column; `column` names it in errors.
pub fn labels(array: &ArrayRef, column: &str) -> Result<Labels> {
    check(value_type(array.data_type()), column)?;
    if let Some(dictionary) = array.as_any_dictionary_opt()
        && !dictionary.values().is_empty()
    {
        // A dictionary may hold values twice and values that no row has; only what occurs gets a code.
        let values = as_text(dictionary.values())?;
        let text = Text::of(&values).ok_or_else(|| changed(column))?;
        let entries: Vec<Option<&str>> = text.iter().collect();
        let mut seen = Seen::default();
        let mut codes = vec![None; entries.len()];
        let nulls = dictionary.keys().nulls();
        let keys = dictionary.normalized_keys();
        let rows = keys.iter().enumerate().map(|(row, &key)| {
            if nulls.is_some_and(|nulls| nulls.is_null(row)) {
                seen.code(None)
            } else if let Some(code) = codes[key] {
                Ok(code)
            } else {
                let code = seen.code(entries[key])?;
                codes[key] = Some(code);
                Ok(code)
            }
        });
        let codes = rows.collect::<Result<Vec<_>>>()?;
        return Ok(seen.labels(codes));
    }
    let values = as_text(&unpack(array)?)?;
    let text = Text::of(&values).ok_or_else(|| changed(column))?;
    let mut seen = Seen::default();
    let mut last: Option<(Option<&str>, u32)> = None;
    let mut codes = Vec::with_capacity(text.len());
    for value in text.iter() {
        let code = match last {
            Some((known, code)) if known == value => code,
            _ => seen.code(value)?,
        };
        last = Some((value, code));
        codes.push(code);
    }
    Ok(seen.labels(codes))
}

/// The values met so far.
#[derive(Default)]
struct Seen<'a> {
    codes: FxHashMap<Option<&'a str>, u32>,
    values: Vec<Option<&'a str>>,
}

impl<'a> Seen<'a> {
    fn code(&mut self, value: Option<&'a str>) -> Result<u32> {
        if let Some(&code) = self.codes.get(&value) {
            return Ok(code);
        }
        let code = u32::try_from(self.values.len()).map_err(|_| Error::data("a batch has too many series"))?;
        self.codes.insert(value, code);
        self.values.push(value);
        Ok(code)
    }

    fn labels(self, codes: Vec<u32>) -> Labels {
        Labels { codes, values: self.values.into_iter().map(|value| value.map(str::to_owned)).collect() }
    }
}

/// The same values as text.
fn as_text(array: &ArrayRef) -> Result<ArrayRef> {
    if cell::is_text(array.data_type()) {
        return Ok(ArrayRef::clone(array));
    }
    cast(array, &DataType::Utf8).map_err(|error| broken(&error))
}

fn check(data_type: &DataType, column: &str) -> Result<()> {
    let wrong = |remedy: &str| {
        Err(Error::spec(format!("the column '{column}' in `by` holds {}", type_name(data_type)))
            .field(column)
            .remedy(remedy))
    };
    match data_type {
        DataType::Null | DataType::Boolean | DataType::Date32 | DataType::Decimal128(_, _) => Ok(()),
        other if cell::is_text(other) || other.is_integer() => Ok(()),
        other if other.is_floating() => wrong("floats make a series a row; name a column of text or whole numbers"),
        _ => wrong("name a column of text, whole numbers, dates, or true and false"),
    }
}

fn changed(column: &str) -> Error {
    Error::data(format!("the column '{column}' changes its type")).field(column)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array, NullArray, StringArray, StringViewArray,
        UInt64Array,
    };

    use super::*;

    fn shown(array: impl Array + 'static) -> Vec<Option<String>> {
        let array: ArrayRef = Arc::new(array);
        let Labels { codes, values } = labels(&array, "service").unwrap();
        codes.iter().map(|&code| values[usize::try_from(code).unwrap()].clone()).collect()
    }

    fn text(values: &[Option<&str>]) -> Vec<Option<String>> {
        values.iter().map(|value| value.map(str::to_owned)).collect()
    }

    #[test]
    fn every_type_gives_its_text() {
        let names = [Some("a"), None, Some("b"), Some(""), Some("a")];
        assert_eq!(shown(StringArray::from(names.to_vec())), text(&names));
        assert_eq!(shown(StringViewArray::from(names.to_vec()).slice(1, 3)), text(&names[1..4]));
        assert_eq!(shown(UInt64Array::from(vec![u64::MAX, 0])), text(&[Some("18446744073709551615"), Some("0")]));
        assert_eq!(shown(BooleanArray::from(vec![Some(true), None])), text(&[Some("true"), None]));
        assert_eq!(shown(Date32Array::from(vec![20_376])), text(&[Some("2025-10-15")]));
        assert_eq!(shown(NullArray::new(2)), text(&[None, None]));
    }

    #[test]
    fn a_dictionary_is_resolved_once_and_only_where_it_is_used() {
        let values: ArrayRef = Arc::new(StringArray::from(vec![Some("unused"), Some("a"), Some("a"), None, Some("b")]));
        let keys = Int32Array::from(vec![Some(4), Some(1), Some(2), Some(3), None, Some(4)]);
        let array: ArrayRef = Arc::new(DictionaryArray::new(keys, values));
        let Labels { codes, values } = labels(&array, "service").unwrap();
        assert_eq!(codes, [0, 1, 1, 2, 2, 0]);
        assert_eq!(values, text(&[Some("b"), Some("a"), None]));
        let empty = DictionaryArray::new(Int32Array::from(vec![None, None]), Arc::new(StringArray::new_null(0)));
        assert_eq!(shown(empty), text(&[None, None]));
    }

    #[test]
    fn floats_are_refused() {
        let array: ArrayRef = Arc::new(Float64Array::from(vec![1.5]));
        let error = labels(&array, "duration_ms").unwrap_err();
        assert_eq!(error.message, "the column 'duration_ms' in `by` holds numbers");
        assert!(error.remedy.is_some_and(|remedy| remedy.contains("floats make a series a row")));
    }
}
