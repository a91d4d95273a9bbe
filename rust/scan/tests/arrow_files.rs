//! Arrow files and streams on disk: the same rows in either, and what is cut says so.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::fs;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, DictionaryArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Int32Type, Int64Type, SchemaRef};
use arrow::ipc::CompressionType;
use arrow::ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use backburn_scan::error::{Kind, Result};
use backburn_scan::format::{Chunk, Positions, WHOLE};
use backburn_scan::source::input::Input;
use backburn_scan::source::{Opened, check_format, open};
use proptest::prelude::*;

fn batch(from: i64, rows: i64) -> RecordBatch {
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(from..from + rows));
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values((from..from + rows).map(|n| n.to_string())));
    let names: DictionaryArray<Int32Type> = (from..from + rows).map(|n| ["a", "b"][usize::from(n % 2 == 0)]).collect();
    RecordBatch::try_from_iter([("number", numbers), ("text", texts), ("name", Arc::new(names) as ArrayRef)]).unwrap()
}

fn written(schema: &SchemaRef, batches: &[RecordBatch], stream: bool, compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    let mut bytes = Vec::new();
    if stream {
        let mut writer = StreamWriter::try_new_with_options(&mut bytes, schema, options).unwrap();
        for batch in batches {
            writer.write(batch).unwrap();
        }
        writer.finish().unwrap();
    } else {
        // One dictionary a file: so batches of a file share the texts of its first.
        let mut writer = FileWriter::try_new_with_options(&mut bytes, schema, options).unwrap();
        for batch in batches {
            writer.write(batch).unwrap();
        }
        writer.finish().unwrap();
    }
    bytes
}

fn opened(bytes: &[u8]) -> Result<(tempfile::NamedTempFile, Opened)> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let found = open(&Input::file(file.path(), "a.arrow"), None)?;
    Ok((file, found))
}

fn read(bytes: &[u8], projection: &[usize]) -> Result<(String, Vec<Chunk>)> {
    let (_file, Opened::Rows { rows, format, .. }) = opened(bytes)? else { panic!("this is no Parquet") };
    Ok((format, rows.read(projection, &WHOLE)?.collect::<Result<_>>()?))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rows_of_files_and_streams_are_those_that_were_written(
        sizes in proptest::collection::vec(0_i64..5, 1..5), stream in any::<bool>(),
        compression in prop_oneof![
            Just(None), Just(Some(CompressionType::ZSTD)), Just(Some(CompressionType::LZ4_FRAME)),
        ],
    ) {
        let mut from = 0;
        let batches: Vec<RecordBatch> = sizes.iter().map(|rows| {
            from += rows;
            batch(from - rows, *rows).project(&[0, 1]).unwrap()
        }).collect();
        let bytes = written(&batches[0].schema(), &batches, stream, compression);
        let (format, chunks) = read(&bytes, &[1, 0]).unwrap();
        prop_assert_eq!(format, "arrow");
        let mut row = 0;
        for chunk in chunks {
            let Positions::Rows { first } = chunk.positions else { panic!("Arrow has no lines") };
            prop_assert_eq!(first, u64::try_from(row).unwrap());
            let texts = chunk.batch.column(0).as_string::<i32>();
            for (text, number) in texts.iter().zip(chunk.batch.column(1).as_primitive::<Int64Type>().values()) {
                prop_assert_eq!((text.unwrap().to_owned(), *number), (row.to_string(), row));
                row += 1;
            }
        }
        prop_assert_eq!(row, from);
    }
}

#[test]
fn dictionaries_are_read_and_a_large_batch_comes_in_pieces() {
    let one = batch(0, 150_000);
    for stream in [false, true] {
        let (_, chunks) = read(&written(&one.schema(), std::slice::from_ref(&one), stream, None), &[2]).unwrap();
        assert_eq!(chunks.iter().map(|chunk| chunk.batch.num_rows()).collect::<Vec<_>>(), [65_536, 65_536, 18_928]);
        let names = chunks[2].batch.column(0).as_dictionary::<Int32Type>();
        let names: Vec<_> = names.downcast_dict::<StringArray>().unwrap().into_iter().take(2).collect();
        assert_eq!(names, [Some("b"), Some("a")]);
        let (_, none) = read(&written(&one.schema(), std::slice::from_ref(&one), stream, None), &[]).unwrap();
        assert_eq!(none.iter().map(|chunk| chunk.batch.num_rows()).sum::<usize>(), 150_000);
    }
}

#[test]
fn a_file_that_is_cut_or_false_is_a_data_error_that_names_it() {
    let one = batch(0, 1000);
    for stream in [false, true] {
        let whole = written(&one.schema(), std::slice::from_ref(&one), stream, None);
        for length in (8..whole.len() - 16).step_by(29) {
            let error = read(&whole[..length], &[0, 1]).map(|(_, chunks)| chunks.len()).unwrap_err();
            assert_eq!(error.kind, Kind::Data);
            assert!(error.message.starts_with("the Arrow file cannot be read: "), "{error}");
            assert!(error.file.is_some() && error.remedy.is_some());
        }
    }
    for name in ["arrow", "feather", "ipc"] {
        check_format(name).unwrap();
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), "a,b\n1,2\n").unwrap();
    let error = open(&Input::file(file.path(), "a.arrow"), Some("arrow")).err().unwrap();
    assert_eq!(error.message, "not an Arrow file");
}

#[test]
fn a_length_beyond_the_file_is_an_error_before_room_is_made_for_it() {
    let one = batch(0, 1000);
    let stream = written(&one.schema(), std::slice::from_ref(&one), true, None);
    let file = written(&one.schema(), std::slice::from_ref(&one), false, None);
    // Behind the mark is the length of the first head; at its end a file has the length of its footer.
    for (bytes, place) in [(&stream, 4), (&file, file.len() - 10)] {
        for length in [i32::MAX, -1] {
            let mut bytes = bytes.clone();
            bytes[place..place + 4].copy_from_slice(&length.to_le_bytes());
            let error = read(&bytes, &[0]).map(|(_, chunks)| chunks.len()).unwrap_err();
            assert!(error.message.ends_with("says that it is longer than what there is"), "{error}");
        }
    }
}

proptest! {
    #[test]
    fn damaged_bytes_are_rows_or_an_error(
        stream in any::<bool>(), changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let one = batch(0, 40);
        let mut bytes = written(&one.schema(), std::slice::from_ref(&one), stream, None);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Err(error) = read(&bytes, &[0]) {
            prop_assert!(error.file.is_some() && error.remedy.is_some(), "{error}");
        }
    }
}
