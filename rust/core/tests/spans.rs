//! Sets of spans against the obvious definition: a set of instants.

use std::collections::BTreeSet;

use backburn_core::time::{Span, Spans, Step};
use proptest::prelude::*;

fn spans() -> impl Strategy<Value = Spans> {
    prop::collection::vec((0_i64..60, -2_i64..12), 0..6)
        .prop_map(|all| all.into_iter().map(|(start, length)| Span::new(start, start + length)).collect())
}

fn instants(spans: &Spans) -> BTreeSet<i64> {
    spans.as_slice().iter().flat_map(|span| span.start..span.end).collect()
}

fn is_canonical(spans: &Spans) -> bool {
    spans.as_slice().iter().all(|span| !span.is_empty()) && spans.as_slice().windows(2).all(|w| w[0].end < w[1].start)
}

proptest! {
    #[test]
    fn set_operations_are_those_of_instants(a in spans(), b in spans()) {
        let (x, y) = (instants(&a), instants(&b));
        prop_assert_eq!(instants(&a.union(&b)), x.union(&y).copied().collect::<BTreeSet<_>>());
        prop_assert_eq!(instants(&a.intersect(&b)), x.intersection(&y).copied().collect::<BTreeSet<_>>());
        prop_assert_eq!(instants(&a.subtract(&b)), x.difference(&y).copied().collect::<BTreeSet<_>>());
        prop_assert_eq!(usize::try_from(a.length()).unwrap(), x.len());
        for set in [a.union(&b), a.intersect(&b), a.subtract(&b), a.close(3)] {
            prop_assert!(is_canonical(&set));
        }
    }

    #[test]
    fn closing_fills_short_gaps_only(a in spans(), gap in 1_i64..10) {
        let before = instants(&a);
        let mut expected = before.clone();
        for pair in a.as_slice().windows(2) {
            if pair[1].start - pair[0].end <= gap {
                expected.extend(pair[0].end..pair[1].start);
            }
        }
        prop_assert_eq!(instants(&a.close(gap)), expected);
    }

    #[test]
    fn closing_may_come_before_or_after_a_union(a in spans(), b in spans(), gap in 1_i64..10) {
        prop_assert_eq!(a.union(&b).close(gap), a.close(gap).union(&b.close(gap)).close(gap));
    }

    #[test]
    fn the_hull_is_the_smallest_span_around(a in spans()) {
        let all = instants(&a);
        let hull = a.hull().map(|hull| (hull.start, hull.end - 1));
        prop_assert_eq!(hull, all.first().copied().zip(all.last().copied()));
        prop_assert_eq!(a.is_empty(), all.is_empty());
    }

    #[test]
    fn a_step_holds_its_times(time in -1_000_000_i64..1_000_000, step in 1_i64..5_000) {
        let step = Step::new(step).unwrap();
        let span = step.span(step.index(time));
        prop_assert!(span.contains(time));
        prop_assert_eq!(span.end - span.start, step.micros());
        prop_assert_eq!(span.start.rem_euclid(step.micros()), 0);
    }
}

#[test]
fn a_step_is_positive() {
    assert_eq!(Step::new(0), None);
    assert_eq!(Step::new(-60), None);
    assert_eq!(Step::new(1).map(Step::micros), Some(1));
}

#[test]
fn spans_are_half_open() {
    let span = Span::new(10, 20);
    assert!(span.contains(10) && span.contains(19));
    assert!(!span.contains(9) && !span.contains(20));
    assert!(!span.is_empty() && Span::new(5, 5).is_empty());
}
