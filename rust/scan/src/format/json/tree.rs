//! The asked keys as a tree, and where their values stand in a line.

use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::spot::{Spot, Spots};

/// The reason that is given for a line that is something else, or broken.
pub(super) const BROKEN: &str = "not JSON";

/// Keys of one object from which on they are hashed: a log may have a key for every user.
const MANY: usize = 32;

/// The number of something that is looked for.
pub(super) type Place = usize;

/// The keys of what is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tree {
    /// Whose values stand here.
    pub(super) here: Vec<Place>,
    /// Whose values are the first element of an array that stands here.
    pub(super) first: Vec<Place>,
    pub(super) children: Vec<Child>,
    /// Where keys stand among the children, when there are [`MANY`].
    positions: FxHashMap<Vec<u8>, usize>,
    /// The child that came first in the last object.
    pub(super) begin: usize,
}

/// What is looked for below a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Child {
    pub(super) key: String,
    /// The key as it is mostly written, with its colon.
    pub(super) written: Vec<u8>,
    pub(super) tree: Tree,
    /// The child that came behind this one in the last object.
    pub(super) then: usize,
}

impl Tree {
    /// Adds the way to a value, or to the `first` element of an array.
    pub(super) fn add(&mut self, path: &[String], first: bool, place: Place) {
        let Some((key, rest)) = path.split_first() else {
            let list = if first { &mut self.first } else { &mut self.here };
            list.push(place);
            return;
        };
        let at = self.position(key.as_bytes()).unwrap_or_else(|| {
            let written = format!("{}:", serde_json::Value::from(key.as_str())).into_bytes();
            let then = self.children.len() + 1;
            self.children.push(Child { key: key.clone(), written, tree: Self::default(), then });
            if self.children.len() >= MANY {
                let known = self.positions.len();
                let keys = self.children.iter().enumerate().skip(known);
                self.positions.extend(keys.map(|(at, child)| (child.key.clone().into_bytes(), at)));
            }
            self.children.len() - 1
        });
        self.children[at].tree.add(rest, first, place);
    }

    /// Finds the values of a line that is an object, all of which is looked at, or says why it is none.
    pub(super) fn find(&self, line: &[u8], spots: &mut Spots) -> Result<(), &'static str> {
        let text = std::str::from_utf8(line).map_err(|_| "invalid UTF-8")?;
        spots.clear(spots.places());
        self.find_in(text, 0, spots).map_err(|error| match error.classify() {
            Category::Data => "not a JSON object",
            _ => BROKEN,
        })
    }

    /// Finds the values of an object that stands at `start` of its line.
    fn find_in(&self, text: &str, start: usize, spots: &mut Spots) -> serde_json::Result<()> {
        let mut reader = serde_json::Deserializer::from_str(text);
        Object { tree: self, text, start, spots }.deserialize(&mut reader)?;
        reader.end()
    }

    /// Forgets the values of what is looked for below here.
    pub(super) fn forget_below(&self, spots: &mut Spots) {
        for Child { tree, .. } in &self.children {
            for place in tree.here.iter().chain(&tree.first) {
                spots.forget(*place);
            }
            tree.forget_below(spots);
        }
    }

    /// Where a key stands among the children.
    pub(super) fn position(&self, key: &[u8]) -> Option<usize> {
        if self.children.len() >= MANY {
            return self.positions.get(key).copied();
        }
        self.children.iter().position(|child| child.key.as_bytes() == key)
    }

    fn child(&self, key: &str) -> Option<&Self> {
        self.position(key.as_bytes()).map(|at| &self.children[at].tree)
    }
}

/// An object, of which the tree names some keys.
struct Object<'a> {
    tree: &'a Tree,
    text: &'a str,
    start: usize,
    spots: &'a mut Spots,
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
                self.spots.set(*place, Spot::of(value.as_bytes(), start));
            }
            if !child.first.is_empty() {
                let first = first_element(value).map_err(serde::de::Error::custom)?;
                for place in &child.first {
                    self.spots
                        .set(*place, first.map_or(Spot::Missing, |first| Spot::of(first.as_bytes(), start_of(first))));
                }
            }
            if !child.children.is_empty() {
                // An equal key before this one may have had them.
                child.forget_below(self.spots);
                if value.starts_with('{') {
                    child.find_in(value, start, self.spots).map_err(serde::de::Error::custom)?;
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
