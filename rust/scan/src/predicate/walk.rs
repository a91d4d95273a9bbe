//! The words of a predicate, checked one after the other.
//!
//! A predicate alternates between values and what joins them. Walking over the words with that in mind finds every
//! mistake where it is made, refuses the rest of SQL by its name, and leaves the parser a text without surprises:
//! every word that is not one of ours is a column, whatever it means elsewhere in SQL.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Word};

use super::functions::Function;
use super::open::Open;
use super::position::Source;
use super::words::{self, Role};
use crate::error::{Error, Result};

/// How deep parentheses, signs, `NOT` and `CASE` may stand inside each other.
const DEEPEST: usize = 32;
/// How many operators a predicate may have: far past what a person writes.
const MOST_OPERATORS: usize = 1_000;

/// Checks the order of the words and gives them as the parser should read them.
pub(crate) fn walk(source: &Source<'_>, tokens: &[TokenWithSpan]) -> Result<Vec<TokenWithSpan>> {
    let mut walk =
        Walk { source, tokens, at: 0, out: Vec::with_capacity(tokens.len()), open: Vec::new(), operators: 0 };
    walk.predicate()?;
    Ok(walk.out)
}

/// Whether the sign stands between two values.
fn is_operator(token: &Token) -> bool {
    let compares = matches!(token, Token::Eq | Token::Neq | Token::Lt | Token::LtEq | Token::Gt | Token::GtEq);
    compares || matches!(token, Token::Plus | Token::Minus | Token::Mul | Token::Div | Token::Mod)
}

/// The walk over the words.
struct Walk<'a> {
    source: &'a Source<'a>,
    tokens: &'a [TokenWithSpan],
    at: usize,
    out: Vec<TokenWithSpan>,
    open: Vec<(Open, Span)>,
    operators: usize,
}

impl<'a> Walk<'a> {
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
                    if self.out.last().is_some_and(|before| is_operator(&before.token)) {
                        let error = self.error("a comparison takes a column or a value here, not another condition");
                        return Err(error.remedy("join conditions with AND or OR, or ask for one with IS TRUE"));
                    }
                    prefixes += 1;
                    self.accept();
                }
                Token::Minus => {
                    prefixes += 1;
                    self.accept();
                }
                Token::LParen => self.open(Open::Group),
                Token::Word(Word { quote_style: None, .. }) if self.begins_case() => {
                    self.open(Open::Case);
                    if self.word(0).as_deref() == Some("WHEN") {
                        self.case_word("WHEN")?;
                    }
                }
                Token::Word(word) if self.begins_call(word)? => {
                    self.push_name(word.value.to_lowercase(), token.span);
                    self.at += 1;
                    self.open(Open::Call);
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
        self.push_name(name, Span::new(span.start, end));
        Ok(())
    }

    /// In quotes the parser takes any word for a name; the position still tells whether the writer quoted it.
    fn push_name(&mut self, name: String, span: Span) {
        let word = Word { value: name, quote_style: Some('"'), keyword: Keyword::NoKeyword };
        self.out.push(TokenWithSpan::new(Token::Word(word), span));
    }

    /// Takes what opens something.
    fn open(&mut self, what: Open) {
        self.open.push((what, self.span()));
        self.accept();
    }

    /// Whether the word begins a `CASE`; it may also be a column of that name.
    fn begins_case(&self) -> bool {
        self.word(0).as_deref() == Some("CASE") && self.opens()
    }

    /// Whether the word is a function that may be called here.
    fn begins_call(&self, word: &Word) -> Result<bool> {
        if !self.next_is(1, &Token::LParen) || words::is_constant(&word.value) {
            return Ok(false);
        }
        match self.word(0).as_deref().map(words::role) {
            Some(Role::Opens(_) | Role::Joins | Role::Parts) => Ok(false),
            Some(Role::Name) if Function::named(&word.value).is_some() => Ok(true),
            _ => Err(words::function(self.source, &word.value, self.span())),
        }
    }

    /// Takes a word of the `CASE` that is open; true if a value has to follow.
    fn case_word(&mut self, upper: &str) -> Result<bool> {
        let Some((case, _)) = self.open.last_mut() else {
            return Ok(false);
        };
        match case.after(upper) {
            Ok(Some(next)) => *case = next,
            Ok(None) => {
                self.open.pop();
            }
            Err(wanted) => {
                return Err(self.error(format!("{wanted} should stand before {upper}")).remedy(words::CASE));
            }
        }
        self.accept();
        Ok(upper != "END")
    }

    /// Refuses a word that begins something that is no value.
    fn refuse(&self, upper: &str) -> Result<()> {
        let in_case = self.open.last().is_some_and(|(open, _)| open.is_case());
        match words::role(upper) {
            Role::Opens(what) if self.opens() => Err(self.error(what)),
            Role::Joins => Err(self.error(format!("a column or a value should stand before {upper}"))),
            Role::Parts if in_case => Err(self
                .error(format!("a column or a value should stand before {upper}"))
                .remedy("in a CASE, write a column of that name in double quotes")),
            _ => Ok(()),
        }
    }

    /// Whether something follows that cannot follow a column, so that the word opens what it says.
    fn opens(&self) -> bool {
        let follows = matches!(
            self.tokens.get(self.at + 1).map(|token| &token.token),
            Some(Token::Word(_) | Token::Number(_, _) | Token::SingleQuotedString(_) | Token::LParen)
        );
        follows && !self.joins_after()
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
                    Some((open, place)) if open.is_case() => {
                        Err(self.source.error("this CASE is never closed", *place).remedy(words::CASE))
                    }
                    Some((_, place)) => Err(self.source.error("this parenthesis is never closed", *place)),
                    None => Ok(true),
                };
            };
            match &token.token {
                Token::RParen => match self.open.pop() {
                    Some((open, _)) if open.is_case() => {
                        return Err(self.error("END should stand before )").remedy(words::CASE));
                    }
                    Some(_) => self.accept(),
                    None => return Err(self.error("this parenthesis was never opened")),
                },
                Token::Comma if matches!(self.open.last(), Some((Open::List | Open::Call, _))) => {
                    self.accept();
                    return Ok(false);
                }
                operator if is_operator(operator) => {
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
        if let Some(part) = upper.as_deref().filter(|word| matches!(words::role(word), Role::Parts))
            && self.open.last().is_some_and(|(open, _)| open.is_case())
        {
            return self.case_word(part);
        }
        if upper.as_deref() == Some("NOT") {
            match self.word(1).as_deref() {
                Some("IN" | "BETWEEN" | "LIKE" | "ILIKE") => self.accept(),
                Some(other) if matches!(words::role(other), Role::Refused(_)) => self.at += 1,
                _ => {
                    return Err(self.error("NOT stands before a condition, or before IN, BETWEEN, LIKE or ILIKE"));
                }
            }
            upper = self.word(0);
        }
        match upper.as_deref() {
            Some("AND" | "OR" | "BETWEEN" | "LIKE" | "ILIKE" | "ESCAPE") => self.operator().map(|()| true),
            Some("IN") => {
                self.operator()?;
                if !self.next_is(0, &Token::LParen) {
                    return Err(self.error("IN needs a list").remedy("write it in parentheses: IN (429, 503)"));
                }
                self.open(Open::List);
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
