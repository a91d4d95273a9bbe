//! Every mistake has its place and its remedy.

use arrow::array::{BooleanArray, Int32Array, ListArray, StringArray, TimestampMicrosecondArray, TimestampSecondArray};
use arrow::datatypes::Int32Type;
use proptest::prelude::*;

use super::super::Predicate;
use super::{answer, batch, loose, typed};
use crate::error::Kind;

const ACCEPTED: &str = "predicates are comparisons, AND, OR, NOT, IN, BETWEEN, IS NULL, LIKE, ILIKE, CASE, arithmetic and the \
                        functions lower, upper, length, coalesce, substr, starts_with and regexp_like";

/// The place of an error, its words and its remedy.
fn refused(text: &str) -> (u64, String, String) {
    let error = Predicate::parse(text).err().unwrap_or_else(|| unreachable!("{text:?} is accepted"));
    assert_eq!(error.kind, Kind::Spec);
    (error.column.unwrap_or(0), error.message, error.remedy.unwrap_or_default())
}

#[test]
fn what_cannot_be_parsed_says_where() {
    for (text, column, words) in [
        ("", 1, "the predicate is empty"),
        (" \n ", 1, "the predicate is empty"),
        ("a = 1 b", 7, "AND, OR or an operator should stand before b"),
        ("a = 1 b = 2", 7, "AND, OR or an operator should stand before b"),
        ("a == 1", 3, "not supported: =="),
        ("a = 1 && b = 2", 7, "not supported: &&"),
        ("a = 1 || b = 2", 7, "not supported: ||"),
        ("!a", 1, "not supported: !"),
        ("status 500", 8, "an operator is missing before 500"),
        ("status 'x'", 8, "an operator is missing before 'x'"),
        ("path = 'x", 8, "this text is never closed"),
        ("\"path = 1", 1, "this name is never closed"),
        ("a =", 4, "the predicate ends where a column or a value should stand"),
        ("a = 1 AND  ", 10, "the predicate ends where a column or a value should stand"),
        ("= 1", 1, "a column or a value should stand before ="),
        ("AND a", 1, "a column or a value should stand before AND"),
        ("(a = 1", 1, "this parenthesis is never closed"),
        ("a = 1)", 6, "this parenthesis was never opened"),
        ("a IN ()", 7, "a column or a value should stand before )"),
        ("a IN 1", 6, "IN needs a list"),
        ("a IN (b)", 7, "a value should stand here"),
        ("a IN (1,)", 9, "a column or a value should stand before )"),
        ("a = 1, b = 2", 6, "a comma stands only in the list of IN or of a function"),
        ("a = 1;", 6, "a semicolon does not belong in a predicate"),
        ("a NOT 5", 3, "NOT stands before a condition, or before IN, BETWEEN, LIKE or ILIKE"),
        ("a IS 5", 6, "IS asks for NULL, TRUE or FALSE"),
        ("a < b < c", 1, "a comparison takes a column or a value here, not another condition"),
        ("a = NOT b", 5, "a comparison takes a column or a value here, not another condition"),
        ("a = -'b'", 6, "a minus sign stands only before a number"),
        ("a = 1 + NOT b", 9, "a comparison takes a column or a value here, not another condition"),
        ("a + (b = 1) > 2", 6, "a comparison takes a column or a value here, not another condition"),
        ("lower(a = 1) = 'x'", 7, "a comparison takes a column or a value here, not another condition"),
        ("a +", 4, "the predicate ends where a column or a value should stand"),
        ("a * / b = 1", 5, "a column or a value should stand before /"),
        ("lower() = 'x'", 7, "a column or a value should stand before )"),
        ("lower(a, b) = 'x'", 1, "lower does not take 2 values"),
        ("b = substr(a)", 5, "substr does not take 1 value"),
        ("lower(a = 'x'", 6, "this parenthesis is never closed"),
        ("CASE WHEN a THEN b", 1, "this CASE is never closed"),
        ("CASE WHEN a END", 13, "THEN should stand before END"),
        ("CASE a THEN b END", 8, "WHEN should stand before THEN"),
        ("CASE WHEN a THEN b ELSE c WHEN d THEN e END", 27, "END should stand before WHEN"),
        ("CASE WHEN a THEN b THEN c END", 20, "WHEN, ELSE or END should stand before THEN"),
        ("CASE WHEN a THEN END", 18, "a column or a value should stand before END"),
        ("(CASE WHEN a THEN b) END", 20, "END should stand before )"),
        ("a = 1 END", 7, "AND, OR or an operator should stand before END"),
        ("a IN (b + 1)", 7, "a value should stand here"),
        ("regexp_like(a, '(')", 16, "this is no regular expression: unclosed group"),
        ("a LIKE '!x' ESCAPE '!'", 8, "'!' escapes nothing in the pattern '!x'"),
        ("a = 'größe' b", 13, "AND, OR or an operator should stand before b"),
        ("a = 1\nAND b == 2", 13, "not supported: =="),
        ("a = 1 -- why", 7, "not supported: a comment in a predicate"),
        ("`a` = 1", 1, "not supported: names in `"),
        ("a = $1", 5, "not supported: the parameter $1"),
        ("a = 0x1f", 5, "not supported: the literal 0x1f"),
        ("a LIKE 'x' ESCAPE 'yy'", 19, "ESCAPE takes one character in quotes"),
        ("a BETWEEN 1", 12, "the predicate cannot be read: expected AND, found the end"),
    ] {
        let (place, message, _) = refused(text);
        assert_eq!((place, message.as_str()), (column, words), "{text:?}");
    }
}

#[test]
fn the_rest_of_sql_is_refused_by_name() {
    for (text, column, words) in [
        ("now() > a", 1, "not supported: the function NOW"),
        ("a = CAST(b AS INT)", 5, "not supported: CAST"),
        ("a::int = 1", 2, "not supported: ::"),
        ("EXISTS (SELECT 1)", 1, "not supported: a subquery"),
        ("a IN (SELECT 1)", 7, "not supported: a subquery"),
        ("a = (SELECT 1)", 6, "not supported: a subquery"),
        ("a SIMILAR TO 'x'", 3, "not supported: SIMILAR TO; write regexp_like(column, 'pattern')"),
        ("a REGEXP 'x'", 3, "not supported: REGEXP; write regexp_like(column, 'pattern')"),
        ("a NOT GLOB 'x'", 7, "not supported: GLOB"),
        ("a // 2 = 1", 3, "not supported: //"),
        ("a DIV 2 = 1", 3, "not supported: DIV; write (a - a % b) / b"),
        ("a MOD 2 = 1", 3, "not supported: MOD; write %"),
        ("mod(a, 2) = 1", 1, "not supported: the function MOD"),
        ("substring(a, 1) = 'x'", 1, "not supported: the function SUBSTRING"),
        ("\"lower\"(a) = 'x'", 1, "not supported: the function LOWER"),
        ("+a = 1", 1, "not supported: a plus sign before a value"),
        ("a ~ 'x'", 3, "not supported: ~"),
        ("a > DATE '2025-01-01'", 5, "not supported: a literal with its type; write only the text in quotes"),
        ("a IS DISTINCT FROM b", 6, "not supported: IS DISTINCT FROM"),
        ("a = ANY (b)", 5, "not supported: a comparison with ANY, ALL or SOME"),
        ("a[1] = 2", 2, "not supported: ["),
        ("a = E'x'", 5, "not supported: the literal E'x'"),
    ] {
        let (place, message, _) = refused(text);
        assert_eq!((place, message.as_str()), (column, words), "{text:?}");
    }
}

#[test]
fn common_mistakes_have_a_remedy() {
    for (text, words) in [
        ("a == 1", "write ="),
        ("a = 1 && b = 2", "write AND"),
        ("a = 1 || b = 2", "write OR"),
        ("status 500", "write = 500 if that is meant"),
        ("a => 1", "write >="),
        ("a NULL", "write IS NULL if that is meant"),
        ("a IN (SELECT 1)", ACCEPTED),
        ("a GLOB 'x'", ACCEPTED),
        ("substring(a, 1) = 'x'", "write substr(path, 1, 4)"),
        ("CASE WHEN a THEN b", "write CASE WHEN condition THEN value ELSE value END"),
        ("CASE WHEN end THEN b END", "in a CASE, write a column of that name in double quotes"),
        ("regexp_like(a) = b", "write it like regexp_like(path, '^/api/v[0-9]')"),
        ("now() > a", ACCEPTED),
        ("a = CAST(b AS INT)", "a literal takes the type of its column by itself"),
        ("path = 'x", "close it with ', and write a quote inside it as ''"),
    ] {
        assert_eq!(refused(text).2, words, "{text:?}");
    }
}

#[test]
fn hostile_texts_are_errors_and_no_overflow() {
    for text in [
        format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("{}a", "NOT ".repeat(50_000)),
        format!("a = 1{}", " OR a = 1".repeat(50_000)),
        format!("a{}", " IS NULL".repeat(900)),
        format!("a{} = 1", " + 1".repeat(900)),
        format!("{}a = 1", "- ".repeat(50_000)),
        "CASE WHEN ".repeat(10_000),
        "coalesce(".repeat(10_000),
        "a IN (".repeat(1_000),
        format!("a = {}", "(".repeat(40)),
    ] {
        assert!(Predicate::parse(&text).is_err(), "{}…", &text[..20]);
    }
}

#[test]
fn what_cannot_be_bound_says_where() {
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)])]);
    let batch = batch(vec![
        typed("status", Int32Array::from(vec![1])),
        typed("path", StringArray::from(vec!["x"])),
        typed("user-agent", StringArray::from(vec!["x"])),
        typed("success", BooleanArray::from(vec![true])),
        typed("at", TimestampMicrosecondArray::from(vec![1]).with_timezone("UTC")),
        typed("wall", TimestampSecondArray::from(vec![1])),
        typed("tags", list),
        loose("cell", StringArray::from(vec!["x"])),
    ]);
    for (text, column, words, remedy) in [
        ("statsu = 1", 1, "there is no column 'statsu'", "did you mean 'status'?"),
        ("path = \"/pay\"", 8, "there is no column '/pay'", "text is written in single quotes: '/pay'"),
        ("user-agent = 'x'", 1, "there is no column 'user'", "write \"user-agent\" in double quotes if that is meant"),
        ("Status = 1", 1, "there is no column 'Status'", "did you mean 'status'?"),
        ("status = 'abc'", 10, "the column 'status' holds whole numbers, and 'abc' is text", "a number"),
        ("path = 500", 8, "the column 'path' holds text, and 500 is a number", "write '500' to compare text"),
        ("path IN ('a', 5)", 15, "the column 'path' holds text, and 5 is a number", "write '5'"),
        ("status = TRUE", 10, "the column 'status' holds whole numbers, and TRUE is a truth", "a number"),
        ("success = 1", 11, "the column 'success' holds true or false, and 1 is a number", "TRUE or FALSE"),
        ("success < TRUE", 11, "the column 'success' holds true or false, which has no order", "= or !="),
        ("status", 1, "the column 'status' holds whole numbers and is not a condition", "compare it"),
        ("5 OR success", 1, "5 is not a condition", "compare it with a column"),
        ("status LIKE '5%'", 1, "the column 'status' holds whole numbers, and LIKE is for text", "BETWEEN"),
        ("path LIKE 5", 11, "LIKE takes a pattern in quotes", "'/health%'"),
        ("path LIKE '!x' ESCAPE '!'", 11, "'!' escapes nothing in the pattern '!x'", "before %"),
        ("at > '2025-10-15'", 6, "the time '2025-10-15' does not say its zone", "'2025-10-15T12:00:00Z'"),
        ("at > 5", 6, "the column 'at' holds times, and 5 is a number", "'2025-10-15T12:00:00Z'"),
        ("at > 'noon'", 6, "'noon' is not a time, and the column 'at' holds times", "'2025-10-15T12:00:00Z'"),
        ("wall > '2025-10-15T12:00:00Z'", 8, "the column 'wall' holds times without a zone, and", "without a zone"),
        ("tags = 1", 1, "the column 'tags' holds lists, which cannot be compared", "IS NULL"),
        ("status = path", 10, "the column 'status' holds whole numbers, and the column 'path' holds text", "one type"),
        ("path + 1 = 2", 1, "the column 'path' holds text, and + is for numbers", "columns of numbers"),
        ("status - success = 2", 10, "the column 'success' holds true or false, and - is for numbers", "of numbers"),
        ("status * 'abc' = 2", 10, "the column 'status' holds whole numbers, and 'abc' is text", "a number"),
        ("1 / TRUE = 2", 5, "TRUE is true or false, and / is for numbers", "columns of numbers"),
        ("cell + 'x' = 2", 8, "'x' is no number, and + is for numbers", "write a number"),
        ("status % TRUE = 2", 10, "TRUE is no number, and % is for numbers", "write a number"),
        ("-at = 2", 2, "the column 'at' holds times, and - is for numbers", "columns of numbers"),
        ("status + 1 = 'x'", 14, "+ gives whole numbers, and 'x' is text", "a number"),
        ("status / 2 = path", 14, "/ gives numbers, and the column 'path' holds text", "one type"),
        ("status + 1", 1, "+ gives whole numbers and is not a condition", "compare it"),
        ("status + 1e-39 > 1", 10, "1e-39 has more than 38 digits", "fewer digits"),
        ("cell + 1 LIKE '5%'", 1, "+ gives numbers, and LIKE is for text", "BETWEEN"),
        ("lower(status) = 'x'", 7, "the column 'status' holds whole numbers, and lower is for text", "give it text"),
        ("upper(5) = 'x'", 7, "upper is for text", "in quotes"),
        ("lower(path) = 5", 15, "lower gives text, and 5 is a number", "write '5' to compare text"),
        ("length(path) = 'x'", 16, "length gives whole numbers, and 'x' is text", "a number"),
        ("substr(path, path) = 'x'", 14, "the column 'path' holds text, and substr counts in whole", "whole numbers"),
        ("substr(path, 1.5) = 'x'", 14, "substr counts in whole numbers, and this is 1.5", "a whole number"),
        ("starts_with(path, 5)", 19, "starts_with is for text", "in quotes"),
        ("regexp_like(path, path)", 19, "regexp_like takes a pattern in quotes", "write it like"),
        ("regexp_like(path, 5)", 19, "regexp_like takes a pattern in quotes", "write it like"),
        ("regexp_like(path, 'a(')", 19, "this is no regular expression: unclosed group", "RE2"),
        ("coalesce(status, path) = 1", 18, "the column 'status' holds whole numbers, and the column", "give coalesce"),
        ("coalesce(path, 5) = 'x'", 16, "the column 'path' holds text, and 5 is a number", "write '5'"),
        ("coalesce(1, 'a') = 1", 13, "1 is whole numbers, and 'a' is text", "a number"),
        ("coalesce(tags, 1) = 1", 10, "the column 'tags' holds lists, which cannot be compared", "IS NULL"),
        ("CASE WHEN success THEN status ELSE path END = 1", 36, "the column 'status' holds whole", "give CASE"),
        ("CASE status WHEN 'x' THEN 1 END = 1", 18, "the column 'status' holds whole numbers, and 'x'", "a number"),
        ("CASE WHEN status THEN 1 END = 1", 11, "the column 'status' holds whole numbers and is not", "compare it"),
        ("coalesce(at, 'noon') > '2025-10-15T12:00:00Z'", 14, "'noon' is not a time", "'2025-10-15T12:00:00Z'"),
        ("tags = tags", 1, "the column 'tags' holds lists, which cannot be compared", "IS NULL"),
        ("at = wall", 6, "the column 'at' holds times, and the column 'wall' holds times without", "one type"),
        ("1 = 'a'", 5, "1 and 'a' cannot be compared", "one type"),
    ] {
        let error = answer(&batch, text).err().unwrap_or_else(|| unreachable!("{text:?} is accepted"));
        assert_eq!((error.kind, error.column), (Kind::Spec, Some(column)), "{text:?}: {error}");
        assert!(error.message.starts_with(words), "{text:?}: {error}");
        assert!(error.remedy.as_deref().is_some_and(|found| found.contains(remedy)), "{text:?}: {error}");
    }
    assert_eq!(answer(&batch, "tags IS NOT NULL"), Ok(vec![Some(true)]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_a_predicate_or_an_error_inside_it(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "a", "b", "\"c\"", "'d'", "1", "-", "2.5e3", "(", ")", ",", ".", "=", "!=", "<", "AND", "OR", "NOT", "IN",
                "BETWEEN", "IS", "NULL", "TRUE", "LIKE", "ESCAPE", "CASE", "WHEN", "END", "EXISTS", "SELECT", "DATE", "ANY",
                "ILIKE", "+", "%", "THEN", "ELSE", "lower", "coalesce", "substr(", "'", "\"", "*", "::", "[", "]", "{", "$1", "@", "#", "/*", "--", ";", "\n", "\\", "é", "E'x'", "INTERVAL",
            ]),
            0..12,
        ),
        gap in proptest::sample::select(vec![" ", ""]),
    ) {
        let text = words.join(gap);
        if let Err(error) = Predicate::parse(&text) {
            let place = error.column.unwrap_or(0);
            let end = u64::try_from(text.chars().count()).unwrap() + 1;
            prop_assert!((1..=end).contains(&place), "{text:?}: {place} {error}");
        }
    }
}
