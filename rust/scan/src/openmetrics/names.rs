//! Names and label values as `OpenMetrics` has them.

use std::collections::BTreeSet;
use std::fmt::Write;

use backburn_core::rollup::Label;

/// Labels that every series has, or may have, whatever it is counted by.
const OWN: [&str; 3] = ["objective", "reason", "null"];

/// The beginning of the names of each indicator's families: `backburn_` and the indicator's name. Where two would be the
/// same, the later ones get a number.
pub(super) fn stems<'a>(indicators: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let stem = |indicator: &String| {
        let plain = format!("backburn_{}", sanitised(indicator));
        let numbered = (2..).map(|number: u64| format!("{plain}_{number}"));
        let free = std::iter::once(plain.clone()).chain(numbered).find(|name| !taken.contains(name));
        let free = free.unwrap_or(plain);
        taken.insert(free.clone());
        free
    };
    indicators.map(stem).collect()
}

/// What labels of an indicator are called here, and what all of its series share.
pub(super) struct Labels {
    shared: String,
    pub(super) names: Vec<String>,
}

impl Labels {
    /// Those of an indicator by these labels: the constant ones, `objective`, and its own. One that would be called like
    /// an earlier one gets the suffix `_label`.
    pub(super) fn new(by: &[String], constant: &[(String, String)], objective: &str) -> Self {
        let mut taken: BTreeSet<String> = OWN.into_iter().map(str::to_owned).collect();
        taken.extend(constant.iter().map(|(name, _)| name.clone()));
        let name = |label: &String| {
            let mut name = sanitised(label);
            // Names that begin with a digit are none, and those with two underscores are Prometheus' own.
            if name.starts_with("__") || name.starts_with(|first: char| first.is_ascii_digit()) || name.is_empty() {
                name.insert_str(0, "label_");
            }
            while !taken.insert(name.clone()) {
                name.push_str("_label");
            }
            name
        };
        let names = by.iter().map(name).collect();
        let mut shared = String::new();
        for (name, value) in constant {
            pair(&mut shared, name, value);
        }
        pair(&mut shared, OWN[0], objective);
        Self { shared, names }
    }

    /// The labels of a series. A null label is left out and named by the label `null` (several with commas between them),
    /// for Prometheus takes an empty value for a missing label.
    pub(super) fn of(&self, key: &[Label], reason: Option<&str>) -> String {
        let mut text = self.shared.clone();
        let mut null: Vec<&str> = Vec::new();
        for (name, value) in self.names.iter().zip(key) {
            match value {
                Some(value) => pair(&mut text, name, value),
                None => null.push(name),
            }
        }
        if let Some(reason) = reason {
            pair(&mut text, OWN[1], reason);
        }
        if !null.is_empty() {
            pair(&mut text, OWN[2], &null.join(","));
        }
        text
    }
}

fn pair(text: &mut String, name: &str, value: &str) {
    let comma = if text.is_empty() { "" } else { "," };
    // Writing to a text cannot fail.
    let _ = write!(text, "{comma}{name}=\"{}\"", escaped(value));
}

/// A name in which each character that is no ASCII letter, digit or underscore is an underscore.
fn sanitised(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// The text that was [`escaped`].
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match if c == '\\' { letters.next() } else { None } {
            Some('n') => out.push('\n'),
            Some(other) => out.push(other),
            None => out.push(c),
        }
    }
    out
}

/// A text between quotes, or a help text.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            _ => out.push(c),
        }
    }
    out
}
