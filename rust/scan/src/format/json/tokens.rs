//! Where the texts and numbers of JSON end.

use wide::u8x16;

/// Bytes that are looked at together.
const LANES: usize = 16;

/// Skips the text behind whose opening quote `at` is: where it ends, and whether it has escapes.
#[inline]
pub(super) fn text(line: &[u8], at: usize) -> Option<(usize, bool)> {
    let mut at = plain(line, at);
    let mut escaped = false;
    loop {
        match line.get(at)? {
            b'"' => return Some((at + 1, escaped)),
            b'\\' => at = plain(line, escape(line, at + 1)?),
            _ => return None,
        }
        escaped = true;
    }
}

/// Skips what neither ends a text nor has a meaning of its own there.
#[inline]
fn plain(line: &[u8], mut at: usize) -> usize {
    let rest = line.get(at..).unwrap_or_default();
    let (blocks, _) = rest.as_chunks::<LANES>();
    for block in blocks {
        let bytes = u8x16::new(*block);
        let control = bytes.min(u8x16::splat(0x1f)).simd_eq(bytes);
        let ends = bytes.simd_eq(u8x16::splat(b'"')) | bytes.simd_eq(u8x16::splat(b'\\')) | control;
        let ends = ends.to_bitmask();
        if ends != 0 {
            return at + ends.trailing_zeros() as usize;
        }
        at += LANES;
    }
    while line.get(at).is_some_and(|byte| *byte > 0x1f && *byte != b'"' && *byte != b'\\') {
        at += 1;
    }
    at
}

/// Skips what stands behind a backslash.
fn escape(line: &[u8], at: usize) -> Option<usize> {
    match line.get(at)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 1),
        b'u' => line.get(at + 1..at + 5)?.iter().all(u8::is_ascii_hexdigit).then_some(at + 5),
        _ => None,
    }
}

/// Skips a number.
#[inline]
pub(super) fn number(line: &[u8], at: usize) -> Option<usize> {
    let byte = |at: usize| line.get(at).copied().unwrap_or_default();
    let start = if byte(at) == b'-' { at + 1 } else { at };
    let mut at = if byte(start) == b'0' { start + 1 } else { digits(line, start)? };
    if byte(at) == b'.' {
        at = digits(line, at + 1)?;
    }
    if matches!(byte(at), b'e' | b'E') {
        at = digits(line, if matches!(byte(at + 1), b'+' | b'-') { at + 2 } else { at + 1 })?;
    }
    Some(at)
}

/// Skips one digit or more.
#[inline]
fn digits(line: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while line.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    (at > start).then_some(at)
}

/// Skips white space, of which there is mostly none.
#[inline]
pub(super) fn blank(line: &[u8], at: usize) -> usize {
    if line.get(at).is_some_and(|byte| *byte > b' ') { at } else { blanks(line, at) }
}

fn blanks(line: &[u8], mut at: usize) -> usize {
    while matches!(line.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}
