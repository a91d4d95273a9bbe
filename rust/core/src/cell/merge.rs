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
        for same in by_series(parts, Self::index).chunk_by(|a, b| a.0 == b.0) {
            if let [(new, part, old)] = same {
                builder.copy(part, part.index.range(*old), *new);
                continue;
            }
            by_step(same, Self::index, &mut cells);
            let mut rest = cells.as_slice();
            while let Some((step, part, at)) = rest.first().copied() {
                let alone = alone(rest);
                if alone > 0 {
                    builder.copy(part, at..at + alone, same[0].0);
                    rest = &rest[alone..];
                    continue;
                }
                let (together, others) = rest.split_at(rest.partition_point(|(other, _, _)| *other == step));
                builder.copy(part, at..at + 1, same[0].0);
                for (_, other, at) in &together[1..] {
                    builder.add(other, *at)?;
                }
                rest = others;
            }
        }
        Ok(builder.finish(series))
    }
}

/// How many cells from the first on are neighbours of one part, and the only ones of their steps.
fn alone(cells: &[(i64, &Tallies, usize)]) -> usize {
    let steps = cells.chunk_by(|a, b| a.0 == b.0);
    steps.take_while(|same| same.len() == 1 && std::ptr::eq(same[0].1, cells[0].1)).count()
}
