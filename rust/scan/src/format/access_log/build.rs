//! From the fields of parsed lines to the arrays of the asked columns.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, TimestampMicrosecondArray};
use arrow::datatypes::{Float64Type, SchemaRef, UInt16Type, UInt64Type};

use super::columns::{Column, Part};
use super::numbers::Numbers;
use super::request::{Request, address_parts, target_parts, url_parts};
use super::texts::Texts;
use crate::error::{Error, Result};

/// A parsed line, whatever it was written in.
pub(in crate::format) trait Cells {
    /// The text of a field; nothing where the line does not have it.
    fn field(&self, number: usize) -> Option<&[u8]>;

    /// The virtual host before the line.
    fn host(&self) -> Option<&[u8]> {
        None
    }

    /// Microseconds; of no meaning where lines have no time.
    fn timestamp(&self) -> i64;

    /// What a text says that stands in a line like this, in UTF-8; nothing where it stands for nothing.
    fn text<'a>(part: Part, raw: &'a [u8], scratch: &'a mut Vec<u8>) -> Option<Cow<'a, [u8]>>;
}

/// The array of one column in the making, other than times and statuses.
enum Values {
    Bytes(Numbers<UInt64Type>),
    Duration(Numbers<Float64Type>),
    Text(Texts),
}

/// Where the array of a column comes from.
enum Source {
    /// The times; no line is a row without one. In UTC, or naive.
    Timestamp(bool),
    /// The statuses with this number.
    Status(usize),
    /// The other column with this number.
    Other(usize),
}

/// The asked columns in the making.
pub(in crate::format) struct Builder {
    schema: SchemaRef,
    columns: Vec<Source>,
    /// The time of each row, where it is asked for.
    times: Vec<i64>,
    timed: bool,
    /// Statuses, and in which field each stands.
    statuses: Vec<(usize, Numbers<UInt16Type>)>,
    others: Vec<(Column, Values)>,
    rows: usize,
    /// The field with the request line, when a part of it is asked for.
    request: Option<usize>,
    scratch: Vec<u8>,
}

impl Builder {
    /// Builders for these columns; `schema` is theirs.
    pub(in crate::format) fn new(columns: Vec<Column>, schema: SchemaRef) -> Self {
        let request = columns.iter().find(|column| column.part.is_of_request()).map(|column| column.field);
        let (mut timed, mut statuses, mut others) = (false, Vec::new(), Vec::new());
        let columns = columns
            .into_iter()
            .map(|column| match column.part {
                Part::Timestamp(instant) => {
                    timed = true;
                    Source::Timestamp(instant)
                }
                Part::Status => {
                    statuses.push((column.field, Numbers::default()));
                    Source::Status(statuses.len() - 1)
                }
                part => {
                    let values = match part {
                        Part::Bytes => Values::Bytes(Numbers::default()),
                        Part::Duration(_) | Part::Spelled => Values::Duration(Numbers::default()),
                        _ => Values::Text(Texts::default()),
                    };
                    others.push((column, values));
                    Source::Other(others.len() - 1)
                }
            })
            .collect();
        Self { schema, columns, times: Vec::new(), timed, statuses, others, rows: 0, request, scratch: Vec::new() }
    }

    /// Adds a row.
    #[inline]
    pub(in crate::format) fn push<C: Cells>(&mut self, cells: &C) {
        if self.timed {
            self.times.push(cells.timestamp());
        }
        for (field, statuses) in &mut self.statuses {
            statuses.push(cells.field(*field).and_then(status));
        }
        if !self.others.is_empty() {
            self.push_others(cells);
        }
        self.rows += 1;
    }

    /// Adds what a row has beside times and statuses.
    #[inline(never)]
    fn push_others<C: Cells>(&mut self, cells: &C) {
        let request = self.request.and_then(|number| cells.field(number)).map(Request::parse).unwrap_or_default();
        let scratch = &mut self.scratch;
        for (column, values) in &mut self.others {
            let raw = cells.field(column.field);
            match values {
                Values::Bytes(values) => values.push(raw.and_then(whole)),
                Values::Duration(values) if column.part == Part::Spelled => values.push(raw.and_then(spelled)),
                Values::Duration(values) => values.push(raw.and_then(decimal)),
                Values::Text(texts) => {
                    let chosen = match column.part {
                        Part::Method => request.method,
                        Part::Path => request.path,
                        Part::Query => request.query,
                        Part::Protocol => request.protocol,
                        Part::UrlHost => request.path.and_then(|url| url_parts(url).0),
                        Part::UrlPath => request.path.and_then(|url| url_parts(url).1),
                        Part::AddressHost => raw.and_then(|raw| address_parts(raw).0),
                        Part::AddressPort => raw.and_then(|raw| address_parts(raw).1),
                        Part::Padded => raw.map(<[u8]>::trim_ascii).filter(|raw| !raw.is_empty()),
                        Part::TargetPath => raw.and_then(|raw| target_parts(raw).0),
                        Part::TargetQuery => raw.and_then(|raw| target_parts(raw).1),
                        Part::BareQuery => raw.and_then(|raw| raw.strip_prefix(b"?")),
                        Part::Host => cells.host(),
                        _ => raw,
                    };
                    match chosen.and_then(|raw| C::text(column.part, raw, scratch)) {
                        Some(text) => texts.push(&text),
                        None => texts.push_null(),
                    }
                }
            }
        }
    }

    /// The rows since the last batch.
    pub(in crate::format) fn finish(&mut self) -> Result<RecordBatch> {
        let next = Vec::with_capacity(self.times.len());
        let times = TimestampMicrosecondArray::from(std::mem::replace(&mut self.times, next));
        let statuses: Vec<_> = self.statuses.iter_mut().map(|(_, statuses)| statuses.finish()).collect();
        let others = self.others.iter_mut().map(|(_, values)| -> Result<ArrayRef> {
            Ok(match values {
                Values::Bytes(values) => Arc::new(values.finish()),
                Values::Duration(values) => Arc::new(values.finish()),
                Values::Text(texts) => Arc::new(texts.finish()?),
            })
        });
        let others = others.collect::<Result<Vec<_>>>()?;
        let arrays = self.columns.iter().map(|source| -> ArrayRef {
            match source {
                Source::Timestamp(instant) => Arc::new(times.clone().with_timezone_opt(instant.then_some("UTC"))),
                Source::Status(number) => Arc::new(statuses[*number].clone()),
                Source::Other(number) => Arc::clone(&others[*number]),
            }
        });
        let arrays = arrays.collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        self.rows = 0;
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(|error| Error::data(error.to_string()))
    }
}

/// A status: three digits, nearly always.
#[inline]
fn status(raw: &[u8]) -> Option<u16> {
    if let [a, b, c] = raw {
        let digits = [a, b, c].map(|byte| u16::from(byte.wrapping_sub(b'0')));
        if digits.iter().all(|digit| *digit < 10) {
            return Some(100 * digits[0] + 10 * digits[1] + digits[2]);
        }
    }
    whole(raw).and_then(|number| u16::try_from(number).ok())
}

/// A whole number of digits only.
#[inline(never)]
fn whole(raw: &[u8]) -> Option<u64> {
    if raw.is_empty() {
        return None;
    }
    raw.iter().try_fold(0_u64, |sum, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

/// A number that begins with a digit. Neither lists of several upstreams nor `inf` are numbers.
fn decimal(raw: &[u8]) -> Option<f64> {
    let may_be_in_one = |byte: &u8| byte.is_ascii_digit() || b".eE+-".contains(byte);
    if !raw.first()?.is_ascii_digit() || !raw.iter().all(may_be_in_one) {
        return None;
    }
    std::str::from_utf8(raw).ok()?.parse().ok()
}

/// The microseconds of `129 msecs`; what follows does not matter.
pub(super) fn spelled(raw: &[u8]) -> Option<f64> {
    let mut words = raw.split(|byte| *byte == b' ');
    let (number, unit) = (decimal(words.next()?)?, words.next()?);
    match unit {
        b"micros" => Some(number),
        b"msecs" => Some(number * 1e3),
        b"secs" => Some(number * 1e6),
        _ => None,
    }
}
