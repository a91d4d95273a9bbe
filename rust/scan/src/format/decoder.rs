//! Libraries that decode files. Some damaged bytes make them panic, which is to be an error of the file.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread is inside of a library.
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// What a library gives; where it panics, `damaged`. Whatever it has left half done must not be used again.
pub(super) fn decoded<T, E>(decode: impl FnOnce() -> Result<T, E>, damaged: impl FnOnce() -> E) -> Result<T, E> {
    attempt(decode).unwrap_or_else(|| Err(damaged()))
}

/// The items of a library; where it panics, `damaged` is the last one.
pub(super) fn each_decoded<T, E>(
    items: impl Iterator<Item = Result<T, E>>,
    damaged: impl Fn() -> E,
) -> impl Iterator<Item = Result<T, E>> {
    let mut left = Some(items);
    std::iter::from_fn(move || {
        let items = left.as_mut()?;
        attempt(|| items.next()).unwrap_or_else(|| {
            left = None;
            Some(Err(damaged()))
        })
    })
}

/// Nothing where it panics, of which nobody is told: what panics elsewhere goes the way that it went before.
fn attempt<T>(decode: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let tell = take_hook();
        set_hook(Box::new(move |panic| {
            if !DECODING.get() {
                tell(panic);
            }
        }));
    });
    DECODING.set(true);
    let found = catch_unwind(AssertUnwindSafe(decode));
    DECODING.set(false);
    found.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_and_the_last_item() {
        assert_eq!(decoded(|| Ok::<_, &str>(1), || "damaged"), Ok(1));
        assert_eq!(decoded(|| Err::<i32, _>("short"), || "damaged"), Err("short"));
        assert_eq!(decoded(|| -> Result<i32, &str> { panic!("no such type") }, || "damaged"), Err("damaged"));
        let items = (1..).map(|item| if item < 3 { Ok::<_, &str>(item) } else { panic!("no such page") });
        assert_eq!(each_decoded(items, || "damaged").collect::<Vec<_>>(), [Ok(1), Ok(2), Err("damaged")]);
        let items = [Ok(1), Err("short"), Ok(2)];
        assert_eq!(each_decoded(items.into_iter(), || "damaged").collect::<Vec<_>>(), items);
    }
}
