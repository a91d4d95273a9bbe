//! The functions of text.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, Int64Array, LargeStringArray};

use super::letters;
use super::rows::{Values, expected, impossible};
use crate::error::Result;
use crate::normalise::{Text, unpack};

/// The texts in small letters.
pub(crate) fn lower(array: &ArrayRef) -> Result<ArrayRef> {
    once(array, &|text| Arc::new(text.iter().map(|cell| cell.map(letters::lower)).collect::<LargeStringArray>()))
}

/// The texts in capitals.
pub(crate) fn upper(array: &ArrayRef) -> Result<ArrayRef> {
    once(array, &|text| Arc::new(text.iter().map(|cell| cell.map(letters::upper)).collect::<LargeStringArray>()))
}

/// How many characters the texts have.
pub(crate) fn length(array: &ArrayRef) -> Result<ArrayRef> {
    let count = |cell: &str| i64::try_from(cell.chars().count()).unwrap_or(i64::MAX);
    once(array, &|text| Arc::new(text.iter().map(|cell| cell.map(count)).collect::<Int64Array>()))
}

/// Parts of the texts: from a character on, and so many of them.
pub(crate) fn substr(text: &Values, start: &Values, length: Option<&Values>, rows: usize) -> Result<Values> {
    let numbers = |values: &Values| expected::<Decimal128Array>(values.array()).cloned();
    let (starts, lengths) = (numbers(start)?, length.map(numbers).transpose()?);
    let cut = |row: usize, cell: &str| {
        let number = |values: &Values, array: &Decimal128Array| {
            let row = values.at(row);
            array.is_valid(row).then(|| array.value(row))
        };
        let length = match length.zip(lengths.as_ref()) {
            Some((values, array)) => Some(number(values, array)?),
            None => None,
        };
        Some(part(cell, number(start, &starts)?, length).to_owned())
    };
    if matches!(start, Values::Same(_)) && !matches!(length, Some(Values::Each(_))) {
        let parts = |text: Text<'_>| {
            let cut = |cell: Option<&str>| cut(0, cell?);
            Arc::new(text.iter().map(cut).collect::<LargeStringArray>()) as ArrayRef
        };
        return text.map(|array| once(array, &parts));
    }
    let array = unpack(text.array())?;
    let cells = Text::of(&array).ok_or_else(|| impossible(&array))?;
    let parts = (0..rows).map(|row| cut(row, cell(cells, text.at(row))?)).collect::<LargeStringArray>();
    Ok(Values::Each(Arc::new(parts)))
}

/// Whether each text begins with the other.
pub(crate) fn begins(text: &Values, head: &Values, rows: usize) -> Result<BooleanArray> {
    let (texts, heads) = (unpack(text.array())?, unpack(head.array())?);
    let cells = Text::of(&texts).ok_or_else(|| impossible(&texts))?;
    let wanted = Text::of(&heads).ok_or_else(|| impossible(&heads))?;
    let begins = |row| Some(cell(cells, text.at(row))?.starts_with(cell(wanted, head.at(row))?));
    Ok((0..rows).map(begins).collect())
}

fn cell(text: Text<'_>, row: usize) -> Option<&str> {
    text.nulls().is_none_or(|nulls| nulls.is_valid(row)).then(|| text.value(row))
}

/// A function of each text; each value of a dictionary is taken once, however many rows have it.
fn once(array: &ArrayRef, function: &dyn Fn(Text<'_>) -> ArrayRef) -> Result<ArrayRef> {
    match array.as_any_dictionary_opt() {
        Some(dictionary) if dictionary.values().len() <= dictionary.len() => {
            Ok(dictionary.with_values(once(dictionary.values(), function)?))
        }
        Some(_) => once(&unpack(array)?, function),
        None => Text::of(array).map(function).ok_or_else(|| impossible(array)),
    }
}

/// The characters from `start` on, counted from 1, or from the end if it is negative. A negative length takes them from
/// before the start.
fn part(text: &str, start: i128, length: Option<i128>) -> &str {
    let count = i128::try_from(text.chars().count()).unwrap_or(i128::MAX);
    let first = match start {
        1.. => start - 1,
        0 => -1,
        _ => count.saturating_add(start),
    };
    let (from, to) = match length {
        None => (first, count),
        Some(length @ 0..) => (first, first.saturating_add(length)),
        Some(length) => (first.saturating_add(length), first),
    };
    let byte = |character: i128| {
        let character = usize::try_from(character.clamp(0, count)).unwrap_or(usize::MAX);
        text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte)
    };
    text.get(byte(from)..byte(to)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_in_characters() {
        for (start, length, expected) in [
            (2, Some(3), "éll"),
            (0, None, "héllo"),
            (0, Some(2), "h"),
            (-3, None, "llo"),
            (-3, Some(2), "ll"),
            (-10, Some(7), "hé"),
            (-10, None, "héllo"),
            (2, Some(-1), "h"),
            (4, Some(-2), "él"),
            (-1, Some(-2), "ll"),
            (0, Some(-2), ""),
            (10, None, ""),
            (10, Some(-5), "o"),
            (2, Some(0), ""),
            (1, Some(i128::MAX), "héllo"),
            (i128::MIN, Some(i128::MAX), "héll"),
            (i128::MAX, Some(i128::MIN), "héllo"),
        ] {
            assert_eq!(part("héllo", start, length), expected, "{start} {length:?}");
        }
    }
}
