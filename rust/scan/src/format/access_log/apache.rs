//! Apache `LogFormat` strings.

use super::moment::Moment;
use super::pattern::{Field, Meaning};
use super::pieces::{Piece, Pieces, column};
use super::strftime;
use crate::error::{Error, Result};

/// Cuts a format string into pieces.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>> {
    let mut pieces = Pieces::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let place = column(text, rest);
        let (head, tail) = rest.split_at(first.len_utf8());
        rest = tail;
        match first {
            '%' if tail.starts_with('%') => {
                pieces.text([b'%']);
                rest = &tail[1..];
            }
            '%' => {
                let directive = Directive::read(tail).ok_or_else(|| {
                    Error::spec("a percent sign without a directive in the log format")
                        .column(place)
                        .value(text)
                        .remedy("write %% for a percent sign, and a letter for a field, as in %>s")
                })?;
                rest = directive.rest;
                let bracketed = directive.letter == "t" && directive.argument.is_none();
                // `%t` writes its brackets itself.
                pieces.text(bracketed.then_some(b'['));
                let field = directive.field().map_err(|e| e.column(place).value(text))?;
                if !pieces.last().is_some_and(|before| join(before, &field)) {
                    pieces.field(field, place);
                }
                pieces.text(bracketed.then_some(b']'));
            }
            '\\' => {
                let (byte, tail) = escape(tail);
                pieces.text([byte]);
                rest = tail;
            }
            _ => pieces.text(head.bytes()),
        }
    }
    Ok(pieces.finish())
}

/// `%U%q` stand side by side in many formats, and together they are the request target.
fn join(before: &mut Field, field: &Field) -> bool {
    let target = before.otherwise == "uri" && field.meaning == Meaning::Query;
    if target {
        *before = Field::new(Meaning::Target, "target", 1, "request_uri");
    }
    target
}

/// What stands behind a backslash: configuration files need one before quotes.
fn escape(tail: &str) -> (u8, &str) {
    match tail.as_bytes().first() {
        Some(b't') => (b'\t', &tail[1..]),
        Some(b'n') => (b'\n', &tail[1..]),
        Some(byte @ (b'"' | b'\'' | b'\\')) => (*byte, &tail[1..]),
        _ => (b'\\', tail),
    }
}

/// A directive: `%400,501{User-Agent}i`, `%>s`, `%{ms}T`.
struct Directive<'a> {
    letter: &'a str,
    argument: Option<&'a str>,
    last: bool,
    rest: &'a str,
}

impl<'a> Directive<'a> {
    /// Reads one behind its percent sign. The statuses for which it is written only matter to the server.
    fn read(text: &'a str) -> Option<Self> {
        let mut last = false;
        let mut argument = None;
        let mut rest = text;
        loop {
            let first = rest.chars().next()?;
            match first {
                '0'..='9' | ',' | '!' | '<' => rest = &rest[1..],
                '>' => {
                    last = true;
                    rest = &rest[1..];
                }
                '{' => {
                    let (inner, tail) = rest[1..].split_once('}')?;
                    argument = Some(inner);
                    rest = tail;
                }
                '^' => {
                    let letter = rest.get(..3).filter(|letter| letter[1..].bytes().all(|b| b.is_ascii_alphabetic()))?;
                    return Some(Self { letter, argument, last, rest: &rest[3..] });
                }
                _ if first.is_ascii_alphabetic() => {
                    return Some(Self { letter: &rest[..1], argument, last, rest: &rest[1..] });
                }
                _ => return None,
            }
        }
    }

    /// What it means.
    fn field(&self) -> Result<Field> {
        let argument = self.argument.unwrap_or_default();
        let text = |column: &str, rank, otherwise: &str| Field::new(Meaning::Text, column, rank, otherwise);
        Ok(match (self.letter, argument) {
            ("h", _) => text("client", 2, "remote_host"),
            ("a", "") => text("client", 2, "remote_addr"),
            ("a", _) => Field::own("peer_addr"),
            ("l", _) => text("ident", 1, "ident"),
            ("u", _) => text("user", 1, "remote_user"),
            ("t", format) => Field::new(Meaning::Time(time(format)?), "timestamp", 1, "time"),
            ("r", _) => Field::new(Meaning::Request, "request", 1, "request"),
            ("m", _) => text("method", 1, "request_method"),
            ("U", _) => text("path", 1, "uri"),
            ("q", _) => Field::new(Meaning::Query, "query", 1, "args"),
            ("H", _) => text("protocol", 1, "server_protocol"),
            ("s", _) if self.last => Field::new(Meaning::Status, "status", 2, "final_status"),
            ("s", _) => Field::new(Meaning::Status, "status", 1, "original_status"),
            ("b" | "B", _) => Field::new(Meaning::Bytes, "bytes", 2, "body_bytes_sent"),
            ("O", _) => Field::new(Meaning::Bytes, "bytes", 1, "bytes_sent"),
            ("D", _) | ("T", "us") => Field::new(Meaning::Duration("us"), "duration", 3, "duration_us"),
            ("T", "ms") => Field::new(Meaning::Duration("ms"), "duration", 2, "duration_ms"),
            ("T", "" | "s") => Field::new(Meaning::Duration("s"), "duration", 1, "duration_s"),
            ("T", unit) => {
                return Err(Error::spec(format!("%{{{unit}}}T has no such unit")).remedy("its units are s, ms and us"));
            }
            ("i", _) if argument.eq_ignore_ascii_case("referer") => text("referrer", 1, "http_referer"),
            ("i", _) if argument.eq_ignore_ascii_case("user-agent") => text("user_agent", 1, "http_user_agent"),
            ("i", _) if argument.eq_ignore_ascii_case("host") => text("host", 3, "http_host"),
            ("v", _) => text("host", 1, "server_name"),
            ("V", _) => text("host", 2, "canonical_name"),
            ("i", name) => Field { list: true, ..Field::own(&named("http", name)) },
            ("o", name) => Field::own(&named("sent_http", name)),
            ("C", name) => Field::own(&named("cookie", name)),
            ("e", name) => Field::own(&named("env", name)),
            ("n", name) => Field::own(&named("note", name)),
            ("p", "remote") => Field::own("remote_port"),
            ("p", "local") => Field::own("local_port"),
            ("P", "tid" | "hextid") => Field::own("tid"),
            (letter, _) => Field::own(other(letter)),
        })
    }
}

/// The names of the remaining directives; nginx's where it has the same thing.
fn other(letter: &str) -> &str {
    match letter {
        "A" => "server_addr",
        "f" => "request_filename",
        "I" => "request_length",
        "k" => "connection_requests",
        "L" => "log_id",
        "p" => "server_port",
        "P" => "pid",
        "R" => "handler",
        "S" => "bytes_transferred",
        "X" => "connection_status",
        "^FB" => "first_byte_us",
        _ => letter.trim_start_matches('^'),
    }
}

/// A name such as `http_x_forwarded_for`: what nginx calls the same header.
fn named(prefix: &str, name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    format!("{prefix}_{plain}")
}

/// The time that `%{argument}t` writes.
fn time(argument: &str) -> Result<Moment> {
    let format = argument.strip_prefix("begin:").or_else(|| argument.strip_prefix("end:")).unwrap_or(argument);
    Ok(match format {
        "" => Moment::Common,
        "sec" => Moment::Seconds,
        "msec" => Moment::Milliseconds,
        "usec" => Moment::Microseconds,
        "msec_frac" => Moment::MillisecondFraction,
        "usec_frac" => Moment::MicrosecondFraction,
        _ => Moment::Strftime(strftime::compile(format)?),
    })
}
