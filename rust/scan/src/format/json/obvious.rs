//! Lines held against `serde_json` alone, which reads each as a map, whatever the walk makes of them.

use std::collections::HashMap;
use std::fs;

use arrow::array::{Array, AsArray};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::value::RawValue;

use super::JsonLines;
use super::leaves::Column;
use super::spot::{Spot, Spots};
use super::tree::Tree;
use super::walk::walk;
use crate::format::{Framing, Rows, WHOLE};
use crate::source::input::Input;

/// The first line, by which the columns are known; lines have more keys than these.
const FIRST: &str = r#"{"a": 1, "b": {"a": 1, "c d": {"é": 1}}, "c d": 1, "é": 1, "q\"\\": 1, "b\u0001": 1}"#;

/// White space of JSON, mostly none.
fn blank() -> impl Strategy<Value = String> {
    prop_oneof![8 => Just(String::new()), 1 => "[ \t\r]{1,2}"]
}

/// Keys as they are written, those that are known among them.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => prop::sample::select(vec!["\"a\"", "\"b\"", "\"c d\"", "\"é\"", "\"x\""]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            r#""\u0061""#, r#""q\"\\""#, r#""q\u0022\\""#, r#""b\u0001""#, r#""\ud800""#, r#""""#, "\"b\u{1}\"", "a",
        ]).prop_map(str::to_owned),
        1 => text(),
    ]
}

/// Texts as they are written, some of which are broken.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[ -!#-\\[\\]-~]{0,20}",
        2 => "[é€😀\u{7f}]{1,3}",
        2 => r#"\\["\\/bfnrt]"#,
        1 => r"\\u[0-9a-fA-F]{4}",
        1 => Just(r"\ud83d\ude00".to_owned()),
        1 => prop::sample::select(vec![r"\ud83d", r"\ude00", r"\x", r"\u12", "\u{1}", "\t", "\""]).prop_map(str::to_owned),
    ];
    vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

/// What is neither an object nor an array.
fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => text(),
        2 => "-?(0|[1-9][0-9]{0,3}|[0-9]{20})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        1 => prop::sample::select(vec![
            "null", "true", "false", "-0", "1e400", "-0.0e-0", "01", "-", "1.", ".5", "1e", "1e+", "+1", "nul", "NaN", "nullx",
            "truefalse", "--1", "0x1", "",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec!["null", "true", "false"]).prop_map(str::to_owned),
    ]
}

fn joined(items: &[(String, String)], open: char, close: char) -> String {
    let items: Vec<String> = items.iter().map(|(space, item)| format!("{space}{item}{space}")).collect();
    format!("{open}{}{close}", items.join(","))
}

fn value() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![vec((blank(), inner.clone()), 0..4).prop_map(|items| joined(&items, '[', ']')), object(inner),]
    })
}

fn object(inner: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let entry = (key(), blank(), inner).prop_map(|(key, space, value)| format!("{key}{space}:{space}{value}"));
    vec((blank(), entry), 0..7).prop_map(|entries| joined(&entries, '{', '}'))
}

/// Lines: mostly objects, some with a mistake in them.
pub(super) fn line() -> impl Strategy<Value = String> {
    let object = (blank(), object(value())).prop_map(|(space, object)| format!("{space}{object}{space}")).boxed();
    let cut = (object.clone(), any::<prop::sample::Index>(), "[,:{}\\[\\]\"x]?").prop_map(|(mut line, at, with)| {
        let at = line.char_indices().nth(at.index(line.chars().count())).map_or(0, |(at, _)| at);
        line.remove(at);
        line.insert_str(at, &with);
        line
    });
    prop_oneof![8 => object, 1 => cut, 1 => value()]
}

/// The value to which keys lead, or that an object on the way cannot be read. The last of equal keys counts.
fn obvious(object: &str, way: &[String]) -> serde_json::Result<Option<String>> {
    let Some((key, rest)) = way.split_first() else { return Ok(None) };
    let mut found = None;
    for value in entries(object)?.remove(key).unwrap_or_default() {
        found = match rest {
            [] => Some(value),
            // What an equal key before it had is gone, whatever this one has.
            rest if value.starts_with('{') => obvious(&value, rest)?,
            _ => None,
        };
    }
    Ok(found)
}

/// The values of an object by their keys, all of equal ones in their order.
fn entries(object: &str) -> serde_json::Result<HashMap<String, Vec<String>>> {
    struct All(HashMap<String, Vec<String>>);
    impl<'de> serde::de::Visitor<'de> for All {
        type Value = HashMap<String, Vec<String>>;
        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("an object")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
            while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
                self.0.entry(key).or_default().push(value.get().to_owned());
            }
            Ok(self.0)
        }
    }
    let mut reader = serde_json::Deserializer::from_str(object);
    let found = serde::de::Deserializer::deserialize_map(&mut reader, All(HashMap::new()))?;
    reader.end()?;
    Ok(found)
}

/// What a column shows of a value as it is written.
fn shown(raw: &str) -> serde_json::Result<Option<String>> {
    match raw {
        "null" => Ok(None),
        _ if raw.starts_with('"') => serde_json::from_str(raw),
        _ => Ok(Some(raw.to_owned())),
    }
}

/// The cells of a line, or nothing if it is a bad record; only its columns of one way are told.
fn cells(line: &str, columns: &[Column]) -> serde_json::Result<Vec<Option<String>>> {
    entries(line)?;
    let all: Vec<_> = columns
        .iter()
        .map(|column| obvious(line, &column.paths[0])?.map_or(Ok(None), |raw| shown(&raw)))
        .collect::<serde_json::Result<_>>()?;
    let told = |(cell, column): (Option<String>, &Column)| if column.paths.len() > 1 { None } else { cell };
    Ok(all.into_iter().zip(columns).map(told).collect())
}

/// A tree of everything that may be looked for.
fn tree() -> (Tree, usize) {
    let mut tree = Tree::default();
    let ways: [(&[&str], bool); 8] = [
        (&["a"], false),
        (&["a"], true),
        (&["b"], false),
        (&["b", "a"], false),
        (&["b", "c d", "é"], true),
        (&["c d"], false),
        (&["b\u{1}"], false),
        (&["q\"\\"], false),
    ];
    for (place, (way, first)) in ways.iter().enumerate() {
        tree.add(&way.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>(), *first, place);
    }
    (tree, ways.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_walk_finds_what_serde_finds_and_is_sure_of_every_usual_line(lines in vec(line(), 1..6)) {
        let (mut tree, places) = tree();
        for line in lines {
            let (mut walked, mut found) = (Spots::new(places), Spots::new(places));
            for place in 0..places {
                walked.set(place, Spot::Null);
                found.set(place, Spot::Null);
            }
            let sure = walk(&mut tree, line.as_bytes(), &mut walked).is_some();
            let obvious = tree.find(line.as_bytes(), &mut found);
            if sure {
                prop_assert_eq!(obvious, Ok(()), "{}", line);
                prop_assert_eq!(walked, found, "{}", line);
            } else {
                prop_assert!(obvious.is_err() || line.contains('\\'), "{}", line);
            }
        }
    }

    #[test]
    fn rows_and_bad_records_are_those_of_serde(lines in vec(line(), 0..12)) {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), format!("{FIRST}\n{}\n", lines.join("\n"))).unwrap();
        let json = JsonLines::open(&Input::file(file.path(), "a.json"), None, Framing::Plain).unwrap();
        let all: Vec<usize> = (0..json.leaves.len()).collect();
        let (mut rows, mut bad) = (Vec::new(), Vec::new());
        for chunk in json.read(&all, &WHOLE).unwrap().map(Result::unwrap) {
            bad.extend(chunk.bad.into_iter().map(|bad| bad.line));
            let columns: Vec<_> = chunk.batch.columns().iter().map(AsArray::as_string::<i32>).collect();
            for row in 0..chunk.batch.num_rows() {
                let told = columns.iter().zip(&json.leaves).map(|(column, leaf)| {
                    (column.is_valid(row) && leaf.paths.len() == 1).then(|| column.value(row).to_owned())
                });
                rows.push(told.collect::<Vec<_>>());
            }
        }
        let (mut expected, mut broken) = (Vec::new(), Vec::new());
        for (line, number) in std::iter::once(FIRST).chain(lines.iter().map(String::as_str)).zip(1_u64..) {
            let line = line.strip_suffix('\r').unwrap_or(line);
            match cells(line, &json.leaves) {
                _ if line.is_empty() => {}
                Ok(cells) => expected.push(cells),
                Err(_) => broken.push(number),
            }
        }
        prop_assert_eq!((rows, bad), (expected, broken), "{:?}", lines);
    }
}
