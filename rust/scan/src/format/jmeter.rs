//! What `JMeter` means by the columns of its results, which are CSV with a header.

use arrow::datatypes::Field;

use super::{LASTED, MARKS, UNIT};

/// The first columns: when a request began, and how many milliseconds it took.
const FIRST: [&str; 2] = ["timeStamp", "elapsed"];

/// All columns of milliseconds.
const MILLISECONDS: [&str; 3] = ["elapsed", "Latency", "Connect"];

/// Whether a header is one of `JMeter`'s.
pub(crate) fn is_header(names: &[&[u8]]) -> bool {
    names.starts_with(&FIRST.map(str::as_bytes))
}

/// Notes at the fields of such a header what they mean.
pub(super) fn annotate(fields: &mut [Field]) {
    let names: Vec<&[u8]> = fields.iter().map(|field| field.name().as_bytes()).collect();
    if !is_header(&names) {
        return;
    }
    for field in fields {
        let mut notes = field.metadata().clone();
        if field.name() == FIRST[0] {
            notes.extend([(MARKS.to_owned(), "start".to_owned()), (LASTED.to_owned(), FIRST[1].to_owned())]);
        }
        if MILLISECONDS.contains(&field.name().as_str()) {
            notes.insert(UNIT.to_owned(), "ms".to_owned());
        }
        field.set_metadata(notes);
    }
}
