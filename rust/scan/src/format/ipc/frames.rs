//! Lengths that Arrow data states of itself, held against how much there is: whoever reads makes room by them.

use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom};

use arrow::ipc::{root_as_footer, root_as_message};

/// What stands before every length.
const MARK: [u8; 4] = [0xff; 4];

/// Bytes behind the footer of a file: its length, and the name of the format.
const END: usize = 10;

/// The most bytes of a message that comes through a pipe, of which nobody knows how long it is.
pub(super) const MOST: u64 = 1024 * 1024 * 1024;

/// A stream of messages, none of which may say that it has more than `most` bytes.
pub(super) struct Frames<R> {
    source: R,
    most: u64,
    /// The head of a message, and how much of it was read.
    head: Vec<u8>,
    place: usize,
    /// Bytes of its body that are still to be read.
    body: u64,
}

impl<R: BufRead> Frames<R> {
    pub(super) fn new(source: R, most: u64) -> Self {
        Self { source, most, head: Vec::new(), place: 0, body: 0 }
    }

    /// Reads the head of the next message.
    fn advance(&mut self) -> io::Result<()> {
        self.place = 0;
        self.head.clear();
        let mut next = |head: &mut Vec<u8>, length: u64| (&mut self.source).take(length).read_to_end(head);
        next(&mut self.head, 4)?;
        if self.head == MARK {
            next(&mut self.head, 4)?;
        }
        let length = match self.head.as_slice() {
            // A stream may end without a word.
            [] => return Ok(()),
            [.., a, b, c, d] if self.head != MARK => i32::from_le_bytes([*a, *b, *c, *d]),
            _ => return Err(cut()),
        };
        let length = u64::try_from(length).ok().filter(|length| *length <= self.most);
        let length = length.ok_or_else(|| too_long("the head of a message"))?;
        let start = self.head.len();
        if next(&mut self.head, length)? as u64 != length {
            return Err(cut());
        }
        let body = root_as_message(&self.head[start..]).map_or(0, |message| message.bodyLength());
        self.body = u64::try_from(body).ok().filter(|body| *body <= self.most).ok_or_else(|| too_long("a message"))?;
        Ok(())
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.place == self.head.len() && self.body == 0 {
            self.advance()?;
        }
        if self.place < self.head.len() {
            let read = (&self.head[self.place..]).read(buffer)?;
            self.place += read;
            return Ok(read);
        }
        let read = (&mut self.source).take(self.body).read(buffer)?;
        self.body -= read as u64;
        Ok(read)
    }
}

/// Makes sure that the footer of a file, and all that it lists, lie inside of the file.
pub(super) fn check_file(mut file: impl Read + Seek) -> io::Result<()> {
    let length = file.seek(SeekFrom::End(0))?;
    let Some(end) = length.checked_sub(END as u64) else { return Ok(()) };
    file.seek(SeekFrom::Start(end))?;
    let mut last = [0; END];
    file.read_exact(&mut last)?;
    let (footer, name) = last.split_at(4);
    // What is no Arrow file is for the reader to say.
    let Some(footer) = footer.first_chunk::<4>().filter(|_| *name == *b"ARROW1") else { return Ok(()) };
    let footer = i32::from_le_bytes(*footer);
    let start = u64::try_from(footer).ok().and_then(|footer| end.checked_sub(footer));
    let start = start.ok_or_else(|| too_long("the footer"))?;
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(end - start).read_to_end(&mut bytes)?;
    // What is no footer is for the reader to say.
    let Ok(footer) = root_as_footer(&bytes) else { return Ok(()) };
    let blocks = [footer.dictionaries(), footer.recordBatches()];
    let inside = |offset: i64, head: i32, body: i64| {
        let parts = [u64::try_from(offset).ok()?, u64::try_from(head).ok()?, u64::try_from(body).ok()?];
        parts.into_iter().try_fold(0, u64::checked_add).filter(|end| *end <= length)
    };
    for block in blocks.into_iter().flatten().flatten() {
        inside(block.offset(), block.metaDataLength(), block.bodyLength()).ok_or_else(|| too_long("a message"))?;
    }
    Ok(())
}

/// Not the end that the reader takes for that of the stream.
fn cut() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "it ends within the head of a message")
}

fn too_long(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("{what} says that it is longer than what there is"))
}
