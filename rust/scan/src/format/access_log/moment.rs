//! The times in a line: how each is written, and the timestamp that they make together.

use super::civil::{Civil, SECOND, fraction, month, number, offset};
use super::pattern::{Field, Meaning};
use super::strftime::{self, Item, Reading};

/// How a time, or a part of one, is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) enum Moment {
    /// `17/May/2015:10:05:03 +0330`.
    Common,
    /// `2015-05-17T10:05:03+03:30`.
    Iso,
    /// Seconds from the epoch, with or without decimals.
    Seconds,
    /// Milliseconds from the epoch.
    Milliseconds,
    /// Microseconds from the epoch.
    Microseconds,
    /// The milliseconds of a time that stands elsewhere in the line.
    MillisecondFraction,
    /// The microseconds of a time that stands elsewhere in the line.
    MicrosecondFraction,
    /// What `strftime` wrote.
    Strftime(Vec<Item>),
}

impl Moment {
    /// The least number of bytes of it that can hold the first byte of a literal, so that a literal such as a space
    /// is not found inside the time.
    pub(super) fn shortest(&self) -> usize {
        match self {
            Self::Common => 26,
            Self::Iso => 20,
            Self::Strftime(items) => strftime::shortest(items),
            _ => 0,
        }
    }

    /// Where the two digits of the seconds stand, where that is the same in every such time.
    pub(super) fn seconds(&self) -> Option<usize> {
        match self {
            Self::Common => Some(18),
            Self::Iso => Some(17),
            _ => None,
        }
    }
}

/// What the times of one line said together.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::format) struct Parts {
    reading: Reading,
    /// Microseconds from the epoch, from a field that counts from there.
    since_epoch: Option<i64>,
    /// Whether `since_epoch` has no fraction of its own.
    whole_seconds: bool,
    fraction: Option<i64>,
    /// Microseconds that the civil time itself had.
    decimals: i64,
}

impl Parts {
    /// Reads one field; `None` when it is not written as it should be.
    pub(in crate::format) fn add(&mut self, moment: &Moment, text: &[u8]) -> Option<()> {
        match moment {
            Moment::Common => self.common(text)?,
            Moment::Iso => self.iso(text)?,
            Moment::Seconds => {
                let dot = text.iter().position(|byte| *byte == b'.');
                let (whole, decimals) = dot.map_or((text, None), |dot| (&text[..dot], Some(&text[dot + 1..])));
                let micros = number(whole)?.checked_mul(SECOND)?;
                match decimals {
                    Some(decimals) => self.since_epoch = Some(micros.checked_add(fraction(decimals)?)?),
                    None if self.since_epoch.is_none() => {
                        self.since_epoch = Some(micros);
                        self.whole_seconds = true;
                    }
                    None => {}
                }
                self.whole_seconds &= decimals.is_none();
            }
            Moment::Milliseconds => {
                self.since_epoch = Some(number(text)?.checked_mul(1000)?);
                self.whole_seconds = false;
            }
            Moment::Microseconds => {
                self.since_epoch = Some(number(text)?);
                self.whole_seconds = false;
            }
            Moment::MillisecondFraction => self.fraction = Some(number(text).filter(|ms| *ms < 1000)? * 1000),
            Moment::MicrosecondFraction => self.fraction = Some(number(text).filter(|us| *us < SECOND)?),
            Moment::Strftime(items) => strftime::read(items, text, &mut self.reading)?,
        }
        Some(())
    }

    /// The timestamp in microseconds: in UTC, or naive where no field had an offset.
    pub(in crate::format) fn timestamp(&self) -> Option<i64> {
        let fraction = self.fraction.or(self.reading.fraction).unwrap_or(self.decimals);
        if let Some(micros) = self.since_epoch {
            return if self.whole_seconds { micros.checked_add(fraction) } else { Some(micros) };
        }
        if let Some(seconds) = self.reading.epoch {
            return seconds.checked_mul(SECOND)?.checked_add(fraction);
        }
        let mut civil = self.reading.civil;
        if let Some(afternoon) = self.reading.afternoon {
            civil.hour = (1..=12).contains(&civil.hour).then_some(civil.hour % 12 + 12 * i64::from(afternoon))?;
        }
        Some(civil.microseconds()? - self.reading.offset.unwrap_or(0) + fraction)
    }

    fn common(&mut self, text: &[u8]) -> Option<()> {
        let [
            d1,
            d2,
            b'/',
            name @ ..,
            b'/',
            y1,
            y2,
            y3,
            y4,
            b':',
            h1,
            h2,
            b':',
            m1,
            m2,
            b':',
            s1,
            s2,
            b' ',
            _,
            _,
            _,
            _,
            _,
        ] = text
        else {
            return None;
        };
        self.reading.civil = Civil {
            year: number(&[*y1, *y2, *y3, *y4])?,
            month: month(name)?,
            day: number(&[*d1, *d2])?,
            hour: number(&[*h1, *h2])?,
            minute: number(&[*m1, *m2])?,
            second: number(&[*s1, *s2])?,
        };
        self.reading.offset = Some(offset(&text[text.len() - 5..])?);
        Some(())
    }

    fn iso(&mut self, text: &[u8]) -> Option<()> {
        let [
            y1,
            y2,
            y3,
            y4,
            b'-',
            n1,
            n2,
            b'-',
            d1,
            d2,
            b'T' | b't' | b' ',
            h1,
            h2,
            b':',
            m1,
            m2,
            b':',
            s1,
            s2,
            rest @ ..,
        ] = text
        else {
            return None;
        };
        self.reading.civil = Civil {
            year: number(&[*y1, *y2, *y3, *y4])?,
            month: number(&[*n1, *n2])?,
            day: number(&[*d1, *d2])?,
            hour: number(&[*h1, *h2])?,
            minute: number(&[*m1, *m2])?,
            second: number(&[*s1, *s2])?,
        };
        let zone = rest.iter().position(|byte| matches!(byte, b'Z' | b'z' | b'+' | b'-'))?;
        let (decimals, zone) = rest.split_at(zone);
        if let Some(digits) = decimals.strip_prefix(b".") {
            self.decimals = fraction(digits)?;
        } else if !decimals.is_empty() {
            return None;
        }
        self.reading.offset = Some(offset(zone)?);
        Some(())
    }
}

/// A part of a timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Supply {
    Epoch,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Offset,
}

/// What the times of a format supply together; `None` without any time.
#[derive(Debug, Clone)]
pub(in crate::format) struct Supplies(Option<Vec<Supply>>);

impl Supplies {
    /// What these fields supply; `utc` says that what has no offset is in UTC.
    pub(in crate::format) fn of(fields: &[Field], utc: bool) -> Self {
        let mut all: Option<Vec<Supply>> = None;
        for field in fields {
            let Meaning::Time(moment) = &field.meaning else { continue };
            let all = all.get_or_insert_default();
            match moment {
                Moment::Common | Moment::Iso => {
                    all.extend([
                        Supply::Year,
                        Supply::Month,
                        Supply::Day,
                        Supply::Hour,
                        Supply::Minute,
                        Supply::Offset,
                    ]);
                }
                Moment::Seconds | Moment::Milliseconds | Moment::Microseconds => all.push(Supply::Epoch),
                Moment::MillisecondFraction | Moment::MicrosecondFraction => {}
                Moment::Strftime(items) => all.extend(items.iter().filter_map(|item| Supply::of(*item))),
            }
        }
        if let Some(all) = all.as_mut().filter(|_| utc) {
            all.push(Supply::Offset);
        }
        Self(all)
    }

    /// What is missing to make a timestamp of what there is, if anything.
    pub(in crate::format) fn lacking(&self) -> Option<&'static str> {
        let all = self.0.as_ref().filter(|all| !all.contains(&Supply::Epoch))?;
        [
            (Supply::Year, "year"),
            (Supply::Month, "month"),
            (Supply::Day, "day"),
            (Supply::Hour, "hour"),
            (Supply::Minute, "minute"),
        ]
        .iter()
        .find_map(|(part, name)| (!all.contains(part)).then_some(*name))
    }

    /// Whether lines have a timestamp.
    pub(in crate::format) fn timestamp(&self) -> bool {
        self.0.is_some()
    }

    /// Whether it is an instant; otherwise the user must say in which zone it is.
    pub(super) fn instant(&self) -> bool {
        self.0.as_ref().is_some_and(|all| all.contains(&Supply::Epoch) || all.contains(&Supply::Offset))
    }
}

impl Supply {
    fn of(item: Item) -> Option<Self> {
        Some(match item {
            Item::Year | Item::ShortYear => Self::Year,
            Item::Month | Item::MonthName => Self::Month,
            Item::Day => Self::Day,
            Item::Hour | Item::Hour12 => Self::Hour,
            Item::Minute => Self::Minute,
            Item::Offset | Item::Utc => Self::Offset,
            Item::Epoch => Self::Epoch,
            Item::Byte(_) | Item::Weekday | Item::Half | Item::Second | Item::Fraction => return None,
        })
    }
}
