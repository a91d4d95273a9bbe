//! From what the user wrote (files, directories, patterns) to a sorted list of files.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::hive::partitions;
use crate::error::{Error, Kind, Result};
use crate::spelling::nearest;

/// One file to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// The same as the user would write it, for messages.
    pub name: String,
    /// The `key=value` directories above it, outermost first; `None` is null.
    pub partitions: Vec<(String, Option<String>)>,
}

/// The path of what another command writes to this one.
pub const STANDARD_INPUT: &str = "/dev/stdin";

impl SourceFile {
    /// The file with this path.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        let name = if path.as_os_str() == STANDARD_INPUT { "standard input".into() } else { path.to_string_lossy() };
        Self { name: name.into_owned(), partitions: partitions(&path), path }
    }

    /// Whether it gives its bytes once.
    #[must_use]
    pub fn is_pipe(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|found| !found.is_file() && !found.is_dir())
    }
}

/// The files that the patterns name: files, directories (with all below them) and globs (`**` goes through directories).
///
/// The result is sorted by path, and a file that is named twice is there once. In directories and behind wildcards,
/// hidden files, names that begin with `_` and checksums (`.crc`) are skipped, for they hold no rows.
/// A path that exists is taken literally, even when it would be a pattern.
pub fn discover(patterns: &[String]) -> Result<Vec<SourceFile>> {
    let mut paths = Vec::new();
    for pattern in patterns {
        let path = Path::new(pattern);
        match fs::metadata(path) {
            Ok(found) => expand(path, &found, pattern, &mut paths)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if pattern == STANDARD_INPUT {
                    return Err(Error::new(Kind::NotFound, "standard input is closed")
                        .remedy("let another command write to this one, or name a file"));
                } else if is_glob(pattern) {
                    matches(pattern, &mut paths)?;
                } else {
                    return Err(missing(pattern));
                }
            }
            Err(error) => return Err(Error::io(&error, pattern)),
        }
    }
    paths.sort();
    let mut seen = HashSet::new();
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let file = SourceFile::new(path);
        // A pipe has no name of its own to be known by.
        let real = if file.is_pipe() { Ok(file.path.clone()) } else { fs::canonicalize(&file.path) };
        if seen.insert(real.map_err(|error| Error::io(&error, &file.name))?) {
            files.push(file);
        }
    }
    Ok(files)
}

/// Whether a pattern has wildcards.
fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?', '['])
}

/// Adds an existing file, or all files below an existing directory.
fn expand(path: &Path, found: &fs::Metadata, pattern: &str, paths: &mut Vec<PathBuf>) -> Result<()> {
    if found.is_dir() {
        let before = paths.len();
        descend(path, pattern, &mut HashSet::new(), paths)?;
        if paths.len() == before {
            return Err(Error::new(Kind::NotFound, "no data files in this directory").file(pattern).remedy(
                "hidden files and names that begin with `_` do not count; name such a file itself to read it",
            ));
        }
    } else {
        paths.push(path.to_owned());
    }
    Ok(())
}

/// Adds all files below a directory; `above` keeps links from leading in circles.
fn descend(directory: &Path, pattern: &str, above: &mut HashSet<PathBuf>, paths: &mut Vec<PathBuf>) -> Result<()> {
    let told = |error: io::Error, path: &Path| unreadable(&error, path, pattern);
    let real = fs::canonicalize(directory).map_err(|e| told(e, directory))?;
    if !above.insert(real.clone()) {
        return Ok(());
    }
    for entry in fs::read_dir(directory).map_err(|e| told(e, directory))? {
        let entry = entry.map_err(|e| told(e, directory))?;
        if ignorable(&entry.file_name().to_string_lossy()) {
            continue;
        }
        let path = entry.path();
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => descend(&path, pattern, above, paths)?,
            Ok(found) if found.is_file() => paths.push(path),
            Ok(_) => {}
            // A link that leads nowhere holds no rows.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(told(error, &path)),
        }
    }
    above.remove(&real);
    Ok(())
}

/// Adds what a glob matches; directories that it matches are read as if they were named.
fn matches(pattern: &str, paths: &mut Vec<PathBuf>) -> Result<()> {
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let found = glob::glob_with(pattern, options).map_err(|error| {
        let place = u64::try_from(error.pos).unwrap_or(0).saturating_add(1);
        Error::new(Kind::NotFound, format!("not a pattern: {}", error.msg.to_lowercase())).file(pattern).column(place)
    })?;
    let before = paths.len();
    for path in found {
        let path = path.map_err(|error| unreadable(error.error(), error.path(), pattern))?;
        if !skipped(&path, pattern) {
            let about = fs::metadata(&path).map_err(|e| unreadable(&e, &path, pattern))?;
            if about.is_dir() {
                descend(&path, pattern, &mut HashSet::new(), paths)?;
            } else if about.is_file() {
                paths.push(path);
            }
        }
    }
    if paths.len() == before {
        return Err(Error::new(Kind::NotFound, "no file matches this pattern").file(pattern).remedy(
            "patterns are relative to the specification when they stand in it, and to the working directory otherwise",
        ));
    }
    Ok(())
}

/// Whether a match has a component that holds no rows, and that the pattern does not ask for by writing it.
fn skipped(path: &Path, pattern: &str) -> bool {
    let asked: Vec<char> = names(Path::new(pattern)).filter_map(|name| name.chars().next()).collect();
    names(path).any(|name| ignorable(&name) && !name.chars().next().is_some_and(|first| asked.contains(&first)))
}

/// The components of a path that are names, not `.`, `..` or the root.
fn names(path: &Path) -> impl Iterator<Item = Cow<'_, str>> {
    path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    })
}

/// Whether a file or directory of this name holds no rows: hidden, a marker such as `_SUCCESS`, or a checksum.
fn ignorable(name: &str) -> bool {
    name.starts_with(['.', '_'])
        || Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("crc"))
}

/// A failure on one path below a pattern: the path when it says more than the pattern.
fn unreadable(error: &io::Error, path: &Path, pattern: &str) -> Error {
    let mut told = Error::io(error, path.to_string_lossy());
    if path != Path::new(pattern) {
        told.message = format!("{} (found by {pattern})", told.message);
    }
    told
}

/// Nothing has this name: the remedy is the nearest name in the directory.
fn missing(pattern: &str) -> Error {
    let error = Error::io(&io::ErrorKind::NotFound.into(), pattern);
    let path = Path::new(pattern);
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let Ok(entries) = fs::read_dir(parent) else {
        let mut known = path.ancestors().skip(1).filter(|above| above.is_dir());
        return match known.next().filter(|above| !above.as_os_str().is_empty()) {
            Some(above) => error.remedy(format!("the path exists as far as {}", above.display())),
            None => error,
        };
    };
    let names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    match nearest(&wanted, names.iter().map(String::as_str)) {
        Some(name) => error.remedy(format!("did you mean '{}'?", path.with_file_name(name).display())),
        None => error,
    }
}
