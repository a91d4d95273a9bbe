//! What a timeline tells of each window.

use arrow::datatypes::{DataType, Field};
use backburn_core::quantile::Quantile;

use crate::error::{Error, Result};

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

/// The column of what is left of the budget.
pub(super) const BUDGET: &str = "budget_remaining";

/// All columns that are told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Those of each window.
    pub of_windows: Vec<Column>,
    /// Whether there is one of the budget that is left.
    pub budget: bool,
    /// Quantiles of durations, a column for each window, and what they are called before its name.
    pub quantiles: Vec<(String, Quantile)>,
}

impl Columns {
    /// Reads names: those of columns of a window, `budget_remaining`, and percentiles as in `p95` or `p99.9`.
    pub fn parse(names: &[String]) -> Result<Self> {
        let mut columns = Self::default();
        for name in names {
            if let Some(column) = Column::parse(name) {
                columns.of_windows.push(column);
            } else if name == BUDGET {
                columns.budget = true;
            } else {
                let unknown = || Error::spec(format!("there is no column '{name}'"));
                columns.quantiles.push((name.clone(), percentile(name).ok_or_else(unknown)?));
            }
        }
        columns.of_windows = Column::ALL.into_iter().filter(|one| columns.of_windows.contains(one)).collect();
        Ok(columns)
    }
}

/// The quantile of a percentile's name: `p99.9` is that of 0.999.
fn percentile(name: &str) -> Option<Quantile> {
    let (whole, digits) = name.strip_prefix('p')?.split_once('.').unwrap_or((name.get(1..)?, ""));
    let share = match whole.len() {
        1 => format!("0.0{whole}{digits}"),
        2 => format!("0.{whole}{digits}"),
        _ => format!("{}.{}{digits}", whole.get(..1)?, whole.get(1..)?),
    };
    (!whole.is_empty()).then(|| Quantile::parse(&share)).flatten()
}

/// Whether a name is that of some column of a window.
pub(super) fn is_of_window(name: &str) -> bool {
    let percentile = name.strip_prefix('p').and_then(|rest| rest.split_once('_'));
    percentile.is_some_and(|(number, _)| number.starts_with(|c: char| c.is_ascii_digit()))
        || Column::ALL.iter().any(|column| name.strip_prefix(column.name()).is_some_and(|rest| rest.starts_with('_')))
}
