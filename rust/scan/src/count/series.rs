//! Series numbers of one task: each combination of label values gets the next number when it first comes.

use std::collections::HashMap;

use backburn_core::rollup::{Key, Label};

use crate::error::{Error, Result};
use crate::normalise::Labels;

/// The combinations met so far.
#[derive(Default)]
pub(super) struct Series {
    numbers: HashMap<Key, u32>,
    keys: Vec<Key>,
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
                        let number = self.number_of(labels, row)?;
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

    fn number_of(&mut self, labels: &[Labels], row: usize) -> Result<u32> {
        let value = |label: &Labels| -> Label { label.values.get(label.codes[row] as usize).cloned().flatten() };
        let key: Key = labels.iter().map(value).collect();
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let number = u32::try_from(self.keys.len()).map_err(|_| Error::data("more series than can be numbered"))?;
        self.numbers.insert(key.clone(), number);
        self.keys.push(key);
        Ok(number)
    }
}
