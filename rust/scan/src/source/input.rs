//! The bytes of a source: a file that can be read anywhere and again, or a pipe that gives them once.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use backburn_core::rollup::SourceId;

use super::discover::SourceFile;
use super::identity::Ends;
use super::inflate::{self, Compression};
use super::pipe::Pipe;
use crate::control::Control;
use crate::error::{Error, Result};

/// Bytes that are read ahead.
const BUFFER: usize = 256 * 1024;

/// The bytes of a source, with what to call it in messages.
#[derive(Debug, Clone)]
pub struct Input {
    /// What to call it in messages.
    pub name: String,
    bytes: Bytes,
}

#[derive(Debug, Clone)]
enum Bytes {
    File(PathBuf),
    Pipe(Arc<Pipe>),
}

impl Input {
    /// What a user named; whoever waits for the bytes of a pipe stops when `control` says so.
    pub fn of(file: &SourceFile, control: &Control) -> Result<Self> {
        if !file.is_pipe() {
            return Ok(Self::file(&file.path, &file.name));
        }
        let pipe = Pipe::open(&file.path, control.stopper()).ok_or_else(|| again(&file.name))?;
        Ok(Self { name: file.name.clone(), bytes: Bytes::Pipe(Arc::new(pipe)) })
    }

    /// The file at `path`, called `name` in messages.
    #[must_use]
    pub fn file(path: &Path, name: &str) -> Self {
        Self { name: name.to_owned(), bytes: Bytes::File(path.to_owned()) }
    }

    /// Where it is, unless it is a pipe.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.bytes {
            Bytes::File(path) => Some(path),
            Bytes::Pipe(_) => None,
        }
    }

    /// How many bytes there are, as they stand there; nobody knows of a pipe.
    pub fn length(&self) -> Result<Option<u64>> {
        let Some(path) = self.path() else { return Ok(None) };
        Ok(Some(std::fs::metadata(path).map_err(|error| Error::io(&error, &self.name))?.len()))
    }

    /// How it is compressed, if it is; a pipe is inflated before anyone sees it.
    pub fn compression(&self) -> Result<Option<Compression>> {
        let Some(path) = self.path() else { return Ok(None) };
        inflate::compression(path).map_err(|error| Error::io(&error, &self.name))
    }

    /// The first `length` inflated bytes, or fewer when there are no more. They are still there for others.
    pub fn head(&self, length: u64) -> Result<Vec<u8>> {
        let mut head = Vec::new();
        self.look()?.take(length).read_to_end(&mut head).map_err(|error| inflate::read_error(&error, &self.name))?;
        Ok(head)
    }

    /// All bytes, inflated, for somebody who only looks at the first of them: they are still there for others.
    ///
    /// Errors that come while reading are to be told with [`inflate::read_error`].
    pub fn look(&self) -> Result<Box<dyn BufRead + Send>> {
        match &self.bytes {
            Bytes::File(_) => self.open(),
            Bytes::Pipe(pipe) => Ok(Box::new(BufReader::new(Pipe::look(pipe)))),
        }
    }

    /// All bytes, inflated. Those of a pipe are gone with it.
    ///
    /// Errors that come while reading are to be told with [`inflate::read_error`].
    pub fn open(&self) -> Result<Box<dyn BufRead + Send>> {
        match &self.bytes {
            Bytes::File(path) => {
                let file = File::open(path).map_err(|error| Error::io(&error, &self.name))?;
                inflate::inflated(BufReader::with_capacity(BUFFER, file))
                    .map_err(|error| inflate::read_error(&error, &self.name))
            }
            Bytes::Pipe(pipe) => Pipe::take(pipe).ok_or_else(|| again(&self.name)),
        }
    }

    /// Some of the bytes as they stand in a file, for buffers of this size.
    pub fn section(&self, range: &Range<u64>, buffer: usize) -> Result<BufReader<io::Take<File>>> {
        let told = |error: io::Error| Error::io(&error, &self.name);
        let Some(path) = self.path() else { return Err(Error::data("it cannot be cut").file(&self.name)) };
        let mut file = File::open(path).map_err(told)?;
        file.seek(SeekFrom::Start(range.start)).map_err(told)?;
        Ok(BufReader::with_capacity(buffer, file.take(range.end.saturating_sub(range.start))))
    }

    /// What tells it from other logs, whatever its name; of a pipe this is known when all of it was read.
    pub fn identity(&self) -> Result<SourceId> {
        let told = |error: io::Error| inflate::read_error(&error, &self.name);
        match &self.bytes {
            Bytes::File(path) => Ends::of_file(path).map_err(|error| Error::io(&error, &self.name)),
            Bytes::Pipe(pipe) => pipe.identity().map_err(told),
        }
    }
}

/// Nobody reads a pipe twice: what is left of it would be taken for all.
fn again(name: &str) -> Error {
    Error::data("it was read before, and gives its rows once")
        .file(name)
        .remedy("save it to a file and name that, which can be read by several documents and again")
}
