//! Files that are written whole or not at all.

use std::fs::File;
use std::io;
use std::path::Path;

use parquet::errors::ParquetError;
use tempfile::NamedTempFile;

use crate::error::{Error, Kind, Result};

/// Why a file could not be filled.
pub(crate) enum Failure {
    /// What it was to hold could not be had.
    Told(Error),
    /// It could not be written.
    Parquet(ParquetError),
}

impl Failure {
    /// The failure where no file is meant.
    pub(crate) fn plain(self) -> Error {
        match self {
            Self::Parquet(error) => Error::new(Kind::Io, error.to_string()),
            Self::Told(error) => error,
        }
    }
}

/// A file that is being written, under another name beside its place.
#[derive(Debug)]
pub(crate) struct Whole {
    path: String,
    temporary: NamedTempFile,
}

impl Whole {
    /// Begins the file that is to stand at `path`.
    pub(crate) fn begin(path: &str) -> Result<Self> {
        let mut temporary = tempfile::Builder::new();
        temporary.prefix(".backburn-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: what the process's umask leaves of this.
            temporary.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let temporary = temporary.tempfile_in(folder(path)).map_err(|error| failed(&error, path))?;
        Ok(Self { path: path.to_owned(), temporary })
    }

    /// What is written to.
    pub(crate) fn file(&self) -> &File {
        self.temporary.as_file()
    }

    /// Puts it into its place, in one step.
    pub(crate) fn end(self) -> Result<()> {
        self.file().sync_all().map_err(|error| failed(&error, &self.path))?;
        self.temporary.persist(&self.path).map_err(|error| failed(&error.error, &self.path))?;
        Ok(())
    }
}

/// Writes to `path` through a temporary file beside it that takes its place in one step, once `fill` has filled it.
pub(crate) fn write<T>(path: &str, fill: impl FnOnce(&File) -> std::result::Result<T, Failure>) -> Result<T> {
    let whole = Whole::begin(path)?;
    let filled = fill(whole.file()).map_err(|error| match error {
        Failure::Parquet(ParquetError::External(inner)) => match inner.downcast::<io::Error>() {
            Ok(inner) => failed(&inner, path),
            Err(inner) => Error::new(Kind::Io, inner.to_string()).file(path),
        },
        Failure::Parquet(error) => Error::new(Kind::Io, error.to_string()).file(path),
        Failure::Told(error) if error.file.is_none() => error.file(path),
        Failure::Told(error) => error,
    })?;
    whole.end()?;
    Ok(filled)
}

fn folder(path: &str) -> &Path {
    Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn failed(error: &io::Error, path: &str) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => {
            Error::new(Kind::NotFound, format!("no such directory '{}'", folder(path).display()))
                .file(path)
                .remedy("make the directory first")
        }
        io::ErrorKind::IsADirectory => Error::io(error, path).remedy("name a file in it"),
        _ => Error::io(error, path),
    }
}
