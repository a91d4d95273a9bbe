//! The virtual host that some servers write before the line.

use std::net::IpAddr;

use memchr::memmem;

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
    let bracket = memmem::find(line, b" [")?;
    // Of the usual line there are three: the client, two dashes.
    let mut words = line[..bracket].split(|byte| *byte == b' ');
    let (host, client, ident) = (words.next()?, words.next()?, words.next()?);
    words.next()?;
    let address = || std::str::from_utf8(client).is_ok_and(|text| text.parse::<IpAddr>().is_ok());
    (!host.is_empty() && (address() || (client != b"-" && ident == b"-"))).then_some(host.len())
}

/// The length of a virtual host without its port.
pub(super) fn host_name(host: &[u8]) -> usize {
    match host.iter().rposition(|byte| *byte == b':') {
        Some(colon) if host[colon + 1..].iter().all(u8::is_ascii_digit) => colon,
        _ => host.len(),
    }
}
