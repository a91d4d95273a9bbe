//! Inflating what is compressed, known by its content.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::bomb::{Bomb, Bounded};
use super::counted::Counted;
use crate::error::Error;

/// Bytes that are read ahead.
const BUFFER: usize = 256 * 1024;

/// Bytes that tell how a file is compressed.
const MAGIC: u64 = 4;

/// How a file is compressed. Either way it may be several compressed files one behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstandard,
}

impl Compression {
    /// By the first bytes of a file.
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            // A frame of data, or one that is to be skipped.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstandard),
            _ => None,
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstandard => "Zstandard",
        }
    }

    /// The program that knows it.
    #[must_use]
    pub fn program(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstandard => "zstd",
        }
    }
}

/// What is compressed is inflated, whatever it is called.
///
/// Errors that come while reading are to be told with [`read_error`].
pub(super) fn inflated(mut plain: impl BufRead + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    let Some(kind) = Compression::of(plain.fill_buf()?) else { return Ok(Box::new(plain)) };
    let (packed, read) = Counted::new(plain);
    let source: Box<dyn Read + Send> = match kind {
        Compression::Gzip => Box::new(MultiGzDecoder::new(packed)),
        Compression::Zstandard => Box::new(Unfolded(zstd::Decoder::with_buffer(packed)?)),
    };
    Ok(Box::new(BufReader::with_capacity(BUFFER, Bounded::new(source, read))))
}

/// How the file is compressed, if it is.
pub(super) fn compression(path: &Path) -> io::Result<Option<Compression>> {
    let mut head = Vec::new();
    File::open(path)?.take(MAGIC).read_to_end(&mut head)?;
    Ok(Compression::of(&head))
}

/// Zstandard data, whose errors say that they are.
struct Unfolded<R>(R);

impl<R: Read> Read for Unfolded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| io::Error::new(error.kind(), Broken(error.to_string())))
    }
}

/// What is wrong with Zstandard data.
#[derive(Debug)]
struct Broken(String);

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Broken {}

/// What an error while reading an opened file means.
#[must_use]
pub fn read_error(error: &io::Error, name: &str) -> Error {
    if error.get_ref().and_then(|inner| inner.downcast_ref::<Bomb>()).is_some() {
        let remedy = "look at what it holds; if it is a log, inflate it to a file and name that";
        return Error::data(error.to_string()).file(name).remedy(remedy);
    }
    let zstandard = error.get_ref().and_then(|inner| inner.downcast_ref::<Broken>());
    let kind = if zstandard.is_some() { Compression::Zstandard } else { Compression::Gzip };
    let (called, program) = (kind.name(), kind.program());
    match (error.kind(), zstandard) {
        (io::ErrorKind::UnexpectedEof, _) => Error::data(format!("the {called} data ends too early"))
            .file(name)
            .remedy(format!("copy the file again, or wait until it is written; `{program} -t` tests it")),
        // Only the inflating reader gives these: bad checksums, bad blocks, bytes after the last member.
        (io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput, None) => {
            Error::data("the gzip data is corrupt").file(name).remedy("copy the file again; `gzip -t` tests it")
        }
        (io::ErrorKind::Other, Some(Broken(why))) => Error::data(format!("the Zstandard data cannot be read: {why}"))
            .file(name)
            .remedy("copy the file again; `zstd -t` tests it"),
        _ => Error::io(error, name),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use flate2::write::GzEncoder;

    use super::*;
    use crate::error::{Kind, Result};
    use crate::source::input::Input;

    fn zstandard(text: &[u8]) -> Vec<u8> {
        zstd::encode_all(text, 0).unwrap()
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn written(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        file
    }

    fn read(bytes: &[u8]) -> Result<Vec<u8>> {
        Input::file(written(bytes).path(), "a.log").head(u64::MAX)
    }

    #[test]
    fn all_members_of_a_gzip_file_are_read_whatever_its_name() {
        let members = [gzip(b"one\n"), gzip(b""), gzip(b"two\n")].concat();
        assert_eq!(read(&members).unwrap(), b"one\ntwo\n");
        assert_eq!(compression(written(&members).path()).unwrap(), Some(Compression::Gzip));
    }

    #[test]
    fn all_frames_of_a_zstandard_file_are_read_whatever_its_name() {
        let skipped = [0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, b'n', b'o'];
        let frames = [&skipped, &zstandard(b"one\n")[..], &zstandard(b""), &skipped, &zstandard(b"two\n")].concat();
        assert_eq!(read(&frames).unwrap(), b"one\ntwo\n");
        for file in [&frames, &zstandard(b"one\n")] {
            assert_eq!(compression(written(file).path()).unwrap(), Some(Compression::Zstandard));
        }
    }

    #[test]
    fn plain_and_empty_files_are_read_as_they_are() {
        assert_eq!(read(b"one\n").unwrap(), b"one\n");
        assert_eq!(read(b"").unwrap(), b"");
        assert_eq!(compression(written(b"").path()).unwrap(), None);
    }

    #[test]
    fn what_inflates_to_far_more_than_a_log_is_refused() {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        let zeros = vec![0; 1 << 20];
        for _ in 0..1025 {
            encoder.write_all(&zeros).unwrap();
        }
        let bomb = encoder.finish().unwrap();
        let opened = inflated(io::Cursor::new(bomb)).unwrap();
        let error = io::copy(&mut { opened }, &mut io::sink()).unwrap_err();
        let told = read_error(&error, "a.log");
        assert_eq!((told.kind, told.file.as_deref()), (Kind::Data, Some("a.log")));
        assert!(told.message.contains("more than 1000 times its size"), "{told}");
        // As much as is harmless is read, however small it was.
        let opened = inflated(io::Cursor::new(zstandard(&vec![b'\n'; 64 << 20]))).unwrap();
        assert_eq!(io::copy(&mut { opened }, &mut io::sink()).unwrap(), 64 << 20);
    }

    #[test]
    fn a_compressed_file_that_is_cut_or_changed_is_a_data_error_that_names_it() {
        let frame = zstandard(&b"a line of a log\n".repeat(1000));
        let whole = gzip(&b"a line of a log\n".repeat(1000));
        for (bytes, words) in [
            (frame[..frame.len() - 3].to_vec(), "the Zstandard data ends too early"),
            ([&frame[..], b"rubbish that is no frame"].concat(), "the Zstandard data cannot be read: "),
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
}
