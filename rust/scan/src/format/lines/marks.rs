//! Where the bytes that end fields stand: looked for once in all that is held, many bytes at a time.

use std::ops::Range;

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
        let (known, kinds) = (from / BLOCK, self.bytes.len());
        let needed = buffer.len().div_ceil(BLOCK) * kinds;
        if self.words.len() < needed {
            self.words.resize(needed, 0);
        }
        let (words, text) = (&mut self.words[known * kinds..needed], &buffer[known * BLOCK..]);
        // Of known numbers all is laid out beforehand.
        match *self.bytes.as_slice() {
            [one] => look([one], text, words),
            [one, two] => look([one, two], text, words),
            [one, two, three] => look([one, two, three], text, words),
            [one, two, three, four] => look([one, two, three, four], text, words),
            ref many => each(text, words.chunks_exact_mut(kinds), |block, words| mark(block, many, words)),
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

/// The places of one byte in a line, in order.
pub(in crate::format) struct Places<'a> {
    words: &'a [u64],
    kinds: usize,
    /// The word at hand, of which nothing is left but what comes next.
    word: u64,
    at: usize,
    /// The first place that it tells about.
    block: u32,
    end: usize,
}

impl Places<'_> {
    /// The next place; behind the end of the line it may be any.
    // No sum here leaves what a buffer can hold.
    #[inline]
    pub(in crate::format) fn next(&mut self) -> Option<u32> {
        while self.word == 0 {
            self.block = self.block.wrapping_add(u64::BITS);
            if self.block as usize >= self.end {
                return None;
            }
            self.at = self.at.wrapping_add(self.kinds);
            self.word = *self.words.get(self.at)?;
        }
        let place = self.block | self.word.trailing_zeros();
        self.word &= self.word.wrapping_sub(1);
        Some(place)
    }
}

/// Looks through a text for bytes, each block of which has some words.
fn look<const KINDS: usize>(bytes: [u8x16; KINDS], text: &[u8], words: &mut [u64]) {
    each(text, words.as_chunks_mut::<KINDS>().0.iter_mut(), |block, words| mark(block, &bytes, words));
}

/// Marks each block of a text in its words.
#[inline]
fn each<W>(text: &[u8], mut words: impl Iterator<Item = W>, mark: impl Fn(&[u8; BLOCK], W)) {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    for (block, words) in blocks.iter().zip(&mut words) {
        mark(block, words);
    }
    if let Some(words) = words.next() {
        let mut block = [0; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        mark(&block, words);
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
    /// The buffer, of which nothing is known behind the line.
    pub(in crate::format) held: &'a [u8],
    words: &'a [u64],
    kinds: usize,
    /// Where the line begins in it.
    pub(in crate::format) start: usize,
    /// Where it ends.
    pub(in crate::format) end: usize,
}

impl<'a> Line<'a> {
    /// The line that stands there in the buffer that `marks` is about.
    #[inline]
    pub(in crate::format) fn new(held: &'a [u8], marks: &'a Marks, line: Range<usize>) -> Self {
        Self { held, words: &marks.words, kinds: marks.bytes.len(), start: line.start, end: line.end }
    }

    /// What it says.
    #[inline]
    pub(in crate::format) fn text(self) -> &'a [u8] {
        &self.held[self.start..self.end]
    }

    /// How many bytes it has.
    #[inline]
    pub(in crate::format) fn length(self) -> usize {
        self.end.wrapping_sub(self.start)
    }

    /// The same line without its first bytes.
    #[inline]
    pub(in crate::format) fn behind(self, bytes: usize) -> Self {
        Self { start: self.start.wrapping_add(bytes), ..self }
    }

    /// Where byte number `kind` stands from `from` on.
    // No product here leaves what the words of a buffer can hold.
    #[inline]
    pub(in crate::format) fn places(self, kind: usize, from: u32) -> Places<'a> {
        let at = ((from / u64::BITS) as usize).wrapping_mul(self.kinds).wrapping_add(kind);
        let word = self.words.get(at).map_or(0, |word| word & u64::MAX << (from % u64::BITS));
        Places { words: self.words, kinds: self.kinds, word, at, block: from / u64::BITS * u64::BITS, end: self.end }
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
