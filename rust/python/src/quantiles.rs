//! Quantiles as Python asks for them.

use backburn_core::cell::Histogram;
use backburn_core::error::Result;
use backburn_core::quantile::{Definition, Quantile};
use backburn_scan::error::Error;
use pyo3::prelude::*;

use crate::error::raise;

/// Some quantiles and their definition.
pub(crate) struct Asked {
    quantiles: Vec<Quantile>,
    definition: Definition,
}

/// How many durations there are, and their quantiles.
pub(crate) type Found = (u64, Vec<Option<f64>>);

impl Asked {
    /// Reads decimals from 0 to 1 and the number of a definition.
    pub(crate) fn parse(quantiles: &[String], definition: u8) -> PyResult<Self> {
        let quantile = |text: &String| {
            Quantile::parse(text).ok_or_else(|| {
                raise(Error::spec(format!("'{text}' is not a quantile")).remedy("write a decimal from 0 to 1"))
            })
        };
        let known = Definition::new(definition).ok_or_else(|| {
            raise(Error::spec(format!("there is no quantile of type {definition}")).remedy("write a type from 1 to 9"))
        });
        Ok(Self { quantiles: quantiles.iter().map(quantile).collect::<PyResult<_>>()?, definition: known? })
    }

    /// Both.
    pub(crate) fn parts(self) -> (Vec<Quantile>, Definition) {
        (self.quantiles, self.definition)
    }

    /// How many durations there are, and the quantiles.
    pub(crate) fn of(&self, durations: &Histogram) -> Result<Found> {
        let quantile = |quantile: &Quantile| durations.quantile(*quantile, self.definition);
        Ok((durations.count()?, self.quantiles.iter().map(quantile).collect::<Result<_>>()?))
    }
}
