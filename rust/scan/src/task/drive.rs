//! The three steps on the threads of this process, each file opened once.

use backburn_core::rollup::{Rollup, Skipped};

use super::parallel::fold_in_parallel;
use super::plan::prepare;
use crate::control::Control;
use crate::count::Counter;
use crate::error::Result;
use crate::request::Request;

/// Counts the rows of everything that `paths` name, on up to `threads` threads.
///
/// The result is that of scanning and merging the tasks of a plan; it does not depend on the number of threads or on
/// the order of the paths. Of several errors, that of the first file in order is reported.
pub fn rollup(request: &Request, paths: &[String], threads: usize, control: &Control) -> Result<Rollup> {
    let prepared = prepare(request, paths, threads, control)?;
    control.plan(prepared.tasks.iter().map(|(_, task)| task.bytes).fold(0, u64::saturating_add));
    let Some(first) = prepared.files.first() else { return Ok(Rollup::default()) };
    // Each thread counts all of its tasks together, so that little is left to merge.
    let parts = fold_in_parallel(
        threads,
        &prepared.tasks,
        control,
        || Counter::new(&first.bound),
        |counter, (file, task)| prepared.files[*file].count(counter, &task.part, task.bytes, control),
        |counter| counter.finish(&first.bound),
    )?;
    let skipped = prepared.tasks.iter().try_fold(Skipped::default(), |sum, (_, task)| sum.plus(task.skipped()))?;
    Ok(Rollup { skipped, ..Rollup::merge_all(parts)? })
}
