//! The steps in which a source has rows, with short gaps filled.

use backburn_core::rollup::SILENCE;
use backburn_core::time::{Span, Spans};

/// How many loose spans are kept before they are put together.
const LOOSE: usize = 4096;

/// Collects touched steps. Rows mostly come in order, so that mostly the last span grows; and where they do not, most
/// steps lie in a span that is closed already.
#[derive(Debug, Default)]
pub(super) struct Presence {
    closed: Spans,
    loose: Vec<Span>,
}

impl Presence {
    /// A row lies in the step `span`.
    pub(super) fn touch(&mut self, span: Span) {
        if let Some(last) = self.loose.last_mut() {
            let near = span.start.saturating_sub(last.end) <= SILENCE && last.start <= span.start;
            if near {
                last.end = last.end.max(span.end);
                return;
            }
        }
        let closed = self.closed.as_slice();
        let at = closed.partition_point(|known| known.end < span.end);
        if closed.get(at).is_some_and(|known| known.start <= span.start) {
            return;
        }
        if self.loose.len() >= LOOSE {
            self.settle();
        }
        self.loose.push(span);
    }

    fn settle(&mut self) {
        let loose: Spans = self.loose.drain(..).collect();
        self.closed = self.closed.union(&loose).close(SILENCE);
    }

    pub(super) fn finish(mut self) -> Spans {
        self.settle();
        self.closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: i64 = 60_000_000;

    fn step(minute: i64) -> Span {
        Span::new(minute * MINUTE, (minute + 1) * MINUTE)
    }

    proptest! {
        #[test]
        fn it_is_the_union_of_all_steps_with_short_gaps_filled(minutes in prop::collection::vec(0_i64..600, 0..40)) {
            let mut presence = Presence::default();
            let (first, second) = minutes.split_at(minutes.len() / 2);
            for minute in first {
                presence.touch(step(*minute));
            }
            presence.settle();
            for minute in second {
                presence.touch(step(*minute));
            }
            let all: Spans = minutes.iter().map(|minute| step(*minute)).collect();
            prop_assert_eq!(presence.finish(), all.close(SILENCE));
        }
    }

    #[test]
    fn spans_wait_until_they_are_many_and_known_ones_are_not_kept_again() {
        let far = |number: i64| step(number * 200);
        let mut presence = Presence::default();
        for number in 0..4096 {
            presence.touch(far(number * 5 % 4096));
            assert_eq!(i64::try_from(presence.loose.len()), Ok(number + 1));
        }
        presence.touch(far(5000));
        assert_eq!((presence.loose.len(), presence.closed.as_slice().len()), (1, 4096));
        presence.settle();
        for number in 0..4096 {
            presence.touch(far(number));
        }
        assert_eq!(presence.loose, []);
    }
}
