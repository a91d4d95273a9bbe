//! Files that are written whole or not at all.

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

/// Writes to `path` through a temporary file beside it that takes its place in one step, once `fill` has filled it.
pub(crate) fn write<T>(
    path: &str,
    fill: impl FnOnce(&mut NamedTempFile) -> std::result::Result<T, Failure>,
) -> Result<T> {
    let target = Path::new(path);
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: &io::Error| match error.kind() {
        io::ErrorKind::NotFound => Error::new(Kind::NotFound, format!("no such directory '{}'", folder.display()))
            .file(path)
            .remedy("make the directory first"),
        io::ErrorKind::IsADirectory => Error::io(error, path).remedy("name a file in it"),
        _ => Error::io(error, path),
    };
    let mut temporary = tempfile::Builder::new();
    temporary.prefix(".backburn-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: what the process's umask leaves of this.
        temporary.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut temporary = temporary.tempfile_in(folder).map_err(|error| failed(&error))?;
    let filled = fill(&mut temporary).map_err(|error| match error {
        Failure::Parquet(ParquetError::External(inner)) => match inner.downcast::<io::Error>() {
            Ok(inner) => failed(&inner),
            Err(inner) => Error::new(Kind::Io, inner.to_string()).file(path),
        },
        Failure::Parquet(error) => Error::new(Kind::Io, error.to_string()).file(path),
        Failure::Told(error) if error.file.is_none() => error.file(path),
        Failure::Told(error) => error,
    })?;
    temporary.as_file().sync_all().map_err(|error| failed(&error))?;
    temporary.persist(target).map_err(|error| failed(&error.error))?;
    Ok(filled)
}
