//! An array of texts in the making.

use arrow::array::{NullBufferBuilder, StringArray};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};

use crate::error::{Error, Result};

/// Texts that are known to be UTF-8, and looked at once more all together.
pub(super) struct Texts {
    bytes: Vec<u8>,
    /// Where the first one begins, and where each ends.
    ends: Vec<i32>,
    nulls: NullBufferBuilder,
}

impl Default for Texts {
    fn default() -> Self {
        Self { bytes: Vec::new(), ends: vec![0], nulls: NullBufferBuilder::new(0) }
    }
}

impl Texts {
    #[inline]
    pub(super) fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.end();
        self.nulls.append_non_null();
    }

    pub(super) fn push_null(&mut self) {
        self.end();
        self.nulls.append_null();
    }

    /// The texts since the last array.
    pub(super) fn finish(&mut self) -> Result<StringArray> {
        let next = Self {
            bytes: Vec::with_capacity(self.bytes.len()),
            ends: Vec::with_capacity(self.ends.len()),
            ..Self::default()
        };
        let Self { bytes, ends, mut nulls } = std::mem::replace(self, next);
        self.ends.push(0);
        let ends = OffsetBuffer::new(ScalarBuffer::from(ends));
        StringArray::try_new(ends, Buffer::from_vec(bytes), nulls.finish())
            .map_err(|error| Error::data(error.to_string()))
    }

    #[inline]
    fn end(&mut self) {
        // What does not fit an array is found when one is made.
        self.ends.push(i32::try_from(self.bytes.len()).unwrap_or(i32::MAX));
    }
}
