//! Every preset reads its own fixture, as its file says, and is known by it.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

use super::{FILES, presets};
use crate::format::{Chunk, MARKS, Positions, WHOLE};
use crate::normalise::in_full;
use crate::source::input::Input;
use crate::source::{Opened, open};

/// The parts of a file that only tests look at.
#[derive(Deserialize)]
struct Sample {
    marks: Option<String>,
    fixture: Fixture,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    text: String,
    /// The lines that are no rows, and why.
    #[serde(default)]
    bad: BTreeMap<String, String>,
    /// The cells of each row that are not null.
    rows: Vec<BTreeMap<String, String>>,
}

/// A file that was read whole.
pub(super) struct Read {
    pub(super) rows: Vec<BTreeMap<String, String>>,
    pub(super) bad: BTreeMap<String, String>,
    marks: Option<String>,
}

pub(super) fn read(name: &str, text: &str, format: Option<&str>) -> Read {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    let opened = open(&Input::file(file.path(), name), format).unwrap_or_else(|error| panic!("{name}: {error}"));
    let Opened::Rows { rows, format: found, .. } = opened else { panic!("{name} is text") };
    assert_eq!(found, name);
    let schema = rows.schema().clone();
    let all: Vec<usize> = (0..schema.fields().len()).collect();
    let chunks: Vec<Chunk> = rows.read(&all, &WHOLE).unwrap().map(Result::unwrap).collect();
    let marks = schema.field_with_name("timestamp").unwrap().metadata().get(MARKS).cloned();
    let mut found = Read { rows: Vec::new(), bad: BTreeMap::new(), marks };
    for chunk in chunks {
        assert!(matches!(chunk.positions, Positions::Lines(_)));
        found.bad.extend(chunk.bad.into_iter().map(|bad| (bad.line.to_string(), bad.reason)));
        for row in 0..chunk.batch.num_rows() {
            let cell = |at: usize| Some((schema.field(at).name().clone(), in_full(chunk.batch.column(at), row)?));
            found.rows.push(all.iter().filter_map(|at| cell(*at)).collect());
        }
    }
    found
}

#[test]
fn every_fixture_is_known_by_its_content_and_read_as_its_file_says() {
    for (name, text) in FILES {
        let Sample { marks, fixture } = toml::from_str(text).unwrap();
        for format in [None, Some(*name)] {
            let found = read(name, &fixture.text, format);
            assert_eq!(found.rows.len(), fixture.rows.len(), "{name}");
            for (row, expected) in found.rows.iter().zip(&fixture.rows) {
                assert_eq!(row, expected, "{name}");
            }
            assert_eq!(found.bad, fixture.bad, "{name}");
            assert_eq!(found.marks, marks, "{name}");
        }
    }
}

#[test]
fn presets_have_a_source_and_stand_behind_those_that_say_more() {
    let all = presets().unwrap();
    assert_eq!(all.len(), FILES.len());
    assert!(all.iter().all(|preset| preset.source.starts_with("https://")));
    assert!(all.iter().all(|preset| preset.name == preset.name.to_lowercase()));
    let place = |name: &str| all.iter().position(|preset| preset.name == name).unwrap();
    assert!(place("nginx-combined-time") < place("combined") && place("combined") < place("common"));
}

#[test]
fn a_file_with_a_mistake_is_named() {
    for (text, words) in [
        ("source = 1", "invalid type"),
        ("source = 'x'\nfixture = 0\nlines = {format = '$a$b'}", "side by side"),
        ("source = 'x'\nfixture = 0\nlines = {format = '$a', colour = 'red'}", "unknown field `colour`"),
    ] {
        let error = super::file::read("odd", text).unwrap_err();
        assert!(error.message.contains(words), "{error}");
        assert_eq!(error.file.as_deref(), Some("presets/odd.toml"));
    }
}
