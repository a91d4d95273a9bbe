//! The engine against the obvious definition: one row at a time, one value at a time.

use arrow::array::{
    BooleanArray, Decimal128Array, DictionaryArray, Float32Array, Float64Array, Int8Array, StringArray,
};
use arrow::datatypes::Int16Type;
use proptest::prelude::*;

use super::worked::{Question, question};
use super::{answer, batch, loose, typed};

/// A row: numbers in hundredths, so that the definition needs no floats.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) whole: Option<i8>,
    cents: Option<i64>,
    half: Option<i64>,
    name: Option<&'static str>,
    cell: Option<&'static str>,
    pub(super) flag: Option<bool>,
}

pub(super) const NAMES: [&str; 6] = ["", "a", "ab", "b", "%", "Aß"];
const CELLS: [&str; 6] = ["", "1", "1.50", "-2", "x", "true"];

fn row() -> impl Strategy<Value = Row> {
    let whole = proptest::option::weighted(0.8, -3_i8..4);
    let cents = proptest::option::weighted(0.8, -250_i64..250);
    let half = proptest::option::weighted(0.8, (-5_i64..6).prop_map(|half| half * 50));
    let name = proptest::option::weighted(0.8, proptest::sample::select(NAMES.to_vec()));
    let cell = proptest::option::weighted(0.8, proptest::sample::select(CELLS.to_vec()));
    let flag = proptest::option::weighted(0.8, any::<bool>());
    (whole, cents, half, name, cell, flag).prop_map(|(whole, cents, half, name, cell, flag)| Row {
        whole,
        cents,
        half,
        name,
        cell,
        flag,
    })
}

/// A condition as the test sees it.
#[derive(Debug, Clone)]
enum Asked {
    Number { column: &'static str, operator: &'static str, hundredths: i64 },
    Numbers { column: &'static str, list: Vec<Option<i64>>, negated: bool },
    Between { column: &'static str, low: i64, high: Option<i64>, negated: bool },
    Columns { left: &'static str, operator: &'static str, right: &'static str },
    Text { column: &'static str, operator: &'static str, text: &'static str },
    Texts { column: &'static str, list: Vec<Option<&'static str>>, negated: bool },
    Prefix { column: &'static str, text: &'static str, negated: bool },
    Null { column: &'static str, negated: bool },
    Flag,
    Truth(Option<bool>),
    Worked(Question),
    Case { when: Box<Asked>, then: Box<Asked>, otherwise: Option<Box<Asked>> },
    Coalesce(Box<Asked>, Box<Asked>),
    Not(Box<Asked>),
    Both(Box<Asked>, Box<Asked>),
    Either(Box<Asked>, Box<Asked>),
    Is { inner: Box<Asked>, wanted: Option<bool>, negated: bool },
}

pub(super) const OPERATORS: [&str; 7] = ["=", "!=", "<>", "<", "<=", ">", ">="];
const NUMBERS: [&str; 5] = ["whole", "cents", "half", "single", "cell"];

fn asked() -> impl Strategy<Value = Asked> {
    let operator = || proptest::sample::select(OPERATORS.to_vec());
    let number = || proptest::sample::select(NUMBERS.to_vec());
    let text = || proptest::sample::select(vec!["name", "cell"]);
    let hundredths = || prop_oneof![(-6_i64..7).prop_map(|half| half * 50), -400_i64..400];
    let leaf = prop_oneof![
        (number(), operator(), hundredths()).prop_map(|(column, operator, hundredths)| Asked::Number {
            column,
            operator,
            hundredths
        }),
        (number(), proptest::collection::vec(proptest::option::weighted(0.9, hundredths()), 1..4), any::<bool>())
            .prop_map(|(column, list, negated)| Asked::Numbers { column, list, negated }),
        (number(), hundredths(), proptest::option::weighted(0.9, hundredths()), any::<bool>())
            .prop_map(|(column, low, high, negated)| Asked::Between { column, low, high, negated }),
        (number(), operator(), number())
            .prop_filter("two loose columns are text", |(left, _, right)| (*left, *right) != ("cell", "cell"))
            .prop_map(|(left, operator, right)| Asked::Columns { left, operator, right }),
        (text(), operator(), proptest::sample::select(NAMES.to_vec()))
            .prop_map(|(column, operator, text)| Asked::Text { column, operator, text }),
        (
            text(),
            proptest::collection::vec(proptest::option::weighted(0.9, proptest::sample::select(NAMES.to_vec())), 1..4),
            any::<bool>()
        )
            .prop_map(|(column, list, negated)| Asked::Texts { column, list, negated }),
        (text(), proptest::sample::select(vec!["", "a", "1"]), any::<bool>())
            .prop_map(|(column, text, negated)| Asked::Prefix { column, text, negated }),
        (proptest::sample::select(vec!["whole", "name", "cell", "flag"]), any::<bool>())
            .prop_map(|(column, negated)| Asked::Null { column, negated }),
        Just(Asked::Flag),
        any::<Option<bool>>().prop_map(Asked::Truth),
        question().prop_map(Asked::Worked),
        question().prop_map(Asked::Worked),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        let inner = || inner.clone().prop_map(Box::new);
        prop_oneof![
            inner().prop_map(Asked::Not),
            (inner(), inner(), proptest::option::of(inner())).prop_map(|(when, then, otherwise)| Asked::Case {
                when,
                then,
                otherwise
            }),
            (inner(), inner()).prop_map(|(left, right)| Asked::Coalesce(left, right)),
            (inner(), inner()).prop_map(|(left, right)| Asked::Both(left, right)),
            (inner(), inner()).prop_map(|(left, right)| Asked::Either(left, right)),
            (inner(), any::<Option<bool>>(), any::<bool>()).prop_map(|(inner, wanted, negated)| Asked::Is {
                inner,
                wanted,
                negated
            }),
        ]
    })
}

pub(super) fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

pub(super) fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}

fn truth(value: Option<bool>) -> &'static str {
    value.map_or("NULL", |value| if value { "TRUE" } else { "FALSE" })
}

/// The condition as a predicate.
fn written(asked: &Asked) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match asked {
        Asked::Number { column, operator, hundredths } => format!("{column} {operator} {}", decimal(*hundredths)),
        Asked::Numbers { column, list: items, negated } => {
            let items = items.iter().map(|item| item.map_or("NULL".to_owned(), decimal)).collect();
            format!("{column} {}IN ({})", not(*negated), list(items))
        }
        Asked::Between { column, low, high, negated } => {
            let high = high.map_or("NULL".to_owned(), decimal);
            format!("{column} {}BETWEEN {} AND {high}", not(*negated), decimal(*low))
        }
        Asked::Columns { left, operator, right } => format!("{left} {operator} {right}"),
        Asked::Text { column, operator, text } => format!("{column} {operator} '{text}'"),
        Asked::Texts { column, list: items, negated } => {
            let items = items.iter().map(|item| item.map_or("NULL".to_owned(), |item| format!("'{item}'"))).collect();
            format!("{column} {}IN ({})", not(*negated), list(items))
        }
        Asked::Prefix { column, text, negated } => format!("{column} {}LIKE '{text}%'", not(*negated)),
        Asked::Null { column, negated } => format!("{column} IS {}NULL", not(*negated)),
        Asked::Flag => "flag".to_owned(),
        Asked::Truth(value) => truth(*value).to_owned(),
        Asked::Worked(question) => question.written(),
        Asked::Case { when, then, otherwise } => {
            let otherwise = otherwise.as_ref().map_or(String::new(), |inner| format!(" ELSE {}", written(inner)));
            format!("CASE WHEN {} THEN {}{otherwise} END", written(when), written(then))
        }
        Asked::Coalesce(left, right) => format!("coalesce({}, {})", written(left), written(right)),
        Asked::Not(inner) => format!("NOT ({})", written(inner)),
        Asked::Both(left, right) => format!("({}) AND ({})", written(left), written(right)),
        Asked::Either(left, right) => format!("({}) OR ({})", written(left), written(right)),
        Asked::Is { inner, wanted, negated } => format!("({}) IS {}{}", written(inner), not(*negated), truth(*wanted)),
    }
}

/// The number of a column in hundredths.
pub(super) fn number(row: &Row, column: &str) -> Option<i64> {
    match column {
        "whole" => row.whole.map(|whole| i64::from(whole) * 100),
        "cents" => row.cents,
        "cell" => match row.cell? {
            "1" => Some(100),
            "1.50" => Some(150),
            "-2" => Some(-200),
            _ => None,
        },
        _ => row.half,
    }
}

pub(super) fn text(row: &Row, column: &str) -> Option<&'static str> {
    if column == "name" { row.name } else { row.cell }
}

pub(super) fn compared<T: PartialOrd>(left: Option<T>, operator: &str, right: Option<T>) -> Option<bool> {
    let (left, right) = (left?, right?);
    Some(match operator {
        "=" => left == right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        _ => left != right,
    })
}

pub(super) fn both(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

pub(super) fn either(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    both(left.map(|left| !left), right.map(|right| !right)).map(|neither| !neither)
}

/// The condition on one row.
fn expected(asked: &Asked, row: &Row) -> Option<bool> {
    let signed = |answer: Option<bool>, negated: bool| answer.map(|answer| answer != negated);
    match asked {
        Asked::Number { column, operator, hundredths } => compared(number(row, column), operator, Some(*hundredths)),
        Asked::Numbers { column, list, negated } => {
            let same = list.iter().map(|item| compared(number(row, column), "=", *item));
            signed(same.fold(Some(false), either), *negated)
        }
        Asked::Between { column, low, high, negated } => {
            let value = number(row, column);
            signed(both(compared(value, ">=", Some(*low)), compared(value, "<=", *high)), *negated)
        }
        Asked::Columns { left, operator, right } => compared(number(row, left), operator, number(row, right)),
        Asked::Text { column, operator, text: literal } => compared(text(row, column), operator, Some(*literal)),
        Asked::Texts { column, list, negated } => {
            let same = list.iter().map(|item| compared(text(row, column), "=", *item));
            signed(same.fold(Some(false), either), *negated)
        }
        Asked::Prefix { column, text: prefix, negated } => {
            signed(text(row, column).map(|text| text.starts_with(prefix)), *negated)
        }
        Asked::Null { column, negated } => {
            let null = match *column {
                "whole" => row.whole.is_none(),
                "flag" => row.flag.is_none(),
                column => text(row, column).is_none(),
            };
            Some(null != *negated)
        }
        Asked::Flag => row.flag,
        Asked::Truth(value) => *value,
        Asked::Worked(question) => question.expected(row),
        Asked::Case { when, then, otherwise } => match (expected(when, row), otherwise) {
            (Some(true), _) => expected(then, row),
            (_, Some(otherwise)) => expected(otherwise, row),
            (_, None) => None,
        },
        Asked::Coalesce(left, right) => expected(left, row).or(expected(right, row)),
        Asked::Not(inner) => expected(inner, row).map(|answer| !answer),
        Asked::Both(left, right) => both(expected(left, row), expected(right, row)),
        Asked::Either(left, right) => either(expected(left, row), expected(right, row)),
        Asked::Is { inner, wanted, negated } => Some((expected(inner, row) == *wanted) != *negated),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_row_is_answered_as_defined(rows in proptest::collection::vec(row(), 1..12), asked in asked()) {
        #[expect(clippy::cast_precision_loss, reason = "halves are exact in every float")]
        let half = |row: &Row| row.half.map(|half| half as f32 / 100.0);
        let cents = rows.iter().map(|row| row.cents.map(i128::from)).collect::<Decimal128Array>();
        let names = rows.iter().map(|row| row.name).collect::<DictionaryArray<Int16Type>>();
        let batch = batch(vec![
            typed("whole", rows.iter().map(|row| row.whole).collect::<Int8Array>()),
            typed("cents", cents.with_precision_and_scale(10, 2).unwrap()),
            typed("half", rows.iter().map(|row| half(row).map(f64::from)).collect::<Float64Array>()),
            typed("single", rows.iter().map(half).collect::<Float32Array>()),
            typed("name", names),
            loose("cell", rows.iter().map(|row| row.cell).collect::<StringArray>()),
            typed("flag", rows.iter().map(|row| row.flag).collect::<BooleanArray>()),
        ]);
        let text = written(&asked);
        let answers = answer(&batch, &text).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        let defined: Vec<_> = rows.iter().map(|row| expected(&asked, row)).collect();
        prop_assert_eq!(answers, defined, "{}", text);
    }
}
