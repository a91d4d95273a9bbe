//! Whether a scan has read what the one before it had.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::rollup::{Source, SourceId};

type Sources = BTreeMap<SourceId, Source>;

/// The same sources, and the same records of each.
pub(super) fn check_sources(before: &Sources, now: &Sources) -> Result<()> {
    let missing = |one: &Sources, other: &Sources| {
        one.iter().find(|(id, _)| !other.contains_key(id)).map(|(_, source)| source.name.clone())
    };
    if let Some(name) = missing(before, now) {
        return Err(changed(format!("'{name}' is not there any more, or has another content")));
    }
    if let Some(name) = missing(now, before) {
        return Err(changed(format!("'{name}' is new")));
    }
    match before.iter().find(|(id, source)| now.get(id).is_none_or(|other| other.rows != source.rows)) {
        Some((_, source)) => Err(changed(format!("other rows of '{}' were read", source.name))),
        None => Ok(()),
    }
}

/// The same number of rows.
pub(super) fn check_rows(before: u64, now: u64) -> Result<()> {
    if before == now { Ok(()) } else { Err(changed(format!("there are {now} rows, and were {before}"))) }
}

/// The same number of values in a target of the indicator that `name` names.
pub(super) fn check_values<'a>(before: u64, now: u64, name: impl FnOnce() -> &'a str) -> Result<()> {
    if before == now {
        return Ok(());
    }
    Err(changed(format!("of indicator '{}', {now} durations are where {before} were", name())))
}

fn changed(what: String) -> Error {
    Error::Changed { what }
}
