//! A text split into its words, which are checked before they are parsed.

use sqlparser::dialect::GenericDialect;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Whitespace};

use super::position::Source;
use super::walk::walk;
use super::words;
use crate::error::{Error, Result};

/// How many words a predicate may have: far past what a person writes.
const MOST_TOKENS: usize = 100_000;

/// Splits a text and checks the order of its words.
pub(crate) fn tokens(source: &Source<'_>) -> Result<Vec<TokenWithSpan>> {
    let mut tokens = Vec::new();
    let dialect = GenericDialect {};
    if let Err(error) = Tokenizer::new(&dialect, source.text).tokenize_with_location_into_buf(&mut tokens) {
        return Err(words::unreadable(source, &error));
    }
    let comment = |token: &TokenWithSpan| {
        matches!(token.token, Token::Whitespace(Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_)))
    };
    if let Some(token) = tokens.iter().find(|token| comment(token)) {
        return Err(source.error("not supported: a comment in a predicate", token.span));
    }
    tokens.retain(|token| !matches!(token.token, Token::Whitespace(_) | Token::EOF));
    if tokens.is_empty() {
        return Err(Error::spec("the predicate is empty")
            .column(1)
            .remedy("write a condition, for example status < 500"));
    }
    if tokens.len() > MOST_TOKENS {
        return Err(source.error("the predicate is too long", tokens[MOST_TOKENS].span));
    }
    walk(source, &tokens)
}
