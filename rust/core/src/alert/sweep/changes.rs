//! Where ranks change, which they seldom do.

use std::ops::Range;

/// So many ranks are compared with those before them at once, and so many where some of these differ.
const AT_ONCE: usize = 32;
const FEW: usize = 8;

/// A tick at which a rank is another than at the tick before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) tick: usize,
    pub(super) before: i16,
    pub(super) now: i16,
}

/// The ticks of a span, which does not begin with the first one, at which a rank is another than before.
pub(super) fn changes(ranks: &[i16], span: Range<usize>) -> Vec<Change> {
    let mut found = Vec::new();
    if span.start == 0 || span.start >= span.end {
        return found;
    }
    let (now, before) = (&ranks[span.clone()], &ranks[span.start - 1..span.end - 1]);
    let mut look = |tick: usize, now: &[i16], before: &[i16]| {
        let differ = (tick..).zip(now.iter().zip(before)).filter(|(_, (now, before))| now != before);
        found.extend(differ.map(|(tick, (now, before))| Change { tick, before: *before, now: *now }));
    };
    let (many, rest) = now.as_chunks::<AT_ONCE>();
    let (many_before, rest_before) = before.as_chunks::<AT_ONCE>();
    let mut tick = span.start;
    for (now, before) in many.iter().zip(many_before) {
        if now != before {
            let few = now.as_chunks::<FEW>().0.iter().zip(before.as_chunks::<FEW>().0);
            for (at, (now, before)) in few.enumerate().filter(|(_, (now, before))| now != before) {
                look(tick + at * FEW, now, before);
            }
        }
        tick += AT_ONCE;
    }
    look(tick, rest, rest_before);
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_tick_with_another_rank_is_found(
            runs in proptest::collection::vec((0_i16..3, 1_usize..50), 0..12),
            start in 0_usize..90,
            length in 0_usize..200,
        ) {
            let ranks: Vec<i16> = runs.iter().flat_map(|(rank, times)| vec![*rank; *times]).collect();
            let span = start.min(ranks.len())..(start + length).min(ranks.len());
            let of = |tick: usize| Change { tick, before: ranks[tick - 1], now: ranks[tick] };
            let after_first = if span.start == 0 { 0..0 } else { span.clone() };
            let expected: Vec<Change> =
                after_first.map(of).filter(|change| change.before != change.now).collect();
            prop_assert_eq!(changes(&ranks, span), expected);
        }
    }
}
