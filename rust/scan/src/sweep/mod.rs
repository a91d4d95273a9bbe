//! Thousands of alert policies on recorded traffic, in one pass over it.

mod asked;
mod peaks;
mod ranks;

use std::ops::Range;

use backburn_core::alert::Ground;
use backburn_core::alert::sweep::{Table, Told};

pub use asked::{Choice, Grid, Guard};
pub use peaks::peaks;
use ranks::Ranks;

use crate::control::Control;
use crate::error::Result;
use crate::scoring::{Scene, ground};
use crate::task::in_parallel;
use crate::timeline::Ready;

/// So many bytes of ranks are held at once.
const ROOM: usize = 256 << 20;

/// One condition, guard and wait, at every factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Swept {
    /// What was chosen from the grid.
    pub choice: Choice,
    /// What each factor did.
    pub told: Told,
    /// The median, the 90th percentile and the greatest time to detection of all events at each factor, in microseconds
    /// (type 1); `None` where fewer were detected. Empty unless asked for.
    pub detection: Vec<[Option<i64>; 3]>,
}

/// Tries every policy of a grid on every group of the scenes, and adds up what each did.
///
/// Fails where something is not there, a time falls on no step, the factors do not ascend, or a sum does not fit.
pub fn sweep(scenes: &[Scene], grid: &Grid, quantiles: bool, threads: usize, control: &Control) -> Result<Vec<Swept>> {
    let choices = grid.choices();
    let new = || Table::new(grid.factors.len(), quantiles);
    let mut tables: Vec<Table> = Vec::new();
    let all: usize = scenes.iter().map(|scene| scene.groups.len()).sum();
    control.plan(all as u64);
    for scene in scenes {
        for_groups(scene, grid, threads, control, |groups| {
            let add = |at: &usize| {
                let mut table = new();
                for group in groups {
                    let fires: Vec<Vec<i16>> = group.series.iter().map(|one| one.fires(grid, choices[*at])).collect();
                    table.add(&group.ground, &fires);
                }
                Ok(table)
            };
            let numbers: Vec<usize> = (0..choices.len()).collect();
            let added = in_parallel(threads, &numbers, control, add)?;
            if tables.is_empty() {
                tables = added;
            } else {
                tables.iter_mut().zip(&added).for_each(|(table, added)| table.merge(added));
            }
            control.advance(groups.len() as u64);
            Ok(())
        })?;
    }
    tables.resize_with(choices.len(), new);
    let detection = if quantiles {
        in_parallel(threads, &tables, control, |table| Ok(table.detection()))?
    } else {
        choices.iter().map(|_| Vec::new()).collect()
    };
    let found = choices.into_iter().zip(tables).zip(detection);
    Ok(found.map(|((choice, table), detection)| Swept { choice, told: table.told(), detection }).collect())
}

/// One group, with everything that policies look at.
struct Looked {
    ground: Ground,
    series: Vec<Ranks>,
}

/// Looks at the groups of a scene, a few at a time.
fn for_groups(
    scene: &Scene,
    grid: &Grid,
    threads: usize,
    control: &Control,
    mut each: impl FnMut(&[Looked]) -> Result<()>,
) -> Result<()> {
    let lengths = grid.windows();
    let windows: Vec<(String, i64)> = lengths.iter().map(|length| (length.to_string(), *length)).collect();
    let ready = Ready::new(&scene.part, &windows, false, |_| Vec::new())?;
    let ladders =
        grid.ladders(scene.groups.iter().flat_map(|group| &group.series).map(|at| ready.series[*at].target))?;
    let bytes = Ranks::bytes(grid, lengths.len(), ready.ticks.len());
    for part in parts(&scene.groups.iter().map(|group| group.series.len() * bytes).collect::<Vec<_>>()) {
        let work: Vec<(usize, Option<usize>)> = part
            .clone()
            .flat_map(|group| {
                let series = scene.groups[group].series.iter().map(move |series| (group, Some(*series)));
                std::iter::once((group, None)).chain(series)
            })
            .collect();
        let looked = in_parallel(threads, &work, control, |(group, series)| match series {
            None => Ok(Found::Ground(ground(scene, &ready, *group)?)),
            Some(series) => Ok(Found::Ranks(Ranks::new(&ready, *series, grid, &ladders, &lengths)?)),
        })?;
        let mut groups: Vec<Looked> = Vec::with_capacity(part.len());
        for one in looked {
            match (one, groups.last_mut()) {
                (Found::Ground(ground), _) => groups.push(Looked { ground, series: Vec::new() }),
                (Found::Ranks(ranks), Some(group)) => group.series.push(ranks),
                (Found::Ranks(_), None) => {}
            }
        }
        each(&groups)?;
    }
    Ok(())
}

enum Found {
    Ground(Ground),
    Ranks(Ranks),
}

/// Stretches of groups that take no more than the room, or one group each.
fn parts(bytes: &[usize]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut taken = 0;
    for (at, more) in bytes.iter().enumerate() {
        match parts.last_mut() {
            Some(part) if taken + more <= ROOM => {
                part.end = at + 1;
                taken += more;
            }
            _ => {
                parts.push(at..at + 1);
                taken = *more;
            }
        }
    }
    parts
}
