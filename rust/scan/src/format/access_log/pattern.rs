//! A log format as a list of literals and fields, whichever server it was written for.

use super::columns::{Column, assign};
use super::moment::{Moment, Supplies};
use super::pieces::Piece;
use super::steps::{Step, steps};
use super::{apache, nginx, template, virtual_host};
use crate::error::{Error, Result};
use crate::request::Marks;

/// What is known of lines beyond what their format says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::format) struct Manner {
    /// The name of the format; a user's own has none, and its lines are exactly as it says.
    pub(in crate::format) name: Option<String>,
    /// Whether a virtual host may stand before the line.
    pub(in crate::format) virtual_host: bool,
    /// Whether more fields may follow, and long lines be cut in their last quotes.
    pub(in crate::format) more: bool,
    /// Whether times without an offset are in UTC.
    pub(in crate::format) utc: bool,
    /// What moment of a request the time is, where that is known.
    pub(in crate::format) marks: Option<Marks>,
}

impl Manner {
    /// The reason that is given for a line that does not fit.
    pub(in crate::format) fn misfit(&self) -> String {
        match &self.name {
            None => "does not fit the log format".to_owned(),
            Some(name) => {
                let article = if name.starts_with(['a', 'e', 'i', 'n', 'o']) { "an" } else { "a" };
                format!("not {article} {name} line")
            }
        }
    }
}

/// What the text of a field means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) enum Meaning {
    /// A time, or a part of one; all of a line's together make its timestamp.
    Time(Moment),
    /// A request line: method, target and protocol.
    Request,
    /// A request line whose target is a whole URL.
    UrlRequest,
    /// A request target: path and query.
    Target,
    /// A query with its question mark, or nothing.
    Query,
    /// A status.
    Status,
    /// A number of bytes.
    Bytes,
    /// A duration in this unit.
    Duration(&'static str),
    /// A duration with its unit spelled out: `129 msecs`.
    Spelled,
    /// An address with its port: `192.0.2.1:443`, `[2001:db8::1]:443`.
    Address,
    /// Text that is known to be text.
    Text,
    /// Text among spaces, or none at all.
    Padded,
    /// Text that may be a number.
    Loose,
}

/// A field as a server's format names it, before columns are assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) struct Field {
    /// What it means.
    pub(in crate::format) meaning: Meaning,
    /// The column that it would like to be: the common name.
    pub(super) column: String,
    /// How well it deserves that name; of several the best gets it, the first of equals.
    pub(super) rank: u8,
    /// The column that it is otherwise.
    pub(super) otherwise: String,
    /// Whether its text may be a list with `, ` and ` : ` between the values, written without quotes.
    pub(super) list: bool,
    /// The literal behind it; empty only for the last field.
    pub(super) after: Vec<u8>,
    /// Whether it stands in double quotes.
    pub(super) quoted: bool,
}

impl Field {
    /// A field that is no list, with no literal behind it yet.
    pub(super) fn new(meaning: Meaning, column: &str, rank: u8, otherwise: &str) -> Self {
        Self {
            meaning,
            column: column.to_owned(),
            rank,
            otherwise: otherwise.to_owned(),
            list: false,
            after: Vec::new(),
            quoted: false,
        }
    }

    /// A field that only has a name of its own.
    pub(in crate::format) fn own(name: &str) -> Self {
        Self::new(Meaning::Loose, name, 1, name)
    }

    /// How many bytes of it can hold the first byte behind it without ending it: a space inside a time is not the one
    /// behind it.
    #[inline]
    pub(super) fn shortest(&self) -> usize {
        match &self.meaning {
            // A bracket is in no time, so the first one ends it.
            Meaning::Time(moment) if !self.after.starts_with(b"]") => moment.shortest(),
            _ => 0,
        }
    }
}

/// A compiled log format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pub(super) manner: Manner,
    /// The literal before the first field.
    pub(super) before: Vec<u8>,
    pub(super) fields: Vec<Field>,
    /// How they are found in ordinary lines; no line is an ordinary one where there are no steps.
    pub(super) steps: Vec<Step>,
    /// How many of them come before the time, where a virtual host may stand before them.
    pub(super) hosted: usize,
    /// Which fields are times.
    pub(super) times: Vec<usize>,
    pub(super) columns: Vec<Column>,
}

impl Pattern {
    /// Compiles an nginx `log_format` (with `$variables`) or an Apache `LogFormat` (with `%` directives).
    pub fn compile(text: &str) -> Result<Self> {
        Self::compile_as(text, Manner::default())
    }

    /// The same for lines of which more is known.
    pub(in crate::format) fn compile_as(text: &str, manner: Manner) -> Result<Self> {
        let pieces = if nginx::is_format(text) { nginx::pieces(text)? } else { apache::pieces(text)? };
        Self::of(text, pieces, manner)
    }

    /// Compiles a template with `{fields}`.
    pub(in crate::format) fn template(text: &str, manner: Manner) -> Result<Self> {
        Self::of(text, template::pieces(text)?, manner)
    }

    /// Compiles fields with something between them.
    pub(in crate::format) fn separated(fields: Vec<Field>, separator: &str, manner: Manner) -> Result<Self> {
        let mut pieces = Vec::with_capacity(2 * fields.len());
        for field in fields {
            if !pieces.is_empty() {
                pieces.push(Piece::Literal(separator.as_bytes().to_vec()));
            }
            pieces.push(Piece::Field(field, 1));
        }
        Self::of(separator, pieces, manner)
    }

    /// Puts the pieces of a format together; `text` is how it was written.
    fn of(text: &str, pieces: Vec<Piece>, manner: Manner) -> Result<Self> {
        let mut before = Vec::new();
        let mut fields: Vec<Field> = Vec::new();
        let mut previous_is_field = false;
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => {
                    match fields.last_mut() {
                        Some(field) => field.after.extend(literal),
                        None => before.extend(literal),
                    }
                    previous_is_field = false;
                }
                Piece::Field(field, place) => {
                    if previous_is_field {
                        return Err(Error::spec("two fields of the log format stand side by side")
                            .column(place)
                            .value(text)
                            .remedy("write something between them, or nobody can tell where one ends"));
                    }
                    fields.push(field);
                    previous_is_field = true;
                }
            }
        }
        if fields.is_empty() {
            return Err(Error::spec("the log format has no field").value(text));
        }
        let mut opened = before.ends_with(b"\"");
        for field in &mut fields {
            field.quoted = opened && field.after.starts_with(b"\"");
            opened = field.after.ends_with(b"\"");
        }
        let hosted = if manner.virtual_host { virtual_host::hosted(&fields) } else { Some(0) };
        let literals = || fields.iter().map(|field| &field.after).chain([&before]);
        let ends = literals().any(|literal| literal.contains(&b'\n') || literal.contains(&b'\r'));
        // A line that is blank is never an ordinary one, for it is no row.
        let blank = literals().all(Vec::is_empty);
        let ordinary = hosted.is_some_and(|hosted| hosted == 0 || before.is_empty()) && !ends && !blank;
        let steps = if ordinary { steps(&fields) } else { Vec::new() };
        let supplies = Supplies::of(&fields, manner.utc);
        if let Some(lacking) = supplies.lacking() {
            return Err(Error::spec(format!("the times of this log format have no {lacking}")).value(text));
        }
        let columns = assign(&fields, manner.virtual_host, &supplies);
        let numbered = fields.iter().enumerate();
        let times = numbered.filter(|(_, field)| matches!(field.meaning, Meaning::Time(_))).map(|(at, _)| at).collect();
        Ok(Self { manner, before, fields, steps, hosted: hosted.unwrap_or(0), times, columns })
    }
}
