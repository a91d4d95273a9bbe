//! The burn rates at which the peaks of conditions stand: what tells one factor from another.

use super::asked::Grid;
use crate::backtest::sight::{Sight, look};
use crate::control::Control;
use crate::error::Result;
use crate::scoring::Scene;
use crate::task::in_parallel;
use crate::timeline::Ready;
use backburn_core::judge::Target;

/// How many times faster than allowed the budget is spent at each local peak of the lower of a pair's two burn rates, as
/// quotients in lowest terms; those that do not fit are left out. Each of them is told once for each series.
///
/// Fails where something is not there, a time falls on no step, or a sum does not fit.
pub fn peaks(scenes: &[Scene], grid: &Grid, threads: usize, control: &Control) -> Result<Vec<(u64, u64)>> {
    let lengths = grid.windows();
    let windows: Vec<(String, i64)> = lengths.iter().map(|length| (length.to_string(), *length)).collect();
    let mut found = Vec::new();
    for scene in scenes {
        let ready = Ready::new(&scene.part, &windows, false, |_| Vec::new())?;
        let series: Vec<usize> = scene.groups.iter().flat_map(|group| &group.series).copied().collect();
        let each = in_parallel(threads, &series, control, |at| {
            look(&ready, *at, |sight| Ok(of(&sight, grid, &lengths, sight.series.target)))
        })?;
        found.extend(each.into_iter().flatten());
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn of(sight: &Sight<'_>, grid: &Grid, lengths: &[i64], target: Target) -> Vec<(u64, u64)> {
    let mut found = Vec::new();
    let place = |length: i64| lengths.iter().position(|known| *known == length);
    for (long, short) in &grid.pairs {
        let (Some(long), short) = (place(*long), short.and_then(place)) else { continue };
        let at = |tick: usize| {
            let told = |window: usize| sight.held[window].told(tick, grid.no_data).unwrap_or((0, 1));
            short.map_or_else(|| told(long), |short| lesser(told(long), told(short)))
        };
        let mut rising = false;
        let mut before = (0, 1);
        for tick in 0..=sight.ready.ticks.len() {
            // After the last tick there is nothing, so that a rise up to it ends in a peak.
            let now = if tick < sight.ready.ticks.len() { at(tick) } else { (0, 1) };
            if less(now, before) && rising {
                found.extend(rate(before, target));
            }
            rising = less(before, now) || (rising && !less(now, before));
            before = now;
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn less(one: (u128, u128), other: (u128, u128)) -> bool {
    match (one.0.checked_mul(other.1), other.0.checked_mul(one.1)) {
        (Some(one), Some(other)) => one < other,
        // Parts of slices have 64 bits more than anybody needs for a peak.
        _ => (one.0 >> 64) * (other.1 >> 64) < (other.0 >> 64) * (one.1 >> 64),
    }
}

fn lesser(one: (u128, u128), other: (u128, u128)) -> (u128, u128) {
    if less(other, one) { other } else { one }
}

/// `bad / valid / (1 − T)`, reduced.
fn rate((bad, valid): (u128, u128), target: Target) -> Option<(u64, u64)> {
    let above = bad.checked_mul(target.denominator().into())?;
    let below = valid.checked_mul(target.budget().into())?;
    let (mut one, mut other) = (above, below);
    while other > 0 {
        (one, other) = (other, one % other);
    }
    let reduced = |number: u128| u64::try_from(number.checked_div(one)?).ok();
    Some((reduced(above)?, reduced(below)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_in_lowest_terms() {
        let target = Target::parse("0.99").unwrap();
        assert_eq!(rate((3, 100), target), Some((3, 1)));
        assert_eq!(rate((1, 7), target), Some((100, 7)));
        assert!(less((1, 3), (1, 2)) && !less((2, 4), (1, 2)));
        assert!(less((1 << 120, 3 << 120), (1 << 120, 2 << 120)));
    }
}
