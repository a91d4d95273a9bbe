//! From files to a rollup: plan the parts, count each of them, merge.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use backburn_core::rollup::{Rollup, SourceId};

use crate::control::Control;
use crate::count::{Bound, Counter};
use crate::error::{Error, Kind, Result};
use crate::format::parquet::ParquetFile;
use crate::format::{Chunks, Rows};
use crate::request::Request;
use crate::source::discover::{SourceFile, discover};
use crate::source::inflate::identity;
use crate::source::{Opened, open};

/// A file that is ready to be counted.
struct Ready {
    file: SourceFile,
    id: SourceId,
    bound: Bound,
    reader: Reader,
}

enum Reader {
    Parquet(ParquetFile),
    Text(Box<dyn Rows>),
}

/// A part of a file that is counted at once: a row group, or all of a text file.
struct Task {
    file: usize,
    group: usize,
}

/// Counts the rows of everything that `paths` name, on up to `threads` threads.
///
/// The result does not depend on the number of threads or on the order of the paths. Of several errors, that of the
/// first file in order is reported.
pub fn scan(request: &Request, paths: &[String], threads: usize, control: &Control) -> Result<Rollup> {
    let files = discover(paths)?;
    let ready: Vec<Ready> = in_parallel(threads, &files, control, |file| prepare(request, file))?;
    let tasks: Vec<Task> = ready
        .iter()
        .enumerate()
        .flat_map(|(file, ready)| {
            let groups = match &ready.reader {
                // A file without row groups is still a source, with its schema checked.
                Reader::Parquet(parquet) => parquet.groups().max(1),
                Reader::Text(_) => 1,
            };
            (0..groups).map(move |group| Task { file, group })
        })
        .collect();
    control.plan(tasks.len());
    let parts = in_parallel(threads, &tasks, control, |task| count(&ready[task.file], task.group, control))?;
    Ok(Rollup::merge_all(parts)?)
}

fn prepare(request: &Request, file: &SourceFile) -> Result<Ready> {
    let opened = open(file, request.format.as_deref())?;
    let (reader, schema) = match opened {
        Opened::Parquet { .. } => {
            let parquet = ParquetFile::open(&file.path, &file.name)?;
            let schema = parquet.schema().clone();
            (Reader::Parquet(parquet), schema)
        }
        Opened::Rows { rows, .. } => {
            let schema = rows.schema().clone();
            (Reader::Text(rows), schema)
        }
    };
    let bound = Bound::new(request, &schema, &file.partitions, &file.name)?;
    let (size, hash) = identity(&file.path, &file.name)?;
    Ok(Ready { file: file.clone(), id: SourceId { size, hash }, bound, reader })
}

fn count(ready: &Ready, group: usize, control: &Control) -> Result<Rollup> {
    let name = &ready.file.name;
    let (chunks, first): (Chunks, u64) = match &ready.reader {
        Reader::Parquet(parquet) if parquet.groups() == 0 => (Box::new(std::iter::empty()), 0),
        Reader::Parquet(parquet) => (parquet.read(group, &ready.bound.projection)?, parquet.first_row(group)),
        Reader::Text(rows) => (rows.read(&ready.bound.projection)?, 0),
    };
    let mut counter = Counter::new(&ready.bound, name);
    for chunk in chunks {
        control.check()?;
        let chunk = chunk?;
        control.read(chunk.batch.num_rows());
        counter.add(&chunk).map_err(|error| if error.file.is_none() { error.file(name.as_str()) } else { error })?;
    }
    control.finish();
    counter.finish(&ready.id, first)
}

/// Does `work` on every item, in order on one thread or drawn from a shared counter on several. The first error in the
/// order of the items wins, and ends the work early.
fn in_parallel<I: Sync, T: Send>(
    threads: usize,
    items: &[I],
    control: &Control,
    work: impl Fn(&I) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let failed = AtomicUsize::new(usize::MAX);
    let done: Mutex<Vec<(usize, Result<T>)>> = Mutex::new(Vec::with_capacity(items.len()));
    let worker = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            // Items before a failed one are still done: theirs may be the error to report.
            if at >= items.len() || at > failed.load(Ordering::Relaxed) {
                return;
            }
            let result = control.check().and_then(|()| work(&items[at]));
            if result.is_err() {
                failed.fetch_min(at, Ordering::Relaxed);
            }
            if let Ok(mut done) = done.lock() {
                done.push((at, result));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, items.len().max(1)) {
            scope.spawn(worker);
        }
        worker();
    });
    let mut done = done.into_inner().map_err(|_| Error::new(Kind::Io, "a worker failed"))?;
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
