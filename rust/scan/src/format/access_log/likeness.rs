//! Ordinary lines mean what they mean when they are looked at closely.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::parse::{Parsed, Record};
use super::tests::{Log, pattern};
use super::{Cells, Pattern};

/// Formats, and how their lines are written: `C`lient, `U`ser, `T`ime, `I`SO time, `R`equest, `L`ist, `S`tatus, `B`ytes,
/// re`F`errer and `A`gent.
const FORMATS: [(&str, &str); 10] = [
    ("combined", r#"C - U [T] "R" S B "F" "A""#),
    ("combined", r#"e.com:80 C - U [T] "R" S B "F" "A""#),
    ("common", r#"C - U [T] "R" S B"#),
    ("nginx-combined-time", r#"C - U [T] "R" S B "F" "A" 0.005"#),
    (r#"$remote_addr [$time_iso8601] "$request" $upstream_status $status rt=$request_time"#, r#"C [I] "R" L S rt=0.5"#),
    (r#"[$time_local] "$request" a_long_name=$upstream_response_time; $status"#, r#"[T] "R" a_long_name=L; S"#),
    (r#"%v:%p %h %{%Y-%m-%d %H:%M:%S}t "%r" %>s|%b"#, r#"e.com:80 C 2015-05-10 10:05:06 "R" S|B"#),
    (r#"$msec $remote_addr "$request" "$http_user_agent""#, r#"1431330000.5 C "R" "A""#),
    (r#"$remote_addr "$time_local" $status"#, r#"C "T" S"#),
    ("$request", "R"),
];

/// Texts for the letters of a format.
fn texts() -> impl Strategy<Value = Vec<(char, String)>> {
    [
        ('C', "[0-9.]{7,15}|[0-9a-f:]{2,39}|-|.{0,3}"),
        ('U', "-|[a-z]{1,8}|jo ann"),
        ('T', "1[0-9]/Ma[ry]/2015:10:0[56]:[0-6][0-9] [+-]0[03]30"),
        ('I', "2015-05-1[0-9]T10:0[56]:[0-5][0-9](\\.[0-9]{1,12})?(Z|\\+01:00)"),
        ('R', "GET /[!-~]{0,90} HTTP/1.1|-|\\\\x16|"),
        ('L', "0.1|0.1, 0.2|0.1 : 0.2|-"),
        ('S', "[1-5][0-9]{2}|-|99999|"),
        ('B', "[0-9]{1,6}|-|"),
        ('F', "-|https://[a-z/]{0,60}"),
        ('A', "-|[a-zA-Z/ .;()]{0,100}|[ -~]{0,30}"),
    ]
    .map(|(letter, text)| text.prop_map(move |text| (letter, text)).boxed())
    .to_vec()
}

/// Lines of a format: as they are written, with ends of all kinds, and with a few bytes that should not be there.
fn lines() -> impl Strategy<Value = (Pattern, Vec<u8>)> {
    let ends = select(vec!["\n", "\n", "\n", "\r\n", "\r\r\n", " more\n", " \n", "\"\n", "", "\n\n"]);
    let bytes = select(b"\"\\ \n\r[]:,-x\xff\t2".to_vec());
    let wrong = proptest::collection::vec((any::<Index>(), bytes, any::<bool>()), 0..2);
    let line = (texts(), ends, wrong);
    (select(FORMATS.to_vec()), proptest::collection::vec(line, 1..8)).prop_map(|((format, written), lines)| {
        let mut text = Vec::new();
        for (texts, end, wrong) in lines {
            let known = |letter: char| texts.iter().find(|(known, _)| *known == letter).map(|(_, text)| text.clone());
            let words = written.split_inclusive(|c: char| !c.is_ascii_uppercase());
            let words = words.flat_map(|word| word.chars()).map(|c| known(c).unwrap_or_else(|| c.to_string()));
            let mut line = words.collect::<String>().into_bytes();
            line.extend_from_slice(end.as_bytes());
            for (place, byte, instead) in wrong {
                let at = place.index(line.len() + 1);
                line.splice(at..line.len().min(at + usize::from(instead)), [byte]);
            }
            text.extend(line);
        }
        let pattern = if format.contains(['$', '%']) { Pattern::compile(format).unwrap() } else { pattern(format) };
        (pattern, text)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_log_is_the_same_however_its_lines_are_read((pattern, text) in lines()) {
        let closely = Log::read(Pattern { steps: Vec::new(), ..pattern.clone() }, &text);
        let log = Log::read(pattern, &text);
        prop_assert_eq!(log.batches(), closely.batches());
        prop_assert_eq!((log.lines(), log.bad()), (closely.lines(), closely.bad()));
    }

    #[test]
    fn what_stands_behind_what_was_read_means_nothing((pattern, text) in lines(), cut in any::<Index>(), held in 0_usize..70) {
        let limit = cut.index(text.len() + 1);
        let text = &text[..text.len().min(limit + held)];
        let (mut record, mut alone) = (Record::of(&pattern), Record::of(&pattern));
        let mut at = 0;
        while let Some(end) = pattern.ordinary(text, limit, u32::try_from(at).unwrap(), &mut record) {
            let end = usize::try_from(end).unwrap();
            let line = &text[at..end];
            prop_assert!(end < limit && text[end] == b'\n' && !line.contains(&b'\n'));
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            prop_assert!(!line.is_empty(), "a blank line is no row");
            prop_assert!(pattern.parse(line, &mut alone).is_ok() && !alone.cut);
            let (found, alone) = (Parsed { held: text, record: &record }, Parsed { held: line, record: &alone });
            prop_assert_eq!((found.timestamp(), found.host()), (alone.timestamp(), alone.host()));
            for number in 0..pattern.fields.len() {
                prop_assert_eq!(found.field(number), alone.field(number));
            }
            at = end + 1;
        }
    }
}

#[test]
fn lines_are_taken_where_they_stand_unless_they_are_none_or_may_go_on() {
    let line = |agent: &str| {
        format!("192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] \"GET /a?b=c HTTP/1.1\" 200 2326 \"-\" \"{agent}\"")
    };
    let taken = |text: &str| {
        let (pattern, held) = (pattern("combined"), [text.as_bytes(), &[0; 64]].concat());
        pattern.ordinary(&held, text.len(), 0, &mut Record::of(&pattern)).map(|end| end as usize)
    };
    let long = line(&"Mozilla/5.0 (X11) ".repeat(20));
    let host = format!("e.com:80 {long}");
    for row in [line(""), line("a\\\"b"), long.replace("- -", "- jo ann"), host, long.clone()] {
        for (end, place) in [("\n", 0), ("\r\n", 1), (" 0.005\n", 6)] {
            assert_eq!(taken(&format!("{row}{end}{long}")), Some(row.len() + place), "{row}");
        }
        assert_eq!(taken(&row), None);
    }
    for other in [line("a\"c"), line("\n"), line("a\\"), String::new()] {
        assert_eq!(taken(&format!("{other}\n")), None, "{other}");
    }
}
