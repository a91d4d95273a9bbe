//! Values that are worked out, by their obvious definition: one row at a time.

mod number;
mod words;

use proptest::prelude::*;

use super::oracle::{OPERATORS, Row, both, compared, decimal, either};
use number::{Number, Type, numbers, ordered};
use words::{Words, words};

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
