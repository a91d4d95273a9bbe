//! Which columns JSON lines have: the leaves of their objects, in the order in which they first come.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::spot::Spots;
use super::tree::Tree;
use super::walk::{Beside, walk};

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
    /// The columns by their keys, and where the line at hand has them.
    tree: Tree,
    spots: Spots,
}

impl Leaves {
    /// Learns from a line, or as much of it as is JSON.
    pub(super) fn learn(&mut self, line: &[u8]) {
        if self.teaches(line)
            && let Ok(text) = std::str::from_utf8(line)
        {
            self.learn_below(text, &mut Vec::new());
        }
    }

    /// Whether there may be something new in a line; mostly all of it is known, and that is soon found.
    fn teaches(&mut self, line: &[u8]) -> bool {
        self.spots.clear(self.columns.len());
        let beside = walk(&mut self.tree, line, &mut self.spots);
        beside != Some(Beside::Nothing) || self.spots.found().iter().any(|place| self.columns[*place].empty)
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
        let paths = self.columns.iter().flat_map(|column| &column.paths);
        let objects: HashSet<&[String]> = paths.flat_map(|path| (1..path.len()).map(|end| &path[..end])).collect();
        let inner = |column: &Column| column.empty && objects.contains(column.paths[0].as_slice());
        self.columns.iter().filter(|column| !inner(column)).cloned().collect()
    }

    fn add(&mut self, keys: &[String], empty: bool) {
        let name = keys.join(".");
        if let Some(&at) = self.known.get(&name) {
            let column = &mut self.columns[at];
            column.empty &= empty;
            if !column.paths.iter().any(|path| path == keys) {
                column.paths.push(keys.to_vec());
                self.tree.add(keys, false, at);
            }
            return;
        }
        self.tree.add(keys, false, self.columns.len());
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::obvious::line;
    use super::*;

    #[test]
    fn a_value_where_only_null_was_is_learnt_beside_keys_below_it() {
        let names = |lines: &[&str]| {
            let mut leaves = Leaves::default();
            for line in lines {
                leaves.learn(line.as_bytes());
            }
            leaves.columns().into_iter().map(|column| column.name).collect::<Vec<_>>()
        };
        let lines = [r#"{"a": null}"#, r#"{"a": {"b": 1}}"#, r#"{"a": null}"#, r#"{"a": 1}"#];
        assert_eq!(names(&lines), ["a", "a.b"]);
        assert_eq!(names(&lines[..3]), ["a.b"]);
    }

    proptest! {
        #[test]
        fn a_line_that_is_passed_over_would_have_taught_nothing(lines in proptest::collection::vec(line(), 1..20)) {
            let (mut passing, mut all) = (Leaves::default(), Leaves::default());
            for line in &lines {
                passing.learn(line.as_bytes());
                all.learn_below(line, &mut Vec::new());
            }
            prop_assert_eq!(passing.columns(), all.columns());
        }
    }
}
