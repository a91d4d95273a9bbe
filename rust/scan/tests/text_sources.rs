//! From paths to rows of text: discovery, recognition and CSV.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "text_sources/carried.rs"]
mod carried;
#[path = "text_sources/real.rs"]
mod real;

use std::fs;
use std::io::Write as _;

use arrow::array::{Array, AsArray};
use backburn_scan::error::{Error, Kind, Result};
use backburn_scan::format::{Chunk, LOOSE, Positions, WHOLE};
use backburn_scan::source::discover::discover;
use backburn_scan::source::input::Input;
use backburn_scan::source::{Opened, check_format, open};
use proptest::prelude::*;

const COMMON: &str = r#"192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326"#;

fn tree(files: &[&str]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for file in files {
        let path = directory.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    directory
}

fn found(directory: &tempfile::TempDir, patterns: &[&str]) -> Result<Vec<String>> {
    let root = directory.path().to_str().unwrap();
    let patterns: Vec<String> = patterns.iter().map(|pattern| format!("{root}/{pattern}")).collect();
    Ok(discover(&patterns)?.into_iter().map(|file| file.name.strip_prefix(root).unwrap()[1..].to_owned()).collect())
}

/// Opens a file with these bytes, which stays for as long as the first result does.
fn opened(bytes: &[u8], format: Option<&str>) -> Result<(tempfile::NamedTempFile, Opened)> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let found = open(&Input::file(file.path(), "a.log"), format)?;
    Ok((file, found))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn recognised(bytes: &[u8]) -> Result<(String, String)> {
    opened(bytes, None).map(|(_, found)| match found {
        Opened::Rows { format, why, .. } => (format, why),
        Opened::Parquet { why } => ("parquet".to_owned(), why),
    })
}

fn refused(bytes: &[u8], format: Option<&str>) -> Error {
    opened(bytes, format).err().unwrap()
}

fn chunks(bytes: &[u8], format: Option<&str>) -> Vec<Chunk> {
    let (_file, Opened::Rows { rows, .. }) = opened(bytes, format).unwrap() else { panic!("this is text") };
    let all: Vec<usize> = (0..rows.schema().fields().len()).collect();
    rows.read(&all, &WHOLE).unwrap().map(Result::unwrap).collect()
}

fn lines(chunk: &Chunk) -> Vec<u64> {
    match &chunk.positions {
        Positions::Lines(lines) => (0..chunk.batch.num_rows()).map(|row| lines.line(row).unwrap()).collect(),
        Positions::Rows { .. } => panic!("text has lines"),
    }
}

#[test]
fn directories_and_globs_are_searched_in_order_without_what_holds_no_rows() {
    let directory =
        tree(&["b.log", "a.log", "d/.hidden", "d/_SUCCESS", "d/x.crc", "d/e/c.log", "d/_log/z.log", "[1].log"]);
    let find = |patterns: &[&str]| found(&directory, patterns).unwrap();
    assert_eq!(find(&["b.log", "a.log", "./b.log"]).len(), 2);
    assert_eq!(find(&["d"]), ["d/e/c.log"]);
    assert_eq!(find(&["*.log"]), ["[1].log", "a.log", "b.log"]);
    assert_eq!(find(&["**/*.log"]), ["[1].log", "a.log", "b.log", "d/e/c.log"]);
    assert_eq!(find(&["d/_*"]), ["d/_SUCCESS", "d/_log/z.log"]);
    assert_eq!(find(&["d/_log/*", "d/*"]), ["d/_log/z.log", "d/e/c.log"]);
    assert_eq!(find(&["[1].log"]), ["[1].log"]);
}

#[test]
fn partitions_come_from_directories() {
    let directory = tree(&["date=2026-01-02/zone=__HIVE_DEFAULT_PARTITION__/a.log"]);
    let root = directory.path().to_str().unwrap();
    let files = discover(&[format!("{root}/date=*/**/*.log")]).unwrap();
    let expected = [("date".to_owned(), Some("2026-01-02".to_owned())), ("zone".to_owned(), None)];
    assert_eq!(files[0].partitions, expected);
}

#[test]
fn what_names_nothing_is_an_error_with_a_remedy() {
    let directory = tree(&["access.log", "empty/_SUCCESS"]);
    for (pattern, message, remedy) in [
        ("acces.log", "no such file or directory", "did you mean"),
        ("nowhere/deep/a.log", "no such file or directory", "the path exists as far as"),
        ("*.parquet", "no file matches this pattern", "relative"),
        ("a[.log", "not a pattern", ""),
        ("empty", "no data files in this directory", "`_`"),
    ] {
        let error = found(&directory, &[pattern]).unwrap_err();
        assert_eq!(error.kind, Kind::NotFound);
        assert!(error.message.contains(message) && error.to_string().contains(remedy), "{error}");
        assert!(error.file.unwrap().ends_with(pattern));
    }
}

#[test]
fn links_in_circles_and_to_nowhere_are_not_followed() {
    let directory = tree(&["d/a.log"]);
    std::os::unix::fs::symlink(directory.path().join("d"), directory.path().join("d/again")).unwrap();
    std::os::unix::fs::symlink(directory.path().join("gone"), directory.path().join("d/lost.log")).unwrap();
    std::os::unix::fs::symlink(directory.path().join("d/a.log"), directory.path().join("d/b.log")).unwrap();
    assert_eq!(found(&directory, &["d"]).unwrap(), ["d/a.log"]);
}

#[test]
fn formats_are_recognised_by_content() {
    let common = format!("{COMMON}\n").repeat(18) + "noise\nnoise\n";
    for (text, format, why) in [
        (common, "common", "18 of 20 lines are common"),
        (format!("{COMMON} \"-\" \"curl\"\n"), "combined", "its only line is combined"),
        (format!("{COMMON} \"-\" \"curl\" 0.123\n"), "nginx-combined-time", "its only line is nginx-combined-time"),
        (
            "timeStamp,elapsed,label\n1,2,x\n".to_owned(),
            "csv",
            "its first line is a JMeter results header with 3 columns",
        ),
        ("time;status (code)\n1;2\n".to_owned(), "csv", "its first line is a CSV header with 2 columns"),
        ("time,status".to_owned(), "csv", "its first line is a CSV header with 2 columns"),
        ("{\"status\": 200}\n{\"status\": 503}\nnoise\n".to_owned(), "ndjson", "2 of 3 lines are JSON objects"),
        ("{\"status\": 200}".to_owned(), "ndjson", "its only line is a JSON object"),
        (format!("{{\"a\": 1, \"b\": \"{}", "b".repeat(1 << 16)), "ndjson", "its first line begins like a JSON object"),
        ("PAR1....PAR1".to_owned(), "parquet", "it begins with the bytes PAR1"),
    ] {
        assert_eq!(recognised(text.as_bytes()).unwrap(), (format.to_owned(), why.to_owned()));
    }
}

#[test]
fn gzip_is_read_by_members_and_says_when_it_is_cut() {
    let member = gzip(format!("{COMMON}\n\n").as_bytes());
    let read = chunks(&member.repeat(3), None);
    assert_eq!(lines(&read[0]), [1, 3, 5]);
    let long = gzip(&format!("{COMMON}\n").repeat(50_000).into_bytes());
    let (_file, Opened::Rows { rows, .. }) = opened(&long[..long.len() - 6], None).unwrap() else {
        panic!("this is text")
    };
    let read: Vec<_> = rows.read(&[0], &WHOLE).unwrap().collect();
    let error = read.last().unwrap().as_ref().unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (Kind::Data, "the gzip data ends too early"));
    assert!(error.file.is_some());
    assert!(refused(&gzip(b"PAR1....PAR1"), None).message.contains("Parquet file inside gzip"));
    let error = refused(b"timestamp,status\n1,200\n", Some("parquet"));
    assert_eq!(error.message, "not a Parquet file");
    assert!(error.remedy.is_some_and(|remedy| remedy.starts_with("leave `format` out")));
}

#[test]
fn what_is_not_read_is_called_by_its_name() {
    for (text, words) in [
        ("", "empty file"),
        ("\n \n", "only blank lines"),
        ("{\n  \"status\": 200\n}\n", "JSON that is not one object a line"),
        ("[{\"status\": 200}]", "a JSON array"),
        ("#Version: 1.0\n#Fields: time c-ip\n10:11:12 192.0.2.1\n", "a W3C log"),
        ("ARROW1\0\0", "the Arrow file cannot be read"),
        ("hello\nworld\n", "its first line is `hello`"),
        ("1,2,3\n4,5,6\n", "no known format"),
    ] {
        let error = refused(text.as_bytes(), None);
        assert_eq!(error.kind, Kind::Data);
        assert!(error.message.contains(words), "{error}");
        assert!(error.file.is_some() && error.remedy.is_some());
    }
    let mostly_noise = format!("{COMMON}\nnoise\nnoise\n");
    let error = refused(mostly_noise.as_bytes(), None);
    assert!(error.message.contains("only 1 of 3 lines are common"), "{error}");
    assert!(error.remedy.is_some_and(|remedy| remedy.starts_with("write `format: common` if")));
    assert_eq!(refused(b"", Some("combined")).message, "empty file");
}

#[test]
fn names_of_formats_are_checked() {
    for name in [
        "parquet",
        "csv",
        "jtl",
        "ndjson",
        "json",
        "common",
        "combined",
        "nginx-combined-time",
        "alb",
        "caddy",
        "cloudfront",
        "envoy",
        "envoy-json",
        "haproxy",
        "traefik",
        "traefik-json",
        "uwsgi",
        "$status $msec",
        "%>s %t",
    ] {
        check_format(name).unwrap();
    }
    let words = |name: &str| check_format(name).unwrap_err().to_string();
    assert!(words("combind").contains("did you mean 'combined'?"));
    assert!(words("w3c").contains("not read yet"));
    assert!(words("xyz").contains("parquet, arrow, csv, jtl, ndjson, "));
    assert_eq!(check_format("$a$b").unwrap_err().column, Some(3));
}

#[test]
fn csv_cells_are_loose_text_and_lines_are_those_of_the_file() {
    let text = "\u{feff}a,b\r\n1,\"x\r\ny\"\r\n\r\n\"\",2\n3\n4,5,6\n\n7,\"say \"\"hi\"\"\"\n8,";
    let read = chunks(text.as_bytes(), None);
    let chunk = &read[0];
    let column = |place: usize| chunk.batch.column(place).as_string::<i32>().iter().collect::<Vec<_>>();
    assert_eq!(column(0), [Some("1"), None, Some("7"), Some("8")]);
    assert_eq!(column(1), [Some("x\r\ny"), Some("2"), Some("say \"hi\""), None]);
    assert_eq!(lines(chunk), [2, 5, 9, 10]);
    let bad: Vec<_> = chunk.bad.iter().map(|bad| (bad.line, bad.reason.as_str(), &bad.record[..])).collect();
    assert_eq!(bad, [(6, "wrong number of fields", &b"3"[..]), (7, "wrong number of fields", b"4,5,6")]);
    assert!(chunk.batch.schema().fields().iter().all(|field| field.metadata().contains_key(LOOSE)));
}

#[test]
fn csv_that_is_broken_says_how() {
    assert!(refused(b"a,b,a\n1,2,3\n", None).message.contains("'a' twice"));
    let reasons =
        |text: &[u8]| chunks(text, Some("csv"))[0].bad.iter().map(|bad| bad.reason.clone()).collect::<Vec<_>>();
    assert_eq!(reasons(b"a,b\n1,\xff\n1,2\n"), ["invalid UTF-8"]);
    assert_eq!(reasons(b"a,b\n\xc3,\xa9\n"), ["invalid UTF-8"]);
    assert_eq!(reasons(b"a,b\n1,2\n3"), ["incomplete last line"]);
    assert_eq!(reasons(b"a,b\n1,2\n3\n"), ["wrong number of fields"]);
    assert!(chunks(b"a,b\n", None).is_empty());
}

#[test]
fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
    let text = format!("a,b\n1,2\n3,\"open\n{}", "4,5\n".repeat(5 << 20));
    let (_file, Opened::Rows { rows, .. }) = opened(text.as_bytes(), None).unwrap() else { panic!("this is text") };
    let error = rows.read(&[0], &WHOLE).unwrap().find_map(Result::err).unwrap();
    assert_eq!((error.message.as_str(), error.line), ("record longer than 16 MiB", Some(3)));
}

#[test]
fn many_rows_come_in_bounded_chunks() {
    let text = "a,b\n".to_owned() + &"1,\"x\ny\"\n".repeat(40_000);
    let read = chunks(text.as_bytes(), None);
    assert!(read.iter().all(|chunk| chunk.batch.num_rows() <= 16_384));
    let all: Vec<u64> = read.iter().flat_map(lines).collect();
    assert!(all.iter().copied().eq((0..40_000).map(|row| 2 + 2 * row)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn csv_that_is_written_is_read_back(
        rows in proptest::collection::vec(proptest::collection::vec("[a-zé\" ,\n\r]{0,6}", 2), 1..20), crlf in any::<bool>(),
    ) {
        let newline = if crlf { "\r\n" } else { "\n" };
        let mut text = format!("h1,h2{newline}");
        let mut expected = Vec::new();
        for row in &rows {
            expected.push(1 + u64::try_from(text.matches('\n').count()).unwrap());
            let cells: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            text.push_str(&(cells.join(",") + newline));
        }
        let read = chunks(text.as_bytes(), Some("csv"));
        prop_assert_eq!(lines(&read[0]), expected);
        for (place, row) in rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let array = read[0].batch.column(column).as_string::<i32>();
                prop_assert_eq!(if array.is_valid(place) { array.value(place) } else { "" }, cell);
            }
        }
    }

    #[test]
    fn any_bytes_are_recognised_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Err(error) = recognised(&bytes) {
            prop_assert_eq!(error.kind, Kind::Data);
        }
        for format in ["csv", "combined", "ndjson", "$remote_addr $status"] {
            if let Ok((_file, Opened::Rows { rows, .. })) = opened(&bytes, Some(format)) {
                rows.read(&[0], &WHOLE).unwrap().for_each(drop);
            }
        }
    }
}
