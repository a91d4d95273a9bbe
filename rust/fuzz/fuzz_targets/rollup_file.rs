//! Bytes that may be a saved rollup.
//!
//! What must hold: they are refused, or they are a rollup which, written and read again, is equal to the one that was
//! read, and which is what it is together with nothing.

#![no_main]

use backburn_core::rollup::Rollup;
use backburn_scan::rollup::{from_bytes, to_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(rollup) = from_bytes(input.to_vec()) else { return };
    let written = to_bytes(&rollup).expect("what was read can be written");
    let again = from_bytes(written).expect("what was written can be read");
    assert_eq!(again, rollup);
    let merged = rollup.merge(&Rollup::default()).expect("nothing stands against nothing");
    assert_eq!(merged, rollup);
});
