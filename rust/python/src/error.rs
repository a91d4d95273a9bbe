//! Errors of the core and the scan as the package's own exceptions.

use backburn_scan::error::{Error, Kind};
use pyo3::import_exception;
use pyo3::prelude::*;

import_exception!(backburn.errors, DataAccessError);
import_exception!(backburn.errors, DataError);
import_exception!(backburn.errors, DataNotFoundError);
import_exception!(backburn.errors, DataPermissionError);
import_exception!(backburn.errors, InterruptedScanError);
import_exception!(backburn.errors, RollupMismatchError);
import_exception!(backburn.errors, SpecError);

/// The exception for a failure of the scan.
pub(crate) fn raise(error: Error) -> PyErr {
    let Error { kind, message, remedy, file, line, column, field, value } = error;
    let fields = (message, remedy, file, line, column, field, value);
    match kind {
        Kind::NotFound => DataNotFoundError::new_err(fields),
        Kind::Permission => DataPermissionError::new_err(fields),
        Kind::Io => DataAccessError::new_err(fields),
        Kind::Spec => SpecError::new_err(fields),
        Kind::Data => DataError::new_err(fields),
        Kind::Mismatch => RollupMismatchError::new_err(fields),
        Kind::Interrupted => InterruptedScanError::new_err(fields),
    }
}

/// The exception for a refusal of the core.
pub(crate) fn refuse(error: backburn_core::error::Error) -> PyErr {
    raise(error.into())
}
