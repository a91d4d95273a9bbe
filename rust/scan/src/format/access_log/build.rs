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

/// The array of one column in the making.
enum Values {
    /// No line is a row without a time; this one in UTC, or naive.
    Timestamp(Vec<i64>, bool),
    Status(Numbers<UInt16Type>),
    Bytes(Numbers<UInt64Type>),
    Duration(Numbers<Float64Type>),
    Text(Texts),
}

/// The asked columns in the making.
pub(in crate::format) struct Builder {
    schema: SchemaRef,
    columns: Vec<(Column, Values)>,
    rows: usize,
    /// Whether there is more than times and statuses.
    others: bool,
    /// The field with the request line, when a part of it is asked for.
    request: Option<usize>,
    scratch: Vec<u8>,
}

impl Builder {
    /// Builders for these columns; `schema` is theirs.
    pub(in crate::format) fn new(columns: Vec<Column>, schema: SchemaRef) -> Self {
        let request = columns.iter().find(|column| column.part.is_of_request()).map(|column| column.field);
        let others = columns.iter().any(|column| !matches!(column.part, Part::Timestamp(_) | Part::Status));
        let columns = columns
            .into_iter()
            .map(|column| {
                let values = match column.part {
                    Part::Timestamp(instant) => Values::Timestamp(Vec::new(), instant),
                    Part::Status => Values::Status(Numbers::default()),
                    Part::Bytes => Values::Bytes(Numbers::default()),
                    Part::Duration(_) | Part::Spelled => Values::Duration(Numbers::default()),
                    _ => Values::Text(Texts::default()),
                };
                (column, values)
            })
            .collect();
        Self { schema, columns, rows: 0, others, request, scratch: Vec::new() }
    }

    /// Adds a row.
    #[inline]
    pub(in crate::format) fn push<C: Cells>(&mut self, cells: &C) {
        for (column, values) in &mut self.columns {
            match values {
                Values::Timestamp(values, _) => values.push(cells.timestamp()),
                Values::Status(values) => {
                    let status = cells.field(column.field).and_then(whole);
                    values.push(status.and_then(|status| u16::try_from(status).ok()));
                }
                _ => {}
            }
        }
        if self.others {
            self.push_others(cells);
        }
        self.rows += 1;
    }

    /// Adds what a row has beside times and statuses.
    fn push_others<C: Cells>(&mut self, cells: &C) {
        let request = self.request.and_then(|number| cells.field(number)).map(Request::parse).unwrap_or_default();
        let scratch = &mut self.scratch;
        for (column, values) in &mut self.columns {
            let raw = cells.field(column.field);
            match values {
                Values::Timestamp(..) | Values::Status(_) => {}
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
        let arrays: Vec<ArrayRef> = self
            .columns
            .iter_mut()
            .map(|(_, values)| -> Result<ArrayRef> {
                Ok(match values {
                    Values::Timestamp(values, instant) => {
                        let next = Vec::with_capacity(values.len());
                        let array = TimestampMicrosecondArray::from(std::mem::replace(values, next));
                        Arc::new(array.with_timezone_opt(instant.then_some("UTC")))
                    }
                    Values::Status(values) => Arc::new(values.finish()),
                    Values::Bytes(values) => Arc::new(values.finish()),
                    Values::Duration(values) => Arc::new(values.finish()),
                    Values::Text(texts) => Arc::new(texts.finish()?),
                })
            })
            .collect::<Result<_>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        self.rows = 0;
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(|error| Error::data(error.to_string()))
    }
}

/// A whole number of digits only.
#[inline]
fn whole(raw: &[u8]) -> Option<u64> {
    if let [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9'] = raw {
        // A status, nearly always.
        let digit = |byte: &u8| u64::from(byte - b'0');
        return Some(100 * digit(a) + 10 * digit(b) + digit(c));
    }
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
