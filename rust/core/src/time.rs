//! Steps and spans on the time axis: integer microseconds since the epoch, UTC, half-open.

use std::num::NonZeroI64;

/// The length of a step in microseconds. Step `k` is `[k·s, (k+1)·s)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(NonZeroI64);

impl Step {
    /// A step of this many microseconds; `None` unless positive.
    #[must_use]
    pub fn new(micros: i64) -> Option<Self> {
        NonZeroI64::new(micros).filter(|s| s.get() > 0).map(Self)
    }

    /// The length in microseconds.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0.get()
    }

    /// The number of the step that holds `time`.
    ///
    /// ```
    /// let minute = backburn_core::time::Step::new(60_000_000).unwrap();
    /// assert_eq!(minute.index(59_999_999), 0);
    /// assert_eq!(minute.index(60_000_000), 1);
    /// assert_eq!(minute.index(-1), -1);
    /// ```
    #[must_use]
    pub const fn index(self, time: i64) -> i64 {
        time.div_euclid(self.micros())
    }

    /// The number of the first step that begins at `time` or after it.
    #[must_use]
    pub const fn first_at_or_after(self, time: i64) -> i64 {
        let index = self.index(time);
        if self.span(index).start < time { index + 1 } else { index }
    }

    /// The numbers of the steps that begin in a span of time.
    #[must_use]
    pub const fn begun_in(self, span: Span) -> Span {
        Span { start: self.first_at_or_after(span.start), end: self.first_at_or_after(span.end) }
    }

    /// The numbers of the steps that lie in a span of time as a whole; none, in no order, where there is no such step.
    ///
    /// ```
    /// # use backburn_core::time::{Span, Step};
    /// let minute = Step::new(60).unwrap();
    /// assert_eq!(minute.begun_in(Span::new(50, 190)), Span::new(1, 4));
    /// assert_eq!(minute.whole_in(Span::new(50, 190)), Span::new(1, 3));
    /// assert!(minute.whole_in(Span::new(50, 70)).is_empty());
    /// ```
    #[must_use]
    pub const fn whole_in(self, span: Span) -> Span {
        Span { start: self.first_at_or_after(span.start), end: self.index(span.end) }
    }

    /// The span of step `index`, cut at the ends of the axis.
    #[must_use]
    pub const fn span(self, index: i64) -> Span {
        Span { start: index.saturating_mul(self.micros()), end: index.saturating_add(1).saturating_mul(self.micros()) }
    }
}

/// A half-open span `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first microsecond inside.
    pub start: i64,
    /// The first microsecond after it.
    pub end: i64,
}

impl Span {
    /// The span `[start, end)`.
    #[must_use]
    pub const fn new(start: i64, end: i64) -> Self {
        Self { start, end }
    }

    /// Whether `time` lies inside.
    #[must_use]
    pub const fn contains(self, time: i64) -> bool {
        self.start <= time && time < self.end
    }

    /// Whether nothing lies inside.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

/// A set of instants as sorted spans that neither overlap nor touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// No instant.
    pub const NONE: Self = Self(Vec::new());

    /// The spans, sorted.
    #[must_use]
    pub fn as_slice(&self) -> &[Span] {
        &self.0
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The total length in microseconds.
    #[must_use]
    pub fn length(&self) -> i128 {
        self.0.iter().map(|s| i128::from(s.end) - i128::from(s.start)).sum()
    }

    /// The smallest single span around the set.
    #[must_use]
    pub fn hull(&self) -> Option<Span> {
        Some(Span::new(self.0.first()?.start, self.0.last()?.end))
    }

    /// Every instant of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.0.iter().chain(&other.0).copied().collect()
    }

    /// Every instant of both sets.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let (mut i, mut j) = (0, 0);
        let mut both = Vec::new();
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            let shared = Span::new(a.start.max(b.start), a.end.min(b.end));
            if !shared.is_empty() {
                both.push(shared);
            }
            if a.end < b.end { i += 1 } else { j += 1 }
        }
        Self(both)
    }

    /// Every instant of this set that is not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        let mut outside = Vec::with_capacity(other.0.len() + 1);
        let mut from = i64::MIN;
        for hole in &other.0 {
            outside.push(Span::new(from, hole.start));
            from = hole.end;
        }
        outside.push(Span::new(from, i64::MAX));
        self.intersect(&outside.into_iter().collect())
    }

    /// The set with every gap of at most `gap` microseconds filled.
    ///
    /// Closing commutes with union in the sense that a rollup needs:
    /// `(a ∪ b).close(g) == (a.close(g) ∪ b.close(g)).close(g)`, so parts may be closed before they are merged.
    #[must_use]
    pub fn close(&self, gap: i64) -> Self {
        let mut closed: Vec<Span> = Vec::new();
        for span in &self.0 {
            match closed.last_mut() {
                Some(last) if i128::from(span.start) - i128::from(last.end) <= i128::from(gap) => last.end = span.end,
                _ => closed.push(*span),
            }
        }
        Self(closed)
    }
}

impl FromIterator<Span> for Spans {
    /// The union of any spans: unsorted, overlapping or empty ones too.
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        let mut spans: Vec<Span> = spans.into_iter().filter(|s| !s.is_empty()).collect();
        spans.sort_unstable();
        let mut union: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match union.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => union.push(span),
            }
        }
        Self(union)
    }
}
