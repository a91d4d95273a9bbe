//! Series numbers: each combination of label values gets the next number when it first comes.

use arrow::array::{AnyDictionaryArray, Array, ArrayData, ArrowPrimitiveType, AsArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    ArrowNativeType, DataType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use backburn_core::rollup::{Key, Label};
use rustc_hash::FxHashMap;

use crate::error::{Error, Result};
use crate::normalise::Labels;

const UNSEEN: u32 = u32::MAX;

/// The labels of a batch as they are found.
pub(super) enum Column<'a> {
    /// A dictionary of text.
    Dictionary(&'a dyn AnyDictionaryArray),
    /// Anything else, numbered within the batch.
    Labels(Labels),
}

/// The combinations met so far.
#[derive(Debug)]
pub(super) struct Series {
    labels: Vec<Values>,
    /// The combinations of the first two labels, of those with the third, and so on.
    pairs: Vec<Pairs>,
    /// Whether there was any row.
    any: bool,
    /// The number of each row of the batch at hand, and the codes of one of its labels.
    numbers: Vec<u32>,
    codes: Vec<u32>,
}

/// The values of one label met so far.
#[derive(Debug, Default)]
struct Values {
    codes: FxHashMap<String, u32>,
    /// The code of null.
    null: Option<u32>,
    met: Vec<Label>,
    resolved: Option<Resolved>,
}

/// A dictionary whose values are resolved as they are met: a row group hands out the same one batch after batch.
#[derive(Debug)]
struct Resolved {
    values: ArrayData,
    codes: Vec<u32>,
}

/// Pairs of numbers, numbered in the order in which they first come.
#[derive(Debug, Default)]
struct Pairs {
    numbers: FxHashMap<(u32, u32), u32>,
    pairs: Vec<(u32, u32)>,
}

impl Series {
    /// No combination met yet of so many labels.
    pub(super) fn new(labels: usize) -> Self {
        Self {
            labels: (0..labels).map(|_| Values::default()).collect(),
            pairs: (1..labels).map(|_| Pairs::default()).collect(),
            any: false,
            numbers: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// The combinations in the order of their numbers.
    pub(super) fn keys(&self) -> Vec<Key> {
        let Some(first) = self.labels.first() else { return vec![Vec::new(); usize::from(self.any)] };
        let mut keys: Vec<Key> = first.met.iter().map(|value| vec![value.clone()]).collect();
        for (pairs, label) in self.pairs.iter().zip(&self.labels[1..]) {
            let longer = |(known, code): &(u32, u32)| {
                let mut key = keys[*known as usize].clone();
                key.push(label.met[*code as usize].clone());
                key
            };
            keys = pairs.pairs.iter().map(longer).collect();
        }
        keys
    }

    /// How many combinations were met.
    pub(super) fn len(&self) -> usize {
        let pairs = self.pairs.last().map(|pairs| pairs.pairs.len());
        pairs.or_else(|| self.labels.first().map(|label| label.met.len())).unwrap_or(usize::from(self.any))
    }

    /// The combination of this number.
    pub(super) fn key(&self, mut number: usize) -> Key {
        let mut key = Vec::with_capacity(self.labels.len());
        for (pairs, label) in self.pairs.iter().zip(self.labels.iter().skip(1)).rev() {
            let (before, code) = pairs.pairs[number];
            key.push(label.met[code as usize].clone());
            number = before as usize;
        }
        key.extend(self.labels.first().map(|label| label.met[number].clone()));
        key.reverse();
        key
    }

    /// Numbers the rows of a batch that has some; `columns` holds its labels.
    pub(super) fn number(&mut self, columns: &[Column<'_>], rows: usize) -> Result<()> {
        self.any = true;
        if columns.is_empty() {
            self.numbers.clear();
            self.numbers.resize(rows, 0);
        }
        for (at, (column, label)) in columns.iter().zip(&mut self.labels).enumerate() {
            match at.checked_sub(1).and_then(|before| self.pairs.get_mut(before)) {
                None => label.codes(column, &mut self.numbers)?,
                Some(pairs) => {
                    label.codes(column, &mut self.codes)?;
                    pairs.number(&mut self.numbers, &self.codes)?;
                }
            }
        }
        Ok(())
    }

    /// The series number of each row of the batch at hand.
    pub(super) fn numbers(&self) -> &[u32] {
        &self.numbers
    }
}

impl Values {
    /// The code of each row of a batch, into `found`.
    fn codes(&mut self, column: &Column<'_>, found: &mut Vec<u32>) -> Result<()> {
        match column {
            Column::Dictionary(dictionary) => self.dictionary(*dictionary, found),
            Column::Labels(labels) => {
                let codes: Vec<u32> =
                    labels.values.iter().map(|value| self.code(value.as_deref())).collect::<Result<_>>()?;
                found.clear();
                found.extend(labels.codes.iter().map(|code| codes[*code as usize]));
                Ok(())
            }
        }
    }

    fn dictionary(&mut self, dictionary: &dyn AnyDictionaryArray, found: &mut Vec<u32>) -> Result<()> {
        let values = dictionary.values().to_data();
        let mut resolved = match self.resolved.take() {
            Some(resolved) if resolved.values.ptr_eq(&values) => resolved,
            _ => Resolved { codes: vec![UNSEEN; dictionary.values().len()], values },
        };
        let Some(text) = dictionary.values().as_string_opt::<i32>() else {
            return Err(Error::data("a dictionary of labels changes its type"));
        };
        let value = |key: usize| text.is_valid(key).then(|| text.value(key));
        let keys = dictionary.keys();
        let done = match keys.data_type() {
            DataType::Int8 => self.look_up::<Int8Type>(keys, &mut resolved.codes, value, found),
            DataType::Int16 => self.look_up::<Int16Type>(keys, &mut resolved.codes, value, found),
            DataType::Int32 => self.look_up::<Int32Type>(keys, &mut resolved.codes, value, found),
            DataType::Int64 => self.look_up::<Int64Type>(keys, &mut resolved.codes, value, found),
            DataType::UInt8 => self.look_up::<UInt8Type>(keys, &mut resolved.codes, value, found),
            DataType::UInt16 => self.look_up::<UInt16Type>(keys, &mut resolved.codes, value, found),
            DataType::UInt32 => self.look_up::<UInt32Type>(keys, &mut resolved.codes, value, found),
            _ => self.look_up::<UInt64Type>(keys, &mut resolved.codes, value, found),
        };
        self.resolved = Some(resolved);
        done
    }

    /// The code of each key, into `found`; `codes` holds those of the keys met before, and `value` tells the value of a
    /// new one.
    fn look_up<'a, K: ArrowPrimitiveType>(
        &mut self,
        keys: &dyn Array,
        codes: &mut [u32],
        value: impl Fn(usize) -> Option<&'a str>,
        found: &mut Vec<u32>,
    ) -> Result<()> {
        let keys =
            keys.as_primitive_opt::<K>().ok_or_else(|| Error::data("a dictionary changes the type of its keys"))?;
        let nulls = keys.nulls().filter(|nulls: &&NullBuffer| nulls.null_count() > 0);
        // Mostly all values were met before.
        if nulls.is_none() && look_up_known(keys.values(), codes, found) {
            return Ok(());
        }
        found.clear();
        for (row, key) in keys.values().iter().enumerate() {
            if nulls.is_some_and(|nulls| nulls.is_null(row)) {
                found.push(self.code(None)?);
                continue;
            }
            let key = key.as_usize();
            let known = codes.get_mut(key).ok_or_else(|| Error::data("a key points past the end of its dictionary"))?;
            if *known == UNSEEN {
                *known = self.code(value(key))?;
            }
            found.push(*known);
        }
        Ok(())
    }

    fn code(&mut self, value: Option<&str>) -> Result<u32> {
        let known = value.map_or(self.null, |text| self.codes.get(text).copied());
        if let Some(code) = known {
            return Ok(code);
        }
        let code = next(self.met.len())?;
        match value {
            Some(text) => drop(self.codes.insert(text.to_owned(), code)),
            None => self.null = Some(code),
        }
        self.met.push(value.map(str::to_owned));
        Ok(code)
    }
}

/// The code of each key, into `found`; false where one has none yet.
fn look_up_known<K: ArrowNativeType>(keys: &[K], codes: &[u32], found: &mut Vec<u32>) -> bool {
    found.resize(keys.len(), UNSEEN);
    // The bits of all codes together have the first one where any is that of a value not met before.
    let mut all = 0;
    let mut look_up = |found: &mut u32, key: &K| match codes.get(key.as_usize()) {
        Some(code) => {
            *found = *code;
            all |= *code;
            true
        }
        None => false,
    };
    let ((fours, rest), (keys, rest_of_keys)) = (found.as_chunks_mut::<4>(), keys.as_chunks::<4>());
    fours.iter_mut().zip(keys).all(|(found, keys)| (0..4).all(|at| look_up(&mut found[at], &keys[at])))
        && rest.iter_mut().zip(rest_of_keys).all(|(found, key)| look_up(found, key))
        && all >> 31 == 0
}

impl Pairs {
    /// Turns each number, with the code beside it, into the number of the pair.
    fn number(&mut self, numbers: &mut [u32], codes: &[u32]) -> Result<()> {
        // Neighbouring rows are often of one series.
        let mut last = None;
        for (number, code) in numbers.iter_mut().zip(codes) {
            let pair = (*number, *code);
            let found = match last {
                Some((known, found)) if known == pair => found,
                _ => match self.numbers.get(&pair) {
                    Some(found) => *found,
                    None => self.add(pair)?,
                },
            };
            last = Some((pair, found));
            *number = found;
        }
        Ok(())
    }

    fn add(&mut self, pair: (u32, u32)) -> Result<u32> {
        let number = next(self.pairs.len())?;
        self.numbers.insert(pair, number);
        self.pairs.push(pair);
        Ok(number)
    }
}

fn next(known: usize) -> Result<u32> {
    u32::try_from(known)
        .ok()
        .filter(|number| *number < UNSEEN)
        .ok_or_else(|| Error::data("more series than can be numbered"))
}

#[cfg(test)]
mod tests;
