//! The one place that lets go of the GIL, lets Ctrl-C through and reports progress.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use backburn_scan::control::Control;
use backburn_scan::error::Result;
use pyo3::prelude::*;

use crate::error::raise;

/// How often signals are looked at and progress is told.
const BEAT: Duration = Duration::from_millis(50);

/// Runs `work` on a thread of its own, told by `control`, while this one, detached, looks for signals and tells `progress`
/// `(done, total, rows)`. After a signal the work is asked to stop and waited for, so that nothing runs on unseen.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    control: &Control,
    work: impl FnOnce(&Control) -> Result<T> + Send,
) -> PyResult<T> {
    let (sender, mut receiver) = channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // The receiver outlives this thread; a send cannot fail.
            let _ = sender.send(work(control));
        });
        let mut interrupted = None;
        loop {
            let waiting = &mut receiver;
            match py.detach(move || waiting.recv_timeout(BEAT)) {
                Ok(result) => return interrupted.map_or_else(|| result.map_err(raise), Err),
                Err(RecvTimeoutError::Disconnected) => std::panic::resume_unwind(Box::new("the scan ended early")),
                Err(RecvTimeoutError::Timeout) if interrupted.is_none() => {
                    let told = progress.map_or(Ok(()), |tell| tell.call1(py, control.progress()).map(|_| ()));
                    if let Err(error) = py.check_signals().and(told) {
                        control.stop();
                        interrupted = Some(error);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    })
}

/// Runs `work` on this thread, detached, as some foreign streams ask for; `work` calls its second argument now and
/// then, which looks for signals and tells `progress` as [`run`] does, and ends the work with what it finds.
pub(crate) fn pull<T: Send>(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    control: &Control,
    work: impl FnOnce(&Control, &mut dyn FnMut() -> Result<()>) -> Result<T> + Send,
) -> PyResult<T> {
    let (mut interrupted, mut last) = (None, Instant::now());
    let result = py.detach(|| {
        work(control, &mut || {
            if last.elapsed() < BEAT || interrupted.is_some() {
                return control.check();
            }
            last = Instant::now();
            let told = Python::attach(|py| {
                let told = progress.map_or(Ok(()), |tell| tell.call1(py, control.progress()).map(|_| ()));
                py.check_signals().and(told)
            });
            if let Err(error) = told {
                control.stop();
                interrupted = Some(error);
            }
            control.check()
        })
    });
    interrupted.map_or_else(|| result.map_err(raise), Err)
}
