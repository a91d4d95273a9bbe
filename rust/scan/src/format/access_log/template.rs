//! The neutral way to write a format: `{client} [{timestamp:%d/%b/%Y:%H:%M:%S}] "{request}" {duration:ms}`.

use super::pieces::{Piece, Pieces, column};
use super::words;
use crate::error::{Error, Result};

/// Cuts a template into pieces. `{{` and `}}` are braces that stand in every line.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>> {
    let mut pieces = Pieces::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let place = column(text, rest);
        let (head, tail) = rest.split_at(first.len_utf8());
        rest = tail;
        match first {
            '{' | '}' if tail.starts_with(first) => {
                pieces.text(head.bytes());
                rest = &tail[1..];
            }
            '{' => {
                let (inner, tail) = tail.split_once('}').ok_or_else(|| open_ended(text, place))?;
                let (name, is) = inner.split_once(':').unwrap_or((inner, ""));
                let field = words::field(name, is).map_err(|error| error.column(place).value(text))?;
                pieces.field(field, place);
                rest = tail;
            }
            '}' => return Err(open_ended(text, place)),
            _ => pieces.text(head.bytes()),
        }
    }
    Ok(pieces.finish())
}

fn open_ended(text: &str, place: u64) -> Error {
    Error::spec("a brace of the template has no other half")
        .column(place)
        .value(text)
        .remedy("write a field as {name}, and braces of the line itself as {{ and }}")
}

#[cfg(test)]
mod tests {
    use crate::error::Kind;
    use crate::format::access_log::tests::Log;
    use crate::format::access_log::{Manner, Pattern};

    fn read(template: &str, line: &str) -> Log {
        Log::read(Pattern::template(template, Manner::default()).unwrap(), line.as_bytes())
    }

    #[test]
    fn braces_units_and_times_are_read() {
        let template = "{{{request_id}}} {timestamp:%Y-%m-%d %H:%M:%S.%f} {client:address}|{took:us} {duration:ns}ns {upstream_status:status} {note:padded};";
        let log = read(template, "{a b} 2026-01-02 03:04:05.5 [2001:db8::1]:80|12 7ns 200  ;");
        for (name, value) in [
            ("request_id", Some("a b")),
            ("timestamp", Some("2026-01-02T03:04:05.500")),
            ("client", Some("2001:db8::1")),
            ("client_port", Some("80")),
            ("took", Some("12.0")),
            ("duration", Some("7.0")),
            ("upstream_status", Some("200")),
            ("note", None),
        ] {
            assert_eq!(log.cell(name).as_deref(), value, "{name}");
        }
        let times = read("{timestamp:epoch} {timestamp:%f}", "1 5");
        assert_eq!(times.cell("timestamp").as_deref(), Some("1970-01-01T00:00:01.5Z"));
        assert_eq!(read("{timestamp:%Y-%m-%d %H:%M:%S.%f}|", "2026-01-02 03:04:05.x|\n").bad(), [(1, "bad time")]);
    }

    #[test]
    fn mistakes_say_where_they_are() {
        for (template, column, words) in [
            ("{a} {b", Some(5), "no other half"),
            ("{a} }", Some(5), "no other half"),
            ("{a}{b}", Some(4), "side by side"),
            ("{a} {}", Some(5), "no name of a field"),
            ("{a b}", Some(1), "no name of a field"),
            ("x {a:minutes}", Some(3), "'minutes' says nothing"),
            ("{timestamp:%Q}", Some(1), "%Q"),
            ("{timestamp:%H:%M}", None, "no year"),
            ("{{}}", None, "no field"),
        ] {
            let error = Pattern::template(template, Manner::default()).unwrap_err();
            assert_eq!((error.kind, error.column), (Kind::Spec, column), "{template}");
            assert!(error.message.contains(words), "{error}");
        }
    }
}
