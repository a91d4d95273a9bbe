//! Quantiles as order statistics, by the nine definitions of Hyndman and Fan (1996). Ranks are decided on integers: the
//! obvious `ceil(q · n)` in floats is one too high where the product is whole in decimal but not in binary (n = 100,
//! q = 0.07).

use crate::judge::share;

/// How many digits after the point a quantile may have.
const DIGITS: usize = 18;

/// A share from 0 to 1, exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quantile {
    numerator: u64,
    denominator: u64,
}

impl Quantile {
    /// Reads a plain decimal from 0 to 1 with at most 18 digits after the point.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, digits) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if digits.len() > DIGITS || (whole.len() + digits.len()) == 0 || !is_number(whole) || !is_number(digits) {
            return None;
        }
        let denominator = 10_u64.pow(u32::try_from(digits.len()).ok()?);
        let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
        let part = if digits.is_empty() { 0 } else { digits.parse::<u64>().ok()? };
        let numerator = whole.checked_mul(denominator)?.checked_add(part)?;
        (numerator <= denominator).then_some(Self { numerator, denominator })
    }
}

/// Which of the nine definitions, by the numbers of Hyndman and Fan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Definition(u8);

impl Definition {
    /// A definition from 1 to 9.
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (1..=9).contains(&number).then_some(Self(number))
    }

    /// The inverse of the empirical distribution: always a value of the sample.
    pub const INVERTED: Self = Self(1);

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The values of a sorted sample of `n` that make up its quantile; `None` for an empty one, or for one of more than
    /// 2^63 values.
    #[must_use]
    pub fn ranks(self, quantile: Quantile, n: u64) -> Option<Ranks> {
        if n == 0 || n > 1 << 63 {
            return None;
        }
        let (q, whole, count) = (u128::from(quantile.numerator), u128::from(quantile.denominator), u128::from(n));
        // The position is counted from 1, in parts of `unit`.
        let (position, unit) = if self.0 <= 3 {
            (q * count, whole)
        } else {
            // α + q · (n + 1 − α − β), with α and β in 24ths.
            let (alpha, beta) = match self.0 {
                4 => (0, 24),
                5 => (12, 12),
                6 => (0, 0),
                8 => (8, 8),
                9 => (9, 9),
                _ => (24, 24),
            };
            (alpha * whole + q * (24 * count + 24 - alpha - beta), 24 * whole)
        };
        let (below, over) = (position / unit, position % unit);
        let at = |rank: u128| u64::try_from(rank.clamp(1, count) - 1).unwrap_or(u64::MAX);
        let one = |rank: u128| Some(Ranks { low: at(rank), high: at(rank), weight: 0.0 });
        match self.0 {
            1 => one(below + u128::from(over > 0)),
            2 if over == 0 => Some(Ranks { low: at(below), high: at(below + 1), weight: 0.5 }),
            2 => one(below + 1),
            3 => {
                // The nearest rank, and of two that are equally near the even one.
                let up = 2 * over > unit || 2 * over == unit && below % 2 == 1;
                one(below + u128::from(up))
            }
            _ => Some(Ranks { low: at(below), high: at(below + 1), weight: share(over, unit).unwrap_or(0.0) }),
        }
    }
}

/// The linear definition that `NumPy`, R and spreadsheets use unless told otherwise.
impl Default for Definition {
    fn default() -> Self {
        Self(7)
    }
}

/// Two neighbouring values of a sorted sample, by their positions from 0, and how much the higher one counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranks {
    /// The position of the lower one.
    pub low: u64,
    /// The position of the higher one, often the same.
    pub high: u64,
    /// The weight of the higher one.
    pub weight: f64,
}

impl Ranks {
    /// `low + (high − low) · weight`, taken from whichever end is nearer, so that equal values give that value and the
    /// result never leaves them.
    #[must_use]
    pub fn combine(&self, low: f64, high: f64) -> f64 {
        if low >= high {
            return low;
        }
        let apart = high - low;
        let value = if self.weight < 0.5 { low + apart * self.weight } else { high - apart * (1.0 - self.weight) };
        value.clamp(low, high)
    }
}
