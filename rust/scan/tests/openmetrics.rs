//! A rollup as counters: names, labels, where samples stand, and what they hold.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};

use backburn_core::cell::{Builder, Cell, Lane, Part, Sample, Samples};
use backburn_core::rollup::{Indicator, Key, Problems, Rollup};
use backburn_core::time::Step;
use backburn_scan::control::Control;
use backburn_scan::openmetrics::{OpenMetrics, is_export, load, save};

const MINUTE: i64 = 60_000_000;

/// A cell: series, step, and good, bad, unknown and excluded events.
type Counts = (usize, i64, [u64; 4]);

fn indicator(by: &[&str], keys: &[&[Option<&str>]], micros: i64, cells: &[Counts]) -> Indicator {
    let mut builder = Builder::new(Lane::FIXED + 1, false);
    for (series, step, lanes) in cells {
        builder.push(Cell { series: *series, step: *step, lanes, weights: None });
    }
    let key = |key: &&[Option<&str>]| -> Key { key.iter().map(|label| label.map(str::to_owned)).collect() };
    Indicator {
        fingerprint: "f".to_owned(),
        step: Step::new(micros).unwrap(),
        by: by.iter().map(|label| (*label).to_owned()).collect(),
        reasons: vec!["rate \"limit\"".to_owned()],
        sources: BTreeSet::new(),
        ignored: 0,
        unknown: Problems::default(),
        keys: keys.iter().map(key).collect(),
        tallies: builder.finish(keys.len()),
        durations: None,
        samples: None,
    }
}

fn rollup(indicators: &[(&str, Indicator)]) -> Rollup {
    let indicators = indicators.iter().map(|(name, indicator)| ((*name).to_owned(), indicator.clone()));
    Rollup { indicators: indicators.collect(), ..Rollup::default() }
}

/// The counters of a rollup, which are the same rollup once they are read back; without what is told beside them.
fn text(rollup: &Rollup, labels: &[(String, String)]) -> String {
    let text = whole(rollup, labels);
    assert_eq!(read(&text).as_ref(), Ok(rollup));
    let mut lines = text.splitn(3, '\n');
    assert_eq!(lines.next(), Some("# TYPE backburn_rollup info"));
    assert!(lines.next().unwrap().starts_with("# HELP backburn_rollup {"));
    lines.next().unwrap().to_owned()
}

fn whole(rollup: &Rollup, labels: &[(String, String)]) -> String {
    let pieces: Vec<Vec<u8>> = OpenMetrics::new(rollup, labels).unwrap().collect();
    String::from_utf8(pieces.concat()).unwrap()
}

/// Reads a text back; or the number of the line where it cannot be, and why.
fn read(text: &str) -> Result<Rollup, (u64, String)> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.om");
    std::fs::write(&file, text).unwrap();
    load(file.to_str().unwrap()).map_err(|error| (error.line.unwrap_or(0), error.message))
}

/// The lines of a family's samples without its name.
fn samples(text: &str, family: &str) -> Vec<String> {
    let begin = format!("{family}_total");
    text.lines().filter_map(|line| line.strip_prefix(&begin)).map(str::to_owned).collect()
}

/// The values of all samples of a family by their time.
fn values(text: &str, family: &str) -> Vec<(String, String)> {
    let value = |line: String| {
        let mut words = line.rsplit(' ').map(str::to_owned);
        (words.next().unwrap(), words.next().unwrap())
    };
    samples(text, family).into_iter().map(value).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn a_sample_holds_the_events_before_it_from_a_zero_on_and_quiet_steps_repeat() {
    let cells = [(0, 5, [2, 1, 0, 0]), (0, 8, [1, 0, 0, 0])];
    let text = text(&rollup(&[("up", indicator(&[], &[&[]], MINUTE, &cells))]), &[]);
    let good = [("300", "0"), ("360", "2"), ("420", "2"), ("480", "2"), ("540", "3")];
    assert_eq!(values(&text, "backburn_up_good"), pairs(&good));
    let bad = [("300", "0"), ("360", "1"), ("420", "1"), ("480", "1"), ("540", "1")];
    assert_eq!(values(&text, "backburn_up_bad"), pairs(&bad));
    let valid = [("300", "0"), ("360", "3"), ("420", "3"), ("480", "3"), ("540", "4")];
    assert_eq!(values(&text, "backburn_up_valid"), pairs(&valid));
    assert!(text.ends_with("\n# EOF\n"));
}

#[test]
fn series_begin_with_their_own_data_and_end_together() {
    let keys: [&[Option<&str>]; 2] = [&[Some("a")], &[Some("b")]];
    let cells = [(0, 5, [1, 0, 0, 0]), (1, 7, [1, 0, 0, 0])];
    let short = indicator(&[], &[&[]], MINUTE, &[(0, 6, [1, 0, 0, 0])]);
    let text = text(&rollup(&[("up", indicator(&["zone"], &keys, MINUTE, &cells)), ("x", short)]), &[]);
    let times: Vec<String> = values(&text, "backburn_up_bad").into_iter().map(|(time, _)| time).collect();
    assert_eq!(times, ["300", "360", "420", "480", "420", "480"]);
    assert_eq!(values(&text, "backburn_x_good"), pairs(&[("360", "0"), ("420", "1"), ("480", "1")]));
}

#[test]
fn samples_stand_a_step_apart_also_before_1970_and_within_seconds() {
    let of = |micros, cells: &[Counts]| rollup(&[("up", indicator(&[], &[&[]], micros, cells))]);
    let hours = text(&of(60 * MINUTE, &[(0, -2, [1, 0, 0, 0]), (0, 0, [1, 0, 0, 0])]), &[]);
    let expected = [("-7200", "0"), ("-3600", "1"), ("0", "1"), ("3600", "2")];
    assert_eq!(values(&hours, "backburn_up_good"), pairs(&expected));
    assert!(hours.contains("a sample every 3600 s"), "{hours}");
    let quick = text(&of(250_000, &[(0, -1, [1, 0, 0, 0]), (0, 1, [1, 0, 0, 0])]), &[]);
    let expected = [("-0.25", "0"), ("0", "1"), ("0.25", "1"), ("0.5", "2")];
    assert_eq!(values(&quick, "backburn_up_good"), pairs(&expected));
}

#[test]
fn a_null_label_is_named_and_an_empty_one_is_empty() {
    let keys: [&[Option<&str>]; 3] = [&[None, None], &[None, Some("")], &[Some(""), Some("a\\\"\n")]];
    let cells = [(0, 0, [1, 0, 0, 0]), (1, 0, [1, 0, 0, 0]), (2, 0, [1, 0, 0, 0])];
    let labels = [("service".to_owned(), "sh\"op".to_owned())];
    let text = text(&rollup(&[("up", indicator(&["zone", "host name"], &keys, MINUTE, &cells))]), &labels);
    let firsts: Vec<String> = samples(&text, "backburn_up_good").into_iter().step_by(2).collect();
    let begin = r#"{service="sh\"op",objective="up","#;
    assert_eq!(
        firsts,
        [
            format!(r#"{begin}null="zone,host_name"}} 0 0"#),
            format!(r#"{begin}host_name="",null="zone"}} 0 0"#),
            format!(r#"{begin}zone="",host_name="a\\\"\n"}} 0 0"#),
        ]
    );
}

#[test]
fn names_that_would_be_the_same_are_kept_apart() {
    let one = |by: &[&str], key: &[Option<&str>]| indicator(by, &[key], MINUTE, &[(0, 0, [1, 0, 0, 0])]);
    let by = ["objective", "a-b", "a.b", "a_b_label", "__x", "7", ""];
    let key = [Some("0"), Some("1"), Some("2"), Some("3"), Some("4"), Some("5"), Some("6")];
    let counted = rollup(&[("p-95", one(&by, &key)), ("p.95", one(&[], &[])), ("p_95_2", one(&[], &[]))]);
    let text = text(&counted, &[]);
    let heads: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).step_by(3).collect();
    assert_eq!(heads, ["backburn_p_95_good counter", "backburn_p_95_2_good counter", "backburn_p_95_2_2_good counter"]);
    assert_eq!(
        samples(&text, "backburn_p_95_good")[0],
        concat!(
            r#"{objective="p-95",objective_label="0",a_b="1",a_b_label="2",a_b_label_label="3","#,
            r#"label___x="4",label_7="5",label_="6"} 0 0"#
        )
    );
    assert!(samples(&text, "backburn_p_95_2_good")[0].starts_with(r#"{objective="p.95"}"#));
}

#[test]
fn unknown_and_forgiven_events_are_told_of_series_that_have_any() {
    let keys: [&[Option<&str>]; 2] = [&[Some("a")], &[Some("b")]];
    let cells = [(0, 0, [0, 0, 3, 0]), (1, 0, [0, 0, 0, 2])];
    let text = text(&rollup(&[("up", indicator(&["zone"], &keys, MINUTE, &cells))]), &[]);
    let begin = r#"{objective="up",zone="#;
    let unknown = samples(&text, "backburn_up_unknown");
    assert_eq!(unknown, [format!(r#"{begin}"a"}} 0 0"#), format!(r#"{begin}"a"}} 3 60"#)]);
    let excluded = samples(&text, "backburn_up_excluded");
    let reason = r#"reason="rate \"limit\"""#;
    assert_eq!(excluded, [format!(r#"{begin}"b",{reason}}} 0 0"#), format!(r#"{begin}"b",{reason}}} 2 60"#)]);
    assert_eq!(samples(&text, "backburn_up_valid").len(), 4);
    assert!(!text.contains("_rows"), "without weights the rows follow from the events");
}

#[test]
fn weights_have_their_rows_and_squares() {
    let mut builder = Builder::new(Lane::FIXED + 1, true);
    let squares = u128::from(u64::MAX) * 7;
    builder.push(Cell { series: 0, step: 0, lanes: &[9, 4, 0, 0], weights: Some((3, 1, squares)) });
    builder.push(Cell { series: 0, step: 1, lanes: &[9, 4, 0, 0], weights: Some((3, 1, squares)) });
    let weighted = Indicator { tallies: builder.finish(1), ..indicator(&[], &[&[]], MINUTE, &[]) };
    let text = text(&rollup(&[("up", weighted)]), &[]);
    assert_eq!(values(&text, "backburn_up_rows"), pairs(&[("0", "0"), ("60", "3"), ("120", "6")]));
    assert_eq!(values(&text, "backburn_up_badrows"), pairs(&[("0", "0"), ("60", "1"), ("120", "2")]));
    let (once, twice) = (squares.to_string(), (squares * 2).to_string());
    assert_eq!(values(&text, "backburn_up_squares"), pairs(&[("0", "0"), ("60", &once), ("120", &twice)]));
}

#[test]
fn pieces_are_small_and_end_with_their_lines() {
    let counted = rollup(&[("up", indicator(&[], &[&[]], MINUTE, &[(0, 0, [1, 0, 0, 0]), (0, 50_000, [1, 0, 0, 0])]))]);
    let pieces: Vec<Vec<u8>> = OpenMetrics::new(&counted, &[]).unwrap().collect();
    assert!(pieces.len() > 10, "{}", pieces.len());
    assert!(pieces.iter().all(|piece| piece.len() < 300_000 && piece.ends_with(b"\n")));
    assert_eq!(samples(&text(&counted, &[]), "backburn_up_good").len(), 50_002);
}

#[test]
fn nothing_counted_is_no_family() {
    assert_eq!(text(&rollup(&[("up", indicator(&[], &[], MINUTE, &[]))]), &[]), "# EOF\n");
    assert_eq!(text(&Rollup { indicators: BTreeMap::new(), ..Rollup::default() }, &[]), "# EOF\n");
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let counted = rollup(&[("up", indicator(&[], &[&[]], MINUTE, &[(0, 0, [1, 0, 0, 0])]))]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    let path = file.to_str().unwrap();
    save(&counted, &[], path, &Control::default()).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), whole(&counted, &[]));
    assert!(is_export(path).unwrap());
    std::fs::write(&file, "before").unwrap();
    assert!(!is_export(path).unwrap());
    let control = Control::default();
    control.stop();
    assert!(save(&counted, &[], path, &control).is_err());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "before");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn readings_of_counters_come_back_and_must_be_those_of_the_counters() {
    let sample = |minute: i64, part, valid| Sample { time: minute * MINUTE, part, valid };
    let readings = vec![vec![sample(0, 1, 10), sample(1, 3, 20), sample(9, 3, 30)], vec![sample(3, 0, 0)]];
    let keys = [vec![None], vec![Some("b".to_owned())]];
    let empty = indicator(&["zone"], &[], MINUTE, &[]);
    let made = Indicator { samples: Some(Samples::empty(Part::Bad, 5 * MINUTE, 0)), ..empty };
    let counted = rollup(&[("up", made.with_samples("up", &keys, readings).unwrap())]);
    assert!(text(&counted, &[]).contains("backburn_up_bad_total{objective=\"up\",null=\"zone\"} 2 60"));
    let changed = whole(&counted, &[]).replace("} 2 60\n", "} 3 60\n").replace("} 8 60\n", "} 7 60\n");
    let told = read(&changed).map_err(|(_, why)| why);
    let why = "the export cannot be read: 'up': the counters are not those that follow from the readings";
    assert_eq!(told, Err(why.to_owned()));
}

#[test]
fn what_is_not_as_it_was_written_is_told_with_its_line() {
    let keys: [&[Option<&str>]; 2] = [&[Some("a")], &[None]];
    let cells = [(0, 5, [2, 1, 0, 1]), (0, 6, [0, 1, 2, 0]), (1, 6, [1, 0, 0, 0])];
    let labels = [("service".to_owned(), "shop".to_owned())];
    let whole = whole(&rollup(&[("up", indicator(&["zone"], &keys, MINUTE, &cells))]), &labels);
    assert!(read(&whole).is_ok());
    let lines: Vec<&str> = whole.lines().collect();
    let end = u64::try_from(lines.len()).unwrap();
    let without = |line: usize| {
        let rest: Vec<&str> =
            lines.iter().enumerate().filter(|(at, _)| at + 1 != line).map(|(_, line)| *line).collect();
        rest.join("\n") + "\n"
    };
    // Lines 5 to 7 are the first counter, of good events in zone a.
    let good = r#"backburn_up_good_total{service="shop",objective="up",zone="a"}"#;
    assert_eq!(lines[4..7], [format!("{good} 0 300"), format!("{good} 2 360"), format!("{good} 2 420")]);
    let wrong = [
        (without(1), 1, "it does not begin as an export of Backburn"),
        (without(2), 2, "what it tells beside its counters is missing"),
        (
            whole.replace(r#"{\"export\":1"#, r#"{\"export\":2"#),
            2,
            "it has version 2 of the text, this release reads version 1",
        ),
        (without(lines.len()), end - 1, "it is cut off: the last line is '# EOF'"),
        (whole[..whole.len() - 40].to_owned(), 0, ""),
        (String::new(), 0, "it does not begin as an export of Backburn"),
        (format!("{}\n", lines[0]), 1, "it is cut off: the last line is '# EOF'"),
        (without(5), 5, "a counter begins with a sample of 0"),
        (without(6), 6, "there is no sample one step after that before it"),
        (without(7), end - 1, "'up': the counters of the series zone=a do not begin and end together"),
        (whole.replacen("2 360", "3 360", 1), 7, "the counter is lower than before"),
        (whole.replacen("2 360", "2.0 360", 1), 6, "'2.0' is no count"),
        (whole.replacen("2 360", "2 361", 1), 6, "the sample does not stand at the end of a step"),
        (whole.replacen("2 360", "2 soon", 1), 6, "'soon' is no time in seconds"),
        (
            whole.replacen("2 420", "3 420", 1),
            end,
            "'up': the valid events of the series zone=a are not the good and the bad ones",
        ),
        (whole.replace("good_total", "fine_total"), 5, "nothing is known of the counter 'backburn_up_fine_total'"),
        (
            whole.replace(r#"objective="up""#, r#"objective="down""#),
            5,
            "nothing is known of the label 'objective' with the value 'down'",
        ),
        (whole.replace(r#"zone="a""#, r#"host="a""#), 5, "nothing is known of the label 'host' with the value 'a'"),
        (whole.replace(r#",zone="a""#, ""), 5, "the label 'zone' is missing"),
        (whole.replace(r#"null="zone""#, r#"null="host""#), 8, "no label 'host'"),
        (whole.replace(r#"reason="rate"#, r#"reason="rat"#), 0, "nothing is known of the reason"),
        (whole.replace(r#""a"} "#, r#""a} "#), 5, "a name and labels that are not as they should be"),
        (
            whole.replacen(&format!("{good} 2 360"), "", 1),
            6,
            "no sample: it has a name with labels, a value and a time",
        ),
        (format!("{whole}{good} 0 480\n"), end + 1, "there is more after '# EOF'"),
        (
            whole.lines().filter(|line| !line.contains("null=")).fold(String::new(), |all, line| all + line + "\n"),
            0,
            "of 'up' there are counters of 1 series, and 2 were exported",
        ),
        (
            whole
                .lines()
                .filter(|line| !line.contains("valid_total"))
                .fold(String::new(), |all, line| all + line + "\n"),
            0,
            "'up': the series zone=null has no counter of valid",
        ),
        (
            whole.replace("# EOF", &format!("{}\n# EOF", lines[4..7].join("\n"))),
            end + 3,
            "the samples of one counter stand in two places",
        ),
    ];
    for (text, line, why) in wrong {
        let (found, told) = read(&text).unwrap_err();
        assert!(told.contains(why), "{told} / {why}");
        assert!(line == 0 || found == line, "{told}: line {found}, not {line}");
    }
}
