//! What a timeline tells of each window.

use arrow::datatypes::{DataType, Field};

/// What is told of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Good and bad events.
    Valid,
    /// Bad events.
    Bad,
    /// The share of good events.
    Sli,
    /// How many times faster than allowed the budget was spent.
    Burn,
}

impl Column {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Valid, Self::Bad, Self::Sli, Self::Burn];

    /// What it is called, before the name of the window.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Bad => "bad",
            Self::Sli => "sli",
            Self::Burn => "burn",
        }
    }

    /// The column of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    pub(super) fn field(self, window: &str) -> Field {
        let (kind, nullable) = match self {
            Self::Valid | Self::Bad => (DataType::UInt64, false),
            Self::Sli | Self::Burn => (DataType::Float64, true),
        };
        Field::new(format!("{}_{window}", self.name()), kind, nullable)
    }
}

/// Whether a name is that of some column of a window.
pub(super) fn is_of_window(name: &str) -> bool {
    Column::ALL.iter().any(|column| name.strip_prefix(column.name()).is_some_and(|rest| rest.starts_with('_')))
}
