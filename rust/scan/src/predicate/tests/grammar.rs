//! The grammar that is published is the one that is accepted.

use std::collections::BTreeSet;

use sqlparser::keywords::ALL_KEYWORDS;

use super::super::functions::Function;
use super::super::{GRAMMAR, Predicate};

/// The words that the grammar writes as they stand.
fn words() -> BTreeSet<&'static str> {
    let rules = GRAMMAR.lines().filter(|line| !line.starts_with('#'));
    rules.flat_map(|line| line.split('"').skip(1).step_by(2)).collect()
}

fn accepts(text: &str) -> bool {
    Predicate::parse(text).is_ok()
}

/// A predicate that needs the word.
fn example(word: &str) -> Option<String> {
    Some(match word {
        "(" | ")" => "(a)".to_owned(),
        "," => "a IN (1, 2)".to_owned(),
        "." => "a.b".to_owned(),
        "OR" | "AND" | "=" | "!=" | "<>" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" => {
            format!("a {word} b")
        }
        "NOT" => "NOT a".to_owned(),
        "IN" => "a IN (1)".to_owned(),
        "BETWEEN" => "a BETWEEN 1 AND b".to_owned(),
        "LIKE" | "ILIKE" => format!("a NOT {word} 'x'"),
        "ESCAPE" => "a LIKE 'x' ESCAPE '!'".to_owned(),
        "IS" | "NULL" | "TRUE" | "FALSE" => format!("a IS NOT {}", if word == "IS" { "NULL" } else { word }),
        "CASE" | "WHEN" | "THEN" | "ELSE" | "END" => "CASE a WHEN 1 THEN b WHEN c THEN d ELSE NOT e END".to_owned(),
        function => Function::named(function)?.call().to_owned(),
    })
}

#[test]
fn every_word_of_the_grammar_is_accepted() {
    for word in words() {
        let example = example(word).unwrap_or_else(|| unreachable!("the grammar names {word}"));
        assert!(accepts(&example) && accepts(&example.to_lowercase()), "{word}: {example}");
    }
    for function in Function::ALL {
        assert!(words().contains(function.name()), "the grammar lacks {}", function.name());
    }
}

#[test]
fn no_other_word_joins_or_calls() {
    let known: BTreeSet<String> = words().into_iter().map(str::to_uppercase).collect();
    for word in ALL_KEYWORDS.iter().chain(&["ISNULL", "NOTNULL", "LEN", "REGEXP_MATCHES", "CONTAINS", "IIF", "NVL"]) {
        let named = known.contains(*word);
        assert!(named || !accepts(&format!("{word}(a) = 1")), "{word} is called");
        assert!(named || !accepts(&format!("a {word} b")), "{word} joins");
        assert!(named || !accepts(&format!("a {word} 'b'")), "{word} joins text");
        assert!(named || !accepts(&format!("{word} 'b' = a")), "{word} opens a literal");
    }
}

#[test]
fn no_other_sign_is_accepted() {
    let known = words();
    for sign in
        ["==", "&&", "||", "!", "~", "^", "&", "|", "//", "::", "->", "->>", "=>", "<=>", "@>", "<<", "**", ":", "?"]
    {
        assert!(!known.contains(sign) && !accepts(&format!("a {sign} b")), "{sign}");
    }
}
