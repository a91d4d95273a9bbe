//! What alerts are scored against, and how they score.

use backburn_core::alert::{Event, Ground as Against, GroundCourse, Marks, Outcome, PARTS, Page, Reset, Rule, Verdict};
use backburn_core::alert::{score, shifted as by_chance};
use backburn_scan::control::Control;
use backburn_scan::scoring::{Group, Scene as Scored, computed as find, grounds as make};
use pyo3::prelude::*;

use crate::detach;
use crate::objective::Objective;
use crate::pieces::Pieces;

/// Series by their places; events with the places of those that they hit; events that do not count; where nobody knows.
type Grouped = (Vec<usize>, Vec<(i64, i64, Vec<usize>)>, Pieces, Pieces);

/// An objective, the period, how much time there are logs of for each series, groups, where alerts must begin, the times
/// for regrouping and of grace, and nights.
#[derive(FromPyObject)]
pub(crate) struct Scene(Objective, i64, Vec<i64>, Vec<Grouped>, (i64, i64), (i64, i64), Pieces);

impl Scene {
    pub(crate) fn scored(self) -> PyResult<Scored> {
        let Self(objective, period, covered, groups, scored, (regroup, grace), nights) = self;
        let group = |(series, events, left_out, unsure)| Group { series, events, left_out, unsure };
        let groups = groups.into_iter().map(group).collect();
        Ok(Scored { part: objective.part()?, period, covered, groups, scored, regroup, grace, nights })
    }
}

/// What the pages of one group are held against.
#[pyclass(frozen, module = "backburn._rust")]
pub(crate) struct Ground {
    inner: Against,
}

/// First, end, verdict, and whether it is at night.
type PageSeen = (i64, Option<i64>, &'static str, bool);

/// Outcome and page, the time to detection and what had been spent by then, what was spent in all, and the time to reset.
type EventSeen = (&'static str, Option<usize>, Option<(i64, f64)>, f64, Option<(&'static str, i64)>);

#[pymethods]
impl Ground {
    /// Ticks (first, every, count), where alerts must begin, the times for regrouping and of grace, and events of which it
    /// is not asked what they spent.
    #[new]
    #[expect(clippy::needless_pass_by_value, reason = "extracted from Python lists")]
    fn new(
        ticks: (i64, i64, usize),
        scored: (i64, i64),
        times: (i64, i64),
        events: Pieces,
        marks: (Pieces, Pieces, Pieces),
    ) -> Self {
        let ((first, every, count), (regroup, grace)) = (ticks, times);
        let mut course = GroundCourse { first, every, count, part: 0..0, regroup, grace };
        let start = course.at_or_after(scored.0);
        course.part = start..course.at_or_after(scored.1).max(start);
        let event = |(start, end)| Event { start, end, spent: Vec::new(), lost: 0 };
        let (left_out, unsure, nights) = (&marks.0, &marks.1, &marks.2);
        let marks = Marks { left_out, unsure, nights };
        Self { inner: Against::new(course, events.into_iter().map(event).collect(), marks) }
    }

    /// The pages that alerts (first tick and first tick after) make, what they made of each event, and at how many ticks
    /// outside every match span, of how many, an alert fired.
    fn score(&self, alerts: Vec<(i64, Option<i64>)>) -> (Vec<PageSeen>, Vec<EventSeen>, (u64, u32)) {
        let (ground, course) = (&self.inner, &self.inner.course);
        let place = |(first, end): (i64, Option<i64>)| {
            (course.at_or_after(first), end.map_or(course.count, |end| course.at_or_after(end)))
        };
        let scored = score(ground, &alerts.into_iter().map(place).collect::<Vec<_>>());
        let page = |page: &Page| {
            let end = (page.end < course.count).then(|| course.moment(page.end));
            (course.moment(page.first), end, name(ground.verdict(page.first)), ground.night(page.first))
        };
        let event = |(at, event): (usize, &Event)| {
            let (outcome, page) = match scored.outcomes[at] {
                Outcome::Detected(page) => ("detected", Some(page)),
                Outcome::Firing(page) => ("already firing", Some(page)),
                Outcome::Missed => ("missed", None),
            };
            let detection = scored.detection(ground, at).map(|(after, spent)| (after, parts(spent)));
            let reset = scored.reset(ground, at).map(|reset| match reset {
                Reset::Early => ("ended early", 0),
                Reset::After(after) => ("after", after),
                Reset::Censored(after) => ("censored", after),
            });
            (outcome, page, detection, parts(event.lost), reset)
        };
        let events = ground.events.iter().enumerate().map(event).collect();
        (scored.pages.iter().map(page).collect(), events, (scored.outside, ground.all_outside()))
    }
}

/// What the pages of every group are held against, scene by scene.
#[pyfunction]
pub(crate) fn grounds(py: Python<'_>, scenes: Vec<Scene>, threads: usize) -> PyResult<Vec<Vec<Ground>>> {
    let scenes = scenes.into_iter().map(Scene::scored).collect::<PyResult<Vec<_>>>()?;
    let made = detach::run(py, None, &Control::default(), |control| make(&scenes, threads, control))?;
    Ok(made.into_iter().map(|scene| scene.into_iter().map(|inner| Ground { inner }).collect()).collect())
}

/// The events of each series, from its counts: with β, the least share of a period's budget, and the time without a peak.
#[pyfunction]
pub(crate) fn computed(
    py: Python<'_>,
    scene: Scene,
    times: (u64, u64),
    share: (u64, u64),
    quiet: i64,
    threads: usize,
) -> PyResult<Vec<Pieces>> {
    let (scene, rule) = (scene.scored()?, Rule { times, share, quiet });
    detach::run(py, None, &Control::default(), |control| find(&scene, rule, threads, control))
}

/// Detected events, true and false pages of the same pages at other times, so often.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "extracted from Python lists")]
pub(crate) fn shifted(groups: Vec<(Py<Ground>, Vec<i64>)>, times: usize) -> Vec<(u64, u64, u64)> {
    let pages: Vec<Vec<Page>> = groups
        .iter()
        .map(|(ground, firsts)| {
            let place = |first: &i64| ground.get().inner.course.at_or_after(*first);
            firsts.iter().map(|first| Page { first: place(first), end: place(first) + 1 }).collect()
        })
        .collect();
    let held: Vec<(&Against, &[Page])> =
        groups.iter().zip(&pages).map(|((ground, _), pages)| (&ground.get().inner, pages.as_slice())).collect();
    by_chance(&held, times).into_iter().map(|one| (one.detected, one.tell, one.lie)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a share is shown, never compared")]
fn parts(share: u64) -> f64 {
    share as f64 / PARTS
}

const fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::False => "false",
        Verdict::True => "true",
        Verdict::Unsure => "unsure",
    }
}
