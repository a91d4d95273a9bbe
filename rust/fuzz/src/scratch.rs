//! One file for all inputs, for readers take paths.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use backburn_scan::source::input::Input;

/// A file that is in no folder, so that nothing is left of it when a finding ends the process.
#[derive(Debug)]
pub struct Scratch(File);

impl Scratch {
    /// The file of this process.
    pub fn get() -> MutexGuard<'static, Self> {
        static FILE: LazyLock<Mutex<Scratch>> =
            LazyLock::new(|| Mutex::new(Scratch(tempfile::tempfile().expect("a temporary file"))));
        FILE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes all of the file anew.
    pub fn holding(&self, bytes: &[u8]) -> Input {
        self.0.set_len(0).and_then(|()| self.0.write_all_at(bytes, 0)).expect("room for a few kilobytes");
        let path = PathBuf::from(format!("/proc/self/fd/{}", self.0.as_raw_fd()));
        Input::file(&path, "fuzz.log")
    }
}
