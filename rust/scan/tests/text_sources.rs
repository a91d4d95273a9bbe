//! From paths to rows of text: discovery, recognition and CSV.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use backburn_scan::error::{Error, Kind, Result};
use backburn_scan::format::{Chunk, LOOSE, Positions, WHOLE};
use backburn_scan::normalise::in_full;
use backburn_scan::source::discover::{SourceFile, discover};
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
    let found = open(&SourceFile::new(file.path().to_owned()), format)?;
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
        ("ARROW1\0\0", "Arrow IPC"),
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
    assert!(words("xyz").contains("parquet, csv, jtl, ndjson, "));
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
    let bad: Vec<_> = chunk.bad.iter().map(|bad| (bad.line, bad.reason.as_str(), bad.value.as_str())).collect();
    assert_eq!(bad, [(6, "wrong number of fields", "3"), (7, "wrong number of fields", "4,5,6")]);
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

/// What a container runtime writes before a line of `stdout`.
const STDOUT: &str = "2026-01-02T03:04:05.678901234+01:00 stdout";

#[test]
fn lines_of_containers_are_read_in_every_line_format() {
    let json = r#"{"status": 200, "ok": true}"#;
    for (line, format, expected) in [
        (COMMON, None, "common"),
        (COMMON, Some("common"), "common"),
        (COMMON, Some("%h %l %u %t \"%r\" %>s %b"), "%h %l %u %t \"%r\" %>s %b"),
        (json, None, "ndjson"),
        (json, Some("json"), "ndjson"),
    ] {
        let (head, tail) = line.split_at(20);
        let text = format!("{STDOUT} P {head}\n{STDOUT} F {tail}\n{STDOUT} F \n\n{STDOUT} F {line}\nnoise\n");
        let (_file, Opened::Rows { rows, format: found, why }) = opened(text.as_bytes(), format).unwrap() else {
            panic!("this is text")
        };
        assert_eq!(found, expected);
        let behind = "behind what a container runtime writes before each line";
        assert_eq!(why.contains(behind), format.is_none(), "{why}");
        let all: Vec<usize> = (0..rows.schema().fields().len()).collect();
        let read: Vec<Chunk> = rows.read(&all, &WHOLE).unwrap().map(Result::unwrap).collect();
        assert_eq!(lines(&read[0]), [1, 5], "{line}");
        assert_eq!(read[0].bad.iter().map(|bad| bad.line).collect::<Vec<_>>(), [6]);
        for column in read[0].batch.columns() {
            assert_eq!(column.slice(0, 1).to_data(), column.slice(1, 1).to_data());
        }
    }
}

#[test]
fn a_large_log_of_a_container_is_cut_only_where_its_lines_are_whole() {
    let whole = format!("{STDOUT} F {COMMON}\n").repeat(90_000);
    let (head, tail) = COMMON.split_at(20);
    let stderr = STDOUT.replace("stdout", "stderr");
    let cut = format!("{stderr} P {head}\n{whole}{stderr} F {tail}\n");
    for (text, several, records) in [(whole.clone(), true, 90_000), (cut, false, 90_001)] {
        let (_file, Opened::Rows { rows, .. }) = opened(text.as_bytes(), None).unwrap() else { panic!("this is text") };
        let parts = rows.parts().unwrap();
        assert_eq!(parts.len() > 1, several);
        let count = |chunks: Vec<Chunk>| chunks.iter().map(|c| c.batch.num_rows()).sum::<usize>();
        let read = |part| count(rows.read(&[0], part).unwrap().map(Result::unwrap).collect());
        assert_eq!(parts.iter().map(read).sum::<usize>(), records);
        let last = parts.last().unwrap();
        assert_eq!(rows.first_record(last).unwrap() == 0, !several);
    }
}

#[test]
fn comments_and_lines_of_syslog_are_counted_as_their_formats_have_them() {
    let text = format!("<190>Jan  2 03:04:05 web nginx: {COMMON}\nJan 12 03:04:06 web nginx[3]: {COMMON}\n");
    assert_eq!(
        recognised(text.as_bytes()).unwrap(),
        ("common".to_owned(), "2 of 2 lines are common, behind what syslog writes before each line".to_owned())
    );
    let directives = "#Version: 1.0\n#Fields: date time sc-status time-taken\n";
    let error = refused(directives.as_bytes(), None);
    assert_eq!(error.message, "empty file: no line has anything of its own");
    assert!(chunks(directives.as_bytes(), Some("cloudfront")).is_empty());
    let text = format!("{directives}2026-01-02\t03:04:05\t200\t0.100\n");
    let why = "its only line is cloudfront, beside comments".to_owned();
    assert_eq!(recognised(text.as_bytes()).unwrap(), ("cloudfront".to_owned(), why));
    assert_eq!(lines(&chunks(text.as_bytes(), None)[0]), [3]);
    // A directive that names no time, or only a part of one, is of another format.
    assert!(refused(b"#Version: 1.0\n#Fields: date sc-status\n2026-01-02\t200\n", None).message.contains("W3C"));
    let error = refused(b"#Fields: date sc-status\n2026-01-02\t200\n", Some("cloudfront"));
    assert!(error.message.contains("have no hour") && error.file.is_some(), "{error}");
}

/// Where real logs live beside the project, if they do.
fn shared_data() -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !data.is_dir() {
        assert!(std::env::var_os("CI").is_none(), "the shared data is missing");
        eprintln!("skipped: no {}", data.display());
        return None;
    }
    Some(data)
}

/// The cells of some columns of a file, row by row, with `-` for null.
fn cells(file: &Path, format: Option<&str>, columns: &[&str]) -> Vec<String> {
    let Opened::Rows { rows, .. } = open(&SourceFile::new(file.to_owned()), format).unwrap() else {
        panic!("this is text")
    };
    let places: Vec<usize> = columns.iter().map(|name| rows.schema().index_of(name).unwrap()).collect();
    let mut cells = Vec::new();
    for chunk in rows.read(&places, &WHOLE).unwrap().map(Result::unwrap) {
        for row in 0..chunk.batch.num_rows() {
            let cell = |array| in_full(array, row).unwrap_or_else(|| "-".to_owned());
            cells.push(chunk.batch.columns().iter().map(cell).collect::<Vec<_>>().join(" "));
        }
    }
    cells
}

#[test]
fn real_logs_have_known_cells() {
    let Some(data) = shared_data() else { return };
    let read = |file: &str, columns: &[&str]| cells(&data.join("formats").join(file), None, columns);
    let alb = read("aws-alb-logs/aws-alb-logs.log", &["status", "upstream_duration", "upstream_status", "host"]);
    assert_eq!(alb.iter().filter(|row| row.starts_with("404 - - ")).count(), 8);
    assert_eq!(alb[1], "200 0.048 200 www.example.com");
    assert_eq!(
        read("envoy-logs/envoy.log", &["timestamp", "status", "duration", "client", "path"]),
        [
            "2025-12-31T16:37:40.479Z 200 11.0 10.0.0.12 /assets/image.webp",
            "2025-12-31T17:22:04.951Z 301 0.0 192.168.1.45 /",
            "2025-12-31T17:30:03.228Z 404 5.0 172.16.2.33 /.env",
            "2026-01-24T01:34:36.743Z 301 0.0 fd00:1234:5678::5a24 /",
            "2026-01-24T01:35:00Z 200 15.0 10.42.0.1 /api/data",
            "2026-01-24T01:36:00Z 201 20.0 fd00:1234:5678::1 /api/create",
        ]
    );
    let envoy =
        cells(&data.join("formats/envoy-logs/envoy.log"), Some("envoy"), &["status", "upstream_duration", "host"]);
    let expected =
        ["204 100.0 locations", "200 25.0 example.com", "200 15.0 proxy.example.com", "201 20.0 proxy6.example.com"];
    assert_eq!(envoy, expected);
    let haproxy = read("lnav/logfile_haproxy.0", &["status", "bytes", "duration", "client"]);
    assert_eq!(haproxy[0], "200 11394 1487.0 141.35.244.171");
    let bytes = haproxy.iter().filter_map(|row| row.split(' ').nth(1)?.parse::<u64>().ok()).sum::<u64>();
    assert_eq!(bytes, 118_427);
    let uwsgi = read("lnav/logfile_uwsgi.0", &["timestamp", "duration", "status"]);
    assert_eq!(
        uwsgi[..3],
        ["2016-03-13T22:49:12 129000.0 200", "2016-03-13T22:49:15 35000.0 200", "2016-03-13T22:49:15 68.0 200"]
    );
    let traefik = read("traefik_clf/traefik_clf.log", &["status", "duration", "request_count"]);
    assert_eq!((traefik[4].as_str(), traefik[5].as_str()), ("- 0.0 45640", "200 42.0 244"));
    let traefik = read("traefik_json/traefik_json.log", &["timestamp", "status", "duration", "user"]);
    assert_eq!(traefik[4], "2026-01-14T09:45:33.759014Z 404 10158.0 -");
    let caddy = read("caddy-logs/caddy-logs.log", &["status", "timestamp", "user", "user_agent"]);
    assert_eq!(caddy.iter().filter(|row| row.starts_with("0 ")).count(), 7);
    assert_eq!(caddy[9], "200 2024-03-29T19:51:04.947103Z Bob curl/7.88.1");
    let cloudfront =
        read("aws-cloudfront-logs/aws-cloudfront-logs.log", &["timestamp", "status", "duration", "query", "bytes"]);
    assert_eq!(cloudfront, ["2024-03-12T15:22:28Z 400 0.113 query_param=42 703"; 2]);
    for (file, failed) in [("apache2-logs/apache2-logs.log", 5), ("nginx_http-logs/nginx_http-logs.log", 4)] {
        assert_eq!(read(file, &["status"]).iter().filter(|status| status.starts_with('5')).count(), failed, "{file}");
    }
}

/// Rows, bad records and format of each.
#[test]
fn real_logs_have_known_counts() {
    let Some(data) = shared_data() else { return };
    for (file, format, rows, bad) in [
        ("apache/access.log.gz", "combined", 10_000, 0),
        ("jmeter/load_test_final.jtl", "csv", 10_387, 0),
        ("formats/lnav/logfile_shop_access_log.0", "combined", 1_000, 0),
        ("formats/apache2-logs/apache2-logs.log", "common", 7, 2),
        ("formats/nginx_http-logs/nginx_http-logs.log", "combined", 7, 2),
        ("formats/traefik_clf/traefik_clf.log", "traefik", 7, 0),
        ("formats/caddy-logs/caddy-logs.log", "caddy", 10, 1),
        ("formats/traefik_json/traefik_json.log", "traefik-json", 6, 1),
        ("formats/aws-alb-logs/aws-alb-logs.log", "alb", 14, 0),
        ("formats/aws-cloudfront-logs/aws-cloudfront-logs.log", "cloudfront", 2, 0),
        ("formats/envoy-logs/envoy.log", "envoy-json", 6, 4),
        ("formats/lnav/logfile_haproxy.0", "haproxy", 13, 4),
        ("formats/lnav/logfile_uwsgi.0", "uwsgi", 19, 0),
        ("nginxplus/nginxplus_status.ndjson.gz", "ndjson", 500, 0),
    ] {
        let Opened::Rows { rows: log, format: found, .. } = open(&SourceFile::new(data.join(file)), None).unwrap()
        else {
            panic!("{file} is text")
        };
        let read: Vec<Chunk> = log.read(&[0], &WHOLE).unwrap().map(Result::unwrap).collect();
        let counts =
            (read.iter().map(|c| c.batch.num_rows()).sum::<usize>(), read.iter().map(|c| c.bad.len()).sum::<usize>());
        assert_eq!((found.as_str(), counts), (format, (rows, bad)), "{file}");
    }
    // Too few lines are requests to say that all are meant to be, but whoever says so gets those.
    let haproxy = SourceFile::new(data.join("formats/haproxy-logs/haproxy-logs.log"));
    let error = open(&haproxy, None).err().unwrap();
    assert!(error.message.contains("only 2 of 5 lines are haproxy"), "{error}");
    let Opened::Rows { rows, .. } = open(&haproxy, Some("haproxy")).unwrap() else { panic!("this is text") };
    let read: Vec<Chunk> = rows.read(&[0], &WHOLE).unwrap().map(Result::unwrap).collect();
    let bad: Vec<u64> = read[0].bad.iter().map(|bad| bad.line).collect();
    assert_eq!((read[0].batch.num_rows(), bad), (2, vec![3, 4, 5]));
}
