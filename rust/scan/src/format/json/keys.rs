//! What a preset knows of JSON lines: which keys every line has, and which of them have a common meaning.

use super::row::Row;
use super::spot::Spots;
use super::tree::{Place, Tree};
use crate::error::{Error, Result};
use crate::format::access_log::{Column, Field, Manner, Meaning, Moment, Parts, Supplies, assign};

/// The keys of a preset.
#[derive(Debug, PartialEq, Eq)]
pub struct Keys {
    pub(super) manner: Manner,
    /// All ways together, and where they end.
    pub(super) tree: Tree,
    pub(super) planted: Planted,
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
        let read = |texts: &[String]| texts.iter().map(|text| Way::read(text)).collect::<Vec<_>>();
        let ways: Vec<Vec<Way>> = texts.iter().map(|texts| read(texts)).collect();
        let mut tree = Tree::default();
        let planted = Planted::of(&ways, &read(needs), &mut tree);
        let columns = assign(&fields, false, &supplies);
        Ok(Self { manner, tree, planted, fields, ways, columns })
    }

    /// Whether a line has all keys that lines of this format have, and a time that can be read.
    #[must_use]
    pub fn recognises(&self, line: &[u8]) -> bool {
        let mut spots = Spots::new(self.planted.next);
        let found = self.tree.find(line, &mut spots).is_ok();
        let row = Row { line, spots: &spots, unescaped: &[], fields: &self.planted.fields, time: 0 };
        found && row.has(&self.planted.needs) && self.timestamp(&row).is_some()
    }

    /// How many fields there are.
    pub(super) fn fields(&self) -> usize {
        self.fields.len()
    }

    /// Whether a leaf to which these keys lead is shown as a column with a common meaning, or has its name.
    pub(super) fn covers(&self, name: &str, path: &[String]) -> bool {
        self.ways.iter().flatten().any(|way| way.keys == path) || self.columns.iter().any(|column| column.name == name)
    }

    /// The timestamp of a line.
    pub(super) fn timestamp(&self, row: &Row<'_>) -> Option<i64> {
        let mut parts = Parts::default();
        for (number, moment) in self.moments() {
            parts.add(moment, row.value(number)?)?;
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Planted {
    /// Those of each field, the best first.
    pub(super) fields: Vec<Vec<Place>>,
    /// Those that have to be there.
    pub(super) needs: Vec<Place>,
    /// The first one that is free.
    pub(super) next: Place,
}

impl Planted {
    /// Puts the ways to fields, and those to what has to be there, into a tree.
    fn of(fields: &[Vec<Way>], needs: &[Way], tree: &mut Tree) -> Self {
        let mut next = 0;
        let mut add = |way: &Way| {
            tree.add(&way.keys, way.first, next);
            next += 1;
            next - 1
        };
        let fields = fields.iter().map(|ways| ways.iter().map(&mut add).collect()).collect();
        let needs = needs.iter().map(&mut add).collect();
        Self { fields, needs, next }
    }
}
