//! The state machine of an alert, at every threshold at once.

/// Of ranks at each tick, those up to which the alert fires: the least of the last `wait` ticks and this one, and for
/// `keep` ticks more where it did fire.
///
/// With L the rank, `E(t) = min L[t - wait, t]`, `D(t) = max L[t - keep, t]` and `F(t) = max(E(t), min(F(t - 1), D(t)))`: at
/// each threshold this is [`Machine`](crate::alert::Machine), whose timer any tick that is not true resets and any true
/// one renews. Before the first tick nothing is true.
#[must_use]
pub fn fires(ranks: Vec<i16>, wait: usize, keep: usize) -> Vec<i16> {
    let reached = if keep > 0 { Some(running(ranks.clone(), keep, i16::max)) } else { None };
    let mut fires = running(ranks, wait, i16::min);
    if let Some(reached) = reached {
        let mut before = 0;
        for (fires, reached) in fires.iter_mut().zip(reached) {
            *fires = before.min(reached).max(*fires);
            before = *fires;
        }
    }
    fires
}

/// The same, where time stands still for the alert at some ticks.
#[must_use]
pub fn fires_frozen(ranks: &[i16], frozen: &[bool], wait: usize, keep: usize) -> Vec<i16> {
    let moving = ranks.iter().zip(frozen).filter(|(_, frozen)| !**frozen).map(|(rank, _)| *rank);
    let mut fired = fires(moving.collect(), wait, keep).into_iter();
    let mut last = 0;
    let step = |frozen: &bool| {
        if !frozen {
            last = fired.next().unwrap_or(last);
        }
        last
    };
    frozen.iter().map(step).collect()
}

/// The best of the last `more` places and this one, in as many passes as `more` has digits; before the first is 0.
fn running(mut values: Vec<i16>, more: usize, best: impl Fn(i16, i16) -> i16) -> Vec<i16> {
    let (mut covered, needed) = (1, more.min(values.len()) + 1);
    let mut next = vec![0; values.len()];
    while covered < needed {
        let shift = covered.min(needed - covered).min(values.len());
        for (next, value) in next[..shift].iter_mut().zip(&values) {
            *next = best(*value, 0);
        }
        for ((next, value), earlier) in next[shift..].iter_mut().zip(&values[shift..]).zip(&values) {
            *next = best(*value, *earlier);
        }
        std::mem::swap(&mut values, &mut next);
        covered += shift;
    }
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::alert::{Course, Machine, Truth};

    proptest! {
        #[test]
        fn at_each_threshold_it_is_the_machine(
            ranks in proptest::collection::vec((0_i16..5, any::<bool>()), 0..40),
            wait in 0_usize..9,
            keep in 0_usize..9,
            freezes in any::<bool>(),
        ) {
            // Where time stands still nothing is true.
            let frozen: Vec<bool> = ranks.iter().map(|(rank, frozen)| freezes && *frozen && *rank == 0).collect();
            let ranks: Vec<i16> = ranks.iter().map(|(rank, _)| *rank).collect();
            let fired = if freezes { fires_frozen(&ranks, &frozen, wait, keep) } else { fires(ranks.clone(), wait, keep) };
            for threshold in 0..5 {
                let truths = ranks.iter().zip(&frozen).map(|(rank, frozen)| match (rank > &threshold, frozen) {
                    (true, _) => Truth::True,
                    (false, true) => Truth::Frozen,
                    (false, false) => Truth::False,
                });
                let course = Course::run(Machine::new(wait as u64, keep as u64), truths);
                for (tick, fired) in fired.iter().enumerate() {
                    prop_assert_eq!(*fired > threshold, course.fires_at(tick), "{} at {}", threshold, tick);
                }
            }
        }
    }
}
