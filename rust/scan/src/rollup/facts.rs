//! All that a rollup knows beside its cells, as one JSON document: what people ask for, and what its file remembers.

use std::collections::BTreeMap;

use backburn_core::cell::{Histograms, Lane, Part, Samples, Scale, Tallies};
use backburn_core::rollup::{Durations, Indicator, Rollup, SILENCE, Skipped, Source, SourceId};
use backburn_core::time::{Span, Spans, Step};
use serde::{Deserialize, Serialize};

use super::problems::{ProblemFact, problems, problems_from};

/// The version of this document and of the columns of the file.
const FORMAT: u32 = 2;

#[derive(Serialize, Deserialize)]
pub(crate) struct Facts {
    format: u32,
    rows: u64,
    ignored: u64,
    rejected: u64,
    rejects: Vec<ProblemFact>,
    /// Nothing where a file does not say: earlier rollups had read everything.
    #[serde(default)]
    files_skipped: u64,
    #[serde(default)]
    row_groups_skipped: u64,
    start: Option<i64>,
    end: Option<i64>,
    sources: Vec<SourceFact>,
    indicators: Vec<IndicatorFact>,
}

#[derive(Serialize, Deserialize)]
struct SourceFact {
    name: String,
    size: u64,
    hash: String,
    rows: Vec<(i64, i64)>,
    /// Null where everything was asked for.
    asked: Option<Vec<(i64, i64)>>,
    present: Vec<(i64, i64)>,
    start: Option<i64>,
    end: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct IndicatorFact {
    name: String,
    fingerprint: String,
    step: i64,
    by: Vec<String>,
    reasons: Vec<String>,
    weighted: bool,
    durations: Option<DurationsFact>,
    /// Nothing where a file does not say: earlier rollups were not made of counters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    samples: Option<SamplesFact>,
    /// Positions in `sources`.
    sources: Vec<usize>,
    /// Null where everything was asked for.
    asked: Option<Vec<(i64, i64)>>,
    covered: Vec<(i64, i64)>,
    ignored: u64,
    unknown: Vec<ProblemFact>,
}

#[derive(Serialize, Deserialize)]
struct DurationsFact {
    step: i64,
    unit: String,
    scale: u8,
    /// The relative error of a quantile.
    error: f64,
}

/// Counters: whether that beside the one of all events counts good or bad ones, how far apart readings may be, and what
/// people want to know of them.
#[derive(Serialize, Deserialize)]
struct SamplesFact {
    counts: PartFact,
    max_gap: i64,
    #[serde(default, skip_deserializing)]
    readings: usize,
    #[serde(default, skip_deserializing)]
    resets: usize,
    /// Pairs of readings between which there are more good (or bad) events than events.
    #[serde(default, skip_deserializing)]
    contradictions: usize,
    /// Pairs of readings that are too far apart.
    #[serde(default, skip_deserializing)]
    gaps: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PartFact {
    Good,
    Bad,
}

impl SamplesFact {
    fn of(samples: &Samples) -> Self {
        let increments = || (0..samples.all_series()).flat_map(|series| samples.increments(series));
        let pairs: usize = (0..samples.all_series()).map(|series| samples.series(series).len().saturating_sub(1)).sum();
        Self {
            counts: match samples.part() {
                Part::Good => PartFact::Good,
                Part::Bad => PartFact::Bad,
            },
            max_gap: samples.max_gap(),
            readings: samples.readings().len(),
            resets: increments().filter(|(_, increment)| increment.reset).count(),
            contradictions: increments().filter(|(_, increment)| increment.contradicts()).count(),
            gaps: pairs.saturating_sub(increments().count()),
        }
    }

    /// No readings yet.
    fn restore(&self) -> Samples {
        let part = match self.counts {
            PartFact::Good => Part::Good,
            PartFact::Bad => Part::Bad,
        };
        Samples::empty(part, self.max_gap, 0)
    }
}

impl Facts {
    /// The same, as if no durations had been kept.
    pub(crate) fn without_durations(mut self) -> Self {
        self.indicators.iter_mut().for_each(|indicator| indicator.durations = None);
        self
    }
}

/// The facts as JSON.
#[must_use]
pub fn facts(rollup: &Rollup) -> String {
    serde_json::to_string(&describe(rollup)).unwrap_or_default()
}

pub(crate) fn describe(rollup: &Rollup) -> Facts {
    let times = rollup.times();
    let positions: BTreeMap<&SourceId, usize> = rollup.sources.keys().zip(0..).collect();
    let indicators = rollup.indicators.iter().map(|(name, indicator)| {
        let mine = || indicator.sources.iter().filter_map(|id| rollup.sources.get(id));
        let asked: Spans = mine().flat_map(|source| source.asked.as_slice().iter().copied()).collect();
        IndicatorFact {
            name: name.clone(),
            fingerprint: indicator.fingerprint.clone(),
            step: indicator.step.micros(),
            by: indicator.by.clone(),
            reasons: indicator.reasons.clone(),
            weighted: indicator.tallies.weighted(),
            durations: indicator.durations.as_ref().map(|durations| DurationsFact {
                step: durations.step.micros(),
                unit: durations.unit.clone(),
                scale: durations.histograms.scale().get(),
                error: durations.histograms.scale().error(),
            }),
            samples: indicator.samples.as_ref().map(SamplesFact::of),
            sources: indicator.sources.iter().filter_map(|id| positions.get(id).copied()).collect(),
            asked: bounded(&asked),
            covered: pairs(&indicator.covered(&rollup.sources, Some(SILENCE), &Spans::default())),
            ignored: indicator.ignored,
            unknown: problems(&indicator.unknown),
        }
    });
    Facts {
        format: FORMAT,
        rows: rollup.rows,
        ignored: rollup.ignored,
        rejected: rollup.rejects.count(),
        rejects: problems(&rollup.rejects),
        files_skipped: rollup.skipped.files,
        row_groups_skipped: rollup.skipped.row_groups,
        start: times.map(|t| t.0),
        end: times.map(|t| t.1),
        sources: rollup.sources.iter().map(|(id, source)| source_fact(id, source)).collect(),
        indicators: indicators.collect(),
    }
}

fn source_fact(id: &SourceId, source: &Source) -> SourceFact {
    SourceFact {
        name: source.name.clone(),
        size: id.size,
        hash: id.hash.clone(),
        rows: pairs(&source.rows),
        asked: bounded(&source.asked),
        present: pairs(&source.present),
        start: source.times.map(|t| t.0),
        end: source.times.map(|t| t.1),
    }
}

fn pairs(spans: &Spans) -> Vec<(i64, i64)> {
    spans.as_slice().iter().map(|span| (span.start, span.end)).collect()
}

fn spans(pairs: &[(i64, i64)]) -> Spans {
    pairs.iter().map(|(start, end)| Span::new(*start, *end)).collect()
}

fn bounded(spans: &Spans) -> Option<Vec<(i64, i64)>> {
    (*spans != Source::unbounded()).then(|| pairs(spans))
}

fn unbounded(asked: Option<&[(i64, i64)]>) -> Spans {
    asked.map_or_else(Source::unbounded, spans)
}

/// A rollup without cells yet, from the JSON text of its facts; or why it cannot be.
pub(super) fn restore(text: &str) -> Result<Rollup, String> {
    restored(serde_json::from_str(text).map_err(|error| error.to_string())?)
}

/// The same from the facts themselves.
pub(crate) fn restored(facts: Facts) -> Result<Rollup, String> {
    if facts.format != FORMAT {
        return Err(format!("it has version {} of the format, this release reads version {FORMAT}", facts.format));
    }
    let ids: Vec<SourceId> =
        facts.sources.iter().map(|source| SourceId { size: source.size, hash: source.hash.clone() }).collect();
    let sources = facts.sources.into_iter().zip(&ids).map(|(fact, id)| {
        let source = Source {
            rows: spans(&fact.rows),
            asked: unbounded(fact.asked.as_deref()),
            present: spans(&fact.present),
            times: fact.start.zip(fact.end),
            name: fact.name,
        };
        (id.clone(), source)
    });
    let mut indicators = BTreeMap::new();
    for fact in facts.indicators {
        if fact.reasons.len() > Lane::MOST_REASONS {
            return Err(format!("{} reasons to exclude rows", fact.reasons.len()));
        }
        let step = Step::new(fact.step).ok_or_else(|| format!("a step of {} microseconds", fact.step))?;
        let durations = fact.durations.map(|durations| {
            let step = Step::new(durations.step).ok_or_else(|| format!("a step of {} microseconds", durations.step))?;
            let scale = Scale::new(durations.scale).ok_or_else(|| format!("a scale of {}", durations.scale))?;
            Ok::<_, String>(Durations { step, unit: durations.unit, histograms: Histograms::empty(scale, 0) })
        });
        let indicator = Indicator {
            durations: durations.transpose()?,
            samples: fact.samples.as_ref().map(SamplesFact::restore),
            fingerprint: fact.fingerprint,
            step,
            by: fact.by,
            sources: fact.sources.iter().filter_map(|at| ids.get(*at).cloned()).collect(),
            ignored: fact.ignored,
            unknown: problems_from(fact.unknown),
            keys: Vec::new(),
            tallies: Tallies::empty(fact.reasons.len(), fact.weighted),
            reasons: fact.reasons,
        };
        indicators.insert(fact.name, indicator);
    }
    Ok(Rollup {
        sources: sources.collect(),
        indicators,
        rows: facts.rows,
        ignored: facts.ignored,
        rejects: problems_from(facts.rejects),
        skipped: Skipped { files: facts.files_skipped, row_groups: facts.row_groups_skipped },
    })
}
