//! The asked keys as a tree, and where their values stand in a line.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The keys of asked columns.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The number of the column that ends here.
    column: Option<usize>,
    children: Vec<(String, Tree)>,
}

/// Where the value of each asked column stands in its line.
pub(super) type Places = Vec<Option<Range<usize>>>;

impl Tree {
    /// Adds a way to a column.
    pub(super) fn add(&mut self, path: &[String], column: usize) {
        let Some((key, rest)) = path.split_first() else {
            self.column = Some(column);
            return;
        };
        let at = self.children.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
            self.children.push((key.clone(), Self::default()));
            self.children.len() - 1
        });
        self.children[at].1.add(rest, column);
    }

    /// Finds the values of a line that is an object, all of which is looked at.
    pub(super) fn find(&self, line: &str, places: &mut Places) -> serde_json::Result<()> {
        places.fill(None);
        self.find_in(line, 0, places)
    }

    /// Finds the values of an object that stands at `start` of its line.
    fn find_in(&self, text: &str, start: usize, places: &mut Places) -> serde_json::Result<()> {
        let mut reader = serde_json::Deserializer::from_str(text);
        Object { tree: self, text, start, places }.deserialize(&mut reader)?;
        reader.end()
    }

    fn child(&self, key: &str) -> Option<&Self> {
        self.children.iter().find(|(known, _)| known == key).map(|(_, child)| child)
    }
}

/// An object, of which the tree names some keys.
struct Object<'a> {
    tree: &'a Tree,
    text: &'a str,
    start: usize,
    places: &'a mut Places,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(child) = map.next_key_seed(Key(self.tree))? {
            let Some(child) = child else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = map.next_value::<&RawValue>()?.get();
            // Both are of one text.
            let start = self.start + (value.as_ptr().addr() - self.text.as_ptr().addr());
            if let Some(column) = child.column {
                self.places[column] = Some(start..start + value.len());
            }
            if !child.children.is_empty() && value.starts_with('{') {
                child.find_in(value, start, self.places).map_err(serde::de::Error::custom)?;
            }
        }
        Ok(())
    }
}

/// A key, which the tree may know.
struct Key<'a>(&'a Tree);

impl<'de, 'a> DeserializeSeed<'de> for Key<'a> {
    type Value = Option<&'a Tree>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Key<'a> {
    type Value = Option<&'a Tree>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.child(key))
    }
}
