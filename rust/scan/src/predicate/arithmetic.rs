//! Arithmetic with columns of numbers: exact as far as 38 digits go, and null past them or where a divisor is zero.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, Datum, Decimal128Array, LargeStringArray, PrimitiveArray, Scalar,
};
use arrow::compute::kernels::numeric;
use arrow::datatypes::{ArrowNativeTypeOp, DataType, Float32Type, Float64Type};

use super::column::Family;
use super::exact::Exact;
use super::rows::{Values, expected, impossible};
use super::tree::Sign;
use crate::error::Result;
use crate::normalise::{Text, broken};

/// What a sign makes of two numbers of each row.
pub(crate) fn combine(left: &Values, sign: Sign, right: &Values, family: Family, rows: usize) -> Result<ArrayRef> {
    match family {
        Family::Single => floats::<Float32Type>(left, sign, right),
        Family::Double => floats::<Float64Type>(left, sign, right),
        _ => {
            let (one, other) = (Numbers::of(left.array())?, Numbers::of(right.array())?);
            let result = |row| exact(one.get(left.at(row))?, sign, other.get(right.at(row))?);
            Ok(written((0..rows).map(result), family))
        }
    }
}

/// The numbers with the opposite signs.
pub(crate) fn negative(array: &ArrayRef, family: Family) -> Result<ArrayRef> {
    if matches!(family, Family::Single | Family::Double) {
        return numeric::neg(array).map_err(|error| broken(&error));
    }
    let numbers = Numbers::of(array)?;
    Ok(written((0..array.len()).map(|row| numbers.get(row).map(Exact::negative)), family))
}

fn exact(left: Exact, sign: Sign, right: Exact) -> Option<Exact> {
    match sign {
        Sign::Plus => left.plus(right),
        Sign::Minus => left.minus(right),
        Sign::Times => left.times(right),
        Sign::Remainder => left.remainder(right),
        // A quotient is a float.
        Sign::Over => None,
    }
}

/// Exact numbers: in columns of their own, or as text.
pub(crate) enum Numbers<'a> {
    Fixed { units: &'a Decimal128Array, places: u32 },
    Text(Text<'a>),
}

impl<'a> Numbers<'a> {
    pub(crate) fn of(array: &'a ArrayRef) -> Result<Self> {
        if let Some(text) = Text::of(array) {
            return Ok(Self::Text(text));
        }
        let places = match array.data_type() {
            DataType::Decimal128(_, scale) => u32::try_from(*scale).map_err(|_| impossible(array))?,
            _ => return Err(impossible(array)),
        };
        Ok(Self::Fixed { units: expected(array)?, places })
    }

    /// The number of a row; nothing if it is null or no number.
    pub(crate) fn get(&self, row: usize) -> Option<Exact> {
        match self {
            Self::Fixed { units, places } => {
                units.is_valid(row).then(|| Exact::new(units.value(row), *places)).flatten()
            }
            Self::Text(text) => {
                let cell = text.nulls().is_none_or(|nulls| nulls.is_valid(row)).then(|| text.value(row))?;
                Exact::parse(cell.trim())
            }
        }
    }
}

/// Exact numbers as an array of a family.
pub(crate) fn written(numbers: impl Iterator<Item = Option<Exact>>, family: Family) -> ArrayRef {
    if let Some(places) = family.places() {
        let units = |number: Option<Exact>| number?.with_places(places).map(Exact::units);
        Arc::new(numbers.map(units).collect::<Decimal128Array>().with_data_type(family.data_type()))
    } else {
        let text = |number: Option<Exact>| number.map(|number| number.to_string());
        Arc::new(numbers.map(text).collect::<LargeStringArray>())
    }
}

/// Floats by Arrow's kernels, which divide by zero as IEEE 754 does; in SQL there is no such quotient.
fn floats<T: ArrowPrimitiveType<Native: ArrowNativeTypeOp>>(
    left: &Values,
    sign: Sign,
    right: &Values,
) -> Result<ArrayRef> {
    let right = match sign {
        Sign::Over | Sign::Remainder => right.map(|array| {
            let divisors: &PrimitiveArray<T> = expected(array)?;
            Ok(Arc::new(divisors.unary_opt::<_, T>(|divisor| (!divisor.is_zero()).then_some(divisor))))
        })?,
        _ => right.clone(),
    };
    let (left, right) = (datum(left), datum(&right));
    let result = match sign {
        Sign::Plus => numeric::add(left.as_ref(), right.as_ref()),
        Sign::Minus => numeric::sub(left.as_ref(), right.as_ref()),
        Sign::Times => numeric::mul(left.as_ref(), right.as_ref()),
        Sign::Over => numeric::div(left.as_ref(), right.as_ref()),
        Sign::Remainder => numeric::rem(left.as_ref(), right.as_ref()),
    };
    result.map_err(|error| broken(&error))
}

/// The values as the kernels take them.
fn datum(values: &Values) -> Box<dyn Datum> {
    match values {
        Values::Each(array) => Box::new(ArrayRef::clone(array)),
        Values::Same(array) => Box::new(Scalar::new(ArrayRef::clone(array))),
    }
}
