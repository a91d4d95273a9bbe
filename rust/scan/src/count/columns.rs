//! From the names that people use to the columns of a file: roles and aliases first, then raw columns.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};

use crate::error::{Error, Result};
use crate::format::{Chunk, LOOSE};
use crate::request::Request;
use crate::spelling::{dashed, nearest};

/// The values of `key=value` folders above a file.
pub(crate) type Partitions = Vec<(String, Option<String>)>;

/// The name of the label that `routes` derive from the path.
pub(super) const ROUTE: &str = "route";

/// Where the values of a name come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The column at this position of what is read.
    Read(usize),
    /// The folder at this position above the file.
    Folder(usize),
}

impl Origin {
    /// The values for the rows of a chunk.
    pub(super) fn values(self, chunk: &Chunk, folders: &Partitions) -> ArrayRef {
        match self {
            Self::Read(at) => chunk.batch.column(at).clone(),
            Self::Folder(at) => {
                let rows = chunk.batch.num_rows();
                let value = folders.get(at).and_then(|(_, value)| value.as_deref());
                Arc::new(StringArray::from(vec![value; rows]))
            }
        }
    }
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The time of the row, normalised.
    Time,
    /// The status of the row, as a number.
    Status(Origin),
    /// The path template that the row's path matches; the origin is that of the path.
    Route(Origin),
    /// The values of a column as they are.
    Plain(Origin),
}

/// Finds columns and remembers which ones have to be read.
pub(super) struct Columns<'a> {
    request: &'a Request,
    schema: &'a Schema,
    folders: &'a Partitions,
    file: &'a str,
    pub(super) projection: Vec<usize>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(request: &'a Request, schema: &'a Schema, folders: &'a Partitions, file: &'a str) -> Self {
        Self { request, schema, folders, file, projection: Vec::new() }
    }

    /// What `name` stands for in a predicate, a label or an indicator, and the field of its values.
    pub(super) fn resolve(&mut self, name: &str) -> Result<(Field, Meaning)> {
        let request = self.request;
        if name == ROUTE && !request.routes.is_empty() {
            let (_, origin) = self.column("path", "path")?;
            return Ok((Field::new(name, DataType::Utf8, true), Meaning::Route(origin)));
        }
        let role = |column: &str, written: bool| (column == name || written).then(|| column.to_owned());
        if name == "timestamp" && role(&request.timestamp.column, request.timestamp.written).is_some() {
            self.hidden(name, &request.timestamp.column)?;
            let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
            return Ok((Field::new(name, utc, true), Meaning::Time));
        }
        if name == "status"
            && let Some(column) = role(&request.status.column, request.status.written)
        {
            self.hidden(name, &column)?;
            let (field, origin) = self.column(&column, name)?;
            if field.data_type().is_integer() {
                return Ok((field.with_name(name), Meaning::Plain(origin)));
            }
            return Ok((Field::new(name, DataType::Int64, true), Meaning::Status(origin)));
        }
        let plain = match name {
            "duration" => role(&request.duration.column, request.duration.written),
            _ => request.aliases.get(name).map(|alias| alias.column.clone()),
        };
        if let Some(column) = &plain {
            self.hidden(name, column)?;
        }
        let (field, origin) = self.column(plain.as_deref().unwrap_or(name), name)?;
        Ok((field.with_name(name), Meaning::Plain(origin)))
    }

    /// What the file calls the column that a duration or an alias stands for.
    pub(super) fn called<'b>(&self, name: &'b str) -> &'b str
    where
        'a: 'b,
    {
        match name {
            "duration" => &self.request.duration.column,
            _ => self.request.aliases.get(name).map_or(name, |alias| &alias.column),
        }
    }

    /// A raw column or folder, for the role or name `wanted_as`.
    pub(super) fn column(&mut self, column: &str, wanted_as: &str) -> Result<(Field, Origin)> {
        if let Ok(at) = self.schema.index_of(column) {
            let slot = self.projection.iter().position(|p| *p == at).unwrap_or_else(|| {
                self.projection.push(at);
                self.projection.len() - 1
            });
            return Ok((self.schema.field(at).clone(), Origin::Read(slot)));
        }
        if let Some(at) = self.folders.iter().position(|(key, _)| key == column) {
            let loose = [(LOOSE.to_owned(), "true".to_owned())].into();
            return Ok((Field::new(column, DataType::Utf8, true).with_metadata(loose), Origin::Folder(at)));
        }
        Err(self.missing(column, wanted_as))
    }

    /// A raw column that goes by the name of a role or alias of another column cannot be told apart from it.
    fn hidden(&self, name: &str, column: &str) -> Result<()> {
        if name != column && self.schema.index_of(name).is_ok() {
            let message = format!("'{name}' is both a column of the file and another name for its column '{column}'");
            let remedy = format!("give the raw column a name of its own: `columns: {{raw_{name}: {name}}}`");
            return Err(Error::spec(message).file(self.file).field(name).remedy(remedy));
        }
        Ok(())
    }

    fn missing(&self, column: &str, wanted_as: &str) -> Error {
        let known: Vec<&str> = self
            .schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .chain(self.folders.iter().map(|(key, _)| key.as_str()))
            .collect();
        // Nobody has said yet which column it is.
        let role = matches!(wanted_as, "timestamp" | "status" | "duration" | "path") && column == wanted_as;
        let message =
            if role { format!("no column plays the role '{column}'") } else { format!("no column '{column}'") };
        let remedy = match (role, dashed(column, known.iter().copied()), nearest(column, known.iter().copied())) {
            (true, _, Some(near)) => format!("write `columns: {{{column}: {near}}}`"),
            (true, _, None) => format!("write `columns: {{{column}: NAME}}` with one of: {}", known.join(", ")),
            (false, Some(whole), _) => format!("write \"{whole}\" in double quotes if that is meant"),
            (false, None, Some(near)) => format!("did you mean '{near}'?"),
            (false, None, None) => format!("the columns are: {}", known.join(", ")),
        };
        Error::data(message).file(self.file).field(column).remedy(remedy)
    }
}
