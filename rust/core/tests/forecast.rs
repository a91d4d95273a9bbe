//! Forecasts against the obvious definition: every step by itself, in fractions of any size.

use backburn_core::judge::{Ahead, Events, Exhausted, Outlook, Scope, Target, Traffic, share};
use num_bigint::BigInt;
use proptest::prelude::*;

const NOW: i64 = 100;

fn load(bad: u64, valid: u64) -> Events {
    Events { bad, valid }
}

/// The median of the weeks of a stretch, or the mean rate, as `above / below`.
fn median(one: &Ahead, mean: (u64, u64)) -> (u64, u64) {
    let mut known: Vec<u64> = one.weeks.iter().copied().flatten().collect();
    known.sort_unstable();
    match known.len() {
        0 => {
            // Half events are the least that are told apart.
            let length = one.to.abs_diff(one.from);
            (2 * mean.0 * length / mean.1, 2)
        }
        odd if odd % 2 == 1 => (known[odd / 2], 1),
        even => (known[even / 2 - 1] + known[even / 2], 2),
    }
}

/// Twice the least common multiple of all lengths of stretches here: every number of events to come is a part of it.
const PARTS: u64 = 2 * 60;

/// What has come before `step`, in parts.
fn come(ahead: &[Ahead], mean: (u64, u64), step: i64) -> BigInt {
    ahead
        .iter()
        .map(|one| {
            let (above, below) = median(one, mean);
            let (passed, length) = ((step.min(one.to) - one.from).max(0), one.to - one.from);
            BigInt::from(above) * PARTS * passed / (BigInt::from(below) * length)
        })
        .sum()
}

/// Twice all that comes.
fn doubled(ahead: &[Ahead], mean: (u64, u64)) -> u128 {
    ahead.iter().map(|one| median(one, mean)).map(|(above, below)| 2 * u128::from(above) / u128::from(below)).sum()
}

struct Case<'a> {
    past: &'a [(i64, Events)],
    scope: Scope,
    target: Target,
    ahead: &'a [Ahead],
    mean: (u64, u64),
}

impl Case<'_> {
    fn gone(&self, step: i64, recent: Events) -> bool {
        let inside = |known: i64| match self.scope {
            Scope::Rolling(length) => known >= step - length,
            Scope::Until(_) => true,
        };
        let held: Vec<Events> = self.past.iter().filter(|(known, _)| inside(*known)).map(|(_, load)| *load).collect();
        let (bad, valid): (u64, u64) = (held.iter().map(|one| one.bad).sum(), held.iter().map(|one| one.valid).sum());
        let come_by = |step| come(self.ahead, self.mean, step);
        let counted = match self.scope {
            Scope::Rolling(_) => come_by(step),
            Scope::Until(end) => come_by(end),
        };
        let spent = BigInt::from(bad) * PARTS * recent.valid + come_by(step) * recent.bad;
        let valid = (BigInt::from(valid) * PARTS + counted) * recent.valid;
        valid > BigInt::from(0) && spent * self.target.denominator() >= valid * self.target.budget()
    }

    fn last(&self) -> i64 {
        match self.scope {
            Scope::Rolling(length) => NOW + length,
            Scope::Until(end) => end,
        }
    }
}

prop_compose! {
    fn stretches()(
        lengths in prop::collection::vec(prop::sample::select(vec![1_i64, 2, 3, 5, 10, 12]), 1..12),
        weeks in prop::collection::vec(prop::collection::vec(prop::option::weighted(0.8, 0_u64..30), 4), 12),
        gap in prop::option::of(0_usize..12),
    ) -> Vec<Ahead> {
        let mut from = NOW;
        let mut ahead = Vec::new();
        for (number, (length, weeks)) in lengths.into_iter().zip(weeks).enumerate() {
            // Left out of the window, so nothing comes.
            if Some(number) != gap {
                ahead.push(Ahead { from, to: from + length, weeks });
            }
            from += length;
        }
        ahead
    }
}

proptest! {
    #[test]
    fn the_budget_is_gone_at_the_first_step_at_which_it_is(
        past in prop::collection::btree_map(60_i64..NOW, (0_u64..6, 0_u64..40), 0..25),
        ahead in stretches(),
        rolling in any::<bool>(),
        target in prop::sample::select(vec!["0.5", "0.9", "0.99", "0.75", "0.95"]),
        recent in (0_u64..20, 1_u64..20).prop_map(|(bad, good)| load(bad, bad + good)),
        mean in (0_u64..50, 1_u64..20),
    ) {
        let past: Vec<(i64, Events)> = past.into_iter().map(|(at, (bad, good))| (at, load(bad, bad + good))).collect();
        let end = ahead.last().map_or(NOW, |one| one.to);
        let scope = if rolling { Scope::Rolling(40) } else { Scope::Until(end) };
        let target = Target::parse(target).unwrap();
        let traffic = Traffic::new(&ahead, Some(mean)).unwrap().unwrap();
        let outlook = Outlook::new(past.clone(), NOW, scope, target, &traffic).unwrap();
        let case = Case { past: &past, scope, target, ahead: &ahead, mean };
        let none = load(0, 1);
        let expected = if case.gone(NOW, recent) {
            Exhausted::Already
        } else {
            (NOW + 1..=case.last()).find(|step| case.gone(*step, recent)).map_or(Exhausted::Not, Exhausted::At)
        };
        prop_assert_eq!(outlook.exhausted(recent), expected);
        let expected = match scope {
            Scope::Until(end) => Some(end),
            Scope::Rolling(_) => (NOW + 1..=case.last()).find(|step| !case.gone(*step, none)),
        };
        prop_assert_eq!(outlook.recovers(), expected);
        prop_assert_eq!(traffic.events().to_bits(), share(doubled(&ahead, mean), 2).unwrap().to_bits());
        // The shares of the whole period.
        let (bad, valid): (u64, u64) =
            (past.iter().map(|(_, one)| one.bad).sum(), past.iter().map(|(_, one)| one.valid).sum());
        let counted = 2 * u128::from(valid) + doubled(&ahead, mean);
        let allowed = u128::from(target.budget()) * counted;
        let spent = 2 * u128::from(target.denominator()) * u128::from(bad);
        let (found, consumed, left) = outlook.budget();
        prop_assert_eq!(found, share(allowed, 2 * u128::from(target.denominator())).filter(|_| counted > 0));
        prop_assert_eq!(consumed, share(spent, allowed));
        prop_assert_eq!(left.is_some(), counted > 0);
    }
}

#[test]
fn what_comes_is_the_median_of_weeks() {
    let weeks = |counts: &[Option<u64>]| Ahead { from: 0, to: 60, weeks: counts.to_vec() };
    let of = |one: Ahead, mean| Traffic::new(&[one], mean).unwrap();
    let told = of(weeks(&[Some(10), Some(30), None, Some(11)]), None).unwrap();
    assert_eq!((told.events(), told.range(), told.weeks), (11.0, Some((10.0, 30.0)), 3));
    let told = of(weeks(&[Some(10), Some(13), None, None]), None).unwrap();
    assert_eq!((told.events(), told.weeks), (11.5, 2));
    let told = of(weeks(&[None; 4]), Some((7, 60))).unwrap();
    assert_eq!((told.events(), told.range(), told.weeks), (7.0, None, 0));
    assert_eq!(of(weeks(&[None; 4]), None), None);
    assert_eq!(of(weeks(&[None; 4]), Some((7, 0))), None);
    // A week counts where all of it is known.
    let two = [weeks(&[Some(1), Some(5)]), Ahead { from: 60, to: 120, weeks: vec![Some(2), None] }];
    assert_eq!(Traffic::new(&two, None).unwrap().unwrap().range(), Some((3.0, 3.0)));
}

/// Half of the budget is spent after 600 of 720 hours, in a month of even traffic.
#[test]
fn half_a_budget_lasts_to_the_end_of_its_month() {
    let ahead: Vec<Ahead> =
        (600..720).map(|hour| Ahead { from: hour, to: hour + 1, weeks: vec![Some(1_000)] }).collect();
    let traffic = Traffic::new(&ahead, None).unwrap().unwrap();
    let target = Target::parse("0.999").unwrap();
    let past: Vec<(i64, Events)> = (0..600).map(|hour| (hour, load(u64::from(hour % 5 < 3), 1_000))).collect();
    let outlook = Outlook::new(past, 600, Scope::Until(720), target, &traffic).unwrap();
    assert_eq!(outlook.budget(), (Some(720.0), Some(0.5), Some(0.5)));
    // 60 % of the allowed rate: 72 more bad events by the end. Only four times that rate would spend the rest.
    assert_eq!(outlook.exhausted(load(6, 10_000)), Exhausted::Not);
    assert_eq!(outlook.exhausted(load(30, 10_000)), Exhausted::At(720));
    assert_eq!(outlook.exhausted(load(29, 10_000)), Exhausted::Not);
    assert_eq!(outlook.exhausted(load(60, 10_000)), Exhausted::At(660));
    assert_eq!(outlook.recovers(), Some(720));
}

#[test]
fn counts_of_any_size_are_forecast() {
    let ahead = [Ahead { from: NOW, to: NOW + 1_000, weeks: vec![Some(1 << 60)] }];
    let traffic = Traffic::new(&ahead, None).unwrap().unwrap();
    let target = Target::parse("0.999999999999999999").unwrap();
    let outlook = Outlook::new([(NOW - 1, load(0, 1 << 60))], NOW, Scope::Rolling(1_000), target, &traffic).unwrap();
    assert_eq!(outlook.exhausted(load(1 << 40, 1 << 60)), Exhausted::At(NOW + 1));
    assert_eq!(outlook.exhausted(load(0, 1 << 60)), Exhausted::Not);
    let ahead = vec![Ahead { weeks: vec![Some(u64::MAX)], ..ahead[0].clone() }; 4];
    assert!(Traffic::new(&ahead, None).is_err());
    let past = [(1, load(0, u64::MAX)), (2, load(0, 1))];
    assert!(Outlook::new(past, NOW, Scope::Rolling(1_000), target, &traffic).is_err());
}
