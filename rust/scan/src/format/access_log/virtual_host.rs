//! The virtual host that some servers write before the line.

use std::net::IpAddr;

use memchr::memchr_iter;

use super::pattern::Field;
use super::steps::is_plain;

/// How many of these fields come before the time of a line before which no virtual host stands when they end at the first
/// spaces, of which there are no more than three then; nothing where that cannot be said.
pub(super) fn hosted(fields: &[Field]) -> Option<usize> {
    let mut spaces = 0;
    for (number, field) in fields.iter().enumerate() {
        if !is_plain(field) || !field.after.starts_with(b" ") {
            return None;
        }
        for (at, _) in field.after.iter().enumerate().filter(|(_, byte)| **byte == b' ') {
            spaces += 1;
            if field.after.get(at + 1) == Some(&b'[') {
                return (spaces <= 3).then_some(number + 1);
            }
        }
    }
    None
}

/// The length of the virtual host that stands before the client: `example.com:443 192.0.2.1 - - [`.
///
/// Users can have spaces in their names, so a fourth word before the time is a virtual host only when an address
/// follows it, or when `-` stands where the identity would be one word later.
pub(super) fn virtual_host(line: &[u8]) -> Option<usize> {
    let bracket = memchr_iter(b'[', line).find(|place| *place > 0 && line[*place - 1] == b' ')? - 1;
    // Of the usual line there are three: the client, two dashes.
    let (host, rest) = word(&line[..bracket])?;
    let (client, rest) = word(rest)?;
    let (ident, _) = word(rest)?;
    let named = || client != b"-" && ident == b"-";
    (!host.is_empty() && (named() || is_address(client))).then_some(host.len())
}

/// What stands before the first space, and behind it.
fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = text.iter().position(|byte| *byte == b' ')?;
    Some((&text[..space], &text[space + 1..]))
}

/// Whether a word is an address.
fn is_address(word: &[u8]) -> bool {
    std::str::from_utf8(word).is_ok_and(|text| text.parse::<IpAddr>().is_ok())
}

/// The length of a virtual host without its port.
pub(super) fn host_name(host: &[u8]) -> usize {
    match host.iter().rposition(|byte| *byte == b':') {
        Some(colon) if host[colon + 1..].iter().all(u8::is_ascii_digit) => colon,
        _ => host.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fourth_word_is_a_host_where_an_address_or_two_dashes_tell() {
        for (line, host) in [
            ("192.0.2.1 - - [t]", None),
            ("e.com 192.0.2.1 - - [t]", Some("e.com")),
            ("e.com:80 192.0.2.1 ident user [t]", Some("e.com:80")),
            ("e.com:80 2001:db8::1 ident jo ann [t]", Some("e.com:80")),
            ("e.com client.example - ann [t]", Some("e.com")),
            ("192.0.2.1 - jo ann [t]", None),
            ("192.0.2.1 ident jo ann [t]", None),
            ("192.0.2.1 - - -[ [t]", None),
            (" 192.0.2.1 - - [t]", None),
            ("e.com 192.0.2.1 - -", None),
            ("[a [b", None),
        ] {
            assert_eq!(virtual_host(line.as_bytes()).map(|length| &line[..length]), host, "{line}");
        }
    }
}
