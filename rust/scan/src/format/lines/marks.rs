//! Where the bytes that end fields stand: looked for once in all that is held, many bytes at a time.

use wide::u8x16;

/// Places that one word tells about.
const BLOCK: usize = u64::BITS as usize;

/// Places that are compared at once.
const LANES: usize = 16;

/// The places of a few bytes in a buffer: for each 64 places of it a word for every byte, with a bit for every place.
#[derive(Debug, Clone)]
pub(in crate::format) struct Marks {
    bytes: Vec<u8x16>,
    words: Vec<u64>,
}

impl Marks {
    /// Nothing looked through yet for these bytes, which go by their positions here.
    pub(in crate::format) fn new(bytes: &[u8]) -> Self {
        Self { bytes: bytes.iter().map(|byte| u8x16::splat(*byte)).collect(), words: Vec::new() }
    }

    /// Looks through a buffer of which all before `from` was looked through before.
    pub(in crate::format) fn look(&mut self, buffer: &[u8], from: usize) {
        let kinds = self.bytes.len();
        let known = from / BLOCK;
        self.words.resize(buffer.len().div_ceil(BLOCK) * kinds, 0);
        let mut words = self.words[known * kinds..].chunks_exact_mut(kinds);
        let (blocks, rest) = buffer[known * BLOCK..].as_chunks::<BLOCK>();
        for (block, words) in blocks.iter().zip(&mut words) {
            mark(block, &self.bytes, words);
        }
        if let Some(words) = words.next() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            mark(&block, &self.bytes, words);
        }
    }

    /// Where byte number `kind` first stands in the places from `from` to `end`.
    // No sum here leaves what a buffer can hold, and no product what its words can.
    #[inline]
    pub(in crate::format) fn next(&self, kind: usize, from: usize, end: usize) -> Option<usize> {
        let kinds = self.bytes.len();
        let mut at = (from / BLOCK).wrapping_mul(kinds).wrapping_add(kind);
        let mut block = from / BLOCK * BLOCK;
        let mut word = *self.words.get(at)? & u64::MAX << (from % BLOCK);
        while word == 0 {
            block = block.wrapping_add(BLOCK);
            if block >= end {
                return None;
            }
            at = at.wrapping_add(kinds);
            word = *self.words.get(at)?;
        }
        let place = block | word.trailing_zeros() as usize;
        (place < end).then_some(place)
    }
}

/// The words of a block: one for each byte that is looked for.
#[inline]
fn mark(block: &[u8; BLOCK], bytes: &[u8x16], words: &mut [u64]) {
    let (parts, _) = block.as_chunks::<LANES>();
    let parts: [u8x16; BLOCK / LANES] = std::array::from_fn(|part| u8x16::new(parts[part]));
    for (byte, word) in bytes.iter().zip(words) {
        let bits = |part: u8x16| u64::from(part.simd_eq(*byte).to_bitmask());
        *word =
            bits(parts[0]) | bits(parts[1]) << LANES | bits(parts[2]) << (2 * LANES) | bits(parts[3]) << (3 * LANES);
    }
}

/// A line in a buffer that was looked through.
#[derive(Debug, Clone, Copy)]
pub(in crate::format) struct Line<'a> {
    /// What it says.
    pub(in crate::format) text: &'a [u8],
    marks: &'a Marks,
    start: usize,
}

impl<'a> Line<'a> {
    /// The line that stands at `start` of the buffer that `marks` is about.
    pub(in crate::format) fn new(text: &'a [u8], marks: &'a Marks, start: usize) -> Self {
        Self { text, marks, start }
    }

    /// The same line without its first bytes.
    #[inline]
    pub(in crate::format) fn behind(self, bytes: usize) -> Self {
        Self { text: &self.text[bytes..], marks: self.marks, start: self.start.wrapping_add(bytes) }
    }

    /// Where byte number `kind` first stands from `from` on.
    #[inline]
    pub(in crate::format) fn next(self, kind: usize, from: usize) -> Option<usize> {
        let (from, end) = (self.start.wrapping_add(from), self.start.wrapping_add(self.text.len()));
        Some(self.marks.next(kind, from, end)?.wrapping_sub(self.start))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_are_found_where_they_stand_however_the_buffer_came(
            text in proptest::collection::vec(prop_oneof![9 => any::<u8>(), 2 => 0x5b_u8..0x60, 1 => Just(0)], 0..300),
            bytes in proptest::collection::vec(prop_oneof![any::<u8>(), 0x5b_u8..0x60, Just(0)], 1..5),
            cuts in proptest::collection::vec(0_usize..300, 0..4),
            from in 0_usize..300, end in 0_usize..300,
        ) {
            let mut marks = Marks::new(&bytes);
            let mut known = 0;
            for cut in cuts.into_iter().chain([text.len()]) {
                let cut = cut.clamp(known, text.len());
                marks.look(&text[..cut], known);
                known = cut;
            }
            let end = end.min(text.len());
            let from = from.min(end);
            for (kind, byte) in bytes.iter().enumerate() {
                prop_assert_eq!(marks.next(kind, from, end), (from..end).find(|place| text[*place] == *byte));
            }
        }
    }
}
