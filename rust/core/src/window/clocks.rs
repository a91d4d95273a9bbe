//! What clocks on a wall show, as far as it is told.

/// How far such clocks are ahead of UTC, run by run; in microseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clocks(Vec<(i64, i64)>);

impl Clocks {
    /// Each run is the moment at which it ends and how far the clocks are ahead in it. The last one holds for ever;
    /// without any, the clocks show UTC.
    #[must_use]
    pub const fn new(runs: Vec<(i64, i64)>) -> Self {
        Self(runs)
    }

    /// How far they are ahead at a moment.
    #[must_use]
    pub fn ahead(&self, time: i64) -> i64 {
        let at = self.0.partition_point(|(end, _)| *end <= time);
        self.0.get(at).or(self.0.last()).map_or(0, |(_, ahead)| *ahead)
    }

    /// What they show at a moment.
    #[must_use]
    pub fn shown(&self, time: i64) -> i64 {
        time.saturating_add(self.ahead(time))
    }

    /// The first moment at which they show this. What they skip is as late as if they had not been put forward.
    ///
    /// ```
    /// # use backburn_core::window::Clocks;
    /// // At 10 they are put forward by 5, and at 30 back.
    /// let clocks = Clocks::new(vec![(10, 0), (30, 5), (i64::MAX, 0)]);
    /// assert_eq!([9, 12, 15, 32, 40].map(|shown| clocks.when(shown)), [9, 12, 10, 27, 40]);
    /// ```
    #[must_use]
    pub fn when(&self, shown: i64) -> i64 {
        let mut last: Option<(i64, i64)> = None;
        let mut time = shown;
        for (end, ahead) in &self.0 {
            time = shown.saturating_sub(*ahead);
            if let Some((_, ahead)) = last.filter(|(began, _)| time < *began) {
                return shown.saturating_sub(ahead);
            }
            if time < *end {
                return time;
            }
            last = Some((*end, *ahead));
        }
        time
    }
}
