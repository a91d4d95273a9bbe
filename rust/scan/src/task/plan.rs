//! The first step: which parts of which files are to be read.

use std::ops::Range;

use backburn_core::rollup::{SILENCE, Skipped, SourceId};
use backburn_core::time::{Span, Spans};

use super::parallel::in_parallel;
use super::prune::{Seen, outside, times};
use super::ready::{Reader, Ready};
use super::{Part, Task};
use crate::control::Control;
use crate::count::{asked, numbered, step};
use crate::error::{Error, Result};
use crate::format::parquet::ParquetFile;
use crate::request::{Marks, Request};
use crate::source::discover::{SourceFile, discover};
use crate::source::hive;

/// The most rows of a row group that are one task.
const MOST: u64 = 1024 * 1024;

/// How far the date of a folder may be from the times of its rows: it may be a date of any zone.
const MARGIN: i64 = 86_400_000_000;

/// What is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The tasks, file by file in the order of their paths.
    pub tasks: Vec<Task>,
    /// What is asked for and not read, because it is known to lie outside the asked time.
    pub skipped: Skipped,
}

/// A plan, and its files opened.
pub(super) struct Prepared {
    pub(super) files: Vec<Ready>,
    /// Each with the position of its file.
    pub(super) tasks: Vec<(usize, Task)>,
}

/// Plans to read everything that `paths` name, but for what has no row in the asked time.
///
/// Files are left out by the dates of their folders, unless a file that is opened has rows at other times; row groups
/// by their statistics. Nothing that is left out could change an answer. Of rejects, it may hold local times that their
/// zone never had and, in files that are left out, any; these are not counted.
pub fn plan(request: &Request, paths: &[String], threads: usize, control: &Control) -> Result<Plan> {
    if let Some(file) = discover(paths)?.iter().find(|file| file.is_pipe()) {
        return Err(Error::spec("it cannot be planned, for its rows come once, and to this process")
            .file(&file.name)
            .remedy("save it to a file, or count it here and merge that with what the tasks count"));
    }
    let prepared = prepare(request, paths, threads, control)?;
    let tasks: Vec<Task> = prepared.tasks.into_iter().map(|(_, task)| task).collect();
    let skipped = tasks.iter().try_fold(Skipped::default(), |sum, task| sum.plus(task.skipped()))?;
    Ok(Plan { tasks, skipped })
}

pub(super) fn prepare(request: &Request, paths: &[String], threads: usize, control: &Control) -> Result<Prepared> {
    let all = discover(paths)?;
    // A pipe cannot be opened twice, as files are when one does not keep to the date of its folder.
    let once = all.iter().any(SourceFile::is_pipe);
    let (mut near, far): (Vec<&SourceFile>, Vec<&SourceFile>) =
        all.iter().partition(|file| once || !out_of_date(request, file));
    if near.is_empty() {
        // One file is always opened, so that columns are checked and an empty answer is an answer.
        near.extend(far.first().copied());
    }
    let open = |file: &&SourceFile| Ready::first(request, file, control);
    let mut files = in_parallel(threads, &near, control, open)?;
    if near.len() < all.len() && near.iter().zip(&files).any(|(file, ready)| belied(request, file, ready)) {
        near = all.iter().collect();
        files = in_parallel(threads, &near, control, open)?;
    }
    let mut tasks: Vec<(usize, Task)> = Vec::new();
    for (at, (file, ready)) in near.iter().zip(&files).enumerate() {
        // Another process may be somewhere else.
        let path = std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone());
        let file = SourceFile { path, ..(*file).clone() };
        // The task of a pipe never leaves this process.
        let id = ready.id.clone().unwrap_or(SourceId { size: 0, hash: String::new() });
        for (part, bytes) in parts(request, ready)? {
            let (format, hash) = (ready.format.clone(), id.hash.clone());
            let file = file.clone();
            tasks.push((at, Task { file, format, size: id.size, hash, part, bytes, files_skipped: 0 }));
        }
    }
    if let Some((_, first)) = tasks.first_mut() {
        first.files_skipped = (all.len() - near.len()) as u64;
    }
    Ok(Prepared { files, tasks })
}

/// Whether the folders of a file say that its rows lie outside the asked time.
fn out_of_date(request: &Request, file: &SourceFile) -> bool {
    let asked = asked(request.start, request.end);
    hive::dated(&file.partitions).is_some_and(|date| {
        // Requests that began on that date may have ended at any time after it. Which moment a format writes is seen
        // when a file is opened.
        let ended = request.timestamp.marks != Some(Marks::Start) && date.end.saturating_add(MARGIN) <= asked.start;
        ended || date.start.saturating_sub(MARGIN) >= asked.end
    })
}

/// Whether a file has rows at other times than its folders say, or may have.
fn belied(request: &Request, file: &SourceFile, ready: &Ready) -> bool {
    if request.timestamp.marks.is_none() && ready.bound.begins() {
        return true;
    }
    let (Some(date), Reader::Parquet(parquet)) = (hive::dated(&file.partitions), &ready.reader) else { return false };
    let far = |time: i64| time < date.start.saturating_sub(MARGIN) || time >= date.end.saturating_add(MARGIN);
    times(request, parquet).into_iter().flatten().any(|(first, last)| far(first) || far(last))
}

/// The parts of a file, each with the bytes that it is about.
fn parts(request: &Request, ready: &Ready) -> Result<Vec<(Part, u64)>> {
    let parquet = match &ready.reader {
        Reader::Parquet(parquet) => parquet,
        Reader::Text(text) => {
            let size = ready.id.as_ref().map_or(0, |id| id.size);
            let bytes = |part: &Range<u64>| part.end.min(size).saturating_sub(part.start);
            return Ok(text.parts()?.into_iter().map(|part| (Part::Bytes(part.clone()), bytes(&part))).collect());
        }
    };
    let seen = outside(request, parquet)?;
    let mut parts = Vec::new();
    for group in (0..parquet.groups()).filter(|group| seen.get(*group).is_none_or(Option::is_none)) {
        let (rows, bytes) = (parquet.group_rows(group), parquet.group_bytes(group));
        let count = rows.div_ceil(MOST).max(1);
        for at in 0..count {
            let from = |at: u64| u64::try_from(u128::from(rows) * u128::from(at) / u128::from(count)).unwrap_or(rows);
            parts.push((Part::Rows { row_group: group, rows: from(at)..from(at + 1) }, bytes / count));
        }
    }
    let skipped: Vec<(usize, Seen)> =
        seen.into_iter().enumerate().filter_map(|(group, seen)| Some((group, seen?))).collect();
    // A file of which nothing is read is still a source, with its schema checked.
    if !skipped.is_empty() || parts.is_empty() {
        parts.push((skip(request, parquet, &skipped)?, 0));
    }
    Ok(parts)
}

fn skip(request: &Request, parquet: &ParquetFile, groups: &[(usize, Seen)]) -> Result<Part> {
    let step = step(request.step)?;
    let mut records: Vec<Span> = Vec::new();
    for (group, _) in groups {
        let rows = numbered(parquet.first_row(*group), parquet.group_rows(*group))?;
        records.extend(rows.as_slice());
    }
    let present = groups.iter().flat_map(|(_, (first, last))| [*first, *last]);
    let present: Spans = present.map(|time| step.span(step.index(time))).collect();
    Ok(Part::Outside {
        row_groups: groups.len() as u64,
        records: ranges(&records.into_iter().collect()),
        present: ranges(&present.close(SILENCE)),
    })
}

fn ranges(spans: &Spans) -> Vec<Range<i64>> {
    spans.as_slice().iter().map(|span| span.start..span.end).collect()
}
