//! What a preset knows of JSON lines: which keys every line has, and which of them have a common meaning.

use super::tree::{Place, Tree};
use crate::error::{Error, Result};
use crate::format::access_log::{Column, Field, Manner, Meaning, Moment, Parts, Supplies, assign};

/// The keys of a preset.
#[derive(Debug, PartialEq, Eq)]
pub struct Keys {
    pub(super) manner: Manner,
    /// The keys without which a line is something else.
    needs: Vec<Way>,
    /// The same, to look them up alone.
    needed: Tree,
    fields: Vec<Field>,
    /// The ways to each field, the best first.
    ways: Vec<Vec<Way>>,
    pub(super) columns: Vec<Column>,
}

/// A way to a value: keys, and perhaps the first element of the array to which they lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    keys: Vec<String>,
    first: bool,
}

impl Way {
    /// Reads `request.headers.User-Agent[0]`.
    fn read(text: &str) -> Self {
        let (keys, first) = text.strip_suffix("[0]").map_or((text, false), |keys| (keys, true));
        Self { keys: keys.split('.').map(str::to_owned).collect(), first }
    }
}

impl Keys {
    /// Keys without which a line is something else, and fields with the ways to each.
    pub(in crate::format) fn new(needs: &[String], fields: Vec<(Field, Vec<String>)>, manner: Manner) -> Result<Self> {
        let (fields, texts): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
        let supplies = Supplies::of(&fields, manner.utc);
        if needs.is_empty() || !supplies.timestamp() {
            return Err(Error::spec("a preset of JSON lines needs a timestamp, and keys that every line has"));
        }
        if let Some(lacking) = supplies.lacking() {
            return Err(Error::spec(format!("the times of this preset have no {lacking}")));
        }
        let needs: Vec<Way> = needs.iter().map(|text| Way::read(text)).collect();
        let mut needed = Tree::default();
        needs.iter().enumerate().for_each(|(place, way)| needed.add(&way.keys, way.first, place));
        let ways = texts.iter().map(|texts| texts.iter().map(|text| Way::read(text)).collect()).collect();
        let columns = assign(&fields, false, &supplies);
        Ok(Self { manner, needs, needed, fields, ways, columns })
    }

    /// Whether a line has all keys that lines of this format have.
    #[must_use]
    pub fn recognises(&self, line: &[u8]) -> bool {
        let mut places = vec![None; self.needs.len()];
        let text = std::str::from_utf8(line);
        text.is_ok_and(|text| self.needed.find(text, &mut places).is_ok()) && places.iter().all(Option::is_some)
    }

    /// How many fields there are.
    pub(super) fn fields(&self) -> usize {
        self.fields.len()
    }

    /// Whether a leaf to which these keys lead is shown as a column with a common meaning, or has its name.
    pub(super) fn covers(&self, name: &str, path: &[String]) -> bool {
        self.ways.iter().flatten().any(|way| way.keys == path) || self.columns.iter().any(|column| column.name == name)
    }

    /// Puts what is to be found into a tree, from place 0 on.
    pub(super) fn plant(&self, tree: &mut Tree) -> Planted {
        let mut next = 0;
        let mut add = |way: &Way| {
            tree.add(&way.keys, way.first, next);
            next += 1;
            next - 1
        };
        let fields = self.ways.iter().map(|ways| ways.iter().map(&mut add).collect()).collect();
        let needs = self.needs.iter().map(&mut add).collect();
        Planted { fields, needs, next }
    }

    /// The timestamp of a line whose fields have these texts.
    pub(super) fn timestamp<'a>(&self, text: impl Fn(usize) -> Option<&'a str>) -> Option<i64> {
        let mut parts = Parts::default();
        for (number, moment) in self.moments() {
            parts.add(moment, text(number)?.as_bytes())?;
        }
        parts.timestamp()
    }

    fn moments(&self) -> impl Iterator<Item = (usize, &Moment)> {
        self.fields.iter().enumerate().filter_map(|(number, field)| match &field.meaning {
            Meaning::Time(moment) => Some((number, moment)),
            _ => None,
        })
    }
}

/// The places of what a preset looks for.
#[derive(Debug, Default)]
pub(super) struct Planted {
    /// Those of each field, the best first.
    pub(super) fields: Vec<Vec<Place>>,
    /// Those that have to be there.
    pub(super) needs: Vec<Place>,
    /// The first one that is free.
    pub(super) next: Place,
}
