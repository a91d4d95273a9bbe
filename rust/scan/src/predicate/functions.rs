//! The functions by name: what predicates may call, and with how many values.

use std::ops::RangeInclusive;

/// A function of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Lower,
    Upper,
    Length,
    Coalesce,
    Substr,
    StartsWith,
    RegexpLike,
}

impl Function {
    pub(crate) const ALL: [Self; 7] =
        [Self::Lower, Self::Upper, Self::Length, Self::Coalesce, Self::Substr, Self::StartsWith, Self::RegexpLike];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Length => "length",
            Self::Coalesce => "coalesce",
            Self::Substr => "substr",
            Self::StartsWith => "starts_with",
            Self::RegexpLike => "regexp_like",
        }
    }

    /// The function of this name, however its letters are written.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name().eq_ignore_ascii_case(name))
    }

    /// How many values it takes.
    pub(crate) fn takes(self) -> RangeInclusive<usize> {
        match self {
            Self::Lower | Self::Upper | Self::Length => 1..=1,
            Self::Coalesce => 1..=usize::MAX,
            Self::Substr => 2..=3,
            Self::StartsWith | Self::RegexpLike => 2..=2,
        }
    }

    /// The remedy for a call that is written in another way.
    pub(crate) fn usage(self) -> String {
        format!("write it like {}", self.call())
    }

    /// A call as it is written.
    pub(crate) fn call(self) -> &'static str {
        match self {
            Self::Lower => "lower(path)",
            Self::Upper => "upper(method)",
            Self::Length => "length(path)",
            Self::Coalesce => "coalesce(status, 0)",
            Self::Substr => "substr(path, 1, 4)",
            Self::StartsWith => "starts_with(path, '/api')",
            Self::RegexpLike => "regexp_like(path, '^/api/v[0-9]')",
        }
    }
}
