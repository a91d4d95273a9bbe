//! Rows that are in memory already, or that another program hands over batch by batch, as Arrow.
//!
//! The calling thread pulls the stream itself, for some streams belong to the thread that made them, and cuts it
//! without copying into morsels for the threads that count.

mod identity;
mod records;
mod workers;

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use backburn_core::quantile::{Collected, Search};
use backburn_core::rollup::{Rollup, SourceId};

use crate::control::Control;
use crate::count::{Bound, Collecting};
use crate::error::{Error, Kind, Result, excerpt};
use crate::request::Request;
use identity::Ends;
use workers::Workers;

/// The fewest rows of a morsel: many enough that handing them over costs nothing.
const FEWEST: usize = 64 * 1024;
/// The most: rows in order of time that one thread counts share their cells, which otherwise both have and merge.
const MOST: usize = 512 * 1024;
/// Into how many morsels for each thread the first array is cut, which may be all there is.
const SHARES: usize = 4;

/// A stream of rows: arrays of records, which all have the type of one field.
pub struct Stream<'a> {
    /// What to call it in results and messages.
    pub name: &'a str,
    /// Whether it can be read only once, so that having no rows may mean that somebody has read them before.
    pub once: bool,
    /// The type of its arrays.
    pub field: &'a Field,
    /// The arrays, in order.
    pub arrays: &'a mut dyn Iterator<Item = std::result::Result<ArrayRef, ArrowError>>,
}

/// Counts the rows of a stream on `threads` threads, while this one pulls it.
///
/// `pulse` is called after each array and before each morsel; an error of it ends the scan. The result depends neither
/// on the number of threads nor on how the stream is cut into arrays. Of several errors, that of the first rows is
/// reported.
///
/// The stream is a source of its own, whose size is its number of rows and whose hash is that of its first and last
/// rows, in all columns.
pub fn scan_stream(
    request: &Request,
    stream: Stream<'_>,
    threads: usize,
    control: &Control,
    pulse: &mut dyn FnMut() -> Result<()>,
) -> Result<Rollup> {
    let bound = bind(request, &stream)?;
    pull(stream, &bound, threads, control, None, pulse)
}

/// Collects what `search` looks for from the rows that a [`scan_stream`] of the same request and stream has counted.
pub fn collect_stream(
    request: &Request,
    stream: Stream<'_>,
    search: &Search,
    threads: usize,
    control: &Control,
    pulse: &mut dyn FnMut() -> Result<()>,
) -> Result<Collected> {
    let bound = bind(request, &stream)?;
    let shared = Collecting::new(search, &bound)?;
    let read = pull(stream, &bound, threads, control, Some(Arc::clone(&shared)), pulse)?;
    shared.finish(read)
}

fn bind(request: &Request, stream: &Stream<'_>) -> Result<Bound> {
    let schema = records::schema(stream.field).map_err(|error| named(error, stream.name))?;
    Bound::new(request, &schema, &Vec::new(), stream.name)
}

/// Pulls the stream on this thread, and has it counted, or collected from, on others.
fn pull(
    stream: Stream<'_>,
    bound: &Bound,
    threads: usize,
    control: &Control,
    collecting: Option<Arc<Collecting>>,
    pulse: &mut dyn FnMut() -> Result<()>,
) -> Result<Rollup> {
    let schema = records::schema(stream.field).map_err(|error| named(error, stream.name))?;
    control.plan(1);
    let threads = threads.max(1);
    let rollup = Workers::new(bound, stream.name, control, collecting).run(threads, |hand_over| {
        let mut ends = Ends::new(&schema)?;
        for array in stream.arrays {
            pulse()?;
            let batch = array.and_then(|array| records::batch(&array, &schema));
            let batch = batch.map_err(|error| broken_off(&error, ends.rows()))?;
            ends.add(&batch)?;
            let read = batch.project(&bound.projection).map_err(|error| broken_off(&error, ends.rows()))?;
            let first = ends.rows() == read.num_rows() as u64;
            let morsel = if first { (read.num_rows() / (SHARES * threads)).clamp(FEWEST, MOST) } else { MOST };
            for start in (0..read.num_rows()).step_by(morsel) {
                pulse()?;
                if !hand_over(read.slice(start, morsel.min(read.num_rows() - start))) {
                    return ends.finish();
                }
            }
        }
        pulse()?;
        if stream.once && ends.rows() == 0 { Err(exhausted()) } else { ends.finish() }
    })?;
    control.advance(1);
    Ok(rollup)
}

/// The names of the columns that `request` reads of a stream with this field, for whoever can leave the others out.
pub fn columns(request: &Request, field: &Field, name: &str) -> Result<Vec<String>> {
    let schema: &Schema = &*records::schema(field).map_err(|error| named(error, name))?;
    let bound = Bound::new(request, schema, &Vec::new(), name)?;
    Ok(bound.projection.iter().map(|at| schema.field(*at).name().clone()).collect())
}

/// What ends a stream in vain: whoever makes it has failed, or it is not what it says.
fn broken_off(error: &ArrowError, rows: u64) -> Error {
    let said = match error {
        // The words of whoever made the stream, without Arrow's own in front of them.
        ArrowError::CDataInterface(said) => said.trim().to_owned(),
        other => other.to_string(),
    };
    // A signal that reaches a generator of Python comes through the stream as its last words.
    if said.ends_with("KeyboardInterrupt") {
        return Error::new(Kind::Interrupted, "interrupted");
    }
    // What follows is a traceback.
    let words = said.lines().next().unwrap_or_default();
    let words = words.split(". Detail: ").next().unwrap_or(words);
    Error::data(format!("the stream broke off after {rows} rows: {}", excerpt(words.as_bytes())))
        .remedy("the error is that of whoever makes the stream; read all of it there first to see where it comes from")
}

fn exhausted() -> Error {
    Error::data("empty or already consumed: a stream can be read once, and this one has no rows (left)")
        .remedy("make it anew for each call and each specification, or give a table, which can be read again")
}

fn named(error: Error, name: &str) -> Error {
    if error.file.is_none() { error.file(name) } else { error }
}

/// What a stream is told by, once all of it was seen.
type Identified = Result<SourceId>;
