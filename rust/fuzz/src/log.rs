//! A log of lines, and what is read of it.

use std::ops::Range;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use backburn_scan::error::Result;
use backburn_scan::format::{BadRecord, Framing, Positions, Rows, WHOLE};
use backburn_scan::source::detect::{self, HEAD};
use backburn_scan::source::input::Input;

/// A line by its number, from 1.
type Numbered<'a> = (u64, &'a [u8]);

/// The bytes of a log, and what carried its lines.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    bytes: &'a [u8],
    framing: Framing,
    /// Whether the file is these bytes, and not something that has to be inflated.
    plain: bool,
}

/// All columns of some rows, the lines on which these begin, and the records between them that are none.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The rows.
    pub batch: RecordBatch,
    /// The line of each row.
    pub lines: Vec<u64>,
    /// What could not be read.
    pub bad: Vec<BadRecord>,
}

impl<'a> Text<'a> {
    /// The text of a file with these bytes, in which a log format of the user's own has that framing or none.
    pub fn new(file: &Input, bytes: &'a [u8], own: Option<Framing>) -> Self {
        let head = &bytes[..bytes.len().min(usize::try_from(HEAD).unwrap_or(usize::MAX))];
        let plain = matches!(file.compression(), Ok(None));
        Self { bytes, framing: own.unwrap_or_else(|| detect::framing(head)), plain }
    }

    /// Reads the log whole and in parts, which has to be the same; nothing for one that is compressed and broken.
    pub fn read(&self, rows: &dyn Rows) -> Option<Read> {
        let whole = Read::of(rows, &WHOLE);
        if !self.plain {
            return whole.ok();
        }
        let whole = whole.expect("text is read to its end, whatever it says");
        let parts = self.parts();
        // From the last one on, so that nothing is known of what stands before a part.
        let read: Vec<(u64, Read)> =
            parts.iter().rev().map(|part| (rows.first_record(part).unwrap(), Read::of(rows, part).unwrap())).collect();
        let (mut lines, mut bad, mut batches) = (Vec::new(), Vec::new(), Vec::new());
        for (first, part) in read.into_iter().rev() {
            assert_eq!(first, count(&lines) + count(&bad), "a part knows how many records come before it");
            lines.extend(part.lines);
            bad.extend(part.bad);
            batches.push(part.batch);
        }
        let batch = concat_batches(whole.batch.schema_ref(), &batches).unwrap();
        assert_eq!(Read { batch, lines, bad }, whole, "parts {parts:?} of a log are the log");
        if let Some(own) = self.own() {
            let mut found: Vec<u64> =
                whole.lines.iter().chain(whole.bad.iter().map(|bad| &bad.line)).copied().collect();
            found.sort_unstable();
            let all: Vec<u64> = own.iter().map(|(number, _)| *number).collect();
            assert_eq!(found, all, "every line that is not blank is a row or a bad record");
        }
        Some(whole)
    }

    /// The lines that are records, each without what carried it; nothing where they were cut or compressed.
    pub fn own(&self) -> Option<Vec<Numbered<'a>>> {
        let own = |(number, line): Numbered<'a>| (number, &line[self.framing.before(line)..]);
        let whole = self.plain && !self.is_cut();
        whole.then(|| numbered(self.bytes).into_iter().map(own).filter(|(_, line)| !line.is_empty()).collect())
    }

    /// Whether a container runtime may have cut lines.
    fn is_cut(&self) -> bool {
        self.framing == Framing::Container && self.bytes.windows(2).any(|pair| pair == b" P")
    }

    /// About four parts that end with lines; one where the end of a record may be far from its beginning.
    fn parts(&self) -> Vec<Range<u64>> {
        let size = if self.is_cut() { self.bytes.len() } else { self.bytes.len().div_ceil(4) };
        let mut parts = Vec::new();
        let mut start = 0;
        while start < self.bytes.len() {
            let from = (start + size).min(self.bytes.len());
            let rest = self.bytes[from..].iter().position(|byte| *byte == b'\n').map(|found| from + found + 1);
            let end = rest.unwrap_or(self.bytes.len());
            parts.push(start as u64..end as u64);
            start = end;
        }
        parts
    }
}

impl Read {
    /// All columns of a part.
    fn of(rows: &dyn Rows, part: &Range<u64>) -> Result<Self> {
        let all: Vec<usize> = (0..rows.schema().fields().len()).collect();
        let (mut lines, mut bad, mut batches) = (Vec::new(), Vec::new(), Vec::new());
        for chunk in rows.read(&all, part)? {
            let chunk = chunk?;
            let Positions::Lines(places) = &chunk.positions else { panic!("text has lines") };
            for row in 0..chunk.batch.num_rows() {
                lines.push(places.line(row)?);
            }
            bad.extend(chunk.bad);
            batches.push(chunk.batch);
        }
        Ok(Self { batch: concat_batches(rows.schema(), &batches).unwrap(), lines, bad })
    }
}

/// The lines of a text, each without its end, and the first without a byte order mark.
#[must_use]
pub fn numbered(bytes: &[u8]) -> Vec<Numbered<'_>> {
    let mut lines: Vec<Numbered<'_>> = (1..).zip(bytes.split(|byte| *byte == b'\n')).collect();
    for (number, line) in &mut lines {
        *line = line.strip_suffix(b"\r").unwrap_or(line);
        if *number == 1 {
            *line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
    }
    lines
}

fn count<T>(all: &[T]) -> u64 {
    all.len() as u64
}
