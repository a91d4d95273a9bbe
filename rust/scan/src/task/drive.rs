//! The three steps on the threads of this process, each file opened once.

use backburn_core::quantile::{Collected, Search};
use backburn_core::rollup::{Rollup, Skipped};

use super::parallel::fold_in_parallel;
use super::plan::{Prepared, prepare};
use crate::control::Control;
use crate::count::{Bound, Collecting, Counter};
use crate::error::Result;
use crate::request::Request;

/// Counts the rows of everything that `paths` name, on up to `threads` threads.
///
/// The result is that of scanning and merging the tasks of a plan; it does not depend on the number of threads or on
/// the order of the paths. Of several errors, that of the first file in order is reported.
pub fn rollup(request: &Request, paths: &[String], threads: usize, control: &Control) -> Result<Rollup> {
    let prepared = prepare(request, paths, threads, control)?;
    let Some(first) = prepared.files.first() else { return Ok(Rollup::default()) };
    count(&prepared, threads, control, &first.bound, || Counter::new(&first.bound))
}

/// Collects what `search` looks for from the rows that a [`rollup`] of the same request and paths has counted.
///
/// What is found depends neither on the number of threads nor on the order of the paths.
pub fn collect(
    request: &Request,
    paths: &[String],
    search: &Search,
    threads: usize,
    control: &Control,
) -> Result<Collected> {
    let prepared = prepare(request, paths, threads, control)?;
    let Some(first) = prepared.files.first() else {
        return Ok(Collected { values: search.values(), read: Rollup::default() });
    };
    let shared = Collecting::new(search, &first.bound)?;
    let read = count(&prepared, threads, control, &first.bound, || Counter::collecting(&first.bound, &shared))?;
    shared.finish(read)
}

/// Has the tasks counted by counters that `begin` makes, one of each thread.
fn count(
    prepared: &Prepared,
    threads: usize,
    control: &Control,
    bound: &Bound,
    begin: impl Fn() -> Counter + Sync,
) -> Result<Rollup> {
    control.plan(prepared.tasks.iter().map(|(_, task)| task.bytes).fold(0, u64::saturating_add));
    // Each thread counts all of its tasks together, so that little is left to merge.
    let parts = fold_in_parallel(
        threads,
        &prepared.tasks,
        control,
        begin,
        |counter, (file, task)| prepared.files[*file].count(counter, &task.part, task.bytes, control),
        |counter| counter.finish(bound),
    )?;
    let skipped = prepared.tasks.iter().try_fold(Skipped::default(), |sum, (_, task)| sum.plus(task.skipped()))?;
    Ok(Rollup { skipped, ..bound.cap.hold(Rollup::merge_all(parts)?)? })
}
