//! The promised share of good events, as an exact decimal.

/// A share strictly between 0 and 1, as `numerator / denominator` with a power of ten below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    numerator: u64,
    denominator: u64,
}

impl Target {
    /// Reads a plain decimal such as `0.9995`; `None` unless it lies strictly between 0 and 1 with at most 18 digits.
    ///
    /// ```
    /// # use backburn_core::judge::Target;
    /// assert!(Target::parse("0.9995").is_some());
    /// assert!(Target::parse("1").is_none());
    /// assert!(Target::parse("99.95%").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("0.").or_else(|| text.strip_prefix('.'))?.trim_end_matches('0');
        if digits.is_empty() || digits.len() > 18 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let numerator: u64 = digits.parse().ok()?;
        let denominator = 10_u64.checked_pow(u32::try_from(digits.len()).ok()?)?;
        Some(Self { numerator, denominator })
    }

    /// The promised part of `denominator`.
    #[must_use]
    pub const fn numerator(self) -> u64 {
        self.numerator
    }

    /// The power of ten that the parts are of.
    #[must_use]
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    /// The part of `denominator` that may fail: the error budget.
    #[must_use]
    pub const fn budget(self) -> u64 {
        self.denominator - self.numerator
    }
}
