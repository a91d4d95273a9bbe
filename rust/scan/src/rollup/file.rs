//! A rollup on disk: ordinary Parquet with the facts in its metadata, written whole or not at all.

use std::io::Write;
use std::path::Path;

use backburn_core::rollup::Rollup;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::cells::Batches;
use super::facts::{facts, restore};
use super::names::AFTER;
use super::read::fill;
use crate::error::{Error, Result};
use crate::format::parquet::{MAGIC, ParquetFile};
use crate::openmetrics::{self, is_export};
use crate::whole::{self, Failure};

/// The metadata key under which the facts stand; its presence makes a Parquet file a rollup.
const KEY: &str = "backburn";

/// Writes the rollup to `path`, whole or not at all.
pub fn save(rollup: &Rollup, path: &str) -> Result<()> {
    whole::write(path, |mut file| write(rollup, &mut file))
}

/// The bytes that [`save`] would write.
pub fn to_bytes(rollup: &Rollup) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write(rollup, &mut bytes).map_err(Failure::plain)?;
    Ok(bytes)
}

fn write(rollup: &Rollup, file: &mut (impl Write + Send)) -> std::result::Result<(), Failure> {
    let batches = Batches::new(rollup).map_err(Failure::Told)?;
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(vec![KeyValue::new(KEY.to_owned(), facts(rollup))]));
    // Neighbouring cells differ little: their differences pack well.
    for name in AFTER.iter().filter(|name| !["squares", "bucket_index", "bucket_count"].contains(name)) {
        let column = ColumnPath::from(*name);
        properties = properties
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    let mut writer =
        ArrowWriter::try_new(file, batches.schema(), Some(properties.build())).map_err(Failure::Parquet)?;
    for batch in batches {
        writer.write(&batch.map_err(Failure::Told)?).map_err(Failure::Parquet)?;
    }
    writer.close().map(|_| ()).map_err(Failure::Parquet)
}

/// Whether the file is a saved rollup, or one that was exported as counters; other readable files, whatever they hold, are not.
pub fn is_rollup(path: &str) -> Result<bool> {
    Ok(is_export(path)?
        || is_parquet(path)? && ParquetFile::open(Path::new(path), path).is_ok_and(|file| file.note(KEY).is_some()))
}

/// Whether the file begins as Parquet does.
fn is_parquet(path: &str) -> Result<bool> {
    use std::io::Read;
    let mut head = [0_u8; 4];
    let mut file = std::fs::File::open(path).map_err(|error| Error::io(&error, path))?;
    Ok(file.read_exact(&mut head).is_ok() && head == *MAGIC)
}

/// Reads a saved rollup, or one that was exported as counters.
pub fn load(path: &str) -> Result<Rollup> {
    if is_export(path)? {
        return openmetrics::load(path);
    }
    if !is_parquet(path)? {
        return Err(no_rollup("no Parquet file at all", path));
    }
    restored(&ParquetFile::open(Path::new(path), path)?, path)
}

/// Reads a rollup from the bytes of its file.
pub fn from_bytes(bytes: Vec<u8>) -> Result<Rollup> {
    const NAME: &str = "the saved bytes";
    restored(&ParquetFile::from_bytes(bytes, NAME)?, NAME)
}

fn restored(file: &ParquetFile, path: &str) -> Result<Rollup> {
    let text = file.note(KEY).ok_or_else(|| no_rollup("an ordinary Parquet file", path))?;
    let damaged = |why: String| {
        Error::data(format!("the rollup cannot be read: {why}")).file(path).remedy("make it again from the logs")
    };
    let rollup = restore(text).map_err(damaged)?;
    fill(rollup, file).map_err(|error| if error.file.is_some() { error } else { damaged(error.message) })
}

fn no_rollup(what: &str, path: &str) -> Error {
    Error::data(format!("not a saved rollup: {what}"))
        .file(path)
        .remedy("make one with `backburn rollup SPEC DATA -o FILE`")
}
