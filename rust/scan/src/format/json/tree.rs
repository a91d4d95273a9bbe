//! The asked keys as a tree, and where their values stand in a line.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The number of something that is looked for.
pub(super) type Place = usize;

/// The keys of what is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tree {
    /// Whose values stand here.
    here: Vec<Place>,
    /// Whose values are the first element of an array that stands here.
    first: Vec<Place>,
    children: Vec<(String, Tree)>,
}

/// Where the value of everything that is looked for stands in its line.
pub(super) type Places = Vec<Option<Range<usize>>>;

impl Tree {
    /// Adds the way to a value, or to the `first` element of an array.
    pub(super) fn add(&mut self, path: &[String], first: bool, place: Place) {
        let Some((key, rest)) = path.split_first() else {
            let list = if first { &mut self.first } else { &mut self.here };
            list.push(place);
            return;
        };
        let at = self.children.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
            self.children.push((key.clone(), Self::default()));
            self.children.len() - 1
        });
        self.children[at].1.add(rest, first, place);
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

    /// Forgets the values of what is looked for below here.
    fn forget_below(&self, places: &mut Places) {
        for (_, child) in &self.children {
            for place in child.here.iter().chain(&child.first) {
                places[*place] = None;
            }
            child.forget_below(places);
        }
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
            let start_of = |part: &str| self.start + (part.as_ptr().addr() - self.text.as_ptr().addr());
            let start = start_of(value);
            for place in &child.here {
                self.places[*place] = Some(start..start + value.len());
            }
            if !child.first.is_empty() {
                let first = first_element(value).map_err(serde::de::Error::custom)?;
                for place in &child.first {
                    self.places[*place] = first.map(|first| start_of(first)..start_of(first) + first.len());
                }
            }
            if !child.children.is_empty() {
                // An equal key before this one may have had them.
                child.forget_below(self.places);
                if value.starts_with('{') {
                    child.find_in(value, start, self.places).map_err(serde::de::Error::custom)?;
                }
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

/// The first element of an array; nothing of what is none, or empty.
fn first_element(value: &str) -> serde_json::Result<Option<&str>> {
    if !value.starts_with('[') {
        return Ok(None);
    }
    serde_json::Deserializer::from_str(value).deserialize_seq(First)
}

/// An array of which the first element is wanted.
struct First;

impl<'de> Visitor<'de> for First {
    type Value = Option<&'de str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let first = elements.next_element::<&RawValue>()?;
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first.map(RawValue::get))
    }
}
