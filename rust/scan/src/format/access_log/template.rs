//! The neutral way to write a format: `{client} [{timestamp:%d/%b/%Y:%H:%M:%S}] "{request}" {duration:ms}`.

use super::nginx::column;
use super::pattern::Piece;
use super::words;
use crate::error::{Error, Result};

/// Cuts a template into pieces. `{{` and `}}` are braces that stand in every line.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut literal = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let place = column(text, rest);
        let (head, tail) = rest.split_at(first.len_utf8());
        rest = tail;
        match first {
            '{' | '}' if tail.starts_with(first) => {
                literal.extend(head.bytes());
                rest = &tail[1..];
            }
            '{' => {
                let (inner, tail) = tail.split_once('}').ok_or_else(|| open_ended(text, place))?;
                let (name, is) = inner.split_once(':').unwrap_or((inner, ""));
                let field = words::field(name, is).map_err(|error| error.column(place).value(text))?;
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Field(field, place));
                rest = tail;
            }
            '}' => return Err(open_ended(text, place)),
            _ => literal.extend(head.bytes()),
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

fn open_ended(text: &str, place: u64) -> Error {
    Error::spec("a brace of the template has no other half")
        .column(place)
        .value(text)
        .remedy("write a field as {name}, and braces of the line itself as {{ and }}")
}
