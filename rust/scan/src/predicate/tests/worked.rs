//! Values that are worked out, by their obvious definition: one row at a time.

use proptest::prelude::*;

use super::oracle::{NAMES, OPERATORS, Row, both, compared, decimal, either, number, text};
use crate::normalise::Decimal;

/// How many units of the oracle's exact numbers make one: two products of hundredths have no more places.
const UNITS: i128 = 100_000_000;

/// The type of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Exact,
    Loose,
    Digits,
    Single,
    Double,
}

/// One number.
#[derive(Debug, Clone, Copy)]
enum Cell {
    Exact(i128),
    Single(f32),
    Double(f64),
}

/// A number as the test sees it.
#[derive(Debug, Clone)]
pub(super) enum Number {
    Column(&'static str),
    Literal(i64),
    Negative(Box<Number>),
    Worked { left: Box<Number>, sign: char, right: Box<Number> },
    Length(Words),
    Case { when: Box<Question>, then: Box<Number>, otherwise: Option<Box<Number>> },
    Coalesce(Box<Number>, Box<Number>),
}

/// A text as the test sees it.
#[derive(Debug, Clone)]
pub(super) enum Words {
    Column(&'static str),
    Literal(&'static str),
    Lower(Box<Words>),
    Upper(Box<Words>),
    Substr { text: Box<Words>, start: i64, length: Option<i64> },
    Match { subject: i64, then: Box<Words>, otherwise: Box<Words> },
    Coalesce(Box<Words>, Box<Words>),
}

/// A condition on values.
#[derive(Debug, Clone)]
pub(super) enum Question {
    Flag,
    Numbers { left: Number, operator: &'static str, right: Number },
    Among { number: Number, list: Vec<i64> },
    Between { number: Number, low: Number, high: Number },
    NoNumber(Number),
    Words { left: Words, operator: &'static str, right: Words },
    Folded { text: Words, part: &'static str },
    Begins { text: Words, head: Words, beside_flag: bool },
    Matches { text: Words, pattern: &'static str },
    NoWords(Words),
}

const PATTERNS: [&str; 4] = ["^a", "[bB]$", "\\d", "(?i)AB?"];

fn words() -> impl Strategy<Value = Words> {
    let leaf = prop_oneof![
        proptest::sample::select(vec!["name", "cell"]).prop_map(Words::Column),
        proptest::sample::select(vec!["name", "cell"]).prop_map(Words::Column),
        proptest::sample::select(NAMES.to_vec()).prop_map(Words::Literal),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let inner = || inner.clone().prop_map(Box::new);
        prop_oneof![
            inner().prop_map(Words::Lower),
            inner().prop_map(Words::Upper),
            (inner(), -4_i64..5, proptest::option::of(-3_i64..4)).prop_map(|(text, start, length)| Words::Substr {
                text,
                start,
                length
            }),
            (-3_i64..4, inner(), inner()).prop_map(|(subject, then, otherwise)| Words::Match {
                subject,
                then,
                otherwise
            }),
            (inner(), inner()).prop_map(|(left, right)| Words::Coalesce(left, right)),
        ]
    })
}

fn numbers() -> impl Strategy<Value = Number> {
    let leaf = prop_oneof![
        proptest::sample::select(vec!["whole", "cents", "half", "single", "cell"]).prop_map(Number::Column),
        prop_oneof![(-6_i64..7).prop_map(|half| half * 50), -400_i64..400].prop_map(Number::Literal),
        words().prop_map(Number::Length),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let when = (inner.clone(), proptest::sample::select(OPERATORS.to_vec()), inner.clone())
            .prop_map(|(left, operator, right)| Question::Numbers { left, operator, right });
        let when = prop_oneof![Just(Question::Flag), when.prop_filter("loose columns are text", Question::is_sound)];
        prop_oneof![
            (boxed(), proptest::sample::select(vec!['+', '-', '*', '/', '%']), boxed())
                .prop_map(|(left, sign, right)| Number::Worked { left, sign, right }),
            boxed().prop_map(Number::Negative),
            (when.prop_map(Box::new), boxed(), proptest::option::of(boxed()))
                .prop_map(|(when, then, otherwise)| Number::Case { when, then, otherwise }),
            (boxed(), boxed()).prop_map(|(left, right)| Number::Coalesce(left, right)),
        ]
    })
}

/// Any condition on values.
pub(super) fn question() -> impl Strategy<Value = Question> {
    let operator = || proptest::sample::select(OPERATORS.to_vec());
    let questions = prop_oneof![
        (numbers(), operator(), numbers()).prop_map(|(left, operator, right)| Question::Numbers {
            left,
            operator,
            right
        }),
        (numbers(), proptest::collection::vec(-400_i64..400, 1..4))
            .prop_map(|(number, list)| Question::Among { number, list }),
        (numbers(), numbers(), numbers()).prop_map(|(number, low, high)| Question::Between { number, low, high }),
        numbers().prop_map(Question::NoNumber),
        (words(), operator(), words()).prop_map(|(left, operator, right)| Question::Words { left, operator, right }),
        (words(), proptest::sample::select(vec!["", "a", "AB", "ß"]))
            .prop_map(|(text, part)| Question::Folded { text, part }),
        (words(), words(), any::<bool>()).prop_map(|(text, head, beside_flag)| Question::Begins {
            text,
            head,
            beside_flag
        }),
        (words(), proptest::sample::select(PATTERNS.to_vec()))
            .prop_map(|(text, pattern)| Question::Matches { text, pattern }),
        words().prop_map(Question::NoWords),
    ];
    questions.prop_filter("two loose columns are text", Question::is_sound)
}

impl Number {
    fn written(&self) -> String {
        match self {
            Self::Column(name) => (*name).to_owned(),
            Self::Literal(hundredths) => decimal(*hundredths),
            Self::Negative(inner) => format!("-({})", inner.written()),
            Self::Worked { left, sign, right } => format!("({} {sign} {})", left.written(), right.written()),
            Self::Length(words) => format!("length({})", words.written()),
            Self::Case { when, then, otherwise } => {
                let otherwise = otherwise.as_ref().map_or(String::new(), |inner| format!(" ELSE {}", inner.written()));
                format!("CASE WHEN {} THEN {}{otherwise} END", when.written(), then.written())
            }
            Self::Coalesce(left, right) => format!("coalesce({}, {})", left.written(), right.written()),
        }
    }

    /// The type, or nothing for a literal, which takes that of its neighbour.
    fn declared(&self) -> Option<Type> {
        match self {
            Self::Column("half") => Some(Type::Double),
            Self::Column("single") => Some(Type::Single),
            Self::Column("cell") => Some(Type::Loose),
            Self::Column(_) | Self::Length(_) => Some(Type::Exact),
            Self::Literal(_) => None,
            Self::Negative(inner) => inner.declared().map(|own| if own == Type::Loose { Type::Digits } else { own }),
            Self::Worked { left, sign, right } => {
                let own = |number: &Self| number.declared().unwrap_or(Type::Exact);
                Some(match (own(left), own(right), sign) {
                    (Type::Single, Type::Single | Type::Exact, _) | (Type::Exact, Type::Single, _) => Type::Single,
                    (Type::Single | Type::Double, _, _) | (_, Type::Single | Type::Double, _) | (_, _, '/') => {
                        Type::Double
                    }
                    (Type::Exact, Type::Exact, _) => Type::Exact,
                    _ => Type::Digits,
                })
            }
            Self::Case { then, otherwise: None, .. } => Some(then.own()),
            Self::Case { then: left, otherwise: Some(right), .. } | Self::Coalesce(left, right) => {
                Some(match (left.declared(), right.declared()) {
                    (Some(one), Some(other)) if one == other => one,
                    (Some(Type::Loose), None) | (None, Some(Type::Loose)) => Type::Digits,
                    (Some(one), None) | (None, Some(one)) => one,
                    (None, None) => Type::Exact,
                    (Some(one), Some(other)) => match (one, other) {
                        (Type::Single, Type::Exact) | (Type::Exact, Type::Single) => Type::Single,
                        (Type::Single | Type::Double, _) | (_, Type::Single | Type::Double) => Type::Double,
                        _ => Type::Digits,
                    },
                })
            }
        }
    }

    fn own(&self) -> Type {
        self.declared().unwrap_or(Type::Exact)
    }

    /// The number of a row in a type.
    fn value(&self, row: &Row, wanted: Type) -> Option<Cell> {
        let own = self.own();
        let own_value = match self {
            Self::Column(name) => {
                let units = i128::from(number(row, name)?) * UNITS / 100;
                converted(Cell::Exact(units), own)
            }
            Self::Literal(hundredths) => Cell::Exact(i128::from(*hundredths) * UNITS / 100),
            Self::Negative(inner) => match inner.value(row, own)? {
                Cell::Exact(units) => Cell::Exact(-units),
                Cell::Single(value) => Cell::Single(-value),
                Cell::Double(value) => Cell::Double(-value),
            },
            Self::Worked { left, sign, right } => worked(left.value(row, own)?, *sign, right.value(row, own)?)?,
            Self::Length(words) => Cell::Exact(i128::try_from(words.value(row)?.chars().count()).unwrap() * UNITS),
            Self::Case { when, then, otherwise } => match (when.expected(row), otherwise) {
                (Some(true), _) => then.value(row, own)?,
                (_, Some(otherwise)) => otherwise.value(row, own)?,
                (_, None) => return None,
            },
            Self::Coalesce(left, right) => left.value(row, own).or_else(|| right.value(row, own))?,
        };
        Some(converted(own_value, wanted))
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "the numbers are small")]
fn converted(cell: Cell, wanted: Type) -> Cell {
    match (cell, wanted) {
        (Cell::Exact(units), Type::Double) => Cell::Double(units as f64 / UNITS as f64),
        (Cell::Exact(units), Type::Single) => Cell::Single((units as f64 / UNITS as f64) as f32),
        (Cell::Single(value), Type::Double) => Cell::Double(value.into()),
        (cell, _) => cell,
    }
}

fn worked(left: Cell, sign: char, right: Cell) -> Option<Cell> {
    fn float<T>(left: T, sign: char, right: T) -> Option<T>
    where
        T: std::ops::Add<Output = T> + std::ops::Sub<Output = T> + std::ops::Mul<Output = T>,
        T: std::ops::Div<Output = T> + std::ops::Rem<Output = T> + PartialEq + Default,
    {
        Some(match sign {
            '+' => left + right,
            '-' => left - right,
            '*' => left * right,
            _ if right == T::default() => return None,
            '/' => left / right,
            _ => left % right,
        })
    }
    Some(match (left, right) {
        (Cell::Exact(left), Cell::Exact(right)) => Cell::Exact(match sign {
            '+' => left + right,
            '-' => left - right,
            '*' => left * right / UNITS,
            _ => left.checked_rem(right)?,
        }),
        (Cell::Single(left), Cell::Single(right)) => Cell::Single(float(left, sign, right)?),
        (Cell::Double(left), Cell::Double(right)) => Cell::Double(float(left, sign, right)?),
        _ => unreachable!("both have the type of the result"),
    })
}

impl Words {
    fn written(&self) -> String {
        match self {
            Self::Column(name) => (*name).to_owned(),
            Self::Literal(text) => format!("'{text}'"),
            Self::Lower(inner) => format!("lower({})", inner.written()),
            Self::Upper(inner) => format!("UPPER({})", inner.written()),
            Self::Substr { text, start, length } => {
                let length = length.map_or(String::new(), |length| format!(", {length}"));
                format!("substr({}, {start}{length})", text.written())
            }
            Self::Match { subject, then, otherwise } => {
                format!("CASE whole WHEN {subject} THEN {} ELSE {} END", then.written(), otherwise.written())
            }
            Self::Coalesce(left, right) => format!("coalesce({}, {})", left.written(), right.written()),
        }
    }

    fn value(&self, row: &Row) -> Option<String> {
        match self {
            Self::Column(name) => text(row, name).map(str::to_owned),
            Self::Literal(text) => Some((*text).to_owned()),
            Self::Lower(inner) => inner.value(row).map(|text| text.to_lowercase()),
            Self::Upper(inner) => inner.value(row).map(|text| text.replace('ß', "ẞ").to_uppercase()),
            Self::Substr { text, start, length } => {
                let letters: Vec<char> = text.value(row)?.chars().collect();
                let count = i64::try_from(letters.len()).unwrap();
                let first = match start {
                    1.. => start - 1,
                    0 => -1,
                    _ => count + start,
                };
                let other = length.map_or(count, |length| first + length);
                let (from, to) = if length.is_some_and(|length| length < 0) { (other, first) } else { (first, other) };
                Some((0..).zip(letters).filter(|(at, _)| from <= *at && *at < to).map(|(_, letter)| letter).collect())
            }
            Self::Match { subject, then, otherwise } => {
                if row.whole.map(i64::from) == Some(*subject) {
                    then.value(row)
                } else {
                    otherwise.value(row)
                }
            }
            Self::Coalesce(left, right) => left.value(row).or_else(|| right.value(row)),
        }
    }
}

impl Question {
    /// Whether no two loose columns meet, which are text beside each other.
    fn is_sound(&self) -> bool {
        let loose = |number: &Number| number.declared() == Some(Type::Loose);
        match self {
            Self::Numbers { left, right, .. } => !(loose(left) && loose(right)),
            Self::Between { number, low, high } => !(loose(number) && (loose(low) || loose(high))),
            // Whether loose text is null does not depend on what it says.
            Self::NoNumber(number) => !loose(number),
            _ => true,
        }
    }

    pub(super) fn written(&self) -> String {
        match self {
            Self::Flag => "flag".to_owned(),
            Self::Numbers { left, operator, right } => format!("{} {operator} {}", left.written(), right.written()),
            Self::Among { number, list } => {
                let list: Vec<String> = list.iter().map(|item| decimal(*item)).collect();
                format!("{} IN ({})", number.written(), list.join(", "))
            }
            Self::Between { number, low, high } => {
                format!("{} BETWEEN {} AND {}", number.written(), low.written(), high.written())
            }
            Self::NoNumber(number) => format!("({}) IS NULL", number.written()),
            Self::Words { left, operator, right } => format!("{} {operator} {}", left.written(), right.written()),
            Self::Folded { text, part } => format!("{} ILIKE '%{part}%'", text.written()),
            Self::Begins { text, head, beside_flag } => {
                let flag = if *beside_flag { " = flag" } else { "" };
                format!("starts_with({}, {}){flag}", text.written(), head.written())
            }
            Self::Matches { text, pattern } => format!("regexp_like({}, '{pattern}')", text.written()),
            Self::NoWords(words) => format!("{} IS NOT NULL", words.written()),
        }
    }

    pub(super) fn expected(&self, row: &Row) -> Option<bool> {
        match self {
            Self::Flag => row.flag,
            Self::Numbers { left, operator, right } => ordered(left, operator, right, row),
            Self::Among { number, list } => {
                let same = |item: &i64| ordered(number, "=", &Number::Literal(*item), row);
                list.iter().map(same).fold(Some(false), either)
            }
            Self::Between { number, low, high } => {
                both(ordered(number, ">=", low, row), ordered(number, "<=", high, row))
            }
            Self::NoNumber(number) => Some(number.value(row, number.own()).is_none()),
            Self::Words { left, operator, right } => compared(left.value(row), operator, right.value(row)),
            Self::Folded { text, part } => Some(text.value(row)?.to_lowercase().contains(&part.to_lowercase())),
            Self::Begins { text, head, beside_flag } => {
                let begins = text.value(row)?.starts_with(&head.value(row)?);
                if *beside_flag { Some(begins == row.flag?) } else { Some(begins) }
            }
            Self::Matches { text, pattern } => {
                let text = text.value(row)?;
                Some(match *pattern {
                    "^a" => text.starts_with('a'),
                    "[bB]$" => text.ends_with(['b', 'B']),
                    "\\d" => text.contains(|letter: char| letter.is_ascii_digit()),
                    _ => text.contains(['a', 'A']),
                })
            }
            Self::NoWords(words) => Some(words.value(row).is_some()),
        }
    }
}

/// A comparison of two numbers: a literal takes the type of the other one, and exact numbers are compared with floats
/// by their values.
fn ordered(left: &Number, operator: &str, right: &Number, row: &Row) -> Option<bool> {
    let (one, other) = match (left.declared(), right.declared()) {
        (Some(one), None) => (one, one),
        (None, Some(other)) => (other, other),
        _ => (left.own(), right.own()),
    };
    match (left.value(row, one)?, right.value(row, other)?) {
        (Cell::Exact(left), Cell::Exact(right)) => compared(Some(left), operator, Some(right)),
        (Cell::Single(left), Cell::Single(right)) => compared(Some(left), operator, Some(right)),
        (Cell::Single(left), Cell::Double(right)) => compared(Some(f64::from(left)), operator, Some(right)),
        (Cell::Double(left), Cell::Single(right)) => compared(Some(left), operator, Some(f64::from(right))),
        (Cell::Double(left), Cell::Double(right)) => compared(Some(left), operator, Some(right)),
        (Cell::Exact(left), right) => compared(Some(exactly(Cell::Exact(left))), operator, Some(exactly(right))),
        (left, Cell::Exact(right)) => compared(Some(exactly(left)), operator, Some(exactly(Cell::Exact(right)))),
    }
}

/// All digits of a number.
fn exactly(cell: Cell) -> Decimal {
    match cell {
        Cell::Exact(units) => Decimal::unscaled(units, 8),
        Cell::Single(value) => Decimal::exactly(value.into()).unwrap(),
        Cell::Double(value) => Decimal::exactly(value).unwrap(),
    }
}
