//! From whether a condition is true at each tick to when an alert fires.

/// What an alert is at a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Its condition is false.
    #[default]
    Inactive,
    /// Its condition is true, but not for long enough.
    Pending,
    /// Its condition was true for long enough.
    Firing,
    /// Its condition was true for long enough, and has not been false for long.
    Keeping,
}

impl State {
    /// Whether somebody is told.
    #[must_use]
    pub const fn fires(self) -> bool {
        matches!(self, Self::Firing | Self::Keeping)
    }
}

/// What the condition of an alert is at a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It is false.
    False,
    /// It is true.
    True,
    /// It cannot be told, and time stands still for the alert.
    Frozen,
}

/// One timer: an alert fires once its condition was true for `wait` ticks after the first, and until it was false for
/// `keep` ticks after the first.
///
/// This is the state machine of Prometheus (`for`, `keep_firing_for`), in ticks: a tick that is not true ends what is
/// pending; a true one renews what is kept, and need not wait again.
///
/// ```
/// # use backburn_core::alert::{Machine, State, Truth};
/// let mut machine = Machine::new(1, 1);
/// let states = [true, true, false, false].map(|holds| machine.step(if holds { Truth::True } else { Truth::False }));
/// assert_eq!(states, [State::Pending, State::Firing, State::Keeping, State::Inactive]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Machine {
    wait: u64,
    keep: u64,
    state: State,
    /// For how many ticks it has been what it is.
    since: u64,
}

impl Machine {
    /// An alert that is inactive.
    #[must_use]
    pub const fn new(wait: u64, keep: u64) -> Self {
        Self { wait, keep, state: State::Inactive, since: 0 }
    }

    /// What the alert is at the next tick.
    pub const fn step(&mut self, truth: Truth) -> State {
        let next = match (truth, self.state) {
            (Truth::Frozen, _) => return self.state,
            (Truth::True, State::Inactive) if self.wait > 0 => State::Pending,
            (Truth::True, State::Pending) if self.since < self.wait => State::Pending,
            (Truth::True, _) => State::Firing,
            (Truth::False, State::Firing) if self.keep > 0 => State::Keeping,
            (Truth::False, State::Keeping) if self.since < self.keep => State::Keeping,
            (Truth::False, _) => State::Inactive,
        };
        let same = matches!((self.state, next), (State::Pending, State::Pending) | (State::Keeping, State::Keeping));
        self.since = if same { self.since + 1 } else { 1 };
        self.state = next;
        next
    }
}

/// A maximal run of firing ticks, as their places among all ticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    /// The first tick at which the condition was true.
    pub active: usize,
    /// The first tick at which it fires.
    pub first: usize,
    /// The first tick after it at which it does not; `None` where it fires at the last one.
    pub end: Option<usize>,
}

/// What an alert does over all ticks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// The ticks at which it becomes something else than it was at the tick before; it is inactive before the first.
    pub changes: Vec<(usize, State)>,
    /// Its alerts.
    pub firings: Vec<Firing>,
}

impl Course {
    /// Runs a machine over the truth at each tick.
    #[must_use]
    pub fn run(mut machine: Machine, truths: impl Iterator<Item = Truth>) -> Self {
        let (mut course, mut before, mut active) = (Self::default(), State::Inactive, 0);
        for (tick, truth) in truths.enumerate() {
            if truth == Truth::False && before == State::Inactive {
                continue;
            }
            let state = machine.step(truth);
            if state == before {
                continue;
            }
            if before == State::Inactive {
                active = tick;
            }
            if state.fires() && !before.fires() {
                course.firings.push(Firing { active, first: tick, end: None });
            }
            if before.fires()
                && !state.fires()
                && let Some(firing) = course.firings.last_mut()
            {
                firing.end = Some(tick);
            }
            course.changes.push((tick, state));
            before = state;
        }
        course
    }

    /// Whether it fires at a tick.
    #[must_use]
    pub fn fires_at(&self, tick: usize) -> bool {
        let at = self.firings.partition_point(|firing| firing.first <= tick);
        at.checked_sub(1).is_some_and(|last| self.firings[last].end.is_none_or(|end| tick < end))
    }
}

/// The first tick of `firing` at which none of `inhibitors` fires; `None` where one of them fires at every tick up to
/// `ticks`, the number of all.
///
/// Inhibition changes no state: an alert is told of from there on.
#[must_use]
pub fn told_from(firing: &Firing, inhibitors: &[&Course], ticks: usize) -> Option<usize> {
    let end = firing.end.unwrap_or(ticks);
    (firing.first..end).find(|tick| !inhibitors.iter().any(|one| one.fires_at(*tick)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(wait: u64, keep: u64, truths: &str) -> String {
        let mut machine = Machine::new(wait, keep);
        let truth = |word| match word {
            '1' => Truth::True,
            '_' => Truth::Frozen,
            _ => Truth::False,
        };
        let letter = |state| match state {
            State::Inactive => '.',
            State::Pending => 'p',
            State::Firing => 'F',
            State::Keeping => 'K',
        };
        truths.chars().map(|word| letter(machine.step(truth(word)))).collect()
    }

    #[test]
    fn an_alert_waits_fires_and_is_kept() {
        for (wait, keep, truths, states) in [
            (0, 0, "0110", ".FF."),
            (2, 0, "110111101", "pp.ppFF.p"),
            (2, 0, "1111", "ppFF"),
            (0, 2, "10000", "FKK.."),
            (0, 2, "1001000", "FKKFKK."),
            (2, 2, "111001", "ppFKKF"),
            (1, 1, "1__1", "pppF"),
            (1, 0, "1_0", "pp."),
            (0, 1, "10__0", "FKKK."),
            (0, 0, "_1_0_", ".FF.."),
        ] {
            assert_eq!(run(wait, keep, truths), states, "{wait} {keep} {truths}");
        }
    }

    #[test]
    fn a_course_is_its_changes_and_its_alerts() {
        let truths = [0, 1, 1, 0, 1, 1, 1].map(|one| if one == 1 { Truth::True } else { Truth::False });
        let course = Course::run(Machine::new(1, 0), truths.into_iter());
        let firings = [(1, 2, Some(3)), (4, 5, None)].map(|(active, first, end)| Firing { active, first, end });
        assert_eq!(course.firings, firings);
        let changes = [(1, State::Pending), (2, State::Firing), (3, State::Inactive), (4, State::Pending)];
        assert_eq!(course.changes[..4], changes);
        let fires: Vec<bool> = (0..7).map(|tick| course.fires_at(tick)).collect();
        assert_eq!(fires, [false, false, true, false, false, true, true]);
    }

    #[test]
    fn an_inhibited_alert_is_told_of_from_its_first_free_tick_on() {
        let course = |truths: [bool; 6]| {
            let truth = |one| if one { Truth::True } else { Truth::False };
            Course::run(Machine::new(0, 0), truths.into_iter().map(truth))
        };
        let firing = Firing { active: 1, first: 1, end: Some(5) };
        let (early, all) = (course([true, true, true, false, true, true]), course([true; 6]));
        assert_eq!(told_from(&firing, &[&early], 6), Some(3));
        assert_eq!(told_from(&firing, &[&all], 6), None);
        assert_eq!(told_from(&firing, &[], 6), Some(1));
        assert_eq!(told_from(&Firing { end: None, ..firing }, &[&all], 6), None);
    }
}
