//! Against what alerts are scored: events, what they spent of the budget, and nights.

mod computed;

use backburn_core::alert::{Event, Ground, GroundCourse, Marks, PARTS};
use backburn_core::judge::share;

pub use computed::computed;

use crate::backtest::sight::{Spending, look};
use crate::control::Control;
use crate::error::Result;
use crate::task::in_parallel;
use crate::timeline::{Part, Ready};

/// The series of one objective, in groups. Moments and lengths are in microseconds.
pub struct Scene {
    /// What happened, and what was promised.
    pub part: Part,
    /// The period whose budget is counted.
    pub period: i64,
    /// For how much of the time that is scored there are logs of each series.
    pub covered: Vec<i64>,
    /// Series that are scored together.
    pub groups: Vec<Group>,
    /// Alerts and events count that begin in `[start, end)`.
    pub scored: (i64, i64),
    /// Alerts that follow so soon are one page.
    pub regroup: i64,
    /// For so long after an event pages still belong to it.
    pub grace: i64,
    /// Nights.
    pub nights: Vec<(i64, i64)>,
}

/// When an event began and ended, and which series of its group it hit.
pub type Happened = (i64, i64, Vec<usize>);

/// Series that are scored together.
pub struct Group {
    /// Their places in the part.
    pub series: Vec<usize>,
    /// What should be told of.
    pub events: Vec<Happened>,
    /// Events that do not count, and whose pages do not either.
    pub left_out: Vec<(i64, i64)>,
    /// Where nobody knows.
    pub unsure: Vec<(i64, i64)>,
}

impl Scene {
    /// The steps that are scored and have data.
    fn steps(&self, ready: &Ready) -> (i64, i64) {
        let from = ready.step.first_at_or_after(self.scored.0).max(ready.data.start);
        (from, ready.step.first_at_or_after(self.scored.1).min(ready.data.end).max(from))
    }

    /// Where its ticks lie.
    pub(crate) fn course(&self, ready: &Ready) -> GroundCourse {
        let (step, ticks) = (ready.step, ready.ticks);
        let every = step.micros().saturating_mul(ticks.every());
        let mut course = GroundCourse {
            first: step.span(ticks.first()).start,
            every,
            count: ticks.len(),
            part: 0..0,
            regroup: self.regroup,
            grace: self.grace,
        };
        let (start, end) = (course.at_or_after(self.scored.0), course.at_or_after(self.scored.1));
        course.part = start..end.max(start);
        course
    }
}

/// What the pages of every group of a scene are held against.
///
/// Fails where something is not there, a time falls on no step, or a sum does not fit.
pub fn grounds(scenes: &[Scene], threads: usize, control: &Control) -> Result<Vec<Vec<Ground>>> {
    let ready = scenes.iter().map(|scene| Ready::new(&scene.part, &[], false, |_| Vec::new()));
    let ready = ready.collect::<Result<Vec<_>>>()?;
    let numbers = |(at, scene): (usize, &Scene)| (0..scene.groups.len()).map(move |group| (at, group));
    let work: Vec<(usize, usize)> = scenes.iter().enumerate().flat_map(numbers).collect();
    let made = in_parallel(threads, &work, control, |(at, group)| ground(&scenes[*at], &ready[*at], *group))?;
    let mut all: Vec<Vec<Ground>> = scenes.iter().map(|_| Vec::new()).collect();
    for ((at, _), ground) in work.into_iter().zip(made) {
        all[at].push(ground);
    }
    Ok(all)
}

/// What the pages of one group are held against.
pub(crate) fn ground(scene: &Scene, ready: &Ready, group: usize) -> Result<Ground> {
    let (course, group) = (scene.course(ready), &scene.groups[group]);
    let mut hit: Vec<usize> = group.events.iter().flat_map(|(.., series)| series).copied().collect();
    hit.sort_unstable();
    hit.dedup();
    // What each event had spent, series by series: bad events, and the budgets that they are of.
    let ticks: Vec<Vec<i64>> =
        group.events.iter().map(|(start, end, _)| steps(&course, ready, (*start, *end))).collect();
    let mut spent: Vec<(Vec<u128>, f64)> = ticks.iter().map(|steps| (vec![0; steps.len()], 0.0)).collect();
    for series in hit {
        look(ready, series, |sight| {
            let spending = sight.spending();
            let budget = budget(scene, ready, spending, series)?;
            for (((.., hit), steps), (sums, of)) in group.events.iter().zip(&ticks).zip(&mut spent) {
                if hit.contains(&series) {
                    add(spending, steps, sums)?;
                    *of += budget;
                }
            }
            Ok(())
        })?;
    }
    let event = |((start, end, _), (mut spent, of)): (&Happened, (Vec<u128>, f64))| {
        let lost = spent.pop().unwrap_or_default();
        let share = |bad: u128| parts(bad, of);
        Event { start: *start, end: *end, spent: spent.into_iter().map(share).collect(), lost: share(lost) }
    };
    let events = group.events.iter().zip(spent).map(event).collect();
    let marks = Marks { left_out: &group.left_out, unsure: &group.unsure, nights: &scene.nights };
    Ok(Ground::new(course, events, marks))
}

/// The steps up to which it is told what an event spent: the one in which it begins, that of each tick of its match span
/// and of the tick after, and the one in which it ends.
fn steps(course: &GroundCourse, ready: &Ready, (start, end): (i64, i64)) -> Vec<i64> {
    let (span, step) = (course.matching((start, end)), ready.step);
    let mut steps = vec![step.index(start)];
    steps.extend((span.start..=span.end).map(|tick| step.index(course.moment(tick))));
    steps.push(step.first_at_or_after(end));
    steps
}

/// Adds what is bad from the first of some steps up to each of the others.
fn add(spending: Spending<'_>, steps: &[i64], sums: &mut Vec<u128>) -> Result<()> {
    let [first, between @ .., end] = steps else { return Ok(()) };
    sums.resize(steps.len() - 1, 0);
    let last = between.last().copied().unwrap_or(*first);
    let mut bad = spending.bad(*first, last.max(*first))?.into_iter().peekable();
    let mut sum = 0_u128;
    for (step, total) in between.iter().zip(sums.iter_mut()) {
        while let Some((_, more)) = bad.next_if(|(at, _)| at < step) {
            sum = sum.saturating_add(more);
        }
        *total = total.saturating_add(sum);
    }
    if let Some(last) = sums.last_mut() {
        *last = last.saturating_add(spending.between(*first, *end)?.0);
    }
    Ok(())
}

/// B: what may fail in a period at the traffic that there was.
fn budget(scene: &Scene, ready: &Ready, spending: Spending<'_>, series: usize) -> Result<f64> {
    let (from, to) = scene.steps(ready);
    let (_, valid) = spending.between(from, to)?;
    let covered = scene.covered.get(series).map_or(0, |covered| covered.unsigned_abs());
    let (budget, whole) = (spending.target.budget(), spending.target.denominator());
    let ratio =
        share(u128::from(budget) * u128::from(scene.period.unsigned_abs()), u128::from(whole) * u128::from(covered));
    #[expect(clippy::cast_precision_loss, reason = "a share of it is shown, never compared")]
    Ok(ratio.unwrap_or(0.0) * valid as f64)
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shown only")]
fn parts(bad: u128, budget: f64) -> u64 {
    if bad == 0 { 0 } else { (bad as f64 / budget * PARTS).round() as u64 }
}
