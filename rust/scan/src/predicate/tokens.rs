//! The words of a predicate, checked one after the other before they are parsed.
//!
//! A predicate alternates between values and what joins them. Walking over the words with that in mind finds every
//! mistake where it is made, refuses the rest of SQL by its name, and leaves the parser a text without surprises:
//! every word that is not one of ours is a column, whatever it means elsewhere in SQL.

use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Tokenizer, Whitespace, Word};

use super::position::Source;
use super::words::{self, Role};
use crate::error::{Error, Result};

/// How deep parentheses and `NOT` may stand inside each other.
const DEEPEST: usize = 32;
/// How many operators a predicate may have, and how many words; both far past what a person writes.
const MOST_OPERATORS: usize = 1_000;
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
    let mut check =
        Check { source, tokens: &tokens, at: 0, out: Vec::with_capacity(tokens.len()), open: Vec::new(), operators: 0 };
    check.predicate()?;
    Ok(check.out)
}

fn is_comparison(token: &Token) -> bool {
    matches!(token, Token::Eq | Token::Neq | Token::Lt | Token::LtEq | Token::Gt | Token::GtEq)
}

/// What an open parenthesis holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Group,
    List,
}

/// The walk over the words.
struct Check<'a> {
    source: &'a Source<'a>,
    tokens: &'a [TokenWithSpan],
    at: usize,
    out: Vec<TokenWithSpan>,
    open: Vec<(Open, Span)>,
    operators: usize,
}

impl<'a> Check<'a> {
    fn peek(&self) -> Option<&'a TokenWithSpan> {
        self.tokens.get(self.at)
    }

    /// The next word in capitals, if it stands without quotes.
    fn word(&self, ahead: usize) -> Option<String> {
        match self.tokens.get(self.at + ahead).map(|token| &token.token) {
            Some(Token::Word(Word { value, quote_style: None, .. })) => Some(value.to_uppercase()),
            _ => None,
        }
    }

    fn next_is(&self, ahead: usize, wanted: &Token) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| token.token == *wanted)
    }

    fn span(&self) -> Span {
        self.peek().map_or(Span::empty(), |token| token.span)
    }

    fn accept(&mut self) {
        if let Some(token) = self.peek() {
            self.out.push(token.clone());
            self.at += 1;
        }
    }

    fn error(&self, message: impl Into<String>) -> Error {
        match self.peek() {
            Some(token) => self.source.error(message, token.span),
            None => Error::spec(message).column(self.source.end()),
        }
    }

    fn predicate(&mut self) -> Result<()> {
        loop {
            self.value()?;
            if self.joint()? {
                return Ok(());
            }
        }
    }

    /// Takes signs, `NOT`s and opening parentheses, and the column or literal after them.
    fn value(&mut self) -> Result<()> {
        let mut prefixes = 0;
        loop {
            if self.open.len() + prefixes > DEEPEST {
                return Err(self.error(format!("the predicate is nested more than {DEEPEST} deep")));
            }
            let Some(token) = self.peek() else {
                return Err(self.error("the predicate ends where a column or a value should stand"));
            };
            match &token.token {
                Token::Word(Word { quote_style: None, .. }) if self.word(0).as_deref() == Some("NOT") => {
                    if self.out.last().is_some_and(|before| is_comparison(&before.token)) {
                        let error = self.error("a comparison takes a column or a value here, not another condition");
                        return Err(error.remedy("join conditions with AND or OR, or ask for one with IS TRUE"));
                    }
                    prefixes += 1;
                    self.accept();
                }
                Token::Minus => {
                    self.accept();
                    if !matches!(self.peek().map(|token| &token.token), Some(Token::Number(_, _))) {
                        return Err(self.error("a minus sign stands only before a number"));
                    }
                }
                Token::LParen => {
                    self.open.push((Open::Group, token.span));
                    self.accept();
                }
                Token::Word(word) => return self.name(word),
                Token::Number(_, false) | Token::SingleQuotedString(_) => {
                    self.accept();
                    return Ok(());
                }
                other => return Err(words::no_value(self.source, other, token.span)),
            }
        }
    }

    /// Takes a word where a value is expected: a constant, or a column whose dotted parts become one name.
    fn name(&mut self, word: &Word) -> Result<()> {
        let span = self.span();
        if let Some(quote) = word.quote_style
            && quote != '"'
        {
            let error = self.error(format!("not supported: names in {quote}"));
            return Err(error.remedy(format!("write \"{}\"", word.value)));
        }
        if word.quote_style.is_none() {
            let upper = word.value.to_uppercase();
            if matches!(upper.as_str(), "TRUE" | "FALSE" | "NULL") {
                self.accept();
                return Ok(());
            }
            self.refuse(&upper)?;
        }
        if self.next_is(1, &Token::LParen) {
            return Err(words::function(self.source, &word.value, span));
        }
        let mut name = word.value.clone();
        let mut end = span.end;
        self.at += 1;
        while self.next_is(0, &Token::Period) {
            self.at += 1;
            let Some(TokenWithSpan { token: Token::Word(part), span: place }) = self.peek() else {
                return Err(self.error("a name should follow the dot").remedy("write an odd name in double quotes"));
            };
            name.push('.');
            name.push_str(&part.value);
            end = place.end;
            self.at += 1;
        }
        // In quotes the parser takes any word for a name; the position still tells whether the writer quoted it.
        let word = Word { value: name, quote_style: Some('"'), keyword: Keyword::NoKeyword };
        self.out.push(TokenWithSpan::new(Token::Word(word), Span::new(span.start, end)));
        Ok(())
    }

    /// Refuses a word that begins something that is no value.
    fn refuse(&self, upper: &str) -> Result<()> {
        let ends = !matches!(
            self.tokens.get(self.at + 1).map(|token| &token.token),
            Some(Token::Word(_) | Token::Number(_, _) | Token::SingleQuotedString(_) | Token::LParen)
        );
        match words::role(upper) {
            // Such words may well be columns, unless something follows that cannot follow a column.
            Role::Opens(what) if !ends && !self.joins_after() => Err(self.error(what)),
            Role::Joins => Err(self.error(format!("a column or a value should stand before {upper}"))),
            _ => Ok(()),
        }
    }

    /// Whether the word after this one can follow a value.
    fn joins_after(&self) -> bool {
        self.word(1).is_some_and(|word| words::follows_a_value(&word))
    }

    /// Takes what follows a value, up to where the next value should stand; true at the end of the text.
    fn joint(&mut self) -> Result<bool> {
        loop {
            let Some(token) = self.peek() else {
                return match self.open.last() {
                    Some((_, place)) => Err(self.source.error("this parenthesis is never closed", *place)),
                    None => Ok(true),
                };
            };
            match &token.token {
                Token::RParen => {
                    if self.open.pop().is_none() {
                        return Err(self.error("this parenthesis was never opened"));
                    }
                    self.accept();
                }
                Token::Comma if matches!(self.open.last(), Some((Open::List, _))) => {
                    self.accept();
                    return Ok(false);
                }
                comparison if is_comparison(comparison) => {
                    self.operator()?;
                    return Ok(false);
                }
                Token::Word(_) => {
                    if self.keyword()? {
                        return Ok(false);
                    }
                }
                other => return Err(words::no_operator(self.source, other, token.span)),
            }
        }
    }

    /// Takes a joining word; true if a value has to follow.
    fn keyword(&mut self) -> Result<bool> {
        let mut upper = self.word(0);
        if upper.as_deref() == Some("NOT") {
            match self.word(1).as_deref() {
                Some("IN" | "BETWEEN" | "LIKE") => self.accept(),
                Some(other) if matches!(words::role(other), Role::Refused(_)) => self.at += 1,
                _ => {
                    return Err(self.error("NOT stands before a condition, or before IN, BETWEEN or LIKE"));
                }
            }
            upper = self.word(0);
        }
        match upper.as_deref() {
            Some("AND" | "OR" | "BETWEEN" | "LIKE" | "ESCAPE") => self.operator().map(|()| true),
            Some("IN") => {
                self.operator()?;
                if !self.next_is(0, &Token::LParen) {
                    return Err(self.error("IN needs a list").remedy("write it in parentheses: IN (429, 503)"));
                }
                self.open.push((Open::List, self.span()));
                self.accept();
                if matches!(self.word(0).as_deref(), Some("SELECT" | "WITH")) {
                    return Err(self.error("not supported: a subquery"));
                }
                Ok(true)
            }
            Some("IS") => {
                self.operator()?;
                if self.word(0).as_deref() == Some("NOT") {
                    self.accept();
                }
                match self.word(0).as_deref() {
                    Some("NULL" | "TRUE" | "FALSE") => self.accept(),
                    Some("DISTINCT") => return Err(self.error("not supported: IS DISTINCT FROM")),
                    _ => {
                        return Err(self
                            .error("IS asks for NULL, TRUE or FALSE")
                            .remedy("compare values with = or !="));
                    }
                }
                Ok(false)
            }
            _ => Err(words::no_keyword(self.source, upper.as_deref(), self.span())),
        }
    }

    fn operator(&mut self) -> Result<()> {
        self.operators += 1;
        if self.operators > MOST_OPERATORS {
            let error = self.error(format!("the predicate has more than {MOST_OPERATORS} operators"));
            return Err(error.remedy("write a list of values with IN"));
        }
        self.accept();
        Ok(())
    }
}
