//! What a scan has found so far, in bounded memory.

use std::sync::Arc;

use super::entries::{Entries, Entry, join};
use super::sought::Sought;
use crate::error::Result;

/// How many entries wait before they are put in order: fewer where there is little room, more beside many others.
const FEW: usize = 64 * 1024;

/// As many as this part of those in order may wait.
const SHARE: usize = 8;

/// The values that fell into the targets of a search, whichever threads found them.
///
/// Each is told apart, with how often it occurs, until a target has more different ones than its share of the room. From
/// then on only the parts of that target's range are counted, and the next scan looks closer.
#[derive(Debug, Clone)]
pub struct Values {
    pub(super) sought: Arc<Sought>,
    pub(super) entries: Entries,
    /// The targets whose places are those of parts.
    coarse: Vec<bool>,
    waiting: Vec<Entry>,
    room: usize,
}

impl Values {
    pub(super) fn new(sought: Arc<Sought>, room: u64) -> Self {
        let coarse = vec![false; sought.targets.len()];
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let most = usize::try_from(sought.level.all).unwrap_or(0);
        let entries = Entries::with_capacity(most.saturating_add(most / SHARE).saturating_add(FEW));
        Self { sought, entries, coarse, waiting: Vec::new(), room }
    }

    /// Takes entries out of `found`.
    pub(super) fn add(&mut self, found: &mut Vec<Entry>) -> Result<()> {
        for mut entry in found.drain(..) {
            let at = entry.target as usize;
            if self.coarse[at] {
                entry.place >>= self.sought.level.shift(&self.sought.targets[at]);
            }
            self.wait(entry)?;
        }
        Ok(())
    }

    /// Adds what others found, who have [sealed](Self::seal) it.
    pub(super) fn merge(&mut self, other: &Self) -> Result<()> {
        self.settle()?;
        let Self { sought, entries, coarse, .. } = self;
        let shift = |at: u32| sought.level.shift(&sought.targets[at as usize]);
        entries.coarsen(|at, _| if other.coarse[at as usize] && !coarse[at as usize] { shift(at) } else { 0 })?;
        for (mine, theirs) in coarse.iter_mut().zip(&other.coarse) {
            *mine |= theirs;
        }
        for mut entry in other.entries.iter() {
            let at = entry.target as usize;
            if self.coarse[at] && !other.coarse[at] {
                entry.place >>= self.sought.level.shift(&self.sought.targets[at]);
            }
            self.wait(entry)?;
        }
        self.seal()
    }

    /// Puts everything in order, so that nothing depends on how it came.
    pub fn seal(&mut self) -> Result<()> {
        self.settle()?;
        self.waiting = Vec::new();
        self.restrain()
    }

    /// The places of a target's values, in order, and how often each occurs; places are those of parts that are
    /// `2^shift` doubles wide.
    pub(super) fn of(&self, at: u32) -> (u32, impl Iterator<Item = (u64, u64)> + '_) {
        let target = &self.sought.targets[at as usize];
        let shift = if self.coarse[at as usize] { self.sought.level.shift(target) } else { 0 };
        (shift, self.entries.of(at))
    }

    fn wait(&mut self, entry: Entry) -> Result<()> {
        self.waiting.push(entry);
        let enough = FEW.min(self.room).max(self.entries.len() / SHARE);
        if self.waiting.len() < enough {
            return Ok(());
        }
        self.settle()?;
        self.waiting.reserve_exact(enough);
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        join(&mut self.waiting)?;
        self.entries.add(&self.waiting)?;
        self.waiting.clear();
        if self.entries.len() > self.room { self.restrain() } else { Ok(()) }
    }

    /// Makes targets coarse that have too many values.
    fn restrain(&mut self) -> Result<()> {
        let Self { sought, entries, coarse, .. } = self;
        entries.coarsen(|at, values| {
            let (target, coarse) = (&sought.targets[at as usize], &mut coarse[at as usize]);
            if *coarse || !sought.level.is_exceeded(target, values) {
                return 0;
            }
            *coarse = true;
            sought.level.shift(target)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::sought::Cell;
    use super::super::target::Target;
    use super::*;

    const WIDTH: u64 = 1 << 20;

    /// Nothing found yet of targets side by side with so many values each.
    fn values(targets: u64, count: u64, room: u64) -> Values {
        let target = |at| Target { cell: 0, low: at * WIDTH, high: (at + 1) * WIDTH - 1, before: at * count, count };
        let cell = Cell { series: 0, span: 0, count: targets * count, ranks: 0..1 };
        let sought = Sought::new(Arc::default(), true, &[cell], (0..targets).map(target).collect(), room);
        Values::new(Arc::new(sought.unwrap()), room)
    }

    #[test]
    fn no_more_values_wait_or_are_told_apart_than_there_is_room_for() {
        let mut values = values(1, WIDTH, 100);
        for place in 0..1_000_u16 {
            values.add(&mut vec![Entry { target: 0, place: place.into(), count: 1 }]).unwrap();
            assert_eq!(values.waiting.len(), usize::from(place + 1) % 100);
            assert!(values.entries.len() <= 100);
        }
    }

    #[test]
    fn beside_many_an_eighth_of_them_may_wait() {
        let mut values = values(100, 2, 4);
        let mut all = (0..200).map(|at| Entry { target: at / 2, place: u64::from(at % 2), count: 1 }).collect();
        values.add(&mut all).unwrap();
        values.seal().unwrap();
        assert_eq!(values.entries.len(), 200);
        for more in 1..=50 {
            values.add(&mut vec![Entry { target: 7, place: 1, count: 1 }]).unwrap();
            assert_eq!(values.waiting.len(), more % 25);
        }
    }
}
