//! The formats that have a name. Each is a file in the folder `presets` of this crate.

mod columns;
mod file;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

pub use columns::Columns;

use super::access_log::Pattern;
use super::json::Keys;
use crate::error::{Error, Result};

/// The name and text of every file, in the order of the names.
const FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/presets.rs"));

/// A format with a name.
#[derive(Debug, PartialEq, Eq)]
pub struct Preset {
    /// What users write as `source.format`.
    pub name: String,
    /// The page that defines it.
    pub source: String,
    /// Presets of a higher rank are tried first.
    rank: u8,
    /// What its files are like.
    pub shape: Shape,
}

/// What the files of a format are like.
#[derive(Debug, PartialEq, Eq)]
pub enum Shape {
    /// Lines of text.
    Lines(Pattern),
    /// JSON, an object a line.
    Json(Keys),
    /// Columns with something between them.
    Columns(Columns),
}

/// Every preset; one that says more comes before those that it extends.
pub fn presets() -> Result<&'static [Preset]> {
    static PRESETS: OnceLock<Result<Vec<Preset>>> = OnceLock::new();
    let read = || {
        let mut all = FILES.iter().map(|(name, text)| file::read(name, text)).collect::<Result<Vec<_>>>()?;
        // Those of one rank stay in the order of their names.
        all.sort_by_key(|preset| std::cmp::Reverse(preset.rank));
        Ok(all)
    };
    PRESETS.get_or_init(read).as_deref().map_err(Error::clone)
}

/// The names of all presets, in their own order.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

impl Preset {
    /// The preset of this name.
    pub fn find(name: &str) -> Result<Option<&'static Self>> {
        Ok(presets()?.iter().find(|preset| preset.name == name))
    }

    /// How many of these lines, of a file that begins with `head`, are of this format beyond doubt.
    #[must_use]
    pub fn fitting(&self, lines: &[&[u8]], head: &[u8]) -> usize {
        let count = |fits: &dyn Fn(&[u8]) -> bool| lines.iter().filter(|line| fits(line)).count();
        match &self.shape {
            Shape::Lines(pattern) => count(&|line| pattern.recognises(line)),
            Shape::Json(keys) => count(&|line| keys.recognises(line)),
            // Columns that have no time together are not those of this format.
            Shape::Columns(columns) => columns.pattern(head).map_or(0, |p| count(&|line| p.recognises(line))),
        }
    }
}
