//! When the error budget will be gone, and what is left of it, if traffic comes as is expected.

use std::borrow::Cow;

use super::events::Events;
use super::ratio::share;
use super::target::Target;
use super::traffic::Traffic;
use crate::error::Result;
use crate::time::Span;

/// Over which time the budget is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The last so many steps: what is older leaves.
    Rolling(i64),
    /// A period that ends with this step: nothing leaves, and all of its traffic counts from the first moment on.
    Until(i64),
}

/// When the budget is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exhausted {
    /// It is already.
    Already,
    /// At this step.
    At(i64),
    /// Not as long as is looked ahead: the length of the window, or the rest of the period.
    Not,
}

/// What the window holds now, and what is to come.
#[derive(Debug)]
pub struct Outlook<'a> {
    /// The steps of the past that have events, and what all before each of them and itself had, ascending.
    past: Cow<'a, [(i64, Events)]>,
    /// What these sums have too that came before the window.
    before: Events,
    now: i64,
    scope: Scope,
    target: Target,
    traffic: &'a Traffic,
}

/// What is in the window before some moment: what is left of the past, and what has come, in parts of `below` that all
/// moments of a stretch share.
#[derive(Debug, Clone, Copy)]
struct Held {
    bad: u64,
    valid: u64,
    come: u128,
    below: u128,
}

impl<'a> Outlook<'a> {
    /// From the events of each step of the window so far, ascending. Fails where a sum does not fit.
    pub fn new(
        past: impl IntoIterator<Item = (i64, Events)>,
        now: i64,
        scope: Scope,
        target: Target,
        traffic: &'a Traffic,
    ) -> Result<Self> {
        let mut all = Events::default();
        let mut sums = Vec::new();
        for (step, events) in past {
            all = all.plus(events)?;
            sums.push((step, all));
        }
        Ok(Self { past: sums.into(), before: Events::default(), now, scope, target, traffic })
    }

    /// From running sums of all steps with events, ascending, of which the window so far begins with the step `start`.
    #[must_use]
    pub fn within(
        sums: &'a [(i64, Events)],
        (start, now): (i64, i64),
        scope: Scope,
        target: Target,
        traffic: &'a Traffic,
    ) -> Self {
        let known = &sums[..sums.partition_point(|(step, _)| *step < now)];
        let first = known.partition_point(|(step, _)| *step < start);
        let before = first.checked_sub(1).map_or_else(Events::default, |last| known[last].1);
        Self { past: known[first..].into(), before, now, scope, target, traffic }
    }

    /// The budget of the whole period, in events: what it allows, and the shares of it that are spent and left.
    ///
    /// With B bad and V valid events so far and F to come: `allowed = (1 − T) · (V + F)`, `consumed = B / allowed`;
    /// undefined without any.
    #[must_use]
    pub fn budget(&self) -> (Option<f64>, Option<f64>, Option<f64>) {
        let so_far = self.so_far().less(self.before);
        let (whole, budget) = (u128::from(self.target.denominator()), u128::from(self.target.budget()));
        let counted = 2 * u128::from(so_far.valid) + self.traffic.doubled_all();
        // Both have at most 66 and 60 bits.
        let (allowed, spent) = (budget * counted, 2 * whole * u128::from(so_far.bad));
        let left = match allowed.checked_sub(spent) {
            Some(left) => share(left, allowed),
            None => share(spent - allowed, allowed).map(|over| -over),
        };
        ((counted > 0).then(|| share(allowed, 2 * whole)).flatten(), share(spent, allowed), left)
    }

    /// When the budget will be gone if that share of what comes is bad.
    ///
    /// With ê that share, v̂ the traffic to come and T the target: in a window of P steps at the first
    /// `t ≤ now + P` with `bad[t−P, now) + ê · v̂[now, t) ≥ (1−T) · (valid[t−P, now) + v̂[now, t))`; in a period, where
    /// nothing leaves, at the first with `bad + ê · v̂[now, t) ≥ (1−T) · (valid + v̂)`.
    #[must_use]
    pub fn exhausted(&self, recent: Events) -> Exhausted {
        let now = self.at(self.now);
        if self.gone(now, now, recent) {
            return Exhausted::Already;
        }
        self.first(recent, true, i64::MAX).map_or(Exhausted::Not, Exhausted::At)
    }

    /// Whether it is gone already, or will be up to the step `until`, for which the traffic has to be known.
    ///
    /// Where all that fails by then and nothing that counts by then would not do, nothing in between is looked at.
    #[must_use]
    pub fn exhausted_by(&self, recent: Events, until: i64) -> bool {
        let (now, then) = (self.at(self.now), self.at(until.min(self.end())));
        let most = Held { bad: now.bad, ..then };
        let least = Held { come: 0, ..then };
        let ever = least.valid == 0 || self.gone(most, least, recent);
        ever && (self.gone(now, now, recent) || self.first(recent, true, until).is_some())
    }

    /// When a budget that is gone is there again if nothing that comes is bad; a new period has a new budget.
    #[must_use]
    pub fn recovers(&self) -> Option<i64> {
        match self.scope {
            Scope::Until(end) => Some(end),
            Scope::Rolling(_) => self.first(Events { bad: 0, valid: 1 }, false, i64::MAX),
        }
    }

    /// The first step after now, up to `until`, at which the budget is gone, or is not.
    fn first(&self, recent: Events, gone: bool, until: i64) -> Option<i64> {
        self.stretches(until).into_iter().find_map(|Span { start: from, end: to }| {
            let (first, last) = (self.at(from), self.at(to - 1));
            // Old events leave and new ones come: at no moment between is there more of either than both ends allow.
            let (spent, allowed) = if gone {
                (Held { bad: first.bad, ..last }, Held { valid: last.valid, ..first })
            } else {
                (Held { bad: last.bad, ..first }, Held { valid: first.valid, ..last })
            };
            // Without events nothing is gone, but that they are missing at both ends says nothing of what is between.
            let empty = allowed.valid == 0 && allowed.come == 0;
            if empty || self.gone(spent, allowed, recent) == gone {
                self.first_in(from, to, recent, gone)
            } else {
                None
            }
        })
    }

    /// The same among the steps `[from, to)`, in which traffic comes evenly.
    ///
    /// Until the next old events leave, what is in the window changes evenly, so that whether the budget is gone changes
    /// once at most: both ends tell, and halving finds the step.
    fn first_in(&self, mut from: i64, to: i64, recent: Events, gone: bool) -> Option<i64> {
        let is = |step: i64| {
            let held = self.at(step);
            self.gone(held, held, recent) == gone
        };
        for last in self.leaving(from, to).chain([to - 1]) {
            if from > last {
                continue;
            }
            if is(from) {
                return Some(from);
            }
            if is(last) {
                let (mut no, mut yes) = (from, last);
                while yes - no > 1 {
                    let middle = no + (yes - no) / 2;
                    if is(middle) { yes = middle } else { no = middle }
                }
                return Some(yes);
            }
            from = last + 1;
        }
        None
    }

    /// The moments after which events of the past are not in the window any more.
    fn leaving(&self, from: i64, to: i64) -> impl Iterator<Item = i64> + '_ {
        let length = match self.scope {
            Scope::Rolling(length) => length,
            Scope::Until(_) => return None.into_iter().flatten(),
        };
        let first = self.past.partition_point(|(step, _)| step.saturating_add(length) < from);
        let moments = self.past[first..].iter().map(move |(step, _)| step.saturating_add(length));
        Some(moments.take_while(move |moment| *moment < to)).into_iter().flatten()
    }

    /// All moments after now up to `until` that are looked at, cut where the traffic changes.
    fn stretches(&self, until: i64) -> Vec<Span> {
        self.traffic.cut(Span::new(self.now.saturating_add(1), until.min(self.end()).saturating_add(1)))
    }

    /// The last moment that is looked at.
    const fn end(&self) -> i64 {
        match self.scope {
            Scope::Rolling(length) => self.now.saturating_add(length),
            Scope::Until(end) => end,
        }
    }

    fn so_far(&self) -> Events {
        self.past.last().map_or(self.before, |(_, all)| *all)
    }

    /// What is in the window before `step`, which is not before now.
    fn at(&self, step: i64) -> Held {
        let gone = match self.scope {
            Scope::Rolling(length) => self.past.partition_point(|(known, _)| *known < step.saturating_sub(length)),
            Scope::Until(_) => 0,
        };
        let (all, gone) = (self.so_far(), gone.checked_sub(1).map_or(self.before, |last| self.past[last].1));
        let (come, below) = self.traffic.come(step);
        Held { bad: all.bad - gone.bad, valid: all.valid - gone.valid, come, below }
    }

    /// Whether what `spent` holds is at least the budget of what `allowed` holds; both share a stretch.
    fn gone(&self, spent: Held, allowed: Held, recent: Events) -> bool {
        let counted = match self.scope {
            Scope::Rolling(_) => allowed.come,
            Scope::Until(_) => self.traffic.doubled_all() * (allowed.below / 2),
        };
        let (error, of) = (u128::from(recent.bad), u128::from(recent.valid.max(1)));
        let exact = || {
            let bad = u128::from(spent.bad).checked_mul(spent.below)?.checked_mul(of)?;
            let bad = bad.checked_add(spent.come.checked_mul(error)?)?;
            let valid = u128::from(allowed.valid).checked_mul(allowed.below)?.checked_add(counted)?.checked_mul(of)?;
            let bad = bad.checked_mul(self.target.denominator().into())?;
            Some(valid > 0 && bad >= valid.checked_mul(self.target.budget().into())?)
        };
        exact().unwrap_or_else(|| self.about(spent, allowed, recent, counted))
    }

    /// The same in floats, for numbers whose products do not fit: it is a forecast.
    #[expect(clippy::cast_precision_loss, reason = "the numbers are too large for anything else")]
    fn about(&self, spent: Held, allowed: Held, recent: Events, counted: u128) -> bool {
        let ratio = recent.bad as f64 / recent.valid.max(1) as f64;
        let bad = spent.bad as f64 + ratio * (spent.come as f64 / spent.below as f64);
        let valid = allowed.valid as f64 + counted as f64 / allowed.below as f64;
        bad * self.target.denominator() as f64 >= valid * self.target.budget() as f64
    }
}
