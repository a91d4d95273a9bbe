//! The cells of several parts together: sums where more than one has a cell.

use super::builder::Builder;
use super::index::{by_series, by_step};
use super::tallies::Tallies;
use crate::error::Result;

impl Tallies {
    /// The cells of all parts under new series numbers: series `s` of a part becomes `to[s]`, of `series` in all.
    ///
    /// The new numbers of one part are distinct; they may be in any order. Every cell is copied once, however many
    /// parts there are.
    pub fn merge_all(parts: &[(&Self, &[usize])], series: usize) -> Result<Self> {
        let lanes = parts.iter().map(|(part, _)| part.lanes.len()).max().unwrap_or(0);
        let weighted = parts.iter().any(|(part, _)| part.weighted());
        let mut builder = Builder::new(lanes, weighted);
        builder.reserve(parts.iter().map(|(part, _)| part.index.len()).max().unwrap_or(0));
        let mut cells = Vec::new();
        for same in by_series(parts).chunk_by(|a, b| a.0 == b.0) {
            if let [(new, part, old)] = same {
                builder.copy(part, part.index.range(*old), *new);
                continue;
            }
            by_step(same, &mut cells);
            let mut first = 0;
            while let Some((step, part, at)) = cells.get(first).copied() {
                let of_step = |(other, _, _): &&(i64, &Self, usize)| *other == step;
                let together = cells[first..].iter().take_while(of_step).count();
                if together > 1 {
                    builder.copy(part, at..at + 1, same[0].0);
                    for (_, other, at) in &cells[first + 1..first + together] {
                        builder.add(other, *at)?;
                    }
                    first += together;
                    continue;
                }
                // Neighbours of one part are copied at once, as long as no other part has their steps too.
                let alone = |next: usize| {
                    let own = cells.get(next).is_some_and(|(_, other, _)| std::ptr::eq(*other, part));
                    own && cells.get(next + 1).is_none_or(|(after, _, _)| *after != cells[next].0)
                };
                let run = (first + 1..cells.len()).take_while(|next| alone(*next)).count() + 1;
                builder.copy(part, at..at + run, same[0].0);
                first += run;
            }
        }
        Ok(builder.finish(series))
    }
}
