//! How series, step and code become one number.

/// How a key is made of a series, a step (from a base) and a code, so that sorting keys sorts cells.
///
/// The code takes the bits that series and step leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) series_bits: u32,
    pub(super) step_bits: u32,
}

impl Layout {
    const fn code_bits(self) -> u32 {
        u64::BITS - self.series_bits - self.step_bits
    }

    /// How many series can be told apart.
    pub(super) const fn series(self) -> u64 {
        1 << self.series_bits
    }

    /// How many steps lie between a base and the end of what keys can tell apart.
    pub(super) const fn steps(self) -> i64 {
        1 << self.step_bits
    }

    /// The key of a row, `offset` steps after the base.
    pub(super) fn key(self, series: u32, offset: u64, code: u32) -> u64 {
        u64::from(series) << (self.step_bits + self.code_bits()) | offset << self.code_bits() | u64::from(code)
    }

    /// Which cell a key belongs to; keys of one cell are neighbours.
    pub(super) fn place(self, key: u64) -> u64 {
        key >> self.code_bits()
    }

    /// The number of the series of a key.
    pub(super) fn series_of(self, key: u64) -> usize {
        usize::try_from(self.place(key) >> self.step_bits).unwrap_or(usize::MAX)
    }

    /// The step of a key, as an offset from the base.
    pub(super) fn offset(self, key: u64) -> i64 {
        (self.place(key) & ((1 << self.step_bits) - 1)).cast_signed()
    }

    /// The code of a key.
    pub(super) fn code(self, key: u64) -> u32 {
        u32::try_from(key & ((1 << self.code_bits()) - 1)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_key_come_back() {
        let layout = Layout { series_bits: 26, step_bits: 26 };
        for (series, offset, code) in [(0, 0, 0), (67_108_863, 67_108_863, 4_095), (1, 2, 3)] {
            let key = layout.key(series, offset, code);
            let expected = (usize::try_from(series).unwrap(), i64::try_from(offset).unwrap(), code);
            assert_eq!((layout.series_of(key), layout.offset(key), layout.code(key)), expected);
        }
        assert_eq!(layout.place(layout.key(1, 2, 3)), layout.place(layout.key(1, 2, 4)));
        assert_ne!(layout.place(layout.key(1, 2, 3)), layout.place(layout.key(1, 3, 3)));
    }
}
