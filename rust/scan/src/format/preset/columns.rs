//! Formats of separated columns, of which a directive in the file may say the order.

use crate::error::Result;
use crate::format::access_log::{Field, Manner, Pattern};

/// What begins the line that names the columns of a file.
const FIELDS: &[u8] = b"#Fields:";

/// A format of separated columns.
#[derive(Debug, PartialEq, Eq)]
pub struct Columns {
    pub(super) separator: String,
    /// Every column that is known: its name in a directive and what it means, in the order of files without one.
    pub(super) fields: Vec<(String, Field)>,
    pub(super) manner: Manner,
}

impl Columns {
    /// The pattern of a file that begins with `head`.
    pub fn pattern(&self, head: &[u8]) -> Result<Pattern> {
        let directive = head.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(FIELDS));
        let fields = match directive.map(String::from_utf8_lossy) {
            Some(names) => names.split_whitespace().map(|name| self.field(name)).collect(),
            None => self.fields.iter().map(|(_, field)| field.clone()).collect(),
        };
        Pattern::separated(fields, &self.separator, self.manner.clone())
    }

    /// A field by its name in a directive; one that nobody knows keeps that.
    fn field(&self, name: &str) -> Field {
        let known = self.fields.iter().find(|(known, _)| known == name);
        known.map_or_else(|| Field::own(name), |(_, field)| field.clone())
    }
}
