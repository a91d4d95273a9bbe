//! An export read back: the rollup that it was made of.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use backburn_core::rollup::{Key, Rollup};

use super::count::{Count, Lane};
use super::line::{Line, counter, sample};
use super::names::{Labels, stems};
use super::preface::{self, FIRST, Told};
use super::tracks::{Track, Tracks};
use crate::error::{Error, Result};

const LAST: &str = "# EOF";
const REMEDY: &str = "export the rollup again (`backburn export openmetrics ROLLUP -o FILE`)";

/// Whether the file begins as an export does.
pub fn is_export(path: &str) -> Result<bool> {
    let mut head = [0_u8; FIRST.len()];
    let mut file = File::open(path).map_err(|error| Error::io(&error, path))?;
    Ok(file.read_exact(&mut head).is_ok() && head == *FIRST.as_bytes())
}

/// The rollup that was exported, but for its durations, which an export does not hold.
pub fn load(path: &str) -> Result<Rollup> {
    let file = File::open(path).map_err(|error| Error::io(&error, path))?;
    let mut text = Text { reader: BufReader::new(file), path, line: String::new(), number: 0 };
    if !text.next()? || text.line != FIRST {
        return Err(text.wrong("it does not begin as an export of Backburn"));
    }
    if !text.next()? {
        return Err(text.cut());
    }
    let told = preface::read(&text.line).map_err(|why| text.wrong(&why))?;
    read(text, told)
}

/// The lines of a file.
struct Text<'a> {
    reader: BufReader<File>,
    path: &'a str,
    line: String,
    number: u64,
}

impl Text<'_> {
    /// Whether there is one more line, which is then at hand, without its end.
    fn next(&mut self) -> Result<bool> {
        self.line.clear();
        let read = self.reader.read_line(&mut self.line).map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => self.at(self.number + 1, "bytes that are no UTF-8"),
            _ => Error::io(&error, self.path),
        })?;
        if read == 0 {
            return Ok(false);
        }
        self.number += 1;
        if self.line.ends_with('\n') {
            self.line.pop();
        }
        Ok(true)
    }

    fn at(&self, line: u64, why: &str) -> Error {
        Error::data(format!("the export cannot be read: {why}")).file(self.path).line(line).remedy(REMEDY)
    }

    /// Something is wrong with the line at hand.
    fn wrong(&self, why: &str) -> Error {
        self.at(self.number, why).value(&self.line)
    }

    fn cut(&self) -> Error {
        self.at(self.number, &format!("it is cut off: the last line is '{LAST}'"))
    }
}

/// The families and labels of one indicator.
struct Known {
    step: i64,
    /// Labels by what they are called in the text; those of all series have no position.
    labels: HashMap<String, Option<usize>>,
    called: Vec<String>,
    reasons: HashMap<String, usize>,
}

/// What counters there can be: the families by name, and the indicators.
struct Families {
    names: HashMap<String, (String, Count)>,
    known: BTreeMap<String, Known>,
}

impl Families {
    fn of(told: &Told) -> Self {
        let (mut names, mut known) = (HashMap::new(), BTreeMap::new());
        let constant: Vec<(String, String)> = told.labels.iter().map(|name| (name.clone(), String::new())).collect();
        let indicators = &told.rollup.indicators;
        for ((name, indicator), stem) in indicators.iter().zip(stems(indicators.keys())) {
            for count in Count::ALL {
                names.insert(format!("{stem}_{}_total", count.name()), (name.clone(), count));
            }
            let called = Labels::new(&indicator.by, &constant, name).names;
            let own = called.iter().cloned().zip((0..).map(Some));
            let labels = told.labels.iter().map(|label| (label.clone(), None)).chain(own).collect();
            let reasons = indicator.reasons.iter().cloned().zip(0..).collect();
            known.insert(name.clone(), Known { step: indicator.step.micros(), labels, called, reasons });
        }
        Self { names, known }
    }

    /// The indicator, series and kind of count that a counter is of; or what is wrong with its name or labels.
    fn find(&self, text: &str) -> std::result::Result<(&str, Key, Lane), String> {
        let (family, labels) = counter(text).ok_or("a name and labels that are not as they should be")?;
        let (name, count) =
            self.names.get(family).ok_or_else(|| format!("nothing is known of the counter '{family}'"))?;
        let known = self.known.get(name).ok_or_else(|| format!("no indicator '{name}'"))?;
        let mut key: Vec<Option<Option<String>>> = vec![None; known.called.len()];
        let mut reason = None;
        for (label, value) in labels {
            match (known.labels.get(label), label) {
                (Some(None), _) => {}
                (Some(Some(at)), _) => key[*at] = Some(Some(value)),
                (None, "objective") if value == *name => {}
                (None, "reason") => reason = known.reasons.get(&value).copied(),
                (None, "null") => {
                    for null in value.split(',') {
                        let at = known.called.iter().position(|called| called == null);
                        key[at.ok_or_else(|| format!("no label '{null}'"))?] = Some(None);
                    }
                }
                _ => return Err(format!("nothing is known of the label '{label}' with the value '{value}'")),
            }
        }
        let missing = key.iter().position(Option::is_none);
        if let Some(at) = missing {
            return Err(format!("the label '{}' is missing", known.called[at]));
        }
        let lane = match (count, reason) {
            (Count::Excluded, Some(reason)) => Lane::excluded(reason),
            (Count::Excluded, None) => return Err("nothing is known of the reason".to_owned()),
            _ => count.lane(),
        };
        Ok((name, key.into_iter().flatten().collect(), lane))
    }
}

/// Reads the counters after what was told.
fn read(mut text: Text<'_>, preface: Told) -> Result<Rollup> {
    let families = Families::of(&preface);
    let mut all: BTreeMap<String, Tracks> = BTreeMap::new();
    let mut hand: Option<(String, Track, i64)> = None;
    let mut ended = false;
    while text.next()? {
        if ended {
            return Err(text.wrong(&format!("there is more after '{LAST}'")));
        }
        if text.line.starts_with('#') {
            ended = text.line == LAST;
            continue;
        }
        next(&families, &mut all, &mut hand, sample(&text.line)).map_err(|why| text.wrong(&why))?;
    }
    if !ended {
        return Err(text.cut());
    }
    let last = |why: String| text.at(text.number, &why);
    if let Some((_, track, _)) = hand {
        all.entry(track.indicator.clone()).or_default().end(track).map_err(last)?;
    }
    let mut rollup = preface.rollup;
    for (name, indicator) in &mut rollup.indicators {
        let found = all.remove(name).unwrap_or_default();
        let wanted = preface.series.get(name).copied().unwrap_or(0);
        if found.len() != wanted {
            return Err(last(format!(
                "of '{name}' there are counters of {} series, and {wanted} were exported",
                found.len()
            )));
        }
        found.seal(indicator).map_err(|why| last(format!("'{name}': {why}")))?;
    }
    Ok(rollup)
}

/// Takes a sample, mostly of the same counter as the one before.
fn next(
    families: &Families,
    all: &mut BTreeMap<String, Tracks>,
    hand: &mut Option<(String, Track, i64)>,
    line: std::result::Result<Line<'_>, String>,
) -> std::result::Result<(), String> {
    let line = line?;
    if let Some((_, track, step)) = hand.as_mut().filter(|(counter, _, _)| counter == line.counter) {
        return track.go_on(*step, &line);
    }
    if let Some((_, track, _)) = hand.take() {
        all.entry(track.indicator.clone()).or_default().end(track)?;
    }
    let (name, key, kind) = families.find(line.counter)?;
    let step = families.known.get(name).map_or(1, |known| known.step);
    *hand = Some((line.counter.to_owned(), Track::begin(name, key, kind, step, &line)?, step));
    Ok(())
}
