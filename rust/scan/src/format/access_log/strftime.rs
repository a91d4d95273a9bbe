//! The times of Apache's `%{format}t`: what `strftime` wrote, read back.

use super::civil::{Civil, fraction, month, number, offset};
use crate::error::{Error, Result};

/// One directive of a format, or a byte that stands for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Item {
    Byte(u8),
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Weekday,
    Hour,
    Hour12,
    Half,
    Minute,
    Second,
    /// Digits behind a decimal point; `strftime` has none, but servers do.
    Fraction,
    Offset,
    Utc,
    Epoch,
}

/// What a time said, so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) civil: Civil,
    /// Whether it is after noon, where the hour goes to twelve.
    pub(super) afternoon: Option<bool>,
    /// Microseconds east of UTC.
    pub(super) offset: Option<i64>,
    /// Microseconds within the second.
    pub(super) fraction: Option<i64>,
    /// Seconds from the epoch.
    pub(super) epoch: Option<i64>,
}

/// Reads a format; directives that cannot be read back are refused by name.
pub(super) fn compile(format: &str) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let mut rest = format.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            items.push(Item::Byte(byte));
            continue;
        }
        let letter = rest.next().unwrap_or(b' ');
        match letter {
            b'Y' => items.push(Item::Year),
            b'y' => items.push(Item::ShortYear),
            b'm' => items.push(Item::Month),
            b'b' | b'B' | b'h' => items.push(Item::MonthName),
            b'd' | b'e' => items.push(Item::Day),
            b'a' | b'A' => items.push(Item::Weekday),
            b'H' | b'k' => items.push(Item::Hour),
            b'I' | b'l' => items.push(Item::Hour12),
            b'p' => items.push(Item::Half),
            b'M' => items.push(Item::Minute),
            b'S' => items.push(Item::Second),
            b'f' => items.push(Item::Fraction),
            b'z' => items.push(Item::Offset),
            b'Z' => items.push(Item::Utc),
            b's' => items.push(Item::Epoch),
            b'T' => items.extend(compile("%H:%M:%S")?),
            b'R' => items.extend(compile("%H:%M")?),
            b'D' => items.extend(compile("%m/%d/%y")?),
            b'F' => items.extend(compile("%Y-%m-%d")?),
            b't' => items.push(Item::Byte(b'\t')),
            b'n' => items.push(Item::Byte(b'\n')),
            b'%' => items.push(Item::Byte(b'%')),
            _ => {
                return Err(Error::spec(format!("the time directive %{} cannot be read", char::from(letter)))
                    .remedy("known are a A b B d D e f F h H I k l m M p R s S t T y Y z Z and %%"));
            }
        }
    }
    Ok(items)
}

/// Reads a whole text; `None` when it does not fit.
pub(super) fn read(items: &[Item], text: &[u8], reading: &mut Reading) -> Option<()> {
    let mut rest = text;
    for item in items {
        let civil = &mut reading.civil;
        match item {
            Item::Byte(byte) => rest = rest.strip_prefix(&[*byte])?,
            Item::Year => civil.year = take(&mut rest, 4)?,
            Item::ShortYear => {
                let year = take(&mut rest, 2)?;
                // POSIX: 69 to 99 are of the last century.
                civil.year = if year < 69 { 2000 + year } else { 1900 + year };
            }
            Item::Month => civil.month = take(&mut rest, 2)?,
            Item::MonthName => {
                let name = word(&mut rest);
                civil.month = month(name.get(..3)?)?;
            }
            Item::Day => civil.day = take(&mut rest, 2)?,
            Item::Weekday => {
                word(&mut rest);
            }
            Item::Hour | Item::Hour12 => civil.hour = take(&mut rest, 2)?,
            Item::Half => reading.afternoon = Some(word(&mut rest).eq_ignore_ascii_case(b"pm")),
            Item::Minute => civil.minute = take(&mut rest, 2)?,
            Item::Second => civil.second = take(&mut rest, 2)?,
            Item::Fraction => {
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let (head, tail) = rest.split_at(digits);
                reading.fraction = Some(fraction(head)?);
                rest = tail;
            }
            Item::Offset => {
                let length = if rest.starts_with(b"Z") { 1 } else { 5 };
                let (head, tail) = rest.split_at_checked(length)?;
                reading.offset = Some(offset(head)?);
                rest = tail;
            }
            Item::Utc => {
                let name = word(&mut rest);
                let utc = [&b"UTC"[..], b"GMT", b"Z"].iter().any(|known| name.eq_ignore_ascii_case(known));
                // Other abbreviations mean several zones each.
                reading.offset = Some(utc.then_some(0)?);
            }
            Item::Epoch => {
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                reading.epoch = Some(take(&mut rest, digits)?);
            }
        }
    }
    rest.is_empty().then_some(())
}

/// The least number of bytes that such a time has: no literal is looked for before them.
pub(super) fn shortest(items: &[Item]) -> usize {
    items
        .iter()
        .map(|item| match item {
            Item::Year => 4,
            Item::MonthName | Item::Weekday => 3,
            Item::Offset => 5,
            Item::Utc | Item::Byte(_) | Item::Epoch | Item::Fraction => 1,
            _ => 2,
        })
        .sum()
}

/// Takes a number of this many digits; a leading space stands for a zero.
fn take(rest: &mut &[u8], digits: usize) -> Option<i64> {
    let (head, tail) = rest.split_at_checked(digits)?;
    *rest = tail;
    number(head.strip_prefix(b" ").unwrap_or(head))
}

/// Takes the letters that come next.
fn word<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (head, tail) = rest.split_at(length);
    *rest = tail;
    head
}
