//! Whole logs, read from files as users have them.

use std::fmt::Write as _;
use std::fs;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, TimestampMicrosecondType, UInt16Type, UInt64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::{AccessLog, Pattern};
use crate::format::preset::{Preset, Shape};
use crate::format::{BadRecord, Chunk, Framing, LOOSE, Positions, Rows, UNIT, WHOLE};
use crate::source::input::Input;

const COMBINED: &str = r#"192.0.2.7 - frank [10/Oct/2000:13:55:36 -0700] "GET /a.gif?x=1 HTTP/1.0" 200 2326 "http://e.com/" "Mozilla/4.08""#;

/// The pattern of a preset.
pub(super) fn pattern(name: &str) -> Pattern {
    match &Preset::find(name).unwrap().unwrap().shape {
        Shape::Lines(pattern) => pattern.clone(),
        Shape::Json(_) | Shape::Columns(_) => panic!("{name} is no text"),
    }
}

/// A log that was read whole.
pub(super) struct Log {
    chunks: Vec<Chunk>,
}

impl Log {
    pub(super) fn read(pattern: Pattern, bytes: &[u8]) -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        let log = AccessLog::new(&Input::file(file.path(), "a.log"), pattern, Framing::Plain);
        let all: Vec<usize> = (0..log.schema().fields().len()).collect();
        Self { chunks: log.read(&all, &WHOLE).unwrap().map(Result::unwrap).collect() }
    }

    pub(super) fn preset(name: &str, bytes: &[u8]) -> Self {
        Self::read(pattern(name), bytes)
    }

    pub(super) fn written(format: &str, bytes: &[u8]) -> Self {
        Self::read(Pattern::compile(format).unwrap(), bytes)
    }

    pub(super) fn batch(&self) -> &RecordBatch {
        &self.chunks[0].batch
    }

    /// All batches that have rows.
    pub(super) fn batches(&self) -> Vec<&RecordBatch> {
        self.chunks.iter().map(|chunk| &chunk.batch).filter(|batch| batch.num_rows() > 0).collect()
    }

    fn cells(&self, column: &str) -> Vec<Option<String>> {
        let array = self.batch().column_by_name(column).unwrap_or_else(|| panic!("no column {column}"));
        let options = FormatOptions::default();
        let instants = array.as_primitive_opt::<TimestampMicrosecondType>().filter(|times| times.timezone().is_some());
        let text = |row: usize| match instants {
            // Arrow shows times of named zones only with a time zone database.
            Some(times) => jiff::Timestamp::from_microsecond(times.value(row)).unwrap().to_string(),
            None => ArrayFormatter::try_new(array, &options).unwrap().value(row).to_string(),
        };
        (0..array.len()).map(|row| array.is_valid(row).then(|| text(row))).collect()
    }

    pub(super) fn cell(&self, column: &str) -> Option<String> {
        self.cells(column)[0].clone()
    }

    fn names(&self) -> Vec<String> {
        self.batch().schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    pub(super) fn bad(&self) -> Vec<(u64, &str)> {
        self.chunks
            .iter()
            .flat_map(|chunk| &chunk.bad)
            .map(|BadRecord { reason, line, .. }| (*line, reason.as_str()))
            .collect()
    }

    pub(super) fn lines(&self) -> Vec<u64> {
        self.chunks
            .iter()
            .flat_map(|chunk| match &chunk.positions {
                Positions::Lines(lines) => {
                    (0..chunk.batch.num_rows()).map(|row| lines.line(row).unwrap()).collect::<Vec<_>>()
                }
                Positions::Rows { .. } => panic!("a log has lines"),
            })
            .collect()
    }
}

#[test]
fn a_combined_line_has_all_columns_typed() {
    let log = Log::preset("combined", COMBINED.as_bytes());
    let batch = log.batch();
    let time = batch.column_by_name("timestamp").unwrap();
    assert_eq!(*time.data_type(), DataType::Timestamp(arrow::datatypes::TimeUnit::Microsecond, Some("UTC".into())));
    assert_eq!(time.as_primitive::<TimestampMicrosecondType>().value(0), 971_211_336_000_000);
    assert_eq!(batch.column_by_name("status").unwrap().as_primitive::<UInt16Type>().value(0), 200);
    assert_eq!(batch.column_by_name("bytes").unwrap().as_primitive::<UInt64Type>().value(0), 2326);
    let expected = [
        ("client", Some("192.0.2.7")),
        ("method", Some("GET")),
        ("path", Some("/a.gif")),
        ("query", Some("x=1")),
        ("protocol", Some("HTTP/1.0")),
        ("referrer", Some("http://e.com/")),
        ("user_agent", Some("Mozilla/4.08")),
        ("host", None),
        ("user", Some("frank")),
        ("ident", None),
        ("request", Some("GET /a.gif?x=1 HTTP/1.0")),
    ];
    for (name, value) in expected {
        assert_eq!(log.cell(name).as_deref(), value, "{name}");
    }
    assert_eq!(log.names().len(), expected.len() + 3);
}

#[test]
fn only_the_asked_columns_are_read_in_the_asked_order() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), format!("{COMBINED}\n{COMBINED}\n")).unwrap();
    let log = AccessLog::new(&Input::file(file.path(), "a.log"), pattern("common"), Framing::Plain);
    let place = |name: &str| log.schema().index_of(name).unwrap();
    let chunk = log.read(&[place("status"), place("path")], &WHOLE).unwrap().next().unwrap().unwrap();
    let names: Vec<_> = chunk.batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["status", "path"]);
    let nothing = log.read(&[], &WHOLE).unwrap().next().unwrap().unwrap();
    assert_eq!((nothing.batch.num_columns(), nothing.batch.num_rows()), (0, 2));
    assert!(log.read(&[99], &WHOLE).is_err());
}

#[test]
fn variants_of_a_preset_are_rows() {
    let lines = [
        format!("www.example.com {COMBINED}"),
        format!("example.com:443 {COMBINED} \"-\" 0ms"),
        COMBINED.replace("frank", "jo ann"),
        COMBINED.replace("192.0.2.7", "2001:db8::1"),
        COMBINED.replace("GET /a.gif?x=1 HTTP/1.0", r"\x16\x03\x01"),
        COMBINED.replace("200 2326", "- -"),
        COMBINED.replace("200 2326", "000 0"),
        COMBINED.replace("200 2326", "99999 x"),
        COMBINED.replace("/a.gif", "/\\\"q\\\" \\xd9\\x85").replace("Mozilla/4.08", ""),
    ];
    let log = Log::preset("combined", lines.join("\r\n").as_bytes());
    assert_eq!(log.bad(), []);
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(log.cells("host")[..3], [some("www.example.com"), some("example.com"), None]);
    assert_eq!(log.cells("user")[2], some("jo ann"));
    assert_eq!(log.cells("client")[3], some("2001:db8::1"));
    assert_eq!((&log.cells("method")[4], &log.cells("path")[4]), (&None, &None));
    assert_eq!(log.cells("request")[4], some("\u{16}\u{3}\u{1}"));
    assert_eq!(log.cells("status")[5..], [None, some("0"), None, some("200")]);
    assert_eq!(log.cells("bytes")[5..], [None, some("0"), None, some("2326")]);
    assert_eq!((&log.cells("path")[8], &log.cells("user_agent")[8]), (&some("/\"q\" م"), &some("")));
}

#[test]
fn lines_that_are_no_rows_are_bad_records_with_their_line() {
    let bad_time = COMBINED.replace("10/Oct", "31/Feb");
    let leap = COMBINED.replace("13:55:36", "23:59:60");
    let error = "[Thu Oct 13 12:24:49.880562 2022] [auth_basic:error] [pid 10] user not found: /";
    let nginx = COMBINED.replace("- frank", "-");
    let text = format!("\n{COMBINED}\n{error}\n{bad_time}\n\n{leap}\n{nginx}\n{COMBINED}\n{}", &COMBINED[..90]);
    let log = Log::preset("combined", text.as_bytes());
    let misfit = "not a combined line";
    let expected = [(3, misfit), (4, "bad time"), (6, "bad time"), (7, misfit), (9, "incomplete last line")];
    assert_eq!(log.bad(), expected);
    assert_eq!(log.lines(), [2, 8]);
    assert!(log.chunks[0].bad[0].record.starts_with(b"[Thu Oct"));
    assert_eq!(Log::written("%h %t", b"x\n").bad(), [(1, "does not fit the log format")]);
}

#[test]
fn a_line_may_be_cut_in_its_last_quotes_unless_it_is_still_being_written() {
    let cut = COMBINED.trim_end_matches('"');
    let log = Log::preset("combined", format!("{cut}\n{cut}").as_bytes());
    assert_eq!(log.cell("user_agent").as_deref(), Some("Mozilla/4.08"));
    assert_eq!((log.lines(), log.bad()), (vec![1], vec![(2, "incomplete last line")]));
}

#[test]
fn chunks_are_bounded_and_long_lines_are_skipped() {
    let mut text = format!("{COMBINED}\n").repeat(40_000);
    writeln!(text, "{}", "x".repeat(17 << 20)).unwrap();
    text.push_str(COMBINED);
    let log = Log::preset("common", text.as_bytes());
    assert!(log.chunks.len() >= 3 && log.chunks.iter().all(|chunk| chunk.batch.num_rows() <= 16_384));
    assert_eq!(log.bad(), [(40_001, "line longer than 16 MiB")]);
    assert_eq!(log.lines().len(), 40_001);
    assert_eq!(log.lines().last(), Some(&40_002));
}

#[test]
fn an_nginx_format_with_upstreams_is_compiled() {
    let format = r#"$remote_addr [$time_iso8601] ${host} "$request_method $request_uri" $status rt=$request_time urt=$upstream_response_time $upstream_status xff="$http_x_forwarded_for" $bytes_sent $body_bytes_sent"#;
    let lines = "::1 [2026-03-04T05:06:07.25+01:00] shop.example \"GET /a?b=c\" 502 rt=0.250 urt=0.100, 0.150 502, 502 xff=\"a, b\" 20 10\n\
                 ::1 [2026-03-04T05:06:07Z] shop.example \"GET /a\" 200 rt=0.001 urt=0.001 : 0.002 200 : 200 xff=\"-\" 20 10\n\
                 ::1 [2026-03-04T05:06:07Z] shop.example \"GET /a\" 200 rt=0.001 urt=0.001 200 xff=\"-\" 20 10\n";
    let log = Log::written(format, lines.as_bytes());
    assert_eq!(log.bad(), []);
    let column = |name: &str| log.cells(name).into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>();
    assert_eq!(column("timestamp")[0], "2026-03-04T04:06:07.25Z");
    assert_eq!(
        (column("path"), column("query")),
        (vec!["/a".into(); 3], vec!["b=c".into(), String::new(), String::new()])
    );
    assert_eq!(column("upstream_duration"), ["", "", "0.001"]);
    assert_eq!(column("upstream_status"), ["502, 502", "200 : 200", "200"]);
    assert_eq!(column("http_x_forwarded_for"), ["a, b", "", ""]);
    assert_eq!((column("bytes")[0].as_str(), column("bytes_sent")[0].as_str()), ("10", "20"));
    let schema = log.batch().schema();
    let note = |name: &str, key: &str| schema.field_with_name(name).unwrap().metadata().get(key).cloned();
    assert_eq!(note("duration", UNIT).as_deref(), Some("s"));
    assert!(note("upstream_status", LOOSE).is_some() && note("host", LOOSE).is_none());
}

#[test]
fn an_apache_format_is_compiled() {
    let format = r#"%v:%p %h %{%Y-%m-%d %H:%M:%S}t.%{usec_frac}t %{%z}t \"%m %U%q %H\" %s/%>s %B %D %T %{X-Forwarded-For}i %400,501{Content-Type}o %% %I"#;
    let line = "e.com:80 192.0.2.1 2026-02-28 23:59:59.250000 +0100 \"GET /a?b HTTP/2.0\" 301/200 0 1500 0 10.0.0.1, 10.0.0.2 text/html % 99";
    let log = Log::written(format, line.as_bytes());
    assert_eq!(log.bad(), []);
    for (name, value) in [
        ("timestamp", "2026-02-28T22:59:59.25Z"),
        ("host", "e.com"),
        ("server_port", "80"),
        ("path", "/a"),
        ("query", "b"),
        ("protocol", "HTTP/2.0"),
        ("status", "200"),
        ("original_status", "301"),
        ("bytes", "0"),
        ("duration", "1500.0"),
        ("duration_s", "0.0"),
        ("http_x_forwarded_for", "10.0.0.1, 10.0.0.2"),
        ("sent_http_content_type", "text/html"),
        ("request_length", "99"),
    ] {
        assert_eq!(log.cell(name).as_deref(), Some(value), "{name}");
    }
    let schema = log.batch().schema();
    assert_eq!(schema.field_with_name("duration").unwrap().metadata()[UNIT], "us");
    assert!(schema.field_with_name("original_status").unwrap().data_type().is_integer());
}

#[test]
fn times_from_the_epoch_and_without_a_zone() {
    let cell = |format: &str, line: &str| {
        let log = Log::written(format, line.as_bytes());
        (log.batch().schema().field(0).data_type().to_string().contains("UTC"), log.cell("timestamp").unwrap())
    };
    let instant = |text: &str| (true, text.to_owned());
    assert_eq!(cell("$msec $status", "1431850000.123 200"), instant("2015-05-17T08:06:40.123Z"));
    assert_eq!(
        cell("[$time_local] $msec", "[17/May/2015:10:06:40 +0200] 1431850000.5"),
        instant("2015-05-17T08:06:40.5Z")
    );
    assert_eq!(cell("$time_local $status", "17/May/2015:10:06:40 +0200 200"), instant("2015-05-17T08:06:40Z"));
    assert_eq!(cell("%{sec}t.%{msec_frac}t %s", "1431850000.042 200"), instant("2015-05-17T08:06:40.042Z"));
    assert_eq!(cell("%{msec}t %s", "1431850000042 200"), instant("2015-05-17T08:06:40.042Z"));
    assert_eq!(cell("%{begin:usec}t %s", "1431850000000042 200"), instant("2015-05-17T08:06:40.000042Z"));
    let twelve = cell("%{%e %B %Y, %I:%M %p GMT%z}t|%s", " 7 August 2015, 12:30 AM GMT+0000|200");
    assert_eq!(twelve, instant("2015-08-07T00:30:00Z"));
    assert_eq!(cell("%{%F %T}t %s", "2015-05-17 10:06:40 200"), (false, "2015-05-17T10:06:40".to_owned()));
    assert!(Pattern::compile("$status").unwrap().columns.iter().all(|column| column.name != "timestamp"));
}

#[test]
fn formats_that_cannot_be_read_say_where() {
    for (format, column, words) in [
        ("$remote_addr $host$status", Some(19), "side by side"),
        ("%h %s%b", Some(6), "side by side"),
        ("%h %", Some(4), "without a directive"),
        ("$status $ x", Some(9), "without a variable"),
        ("%h %{%Q}t", Some(4), "%Q"),
        ("%h %{h}T", Some(4), "no such unit"),
        ("%h %{%H:%M}t", None, "no year"),
        ("100%%", None, "no field"),
        ("ä %h%l", Some(5), "side by side"),
    ] {
        let error = Pattern::compile(format).unwrap_err();
        assert_eq!(error.column, column, "{format}");
        assert!(error.message.contains(words), "{error}");
        assert_eq!(error.kind, crate::error::Kind::Spec);
    }
}

#[test]
fn a_preset_is_recognised_by_its_numbers() {
    let fits = |name: &str, line: &str| pattern(name).recognises(line.as_bytes());
    let timed = format!("{COMBINED} 0.005");
    assert!(fits("nginx-combined-time", &timed) && fits("combined", &timed) && fits("common", &timed));
    assert!(!fits("nginx-combined-time", &format!("{COMBINED} 500 \"test@docker\"")));
    assert!(!fits("combined", &COMBINED.replace("200 2326", "200 2326ms")));
}

#[test]
fn durations_are_numbers_or_null() {
    let log = Log::preset(
        "nginx-combined-time",
        ["0.005", "-", "inf", "1.2.3", ".5", "3"].map(|time| format!("{COMBINED} {time}\n")).concat().as_bytes(),
    );
    let array = log.batch().column_by_name("duration").unwrap().as_primitive::<Float64Type>();
    assert_eq!(array.iter().collect::<Vec<_>>(), [Some(0.005), None, None, None, None, Some(3.0)]);
}
