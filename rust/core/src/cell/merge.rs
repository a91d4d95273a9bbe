//! The cells of several parts together: sums where more than one has a cell.

use super::builder::Builder;
use super::index::{Turn, by_series, in_turns};
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
        // Parts mostly hold different times.
        builder.reserve(parts.iter().map(|(part, _)| part.index.len()).sum());
        for same in by_series(parts, Self::index).chunk_by(|a, b| a.0 == b.0) {
            let new = same[0].0;
            in_turns(same, Self::index, |turn| match turn {
                Turn::Alone(part, cells) => {
                    builder.copy(part, cells, new);
                    Ok(())
                }
                Turn::Together(_, cells) => {
                    let [(first, at), others @ ..] = cells else { return Ok(()) };
                    builder.copy(first, *at..at + 1, new);
                    others.iter().try_for_each(|(other, at)| builder.add(other, *at))
                }
            })?;
        }
        Ok(builder.finish(series))
    }
}
