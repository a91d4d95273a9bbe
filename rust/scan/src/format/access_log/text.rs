//! Text as servers escape it.

use std::borrow::Cow;

use memchr::memchr;

/// The text of a field: escapes undone, bytes that are no UTF-8 replaced; `-` is null.
pub(super) fn text<'a>(raw: &'a [u8], scratch: &'a mut Vec<u8>) -> Option<Cow<'a, str>> {
    if raw == b"-" {
        return None;
    }
    if memchr(b'\\', raw).is_none() {
        return Some(String::from_utf8_lossy(raw));
    }
    unescape(raw, scratch);
    Some(String::from_utf8_lossy(scratch))
}

/// Undoes `\"`, `\\`, `\xHH` and the C escapes that Apache writes; a backslash before anything else stays.
fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    out.clear();
    let mut rest = raw;
    while let Some(place) = memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..place]);
        let (byte, length) = match &rest[place + 1..] {
            [b'x' | b'X', high, low, ..] => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, 4),
                _ => (b'\\', 1),
            },
            [byte @ (b'"' | b'\\' | b'\''), ..] => (*byte, 2),
            [b'n', ..] => (b'\n', 2),
            [b't', ..] => (b'\t', 2),
            [b'r', ..] => (b'\r', 2),
            [b'v', ..] => (0x0b, 2),
            [b'f', ..] => (0x0c, 2),
            [b'b', ..] => (0x08, 2),
            [b'a', ..] => (0x07, 2),
            _ => (b'\\', 1),
        };
        out.push(byte);
        rest = &rest[place + length..];
    }
    out.extend_from_slice(rest);
}

/// The value of a hexadecimal digit.
fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Bytes as Apache writes them in a quoted field; the inverse of reading, for tests.
#[cfg(test)]
pub(super) fn escape(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b'\n' => out.push_str("\\n"),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => write!(out, "\\x{byte:02x}").unwrap(),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(raw: &[u8]) -> Option<String> {
        text(raw, &mut Vec::new()).map(Cow::into_owned)
    }

    #[test]
    fn escapes_of_both_servers_are_undone() {
        assert_eq!(read(br#"a\"b\\c"#).unwrap(), r#"a"b\c"#);
        assert_eq!(read(br"\x22\xd9\x85\t").unwrap(), "\"م\t");
        assert_eq!(read(br"\").unwrap(), r"\");
        assert_eq!(read(br"\q\x2\xzz").unwrap(), r"\q\x2\xzz");
        assert_eq!(read(b"-"), None);
        assert_eq!(read(br"\x2d").unwrap(), "-");
        assert_eq!(read(b"\xff\\xff").unwrap(), "\u{fffd}\u{fffd}");
    }

    proptest! {
        #[test]
        fn what_is_escaped_is_read_back(written in "\\PC*|[ -~\n\t]*") {
            prop_assume!(written != "-");
            prop_assert_eq!(read(escape(&written).as_bytes()), Some(written));
        }
    }
}
