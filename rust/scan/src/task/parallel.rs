//! Work on many items by several threads, whose result and whose error do not depend on how many there are.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::control::Control;
use crate::error::{Error, Kind, Result};

/// How many processors this process may use.
pub(crate) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Does `work` on every item, as [`fold_in_parallel`] does, and gives the results in the order of the items.
pub(crate) fn in_parallel<I: Sync, T: Send>(
    threads: usize,
    items: &[I],
    control: &Control,
    work: impl Fn(&I) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let numbered: Vec<(usize, &I)> = items.iter().enumerate().collect();
    let keep = |done: &mut Vec<(usize, T)>, (at, item): &(usize, &I)| {
        done.push((*at, work(item)?));
        Ok(())
    };
    let done = fold_in_parallel(threads, &numbered, control, Vec::new, keep, Ok)?;
    let mut done: Vec<(usize, T)> = done.into_iter().flatten().collect();
    done.sort_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

/// Does `work` on every item, in order on one thread or drawn from a shared counter on several, each of which has a
/// state of its own that `end` turns into its result. The first error in the order of the items wins, and ends the work
/// early.
pub(super) fn fold_in_parallel<I: Sync, S, T: Send>(
    threads: usize,
    items: &[I],
    control: &Control,
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &I) -> Result<()> + Sync,
    end: impl Fn(S) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let failed = AtomicUsize::new(usize::MAX);
    let errors: Mutex<Vec<(usize, Error)>> = Mutex::new(Vec::new());
    let results: Mutex<Vec<T>> = Mutex::new(Vec::new());
    let note = |at: usize, error: Error| {
        if let Ok(mut errors) = errors.lock() {
            errors.push((at, error));
        }
    };
    let worker = || {
        let mut state = begin();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            // Items before a failed one are still done: theirs may be the error to report.
            if at >= items.len() || at > failed.load(Ordering::Relaxed) {
                break;
            }
            if let Err(error) = control.check().and_then(|()| work(&mut state, &items[at])) {
                failed.fetch_min(at, Ordering::Relaxed);
                note(at, error);
            }
        }
        if failed.load(Ordering::Relaxed) < items.len() {
            return;
        }
        match end(state) {
            Ok(result) => {
                if let Ok(mut results) = results.lock() {
                    results.push(result);
                }
            }
            Err(error) => note(items.len(), error),
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, items.len().max(1)) {
            scope.spawn(worker);
        }
        worker();
    });
    let lost = || Error::new(Kind::Io, "a worker failed");
    let errors = errors.into_inner().map_err(|_| lost())?;
    if let Some((_, error)) = errors.into_iter().min_by_key(|(at, _)| *at) {
        return Err(error);
    }
    results.into_inner().map_err(|_| lost())
}
