//! What is open in the middle of a predicate.

/// What is open: a parenthesis by what it holds, or a `CASE` by its last word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Open {
    Group,
    List,
    Call,
    Case,
    When,
    Then,
    Else,
}

impl Open {
    pub(crate) fn is_case(self) -> bool {
        matches!(self, Self::Case | Self::When | Self::Then | Self::Else)
    }

    /// What a `CASE` is after this word; nothing if the word cannot stand there, with what could.
    pub(crate) fn after(self, upper: &str) -> std::result::Result<Option<Self>, &'static str> {
        match (self, upper) {
            (Self::Case | Self::Then, "WHEN") => Ok(Some(Self::When)),
            (Self::When, "THEN") => Ok(Some(Self::Then)),
            (Self::Then, "ELSE") => Ok(Some(Self::Else)),
            (Self::Then | Self::Else, "END") => Ok(None),
            (Self::Case, _) => Err("WHEN"),
            (Self::When, _) => Err("THEN"),
            (Self::Then, _) => Err("WHEN, ELSE or END"),
            _ => Err("END"),
        }
    }
}
