//! The objectives of a timeline, as Python names them.

use std::sync::Arc;

use backburn_core::rollup::Key;
use backburn_core::time::{Span, Spans};
use backburn_scan::timeline::{Budget, Cut, Part, Promised};
use pyo3::prelude::*;

use crate::hand_over::Held;
use crate::pieces::Pieces;
use crate::rollup::Rollup;
use crate::tally::{parse_no_data, parse_target, parse_unparsable};

/// One series: its labels, its target, `no_data`, the spans that do not count, the share that makes a slice good, and the
/// time for which there are logs of it, where that is not the one of all.
#[derive(FromPyObject)]
pub(crate) struct Series(Key, String, String, Pieces, Option<String>, Option<Pieces>);

/// The window of a budget: microseconds of one that rolls, periods (last tick, start, end), or a number of events.
#[derive(FromPyObject)]
pub(crate) struct Window(Option<i64>, Vec<(i64, i64, i64)>, Option<u64>);

/// Ticks (first, last, every), and the first step with data and the tick after the last.
type Times = ((i64, i64, i64), (i64, i64));

/// How long a slice is where the budget counts slices, how many events are enough, and for which time there are logs.
type Slices = Option<(i64, u64, Pieces)>;

/// One objective: rollup, indicator, service and labels, `unparsable`, times, the window and slices of its budget, series.
#[derive(FromPyObject)]
pub(crate) struct Objective(
    Py<Rollup>,
    String,
    (Option<String>, Vec<String>),
    String,
    Times,
    (Window, Slices),
    Vec<Series>,
);

impl Objective {
    /// The same in the words of the core.
    pub(crate) fn part(self) -> PyResult<Part> {
        let Objective(rollup, objective, (service, by), unparsable, (ticks, data), (budget, slices), series) = self;
        let series = series.into_iter().map(|Series(key, target, no_data, left_out, slice, covered)| {
            let (target, no_data) = (parse_target(&target)?, parse_no_data(&no_data)?);
            let slice_target = slice.map(|text| parse_target(&text)).transpose()?;
            let (left_out, covered) = (spans(left_out), covered.map(spans));
            Ok(Promised { key, target, no_data, slice_target, left_out, covered })
        });
        let series = series.collect::<PyResult<_>>()?;
        let (counted, unparsable) = (Arc::new(Held(rollup)), parse_unparsable(&unparsable)?);
        let budget = match budget {
            Window(Some(length), _, _) => Budget::Rolling(length),
            Window(None, _, Some(events)) => Budget::LastEvents(events),
            Window(None, periods, None) => Budget::Periods(periods),
        };
        let data = Span::new(data.0, data.1);
        let cut = slices.map(|(length, min_events, covered)| Cut { length, min_events, covered: spans(covered) });
        Ok(Part { counted, objective, service, by, unparsable, ticks, budget, cut, data, series })
    }
}

pub(crate) fn spans(pieces: Pieces) -> Spans {
    pieces.into_iter().map(|(start, end)| Span::new(start, end)).collect()
}
