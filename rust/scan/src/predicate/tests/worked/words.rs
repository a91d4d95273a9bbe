//! Texts that are worked out.

use proptest::prelude::*;

use super::super::oracle::{NAMES, Row, text};

/// A text as the test sees it.
#[derive(Debug, Clone)]
pub(crate) enum Words {
    Column(&'static str),
    Literal(&'static str),
    Lower(Box<Words>),
    Upper(Box<Words>),
    Substr { text: Box<Words>, start: i64, length: Option<i64> },
    Match { subject: i64, then: Box<Words>, otherwise: Box<Words> },
    Coalesce(Box<Words>, Box<Words>),
}

/// Any text.
pub(super) fn words() -> impl Strategy<Value = Words> {
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

impl Words {
    pub(super) fn written(&self) -> String {
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

    pub(super) fn value(&self, row: &Row) -> Option<String> {
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
