//! What could not be read, as it stands in JSON.

use backburn_core::rollup::{Example, Place, Problem, Problems};
use serde::{Deserialize, Serialize};

/// A reason, how often it was given, and for what for example.
#[derive(Serialize, Deserialize)]
pub(crate) struct ProblemFact {
    reason: String,
    count: u64,
    examples: Vec<ExampleFact>,
}

#[derive(Serialize, Deserialize)]
struct ExampleFact {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    row: Option<u64>,
    value: String,
}

/// Problems as facts.
pub(crate) fn problems(problems: &Problems) -> Vec<ProblemFact> {
    let example = |example: &Example| ExampleFact {
        file: example.source.clone(),
        line: if let Place::Line(line) = example.place { Some(line) } else { None },
        row: if let Place::Row(row) = example.place { Some(row) } else { None },
        value: example.value.clone(),
    };
    let fact = |(reason, problem): (&str, &Problem)| ProblemFact {
        reason: reason.to_owned(),
        count: problem.count,
        examples: problem.examples.iter().map(example).collect(),
    };
    problems.iter().map(fact).collect()
}

/// Facts as problems.
pub(super) fn problems_from(facts: Vec<ProblemFact>) -> Problems {
    let mut problems = Problems::default();
    for fact in facts {
        let examples = fact.examples.into_iter().map(|example| Example {
            source: example.file,
            place: example.line.map_or(Place::Row(example.row.unwrap_or(0)), Place::Line),
            value: example.value,
        });
        problems.insert(fact.reason, Problem { count: fact.count, examples: examples.collect() });
    }
    problems
}
