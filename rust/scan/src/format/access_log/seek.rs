//! Looking for a byte that is near: for the short fields of a line, calling a general search costs more than it finds.

use memchr::memchr;

/// Bytes in which a byte is looked for here before it is looked for in long strides.
const NEAR: usize = 64;

/// A one in every byte.
const ONES: u64 = u64::from_le_bytes([1; 8]);

/// The highest bit of every byte.
const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);

/// Where `byte` first stands in `text`.
#[inline]
pub(super) fn seek(text: &[u8], byte: u8) -> Option<usize> {
    let (near, far) = text.split_at(text.len().min(NEAR));
    let (words, rest) = near.as_chunks::<8>();
    let wanted = u64::from_le_bytes([byte; 8]);
    let mut place = 0;
    for word in words {
        // A byte that is wanted becomes 0. Subtracting one sets the highest bit of a 0, and below the first one of
        // no other byte that had it clear: so the lowest bit that is set is in the first wanted byte.
        let word = u64::from_le_bytes(*word) ^ wanted;
        let zeros = word.wrapping_sub(ONES) & !word & HIGHS;
        if zeros != 0 {
            return Some(place + zeros.trailing_zeros() as usize / 8);
        }
        place += 8;
    }
    match rest.iter().position(|other| *other == byte) {
        Some(found) => Some(place + found),
        None if far.is_empty() => None,
        None => memchr(byte, far).map(|found| NEAR + found),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_byte_is_found_where_it_first_stands(
            text in proptest::collection::vec(prop_oneof![9 => any::<u8>(), 1 => 0x5b_u8..0x60], 0..200), byte in prop_oneof![any::<u8>(), 0x5b_u8..0x60],
        ) {
            prop_assert_eq!(seek(&text, byte), text.iter().position(|other| *other == byte));
        }

        #[test]
        fn a_byte_is_told_from_its_neighbours(before in proptest::collection::vec(0_u8..4, 0..80), byte in 0_u8..4) {
            prop_assert_eq!(seek(&before, byte), before.iter().position(|other| *other == byte));
        }
    }
}
