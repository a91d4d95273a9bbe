//! Checks of single words of a document, for whoever reads documents.

use backburn_scan::normalise::{Routes, check_zone as zone};
use backburn_scan::predicate::{GRAMMAR, Predicate};
use backburn_scan::source::check_format as format;
use pyo3::prelude::*;

use crate::error::raise;

/// The names that a predicate uses; an error points into its text.
#[pyfunction]
pub(crate) fn check_predicate(text: &str) -> PyResult<Vec<String>> {
    Ok(Predicate::parse(text).map_err(raise)?.columns())
}

/// The grammar of predicates.
#[pyfunction]
pub(crate) fn predicate_grammar() -> &'static str {
    GRAMMAR
}

/// Whether this is the name of a format or a log format that can be compiled.
#[pyfunction]
pub(crate) fn check_format(text: &str) -> PyResult<()> {
    format(text).map_err(raise)
}

/// Whether these are path templates.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "extracted from a Python list")]
pub(crate) fn check_routes(templates: Vec<String>) -> PyResult<()> {
    Routes::compile(&templates).map(|_| ()).map_err(raise)
}

/// Whether this is the name of a time zone.
#[pyfunction]
pub(crate) fn check_zone(name: &str) -> PyResult<()> {
    zone(name).map_err(raise)
}

/// Whether a file is a saved rollup.
#[pyfunction]
pub(crate) fn is_rollup(path: &str) -> PyResult<bool> {
    backburn_scan::rollup::is_rollup(path).map_err(raise)
}
