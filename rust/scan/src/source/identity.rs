//! What tells one source of bytes from another.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use backburn_core::rollup::SourceId;

/// Bytes at either end of a source that tell it from others.
const ENDS: usize = 64 * 1024;

/// The ends of a source and its size.
///
/// The hash covers the size and 64 KiB at either end of the raw bytes, not all of them, so that it costs nothing on a
/// large file. That suffices for logs: two that differ have other first or last times, or another length. (A log that
/// grew has another identity, as it should: it holds rows that nobody has counted.)
#[derive(Debug, Default)]
pub(super) struct Ends {
    size: u64,
    first: Vec<u8>,
    /// The last bytes of those that are not among the first, and perhaps some before them.
    last: Vec<u8>,
}

impl Ends {
    /// What a file is told by.
    pub(super) fn of_file(path: &Path) -> io::Result<SourceId> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut ends = Self { size, ..Self::default() };
        let most = ENDS as u64;
        (&mut file).take(most).read_to_end(&mut ends.first)?;
        if size > most {
            // The tail starts where the head ended when they would overlap.
            file.seek(SeekFrom::Start(most.max(size.saturating_sub(most))))?;
            file.take(most).read_to_end(&mut ends.last)?;
        }
        Ok(ends.finish())
    }

    /// The next bytes of a source that goes by.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.size = self.size.saturating_add(bytes.len() as u64);
        let (first, rest) = bytes.split_at(bytes.len().min(ENDS - self.first.len()));
        self.first.extend_from_slice(first);
        self.last.extend_from_slice(rest);
        // Moved seldom, so that a byte is moved once at most.
        if self.last.len() > 2 * ENDS {
            self.last.drain(..self.last.len() - ENDS);
        }
    }

    /// What it is told by, once all of it was seen.
    pub(super) fn finish(&self) -> SourceId {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.size.to_le_bytes());
        hasher.update(&self.first);
        hasher.update(&self.last[self.last.len().saturating_sub(ENDS)..]);
        SourceId { size: self.size, hash: hasher.finalize().to_hex().to_string() }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;

    fn of(bytes: &[u8]) -> SourceId {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        Ends::of_file(file.path()).unwrap()
    }

    #[test]
    fn a_source_is_told_from_others_by_its_ends_and_size() {
        let long = vec![b'x'; 200_000];
        let mut first = long.clone();
        first[0] = b'y';
        let mut last = long.clone();
        last[199_999] = b'y';
        let longer = vec![b'x'; 200_001];
        let ids: Vec<_> = [&long, &first, &last, &longer, &long[..100_000].to_vec()].map(|bytes| of(bytes)).into();
        assert_eq!((ids[0].size, ids[0].hash.len()), (200_000, 64));
        for (i, a) in ids.iter().enumerate() {
            for (j, b) in ids.iter().enumerate() {
                assert_eq!(a == b, i == j);
            }
        }
        assert_eq!(ids[0], of(&long));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_goes_by_in_pieces_is_told_by_the_same_as_a_file(
            size in 0_usize..400_000, pieces in proptest::collection::vec(1_usize..150_000, 1..20),
        ) {
            let bytes: Vec<u8> = (0..size).map(|at| u8::try_from(at * at % 251).unwrap()).collect();
            let mut ends = Ends::default();
            let (mut rest, mut pieces) = (&bytes[..], pieces.into_iter().cycle());
            while !rest.is_empty() {
                let (piece, others) = rest.split_at(pieces.next().unwrap().min(rest.len()));
                ends.add(piece);
                rest = others;
            }
            prop_assert_eq!(ends.finish(), of(&bytes));
        }
    }
}
