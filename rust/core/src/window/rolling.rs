//! Rolling windows over the running sums of one series.

use std::borrow::Cow;

use super::sums::{Cells, Sums};
use super::ticks::{Length, Ticks};
use crate::cell::sum;
use crate::error::Result;
use crate::judge::{Events, Target, share};

/// Below this every whole number is a float, and the quotient of two is rounded once. (So it is up to 2^53, but such a
/// number is not made a float as fast.)
const EXACT: u64 = 1 << 52;

/// The float of that number, whose bits are followed by all whole numbers below it.
const BEFORE: f64 = 4_503_599_627_370_496.0;

/// A series at some ticks: its running sums, from which every window follows.
#[derive(Debug)]
pub struct Rolling<'a> {
    cells: Cells<'a>,
    ticks: Ticks,
    /// How many ticks before the first one the sums begin.
    lead: usize,
    sums: Sums,
}

impl<'a> Rolling<'a> {
    /// Adds up what the windows at these ticks need. Fails where a sum does not fit.
    ///
    /// Windows of whole distances between ticks begin where an earlier one ends, and share its sums; this pays unless
    /// they are longer than all ticks together. So the room is bounded by the ticks, not by windows or by silences.
    pub fn new(cells: Cells<'a>, ticks: Ticks, windows: &[Length]) -> Result<Self> {
        let shared = windows.iter().filter_map(|window| shared(*window, ticks));
        let lead = shared.max().unwrap_or(0);
        Ok(Self { cells, ticks, lead, sums: Sums::new(cells, ticks.led_by(lead))? })
    }

    /// Fails where [`new`](Self::new) or [`window`](Self::window) would, at a fraction of their price.
    pub fn check(cells: Cells<'a>, ticks: Ticks, windows: &[Length]) -> Result<()> {
        if cells.tallies.any_sum_fits() {
            return Ok(());
        }
        let begins = windows.iter().map(|length| ticks.back(*length).first());
        cells.total(begins.min().unwrap_or(ticks.first()), ticks.last()).map(|_| ())
    }

    /// What happened up to each tick, from the same moment on.
    pub(super) fn sums(&self) -> impl Iterator<Item = Events> + '_ {
        let sums = self.sums.valid.iter().zip(&self.sums.bad);
        sums.skip(self.lead).map(|(valid, bad)| Events { valid: *valid, bad: *bad })
    }

    /// What happened in the window of this length before each tick. Fails where a sum does not fit.
    pub fn window(&self, length: Length) -> Result<InWindow<'_>> {
        let ends = |sums: &'_ [u64]| self.lead.min(sums.len())..sums.len();
        let (valid, bad) = (&self.sums.valid[ends(&self.sums.valid)], &self.sums.bad[ends(&self.sums.bad)]);
        let ends = Side { valid: Cow::Borrowed(valid), bad: Cow::Borrowed(bad) };
        if let Some(begin) = shared(length, self.ticks).and_then(|long| self.lead.checked_sub(long)) {
            let range = begin..begin + self.ticks.len();
            let (valid, bad) = (&self.sums.valid[range.clone()], &self.sums.bad[range]);
            let starts = Side { valid: Cow::Borrowed(valid), bad: Cow::Borrowed(bad) };
            return Ok(InWindow { ends, starts, base: Events::default() });
        }
        let back = self.ticks.back(length);
        let Sums { valid, bad } = Sums::new(self.cells, back)?;
        let starts = Side { valid: Cow::Owned(valid), bad: Cow::Owned(bad) };
        // The two sides were added up from different steps on: what lies between them makes up for it.
        let first = self.cells.total(back.first(), self.ticks.first())?;
        let base = Events { valid: between(first.valid, &ends.valid)?, bad: between(first.bad, &ends.bad)? };
        Ok(InWindow { ends, starts, base })
    }
}

/// How many ticks back a window begins, where that is at a tick, and not so far back that adding up from there on is
/// more work than adding up its beginnings apart.
fn shared(length: Length, ticks: Ticks) -> Option<usize> {
    length.in_ticks(ticks).filter(|long| *long <= ticks.len())
}

/// What to add to differences of `ends` and sums that begin where the first window does, which holds `first` events.
/// Fails where the whole, up to the last tick, does not fit.
fn between(first: u64, ends: &[u64]) -> Result<u64> {
    let (Some(before), Some(last)) = (ends.first(), ends.last()) else { return Ok(first) };
    sum(first, last - before)?;
    Ok(first.wrapping_sub(*before))
}

#[derive(Debug)]
struct Side<'a> {
    valid: Cow<'a, [u64]>,
    bad: Cow<'a, [u64]>,
}

/// The counts of one series in one window before each tick.
///
/// With T the target, per tick: `sli = good / valid`, `burn = (bad / valid) / (1 − T)`, each the float nearest to the
/// exact quotient, as [`judge`](crate::judge::judge) gives them for the same counts; undefined where `valid = 0`.
#[derive(Debug)]
pub struct InWindow<'a> {
    ends: Side<'a>,
    starts: Side<'a>,
    /// What to add to each difference of the two sides, modulo 2^64.
    base: Events,
}

impl InWindow<'_> {
    /// Good and bad events.
    #[must_use]
    pub fn valid(&self) -> impl ExactSizeIterator<Item = u64> + Clone + '_ {
        differences(&self.ends.valid, &self.starts.valid, self.base.valid)
    }

    /// Bad events.
    #[must_use]
    pub fn bad(&self) -> impl ExactSizeIterator<Item = u64> + Clone + '_ {
        differences(&self.ends.bad, &self.starts.bad, self.base.bad)
    }

    /// What happened before the tick at this place; nothing where there is no such tick.
    #[must_use]
    pub fn at(&self, tick: usize) -> Events {
        let count = |ends: &[u64], starts: &[u64], base: u64| match (ends.get(tick), starts.get(tick)) {
            (Some(end), Some(start)) => end.wrapping_sub(*start).wrapping_add(base),
            _ => 0,
        };
        Events {
            valid: count(&self.ends.valid, &self.starts.valid, self.base.valid),
            bad: count(&self.ends.bad, &self.starts.bad, self.base.bad),
        }
    }

    /// Whether there are valid events before every tick.
    #[must_use]
    pub fn defined(&self) -> bool {
        // Without a way out of the loop it takes many ticks at once.
        self.valid().fold(0, |empty, valid| empty | u64::from(valid == 0)) == 0
    }

    /// Appends the share of good events for each tick; where it is undefined, NaN holds the place.
    pub fn sli(&self, out: &mut Vec<f64>) {
        let good = self.valid().zip(self.bad()).map(|(valid, bad)| valid.wrapping_sub(bad));
        quotients((good, 1), (self.valid(), 1), self.most().valid < EXACT, out);
    }

    /// Appends the burn rate for each tick; where it is undefined, NaN holds the place.
    pub fn burn(&self, target: Target, out: &mut Vec<f64>) {
        let (whole, budget) = (target.denominator(), target.budget());
        let fits = |count: u64, factor: u64| count.checked_mul(factor).is_some_and(|product| product < EXACT);
        let most = self.most();
        let exact = fits(most.bad, whole) && fits(most.valid, budget);
        quotients((self.bad(), whole), (self.valid(), budget), exact, out);
    }

    /// No window holds more than this: from where the first one begins to where the last one ends.
    #[must_use]
    pub fn most(&self) -> Events {
        let most = |ends: &[u64], starts: &[u64], base: u64| match (ends.last(), starts.first()) {
            (Some(end), Some(start)) => end.wrapping_sub(*start).wrapping_add(base),
            _ => 0,
        };
        Events {
            valid: most(&self.ends.valid, &self.starts.valid, self.base.valid),
            bad: most(&self.ends.bad, &self.starts.bad, self.base.bad),
        }
    }
}

/// `ends − starts + base`. The sums never fall and fit 64 bits, so neither does any difference leave them; that nothing
/// is checked is what lets the machine take several at once.
fn differences<'a>(
    ends: &'a [u64],
    starts: &'a [u64],
    base: u64,
) -> impl ExactSizeIterator<Item = u64> + Clone + use<'a> {
    ends.iter().zip(starts).map(move |(end, start)| end.wrapping_sub(*start).wrapping_add(base))
}

/// A whole number below [`EXACT`] as a float: it takes the machine two steps, and a number of any size takes it six.
fn float(whole: u64) -> f64 {
    f64::from_bits(BEFORE.to_bits() | whole) - BEFORE
}

/// Appends `factor · above / (factor · below)` for each pair, rounded once; `exact` says that no product reaches [`EXACT`].
fn quotients(
    (above, whole): (impl ExactSizeIterator<Item = u64>, u64),
    (below, budget): (impl ExactSizeIterator<Item = u64>, u64),
    exact: bool,
    out: &mut Vec<f64>,
) {
    let pairs = above.zip(below);
    if exact {
        #[expect(clippy::cast_precision_loss, reason = "a factor is below 2^53, or what it multiplies is always 0")]
        let (whole, budget) = (whole as f64, budget as f64);
        out.extend(pairs.map(|(a, b)| (float(a) * whole) / (float(b) * budget)));
    } else {
        let product = |count: u64, factor: u64| u128::from(count) * u128::from(factor);
        out.extend(pairs.map(|(a, b)| share(product(a, whole), product(b, budget)).unwrap_or(f64::NAN)));
    }
}
