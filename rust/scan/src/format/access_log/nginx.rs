//! nginx `log_format` strings.

use super::moment::Moment;
use super::pattern::{Field, Meaning};
use super::pieces::{Piece, Pieces, column};
use crate::error::{Error, Result};

/// Whether a format string has variables.
#[must_use]
pub(super) fn is_format(text: &str) -> bool {
    text.match_indices('$').any(|(place, _)| {
        text[place + 1..].trim_start_matches('{').starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    })
}

/// Cuts a format string into pieces.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>> {
    let mut pieces = Pieces::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let place = column(text, rest);
        match first {
            '$' => {
                let (name, tail) = variable(&rest[1..]).ok_or_else(|| {
                    Error::spec("a dollar sign without a variable in the log format")
                        .column(place)
                        .value(text)
                        .remedy("write the variable's name behind it, as in $status")
                })?;
                pieces.field(field(name), place);
                rest = tail;
            }
            // Quotes are often copied with the backslash of the configuration file.
            '\\' if rest[1..].starts_with(['"', '\'', '\\']) => {
                pieces.text(rest.as_bytes().get(1).copied());
                rest = &rest[2..];
            }
            _ => {
                let (head, tail) = rest.split_at(first.len_utf8());
                pieces.text(head.bytes());
                rest = tail;
            }
        }
    }
    Ok(pieces.finish())
}

/// The name of a variable, written `name` or `{name}`, and what follows.
fn variable(text: &str) -> Option<(&str, &str)> {
    if let Some(braced) = text.strip_prefix('{') {
        return braced.split_once('}').filter(|(name, _)| !name.is_empty());
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// What a variable means.
fn field(name: &str) -> Field {
    let named = |meaning, column: &str, rank| Field::new(meaning, column, rank, name);
    let field = match name {
        "remote_addr" => named(Meaning::Text, "client", 2),
        "remote_user" => named(Meaning::Text, "user", 1),
        "time_local" => named(Meaning::Time(Moment::Common), "timestamp", 1),
        "time_iso8601" => named(Meaning::Time(Moment::Iso), "timestamp", 1),
        "msec" => named(Meaning::Time(Moment::Seconds), "timestamp", 1),
        "request" => named(Meaning::Request, "request", 1),
        "request_method" => named(Meaning::Text, "method", 1),
        "request_uri" => named(Meaning::Target, "target", 1),
        "uri" => named(Meaning::Text, "path", 1),
        "args" | "query_string" => named(Meaning::Text, "query", 1),
        "server_protocol" => named(Meaning::Text, "protocol", 1),
        "status" => named(Meaning::Status, "status", 2),
        "body_bytes_sent" => named(Meaning::Bytes, "bytes", 2),
        "bytes_sent" => named(Meaning::Bytes, "bytes", 1),
        "request_time" => named(Meaning::Duration("s"), "duration", 1),
        "upstream_response_time" => named(Meaning::Duration("s"), "upstream_duration", 1),
        "upstream_status" => named(Meaning::Loose, "upstream_status", 1),
        "http_referer" => named(Meaning::Text, "referrer", 1),
        "http_user_agent" => named(Meaning::Text, "user_agent", 1),
        "host" => named(Meaning::Text, "host", 3),
        "http_host" => named(Meaning::Text, "host", 2),
        "server_name" => named(Meaning::Text, "host", 1),
        _ => Field::own(name),
    };
    // A request can go to several upstreams and through several proxies.
    Field { list: name.starts_with("upstream_") || name == "http_x_forwarded_for", ..field }
}
