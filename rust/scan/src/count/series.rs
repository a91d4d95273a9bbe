//! Series numbers of one task: each combination of label values gets the next number when it first comes.

use std::collections::HashMap;

use arrow::array::{AnyDictionaryArray, Array, ArrayData, AsArray};
use backburn_core::rollup::{Key, Label};

use crate::error::{Error, Result};
use crate::normalise::Labels;

/// The combinations met so far.
#[derive(Default)]
pub(super) struct Series {
    numbers: HashMap<Key, u32>,
    keys: Vec<Key>,
    resolved: Option<Resolved>,
}

/// A dictionary whose values are resolved as they are met: a row group hands out the same one batch after batch.
struct Resolved {
    values: ArrayData,
    numbers: Vec<Option<u32>>,
    null: Option<u32>,
}

impl Series {
    /// The combinations in the order of their numbers.
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The series number of each row. Values are resolved once per combination of codes, not once per row.
    pub(super) fn number(&mut self, labels: &[Labels], rows: usize) -> Result<Vec<u32>> {
        let mut mixed = vec![0_u64; rows];
        for label in labels {
            let base = label.values.len().max(1) as u64;
            for (mix, code) in mixed.iter_mut().zip(&label.codes) {
                let next = mix.checked_mul(base).and_then(|m| m.checked_add(u64::from(*code)));
                *mix =
                    next.ok_or_else(|| Error::data("more combinations of labels in a batch than can be told apart"))?;
            }
        }
        let mut seen: HashMap<u64, u32> = HashMap::new();
        let mut last = None;
        let mut numbers = Vec::with_capacity(rows);
        for (row, mix) in mixed.into_iter().enumerate() {
            // Neighbouring rows are often of one series.
            let number = match last {
                Some((known, number)) if known == mix => number,
                _ => {
                    if let Some(number) = seen.get(&mix) {
                        *number
                    } else {
                        let value = |label: &Labels| -> Label {
                            label.values.get(label.codes[row] as usize).cloned().flatten()
                        };
                        let number = self.number_of(labels.iter().map(value).collect())?;
                        seen.insert(mix, number);
                        number
                    }
                }
            };
            last = Some((mix, number));
            numbers.push(number);
        }
        Ok(numbers)
    }

    /// The series number of each row where the one label is a dictionary of text; `None` for any other.
    pub(super) fn number_dictionary(&mut self, dictionary: &dyn AnyDictionaryArray) -> Result<Option<Vec<u32>>> {
        let Some(text) = dictionary.values().as_string_opt::<i32>().filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let values = dictionary.values().to_data();
        let mut resolved = match self.resolved.take() {
            Some(resolved) if resolved.values.ptr_eq(&values) => resolved,
            _ => Resolved { values, numbers: vec![None; text.len()], null: None },
        };
        let nulls = dictionary.keys().nulls();
        let mut numbers = Vec::with_capacity(dictionary.len());
        for (row, key) in dictionary.normalized_keys().into_iter().enumerate() {
            let null = nulls.is_some_and(|nulls| nulls.is_null(row)) || text.is_null(key);
            let slot = if null { &mut resolved.null } else { &mut resolved.numbers[key] };
            let number = match *slot {
                Some(number) => number,
                None => self.number_of(vec![(!null).then(|| text.value(key).to_owned())])?,
            };
            *slot = Some(number);
            numbers.push(number);
        }
        self.resolved = Some(resolved);
        Ok(Some(numbers))
    }

    fn number_of(&mut self, key: Key) -> Result<u32> {
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let number = u32::try_from(self.keys.len()).map_err(|_| Error::data("more series than can be numbered"))?;
        self.numbers.insert(key.clone(), number);
        self.keys.push(key);
        Ok(number)
    }
}
