//! The formats that have a name. Each is a file in the folder `presets` of this crate.

mod file;

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

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

    /// Whether a line is one of this format beyond doubt.
    #[must_use]
    pub fn recognises(&self, line: &[u8]) -> bool {
        match &self.shape {
            Shape::Lines(pattern) => pattern.recognises(line),
            Shape::Json(keys) => keys.recognises(line),
        }
    }
}
