//! Which columns a pattern has, and from which field each comes.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef, TimeUnit};

use super::moment::Supplies;
use super::pattern::{Field, Meaning};
use crate::format::{LOOSE, MARKS, UNIT};
use crate::request::Marks;

/// The order of the columns with a common name; all others follow in the order of the format.
const ORDER: [&str; 18] = [
    "timestamp",
    "client",
    "method",
    "path",
    "query",
    "protocol",
    "status",
    "bytes",
    "duration",
    "referrer",
    "user_agent",
    "host",
    "upstream_status",
    "upstream_duration",
    "trace_id",
    "user",
    "ident",
    "request",
];

/// How well the parts of a request deserve their names: better than a variable that the server may have rewritten.
const DERIVED: u8 = 2;

/// What is taken from a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Part {
    /// All times of the line together; in UTC, or naive.
    Timestamp(bool),
    /// Its text.
    Text,
    /// Its text, which may be a number.
    Loose,
    /// A value of JSON that has no other meaning, as it is.
    Leaf,
    Status,
    Bytes,
    Duration(&'static str),
    /// A duration in microseconds whose unit the text spells out.
    Spelled,
    /// Its text without the spaces around it.
    Padded,
    /// Parts of an address.
    AddressHost,
    AddressPort,
    /// Parts of a request line.
    Method,
    Path,
    Query,
    Protocol,
    /// Parts of the URL in a request line.
    UrlHost,
    UrlPath,
    /// Parts of a request target.
    TargetPath,
    TargetQuery,
    /// A query without its question mark.
    BareQuery,
    /// The virtual host before the line.
    Host,
}

impl Part {
    /// Whether it is a part of a request line.
    pub(super) fn is_of_request(self) -> bool {
        matches!(self, Self::Method | Self::Path | Self::Query | Self::Protocol | Self::UrlHost | Self::UrlPath)
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) struct Column {
    pub(in crate::format) name: String,
    /// The number of its field; of no meaning for times and virtual hosts.
    pub(in crate::format) field: usize,
    pub(in crate::format) part: Part,
}

/// Someone who would like to have a name.
struct Claim {
    name: String,
    rank: u8,
    otherwise: Option<String>,
    field: usize,
    part: Part,
}

/// Gives every name to the field that deserves it best, the first of equals; the others go by their own names.
pub(in crate::format) fn assign(fields: &[Field], virtual_host: bool, supplies: &Supplies) -> Vec<Column> {
    let claims = claims(fields, virtual_host, supplies);
    let mut best: HashMap<&str, usize> = HashMap::new();
    for (number, claim) in claims.iter().enumerate() {
        let holder = best.entry(&claim.name).or_insert(number);
        if claims[*holder].rank < claim.rank {
            *holder = number;
        }
    }
    let mut columns: Vec<Column> = Vec::new();
    for (number, claim) in claims.iter().enumerate() {
        let won = best.get(claim.name.as_str()) == Some(&number);
        let name = if won {
            Some(&claim.name)
        } else {
            claim.otherwise.as_ref().filter(|own| !best.contains_key(own.as_str()))
        };
        if let Some(name) = name.filter(|name| columns.iter().all(|column| column.name != **name)) {
            columns.push(Column { name: name.clone(), field: claim.field, part: claim.part });
        }
    }
    let place = |column: &Column| ORDER.iter().position(|name| *name == column.name).unwrap_or(ORDER.len());
    columns.sort_by_key(place);
    columns
}

/// All claims, in the order of the fields.
fn claims(fields: &[Field], virtual_host: bool, supplies: &Supplies) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut add = |name: &str, rank, otherwise: Option<&str>, field, part| {
        claims.push(Claim { name: name.to_owned(), rank, otherwise: otherwise.map(str::to_owned), field, part });
    };
    if supplies.timestamp() {
        add("timestamp", DERIVED, None, 0, Part::Timestamp(supplies.instant()));
    }
    for (number, field) in fields.iter().enumerate() {
        let part = match field.meaning {
            Meaning::Time(_) => continue,
            Meaning::Request | Meaning::UrlRequest => {
                let url = field.meaning == Meaning::UrlRequest;
                add("method", DERIVED, None, number, Part::Method);
                add("path", DERIVED, None, number, if url { Part::UrlPath } else { Part::Path });
                add("query", DERIVED, None, number, Part::Query);
                add("protocol", DERIVED, None, number, Part::Protocol);
                if url {
                    add("host", DERIVED, None, number, Part::UrlHost);
                }
                Part::Text
            }
            Meaning::Target => {
                add("path", DERIVED, None, number, Part::TargetPath);
                add("query", DERIVED, None, number, Part::TargetQuery);
                continue;
            }
            Meaning::Address => {
                let port = format!("{}_port", field.column);
                add(&port, DERIVED, None, number, Part::AddressPort);
                Part::AddressHost
            }
            Meaning::Query => Part::BareQuery,
            Meaning::Status => Part::Status,
            Meaning::Bytes => Part::Bytes,
            Meaning::Duration(unit) => Part::Duration(unit),
            Meaning::Spelled => Part::Spelled,
            Meaning::Padded => Part::Padded,
            Meaning::Text => Part::Text,
            Meaning::Loose => Part::Loose,
        };
        add(&field.column, field.rank, Some(&field.otherwise), number, part);
    }
    if virtual_host {
        add("host", 0, None, 0, Part::Host);
    }
    claims
}

/// The schema of these columns, of which the time marks this moment of a request.
pub(in crate::format) fn schema(columns: &[Column], marks: Option<Marks>) -> SchemaRef {
    let fields: Vec<ArrowField> = columns.iter().map(|column| field(column, marks)).collect();
    Arc::new(Schema::new(fields))
}

fn field(column: &Column, marks: Option<Marks>) -> ArrowField {
    let nullable = |kind| ArrowField::new(&column.name, kind, true);
    let noted = |field: ArrowField, key: &str, value: &str| {
        field.with_metadata(HashMap::from([(key.to_owned(), value.to_owned())]))
    };
    match column.part {
        Part::Timestamp(instant) => {
            let zone = instant.then(|| Arc::from("UTC"));
            // A line whose time cannot be read is no row.
            let field = ArrowField::new(&column.name, DataType::Timestamp(TimeUnit::Microsecond, zone), false);
            match marks {
                Some(Marks::Start) => noted(field, MARKS, "start"),
                Some(Marks::End) => noted(field, MARKS, "end"),
                None => field,
            }
        }
        Part::Status => nullable(DataType::UInt16),
        Part::Bytes => nullable(DataType::UInt64),
        Part::Duration(unit) => noted(nullable(DataType::Float64), UNIT, unit),
        Part::Spelled => noted(nullable(DataType::Float64), UNIT, "us"),
        Part::Loose | Part::Leaf | Part::AddressPort => noted(nullable(DataType::Utf8), LOOSE, "true"),
        _ => nullable(DataType::Utf8),
    }
}
