//! What could not be read, counted by reason, with the least few examples.

use std::collections::BTreeMap;

/// How many examples are kept of each reason.
const EXAMPLES: usize = 3;

/// Where in its source something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A line, from 1.
    Line(u64),
    /// A row of a format without lines, from 0.
    Row(u64),
}

/// One of the records concerned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Example {
    /// The name of the source.
    pub source: String,
    /// Where it stands in it.
    pub place: Place,
    /// The value, shortened.
    pub value: String,
}

/// How often something went wrong, and where for example.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// How often.
    pub count: u64,
    /// The least examples by source and place; so that which ones are kept does not depend on the order of merging.
    pub examples: Vec<Example>,
}

/// Problems by reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(BTreeMap<String, Problem>);

impl Problems {
    /// Counts one more.
    pub fn add(&mut self, reason: &str, source: &str, place: Place, value: impl FnOnce() -> String) {
        if !self.0.contains_key(reason) {
            self.0.insert(reason.to_owned(), Problem::default());
        }
        let Some(problem) = self.0.get_mut(reason) else { return };
        problem.count = problem.count.saturating_add(1);
        let wanted = problem.examples.len() < EXAMPLES
            || problem.examples.last().is_some_and(|last| (source, place) < (last.source.as_str(), last.place));
        if wanted {
            problem.examples.push(Example { source: source.to_owned(), place, value: value() });
            problem.examples.sort();
            problem.examples.truncate(EXAMPLES);
        }
    }

    /// Counts `problem` as it was saved.
    pub fn insert(&mut self, reason: String, problem: Problem) {
        let added = Self(BTreeMap::from([(reason, problem)]));
        *self = self.merge(&added);
    }

    /// Both together.
    #[must_use]
    pub fn merge(&self, other: &Self) -> Self {
        let mut merged = self.0.clone();
        for (reason, theirs) in &other.0 {
            let mine = merged.entry(reason.clone()).or_default();
            mine.count = mine.count.saturating_add(theirs.count);
            mine.examples.extend(theirs.examples.iter().cloned());
            mine.examples.sort();
            mine.examples.truncate(EXAMPLES);
        }
        Self(merged)
    }

    /// How often anything went wrong.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.values().fold(0, |sum, problem| sum.saturating_add(problem.count))
    }

    /// By reason.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Problem)> {
        self.0.iter().map(|(reason, problem)| (reason.as_str(), problem))
    }
}
