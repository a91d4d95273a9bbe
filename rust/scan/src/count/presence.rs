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
