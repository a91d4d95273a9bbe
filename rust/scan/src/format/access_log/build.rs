//! From parsed lines to the arrays of the asked columns.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Builder, RecordBatch, RecordBatchOptions, StringBuilder, TimestampMicrosecondArray, UInt16Builder,
    UInt64Builder,
};
use arrow::datatypes::SchemaRef;

use super::columns::{Column, Part};
use super::parse::Record;
use super::request::{Request, address_parts, target_parts, url_parts};
use super::text::text;
use crate::error::{Error, Result};

/// The array of one column in the making.
enum Values {
    /// No line is a row without a time; this one in UTC, or naive.
    Timestamp(Vec<i64>, bool),
    Status(UInt16Builder),
    Bytes(UInt64Builder),
    Duration(Float64Builder),
    Text(StringBuilder),
}

/// The asked columns in the making.
pub(super) struct Builder {
    schema: SchemaRef,
    columns: Vec<(Column, Values)>,
    rows: usize,
    /// The field with the request line, when a part of it is asked for.
    request: Option<usize>,
    scratch: Vec<u8>,
}

impl Builder {
    /// Builders for these columns; `schema` is theirs.
    pub(super) fn new(columns: Vec<Column>, schema: SchemaRef) -> Self {
        let request = columns.iter().find(|column| column.part.is_of_request()).map(|column| column.field);
        let columns = columns
            .into_iter()
            .map(|column| {
                let values = match column.part {
                    Part::Timestamp(instant) => Values::Timestamp(Vec::new(), instant),
                    Part::Status => Values::Status(UInt16Builder::new()),
                    Part::Bytes => Values::Bytes(UInt64Builder::new()),
                    Part::Duration(_) | Part::Spelled => Values::Duration(Float64Builder::new()),
                    _ => Values::Text(StringBuilder::new()),
                };
                (column, values)
            })
            .collect();
        Self { schema, columns, rows: 0, request, scratch: Vec::new() }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, line: &[u8], record: &Record) {
        let field = |number: usize| record.fields.get(number).map_or(&b""[..], |span| span.of(line));
        let request = self.request.map(|number| Request::parse(field(number))).unwrap_or_default();
        let scratch = &mut self.scratch;
        for (column, values) in &mut self.columns {
            let raw = field(column.field);
            match values {
                Values::Timestamp(values, _) => values.push(record.timestamp),
                Values::Status(builder) => builder.append_option(whole(raw).and_then(|n| u16::try_from(n).ok())),
                Values::Bytes(builder) => builder.append_option(whole(raw)),
                Values::Duration(builder) if column.part == Part::Spelled => builder.append_option(spelled(raw)),
                Values::Duration(builder) => builder.append_option(decimal(raw)),
                Values::Text(builder) => {
                    let chosen = match column.part {
                        Part::Method => request.method,
                        Part::Path => request.path,
                        Part::Query => request.query,
                        Part::Protocol => request.protocol,
                        Part::UrlHost => request.path.and_then(|url| url_parts(url).0),
                        Part::UrlPath => request.path.and_then(|url| url_parts(url).1),
                        Part::AddressHost => address_parts(raw).0,
                        Part::AddressPort => address_parts(raw).1,
                        Part::Padded => Some(raw.trim_ascii()).filter(|raw| !raw.is_empty()),
                        Part::TargetPath => target_parts(raw).0,
                        Part::TargetQuery => target_parts(raw).1,
                        Part::BareQuery => raw.strip_prefix(b"?"),
                        Part::Host => record.host.map(|span| span.of(line)),
                        _ => Some(raw),
                    };
                    builder.append_option(chosen.and_then(|raw| text(raw, scratch)));
                }
            }
        }
        self.rows += 1;
    }

    /// The rows since the last batch.
    pub(super) fn finish(&mut self) -> Result<RecordBatch> {
        let arrays: Vec<ArrayRef> = self
            .columns
            .iter_mut()
            .map(|(_, values)| -> ArrayRef {
                match values {
                    Values::Timestamp(values, instant) => {
                        let array = TimestampMicrosecondArray::from(std::mem::take(values));
                        Arc::new(array.with_timezone_opt(instant.then_some("UTC")))
                    }
                    Values::Status(builder) => Arc::new(builder.finish()),
                    Values::Bytes(builder) => Arc::new(builder.finish()),
                    Values::Duration(builder) => Arc::new(builder.finish()),
                    Values::Text(builder) => Arc::new(builder.finish()),
                }
            })
            .collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        self.rows = 0;
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(|error| Error::data(error.to_string()))
    }
}

/// A whole number of digits only.
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

/// A number of digits with at most one point. Neither lists of several upstreams nor `inf` are numbers.
fn decimal(raw: &[u8]) -> Option<f64> {
    if !raw.first()?.is_ascii_digit() || !raw.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
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
