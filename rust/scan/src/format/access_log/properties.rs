//! What holds for every line, whoever wrote it.

use arrow::array::AsArray;
use arrow::datatypes::TimestampMicrosecondType;
use proptest::prelude::*;

use super::Pattern;
use super::tests::Log;
use super::text::escape;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_rendered_line_is_read_back(
        client in "[0-9a-f:.]{1,20}", user in "[a-z]{1,8}", seconds in 0_i64..4_000_000_000, east in -1439_i64..1440,
        method in "[A-Z]{1,7}", path in "/[!->@-~]{0,20}", query in proptest::option::of("[!-~]{0,20}"),
        status in 100_u16..600, bytes in any::<u64>(), referrer in "\\PC{1,20}", agent in "[ -~\n\t]{1,30}",
    ) {
        prop_assume!(referrer != "-" && agent != "-" && client != "-");
        let offset = jiff::tz::Offset::from_seconds(i32::try_from(east * 60).unwrap()).unwrap();
        let local = offset.to_datetime(jiff::Timestamp::from_second(seconds).unwrap());
        let sign = if east < 0 { '-' } else { '+' };
        let time = format!("{}{sign}{:02}{:02}", local.strftime("%d/%b/%Y:%H:%M:%S "), east.abs() / 60, east.abs() % 60);
        let target = query.as_ref().map_or_else(|| path.clone(), |query| format!("{path}?{query}"));
        let request = escape(&format!("{method} {target} HTTP/1.1"));
        let (from, by) = (escape(&referrer), escape(&agent));
        let line = format!("{client} - {user} [{time}] \"{request}\" {status} {bytes} \"{from}\" \"{by}\"\n");
        let log = Log::preset("combined", line.as_bytes());
        prop_assert_eq!(log.bad(), []);
        let moment = log.batch().column(0).as_primitive::<TimestampMicrosecondType>().value(0);
        prop_assert_eq!(moment, seconds * 1_000_000);
        for (name, value) in [
            ("client", Some(client)), ("user", Some(user)), ("method", Some(method)), ("path", Some(path)),
            ("query", query.filter(|query| query != "-")), ("status", Some(status.to_string())),
            ("bytes", Some(bytes.to_string())), ("referrer", Some(referrer)), ("user_agent", Some(agent)),
        ] {
            prop_assert_eq!(log.cell(name), value, "{}", name);
        }
    }

    #[test]
    fn any_bytes_are_rows_or_bad_records(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        pieces in "(\"|\\\\| - | \\[|\\] |10/Oct/2000:13:55:36 -0700|GET /|\n| 200|,|[a-z]){0,60}",
    ) {
        for format in ["$remote_addr [$time_local] \"$request\" $upstream_status $status", "%h %l %u %t \"%r\" %>s %b"] {
            for text in [&bytes[..], pieces.as_bytes()] {
                let log = Log::written(format, text);
                let blank: [&[u8]; 4] = [b"", b"\r", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r"];
                let lines = text.split(|byte| *byte == b'\n').filter(|line| !blank.contains(line));
                prop_assert_eq!(log.lines().len() + log.bad().len(), lines.count());
            }
        }
        for name in ["common", "combined", "nginx-combined-time"] {
            Log::preset(name, &bytes);
            Log::preset(name, pieces.as_bytes());
        }
    }

    #[test]
    fn any_text_is_a_format_or_an_error(text in "(\\$|%|\\{|\\}|[a-zA-Z]|\"|\\\\| |>|\\^|[0-9]|é){0,30}") {
        if let Ok(pattern) = Pattern::compile(&text) {
            Log::read(pattern, text.as_bytes());
        }
    }
}
