//! Logs that a container runtime or syslog carried, and logs with comments.

use backburn_scan::format::{Chunk, WHOLE};
use backburn_scan::source::Opened;

use super::{COMMON, chunks, lines, opened, recognised, refused};

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
    let whole = format!("{STDOUT} F {COMMON}\n{STDOUT} F \n").repeat(90_000);
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
        // Another reader, which has read nothing, counts the same.
        let (_file, Opened::Rows { rows: fresh, .. }) = opened(text.as_bytes(), None).unwrap() else { panic!("text") };
        let before: usize = parts[..parts.len() - 1].iter().map(read).sum();
        assert_eq!(fresh.first_record(parts.last().unwrap()).unwrap(), u64::try_from(before).unwrap());
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

#[test]
fn a_format_of_ones_own_may_look_as_if_syslog_carried_it() {
    let text = "2026-01-02T03:04:05+00:00 192.0.2.1 shop: 200\n2026-01-02T03:04:06+00:00 192.0.2.1 shop: 503\n";
    let read = chunks(text.as_bytes(), Some("$time_iso8601 $remote_addr $host: $status"));
    assert_eq!((read[0].batch.num_rows(), read[0].bad.len()), (2, 0));
    // Behind what really is syslog's, the same lines are read too.
    let carried = format!("\n{text}").replace("\n2026", "\nJan  2 03:04:05 web nginx: 2026");
    let read = chunks(carried.as_bytes(), Some("$time_iso8601 $remote_addr $host: $status"));
    assert_eq!((read[0].batch.num_rows(), read[0].bad.len()), (2, 0));
}
