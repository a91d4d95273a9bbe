//! Opening a file: gzip by its content, and what tells one file from another.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::error::{Error, Result};

/// Bytes that are read ahead.
const BUFFER: usize = 256 * 1024;

/// Bytes at either end of a file that tell it from others.
const ENDS: u64 = 64 * 1024;

/// The first bytes of every gzip member.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Opens a file for reading; gzip, also of several members, is inflated, whatever the file is called.
///
/// Errors that come while reading are to be told with [`read_error`].
pub fn open(path: &Path, name: &str) -> Result<Box<dyn BufRead + Send>> {
    let file = File::open(path).map_err(|e| Error::io(&e, name))?;
    let mut plain = BufReader::with_capacity(BUFFER, file);
    let gzip = plain.fill_buf().map_err(|e| read_error(&e, name))?.starts_with(&GZIP);
    Ok(if gzip { Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(plain))) } else { Box::new(plain) })
}

/// Whether the file is compressed with gzip.
pub fn is_gzip(path: &Path, name: &str) -> Result<bool> {
    let mut head = Vec::with_capacity(GZIP.len());
    let file = File::open(path).map_err(|e| Error::io(&e, name))?;
    file.take(2).read_to_end(&mut head).map_err(|e| Error::io(&e, name))?;
    Ok(head == GZIP)
}

/// The first `length` inflated bytes, or fewer when there are no more.
pub fn head(path: &Path, name: &str, length: u64) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    open(path, name)?.take(length).read_to_end(&mut head).map_err(|e| read_error(&e, name))?;
    Ok(head)
}

/// What an error while reading an opened file means.
#[must_use]
pub fn read_error(error: &io::Error, name: &str) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::data("the gzip data ends too early")
            .file(name)
            .remedy("copy the file again, or wait until it is written; `gzip -t` tests it"),
        // Only the inflating reader gives these: bad checksums, bad blocks, bytes after the last member.
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            Error::data("the gzip data is corrupt").file(name).remedy("copy the file again; `gzip -t` tests it")
        }
        _ => Error::io(error, name),
    }
}

/// The size of a file and a hash that tells it from other logs, whatever its name.
///
/// The hash covers the size and 64 KiB at either end of the raw file, not all of it, so that it costs nothing on a
/// large file. That suffices for logs: two that differ have other first or last times, or another length. (A log that
/// grew has another identity, as it should: it holds rows that nobody has counted.)
pub fn identity(path: &Path, name: &str) -> Result<(u64, String)> {
    let told = |e: io::Error| Error::io(&e, name);
    let mut file = File::open(path).map_err(told)?;
    let size = file.metadata().map_err(told)?.len();
    let mut hasher = blake3::Hasher::new();
    hasher.update(&size.to_le_bytes());
    let mut part = Vec::new();
    (&mut file).take(ENDS).read_to_end(&mut part).map_err(told)?;
    hasher.update(&part);
    if size > ENDS {
        part.clear();
        // The tail starts where the head ended when they would overlap.
        file.seek(SeekFrom::Start(ENDS.max(size.saturating_sub(ENDS)))).map_err(told)?;
        file.take(ENDS).read_to_end(&mut part).map_err(told)?;
        hasher.update(&part);
    }
    Ok((size, hasher.finalize().to_hex().to_string()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::error::Kind;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn written(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        file
    }

    fn read(bytes: &[u8]) -> Result<Vec<u8>> {
        head(written(bytes).path(), "a.log", u64::MAX)
    }

    #[test]
    fn all_members_of_a_gzip_file_are_read_whatever_its_name() {
        let members = [gzip(b"one\n"), gzip(b""), gzip(b"two\n")].concat();
        assert_eq!(read(&members).unwrap(), b"one\ntwo\n");
        assert!(is_gzip(written(&members).path(), "a.log").unwrap());
    }

    #[test]
    fn plain_and_empty_files_are_read_as_they_are() {
        assert_eq!(read(b"one\n").unwrap(), b"one\n");
        assert_eq!(read(b"").unwrap(), b"");
        assert!(!is_gzip(written(b"").path(), "a.log").unwrap());
    }

    #[test]
    fn a_gzip_file_that_is_cut_or_changed_is_a_data_error_that_names_it() {
        let whole = gzip(&b"a line of a log\n".repeat(1000));
        for (bytes, words) in [
            (whole[..whole.len() - 4].to_vec(), "ends too early"),
            (whole[..whole.len() / 2].to_vec(), "ends too early"),
            ([&whole[..whole.len() - 8], &[0; 8]].concat(), "corrupt"),
            ([&whole[..], b"rubbish that is no gzip member"].concat(), "corrupt"),
        ] {
            let error = read(&bytes).unwrap_err();
            assert_eq!(error.kind, Kind::Data);
            assert_eq!(error.file.as_deref(), Some("a.log"));
            assert!(error.message.contains(words), "{error}");
            assert!(error.remedy.is_some());
        }
    }

    #[test]
    fn a_file_is_told_from_others_by_its_ends_and_size() {
        let long = vec![b'x'; 200_000];
        let mut first = long.clone();
        first[0] = b'y';
        let mut last = long.clone();
        last[199_999] = b'y';
        let longer = vec![b'x'; 200_001];
        let ids: Vec<_> = [&long, &first, &last, &longer, &long[..100_000].to_vec()]
            .iter()
            .map(|bytes| identity(written(bytes).path(), "a.log").unwrap())
            .collect();
        assert_eq!(ids[0].0, 200_000);
        assert_eq!(ids[0].1.len(), 64);
        for (i, a) in ids.iter().enumerate() {
            for (j, b) in ids.iter().enumerate() {
                assert_eq!(a == b, i == j);
            }
        }
        assert_eq!(ids[0], identity(written(&long).path(), "another.log").unwrap());
    }
}
