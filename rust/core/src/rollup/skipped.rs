//! What was not read because it was known to lie outside the asked time.

use crate::error::{Error, Result};

/// How much was skipped; a part of the data that was asked for, without a row in the asked time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Files that were not opened.
    pub files: u64,
    /// Row groups that were not read, of files that were opened.
    pub row_groups: u64,
}

impl Skipped {
    /// Both together.
    ///
    /// ```
    /// use backburn_core::rollup::Skipped;
    /// let one = Skipped { files: 1, row_groups: 2 };
    /// assert_eq!(one.plus(Skipped { files: 3, row_groups: 0 }), Ok(Skipped { files: 4, row_groups: 2 }));
    /// ```
    pub fn plus(self, other: Self) -> Result<Self> {
        let sum = |one: u64, two: u64| one.checked_add(two).ok_or(Error::Overflow);
        Ok(Self { files: sum(self.files, other.files)?, row_groups: sum(self.row_groups, other.row_groups)? })
    }
}
