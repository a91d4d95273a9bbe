//! What SQL's other words and signs are called, and what to write instead of them.

use sqlparser::tokenizer::{Span, Token, TokenizerError};

use super::functions::Function;
use super::position::Source;
use crate::error::Error;

/// How a `CASE` is written.
pub(crate) const CASE: &str = "write CASE WHEN condition THEN value ELSE value END";
/// What there is, where there is nothing to write in place of what was refused.
const ACCEPTED: &str = "predicates are comparisons, AND, OR, NOT, IN, BETWEEN, IS NULL, LIKE, ILIKE, CASE, arithmetic and \
                        the functions lower, upper, length, coalesce, substr, starts_with and regexp_like";

/// What an unquoted word may be.
pub(crate) enum Role {
    /// It stands between two values or after one.
    Joins,
    /// It begins something that predicates do not have; or it is a column.
    Opens(&'static str),
    /// It is a part of a `CASE`; outside of one it is a column.
    Parts,
    /// It joins values in a way that predicates do not have; or it is a column.
    Refused(&'static str),
    /// It is a column.
    Name,
}

/// The role of a word, written in capitals.
pub(crate) fn role(upper: &str) -> Role {
    match upper {
        "AND" | "OR" | "IN" | "BETWEEN" | "IS" | "LIKE" | "ILIKE" | "ESCAPE" => Role::Joins,
        "WHEN" | "THEN" | "ELSE" | "END" => Role::Parts,
        "SELECT" | "EXISTS" => Role::Opens("not supported: a subquery"),
        "ANY" | "ALL" | "SOME" => Role::Opens("not supported: a comparison with ANY, ALL or SOME"),
        "DATE" | "TIME" | "TIMESTAMP" | "INTERVAL" => {
            Role::Opens("not supported: a literal with its type; write only the text in quotes")
        }
        "ARRAY" | "STRUCT" | "ROW" => Role::Opens("not supported: a list or record literal"),
        "RLIKE" => Role::Refused("not supported: RLIKE; write regexp_like(column, 'pattern')"),
        "REGEXP" => Role::Refused("not supported: REGEXP; write regexp_like(column, 'pattern')"),
        "SIMILAR" => Role::Refused("not supported: SIMILAR TO; write regexp_like(column, 'pattern')"),
        "GLOB" => Role::Refused("not supported: GLOB"),
        "MATCH" => Role::Refused("not supported: MATCH"),
        "COLLATE" => Role::Refused("not supported: COLLATE"),
        "AT" => Role::Refused("not supported: AT TIME ZONE"),
        "OVERLAPS" => Role::Refused("not supported: OVERLAPS"),
        "DIV" => Role::Refused("not supported: DIV; write (a - a % b) / b"),
        "MOD" => Role::Refused("not supported: MOD; write %"),
        "XOR" => Role::Refused("not supported: XOR"),
        "ISNULL" => Role::Refused("not supported: ISNULL; write IS NULL"),
        "NOTNULL" => Role::Refused("not supported: NOTNULL; write IS NOT NULL"),
        _ => Role::Name,
    }
}

/// Whether a word, written in capitals, can stand after a value.
pub(crate) fn follows_a_value(upper: &str) -> bool {
    matches!(upper, "NOT" | "THEN" | "ELSE" | "END") || matches!(role(upper), Role::Joins | Role::Refused(_))
}

/// Whether a word is a constant and no name.
pub(crate) fn is_constant(word: &str) -> bool {
    ["TRUE", "FALSE", "NULL"].iter().any(|constant| constant.eq_ignore_ascii_case(word))
}

/// The rest of SQL is refused by its name; where there is nothing to write in its place, what there is instead is said.
pub(crate) fn say_what_is_accepted(error: Error) -> Error {
    if error.remedy.is_some() || error.message.contains("; ") || !error.message.starts_with("not supported: ") {
        return error;
    }
    error.remedy(ACCEPTED)
}

/// A call of a function that predicates do not have.
pub(crate) fn function(source: &Source<'_>, name: &str, span: Span) -> Error {
    let upper = name.to_uppercase();
    match upper.as_str() {
        "CAST" | "TRY_CAST" | "CONVERT" => source
            .error(format!("not supported: {upper}"), span)
            .remedy("a literal takes the type of its column by itself"),
        _ => {
            let error = source.error(format!("not supported: the function {upper}"), span);
            let instead = match upper.as_str() {
                "SUBSTRING" => Function::Substr,
                "LEN" | "CHAR_LENGTH" | "CHARACTER_LENGTH" => Function::Length,
                "IFNULL" | "NVL" => Function::Coalesce,
                "LCASE" => Function::Lower,
                "UCASE" => Function::Upper,
                "STARTSWITH" => Function::StartsWith,
                "REGEXP_MATCHES" | "REGEXP_CONTAINS" => Function::RegexpLike,
                _ => return error,
            };
            error.remedy(format!("write {}", instead.call()))
        }
    }
}

/// A sign where a column or a value should stand.
pub(crate) fn no_value(source: &Source<'_>, token: &Token, span: Span) -> Error {
    let text = source.quote(span);
    match token {
        Token::Plus => source.error("not supported: a plus sign before a value", span).remedy("leave it out"),
        Token::ExclamationMark => source.error("not supported: !", span).remedy("write NOT"),
        Token::Placeholder(_) | Token::Question => source
            .error(format!("not supported: the parameter {text}"), span)
            .remedy("write a column's odd name in double quotes"),
        Token::Number(_, true) => source.error(format!("not supported: the number {text} with a suffix"), span),
        Token::HexStringLiteral(_) => source.error(format!("not supported: the literal {text}"), span),
        Token::NationalStringLiteral(_)
        | Token::EscapedStringLiteral(_)
        | Token::UnicodeStringLiteral(_)
        | Token::SingleQuotedByteStringLiteral(_)
        | Token::DoubleQuotedByteStringLiteral(_)
        | Token::SingleQuotedRawStringLiteral(_)
        | Token::DoubleQuotedRawStringLiteral(_)
        | Token::QuoteDelimitedStringLiteral(_)
        | Token::NationalQuoteDelimitedStringLiteral(_)
        | Token::DollarQuotedString(_) => {
            source.error(format!("not supported: the literal {text}"), span).remedy("write it as 'text'")
        }
        _ => source.error(format!("a column or a value should stand before {text}"), span),
    }
}

/// A sign where an operator should stand.
pub(crate) fn no_operator(source: &Source<'_>, token: &Token, span: Span) -> Error {
    let text = source.quote(span);
    let refused = || source.error(format!("not supported: {text}"), span);
    match token {
        Token::DoubleEq | Token::Assignment => refused().remedy("write ="),
        Token::Overlap | Token::Ampersand => refused().remedy("write AND"),
        Token::StringConcat | Token::Pipe => refused().remedy("write OR"),
        Token::ExclamationMark => refused().remedy("write != or NOT"),
        Token::RArrow => refused().remedy("write >="),
        Token::Spaceship => refused().remedy("write = or IS NULL"),
        Token::DoubleColon => refused().remedy("a literal takes the type of its column by itself"),
        Token::DuckIntDiv => refused().remedy("write (a - a % b) / b for whole numbers a and b"),
        Token::Comma => source.error("a comma stands only in the list of IN or of a function", span),
        Token::SemiColon => source.error("a semicolon does not belong in a predicate", span).remedy("leave it out"),
        Token::Number(_, _) | Token::SingleQuotedString(_) => source
            .error(format!("an operator is missing before {text}"), span)
            .remedy(format!("write = {text} if that is meant")),
        Token::LParen => source.error("an operator is missing before (", span),
        _ => refused(),
    }
}

/// A word where an operator should stand; `upper` is nothing for a word in double quotes.
pub(crate) fn no_keyword(source: &Source<'_>, upper: Option<&str>, span: Span) -> Error {
    if let Some(Role::Refused(what)) = upper.map(role) {
        return source.error(what, span);
    }
    let text = source.quote(span);
    match upper {
        Some("TRUE" | "FALSE" | "NULL") => source
            .error(format!("an operator is missing before {text}"), span)
            .remedy(format!("write IS {text} if that is meant")),
        Some(_) => source.error(format!("AND, OR or an operator should stand before {text}"), span),
        None => source
            .error(format!("an operator is missing before {text}"), span)
            .remedy("write text in single quotes, and an operator before it"),
    }
}

/// A text that cannot be split into words.
pub(crate) fn unreadable(source: &Source<'_>, error: &TokenizerError) -> Error {
    let position = source.position(error.location);
    let skip = usize::try_from(position - 1).unwrap_or(usize::MAX);
    let rest: String = source.text.chars().skip(skip).collect();
    let found = match rest.chars().next() {
        Some('\'') => {
            Error::spec("this text is never closed").remedy("close it with ', and write a quote inside it as ''")
        }
        Some('"') => Error::spec("this name is never closed").remedy("close it with \""),
        _ => Error::spec(format!("the predicate cannot be read here: {}", error.message.trim_end_matches('.'))),
    };
    found.column(position).value(&rest)
}
