//! Bytes that come once: standard input, or a named pipe.
//!
//! A thread of its own reads and inflates them, a few blocks ahead, so that whoever counts can be stopped while it
//! waits for a command that has nothing to say. What somebody has only looked at is kept until somebody reads.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use backburn_core::rollup::SourceId;

use super::discover::STANDARD_INPUT;
use super::identity::Ends;
use super::inflate;

/// Bytes that are read at once.
const BLOCK: usize = 256 * 1024;

/// Blocks that wait to be looked at.
const WAITING: usize = 8;

/// How often somebody who waits looks whether to stop.
const BEAT: Duration = Duration::from_millis(50);

/// What the thread that reads has to say.
enum Message {
    Block(Vec<u8>),
    End(SourceId),
    Failed(io::Error),
}

/// A pipe that is being read.
#[derive(Debug)]
pub(super) struct Pipe {
    stopped: Arc<AtomicBool>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    messages: Receiver<Message>,
    /// What was looked at and not read.
    held: Vec<u8>,
    taken: bool,
    end: Option<SourceId>,
}

impl Pipe {
    /// Begins to read what is at `path`; whoever waits for it stops when `stopped` says so. Standard input is there once
    /// in the life of a process.
    pub(super) fn open(path: &Path, stopped: Arc<AtomicBool>) -> Option<Self> {
        static READ: AtomicBool = AtomicBool::new(false);
        if path.as_os_str() == STANDARD_INPUT && READ.swap(true, Ordering::Relaxed) {
            return None;
        }
        let (sender, messages) = sync_channel(WAITING);
        let path = path.to_owned();
        // Nobody waits for it: while it waits for bytes, nothing can wake it.
        std::thread::spawn(move || pump(&path, &sender));
        let state = State { messages, held: Vec::new(), taken: false, end: None };
        Some(Self { stopped, state: Mutex::new(state) })
    }

    /// The bytes for somebody who looks at the first of them.
    pub(super) fn look(pipe: &Arc<Self>) -> impl Read + Send + use<> {
        Look { pipe: Arc::clone(pipe), place: 0 }
    }

    /// The bytes for somebody who reads them; there is nothing for a second one.
    pub(super) fn take(pipe: &Arc<Self>) -> Option<Box<dyn BufRead + Send>> {
        let mut state = pipe.state();
        if std::mem::replace(&mut state.taken, true) {
            return None;
        }
        let block = std::mem::take(&mut state.held);
        Some(Box::new(Rest { pipe: Arc::clone(pipe), block, place: 0 }))
    }

    /// What tells it from others. What nobody has read yet goes by.
    pub(super) fn identity(&self) -> io::Result<SourceId> {
        let mut state = self.state();
        while self.next(&mut state)?.is_some() {}
        state.end.clone().ok_or_else(broken_off)
    }

    /// The next block, or nothing at the end.
    fn next(&self, state: &mut State) -> io::Result<Option<Vec<u8>>> {
        if state.end.is_some() {
            return Ok(None);
        }
        loop {
            match state.messages.recv_timeout(BEAT) {
                Ok(Message::Block(block)) => return Ok(Some(block)),
                Ok(Message::End(id)) => {
                    state.end = Some(id);
                    return Ok(None);
                }
                Ok(Message::Failed(error)) => return Err(error),
                Err(RecvTimeoutError::Disconnected) => return Err(broken_off()),
                Err(RecvTimeoutError::Timeout) if self.stopped.load(Ordering::Relaxed) => {
                    return Err(io::Error::other("interrupted"));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // It is whole after every step, also when another thread failed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream that ends without its end would be taken for a shorter log.
fn broken_off() -> io::Error {
    io::Error::other("reading broke off")
}

struct Look {
    pipe: Arc<Pipe>,
    place: usize,
}

impl Read for Look {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = self.pipe.state();
        if state.taken {
            return Err(io::Error::other("it is being read already"));
        }
        while state.held.len() <= self.place {
            match self.pipe.next(&mut state)? {
                Some(block) => state.held.extend(block),
                None => return Ok(0),
            }
        }
        let read = (&state.held[self.place..]).read(buffer)?;
        self.place += read;
        Ok(read)
    }
}

struct Rest {
    pipe: Arc<Pipe>,
    block: Vec<u8>,
    place: usize,
}

impl BufRead for Rest {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.place == self.block.len() {
            let mut state = self.pipe.state();
            let Some(block) = self.pipe.next(&mut state)? else { break };
            (self.block, self.place) = (block, 0);
        }
        Ok(&self.block[self.place..])
    }

    fn consume(&mut self, amount: usize) {
        self.place = self.block.len().min(self.place.saturating_add(amount));
    }
}

impl Read for Rest {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// Reads everything, and tells of it until nobody listens.
fn pump(path: &Path, sender: &SyncSender<Message>) {
    let last = match read(path, sender) {
        Ok(ends) => Message::End(ends.finish()),
        Err(error) => Message::Failed(error),
    };
    // Whoever has heard enough has gone.
    let _ = sender.send(last);
}

fn read(path: &Path, sender: &SyncSender<Message>) -> io::Result<Ends> {
    // A pipe is opened when somebody writes to it.
    let source: Box<dyn Read + Send> =
        if path.as_os_str() == STANDARD_INPUT { Box::new(io::stdin()) } else { Box::new(File::open(path)?) };
    let ends = Arc::new(Mutex::new(Ends::default()));
    let passing = Passing { source, ends: Arc::clone(&ends) };
    let mut reader = inflate::inflated(BufReader::with_capacity(BLOCK, passing))?;
    loop {
        let block = reader.fill_buf()?.to_vec();
        reader.consume(block.len());
        if block.is_empty() || sender.send(Message::Block(block)).is_err() {
            break;
        }
    }
    drop(reader);
    let mut ends = ends.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *ends))
}

/// Bytes that are noted as they pass by.
struct Passing<R> {
    source: R,
    ends: Arc<Mutex<Ends>>,
}

impl<R: Read> Read for Passing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).add(&buffer[..read]);
        Ok(read)
    }
}
