//! Which columns JSON lines have: the leaves of their objects, in the order in which they first come.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Keys that lead to a column at most; what is deeper is one column of JSON text.
const DEEPEST: usize = 32;

/// A column of JSON lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// The keys joined with dots.
    pub(super) name: String,
    /// The keys that lead to it; several ways if keys have dots of their own.
    pub(super) paths: Vec<Vec<String>>,
    /// Whether it was never anything but null.
    empty: bool,
}

/// The leaves that were met.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    columns: Vec<Column>,
    known: HashMap<String, usize>,
}

impl Leaves {
    /// Learns from a line, or as much of it as is JSON.
    pub(super) fn learn(&mut self, line: &[u8]) {
        if let Ok(text) = std::str::from_utf8(line) {
            self.learn_below(text, &mut Vec::new());
        }
    }

    /// Learns from an object below some keys.
    fn learn_below(&mut self, text: &str, keys: &mut Vec<String>) {
        for (key, value) in Entries::of(text).0 {
            let value = value.get();
            keys.push(key);
            if value.starts_with('{') && keys.len() < DEEPEST {
                self.learn_below(value, keys);
            } else {
                self.add(keys, value == "null");
            }
            keys.pop();
        }
    }

    /// The columns. A key without a value is none where it has keys of its own in another line.
    pub(super) fn columns(self) -> Vec<Column> {
        let inner = |column: &Column| {
            let within = |other: &&Column| {
                let longer = |path: &&Vec<String>| path.len() > column.paths[0].len();
                other.paths.iter().filter(longer).any(|path| path.starts_with(&column.paths[0]))
            };
            column.empty && self.columns.iter().find(within).is_some()
        };
        self.columns.iter().filter(|column| !inner(column)).cloned().collect()
    }

    fn add(&mut self, keys: &[String], empty: bool) {
        let name = keys.join(".");
        if let Some(column) = self.known.get(&name).and_then(|at| self.columns.get_mut(*at)) {
            column.empty &= empty;
            if !column.paths.iter().any(|path| path == keys) {
                column.paths.push(keys.to_vec());
            }
            return;
        }
        self.known.insert(name.clone(), self.columns.len());
        self.columns.push(Column { name, paths: vec![keys.to_vec()], empty });
    }
}

/// The keys and values of an object, as far as it is JSON.
#[derive(Default)]
struct Entries<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Entries<'de> {
    fn of(text: &'de str) -> Self {
        let mut entries = Self::default();
        // What comes before a mistake is there all the same.
        let _broken = serde_json::Deserializer::from_str(text).deserialize_map(&mut entries);
        entries
    }
}

impl<'de> Visitor<'de> for &mut Entries<'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(entry) = map.next_entry()? {
            self.0.push(entry);
        }
        Ok(())
    }
}
