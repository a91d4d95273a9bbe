//! From text to a tree: SQL's parser decides the structure, an allow-list decides what may be in it.

use sqlparser::ast::{BinaryOperator, Expr, InTarget, Spanned, UnaryOperator};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Span};

use super::like::{LIKE, Letters, Pattern};
use super::position::Source;
use super::tokens::tokens;
use super::tree::{Condition, Operator};
use super::words;
use crate::error::{Error, Result};

/// How deep the parser and the tree may go; the words are checked against a lower limit before.
const DEEPEST: usize = 100;

/// Parses a whole text.
pub(crate) fn parse(text: &str) -> Result<Condition> {
    let source = Source::new(text);
    let tokens = tokens(&source).map_err(words::say_what_is_accepted)?;
    let dialect = GenericDialect {};
    let mut parser = Parser::new(&dialect).with_recursion_limit(DEEPEST).with_tokens_with_locations(tokens);
    let expression = parser.parse_expr().map_err(|error| failed(&source, &error))?;
    let next = parser.peek_token();
    if next.token != sqlparser::tokenizer::Token::EOF {
        let found = source.quote(next.span);
        return Err(source.error(format!("the predicate should end before {found}"), next.span));
    }
    Tree { source: &source }.condition(&expression, 0)
}

/// The parser's own complaint, with its place taken out of the words.
fn failed(source: &Source<'_>, error: &ParserError) -> Error {
    let message = match error {
        ParserError::RecursionLimitExceeded => {
            return Error::spec("the predicate is nested too deep").column(1).remedy("write it with fewer parentheses");
        }
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
    };
    let (words, place) = message.split_once(" at Line: ").unwrap_or((message, ""));
    let mut numbers = place.split(", Column: ").map_while(|number| number.trim().parse().ok());
    let position = match (numbers.next(), numbers.next()) {
        (Some(line), Some(column)) => source.position(Location { line, column }),
        _ => source.end(),
    };
    let words = words.replace("Expected: ", "expected ").replace("found: ", "found ").replace("EOF", "the end");
    Error::spec(format!("the predicate cannot be read: {words}")).column(position)
}

/// Turns the parser's expressions into ours.
pub(crate) struct Tree<'a> {
    pub(crate) source: &'a Source<'a>,
}

impl Tree<'_> {
    pub(crate) fn condition(&self, expression: &Expr, depth: usize) -> Result<Condition> {
        self.not_too_deep(expression, depth)?;
        let operand = |value: &Expr| self.operand(value, depth + 1);
        let inner = |inner: &Expr| self.condition(inner, depth + 1).map(Box::new);
        let negate = |condition, negated| {
            if negated { Condition::Not(Box::new(condition)) } else { condition }
        };
        Ok(match expression {
            Expr::Nested(inner) => self.condition(inner, depth + 1)?,
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => Condition::Not(inner(expr)?),
            Expr::BinaryOp { op: BinaryOperator::And, .. } => {
                Condition::All(self.chain(expression, &BinaryOperator::And, depth)?)
            }
            Expr::BinaryOp { op: BinaryOperator::Or, .. } => {
                Condition::Any(self.chain(expression, &BinaryOperator::Or, depth)?)
            }
            Expr::BinaryOp { left, op, right } => match operator(op) {
                Some(operator) => Condition::Compare { left: operand(left)?, operator, right: operand(right)? },
                None => Condition::Value(operand(expression)?),
            },
            Expr::IsNull(expr) => Condition::IsNull(inner(expr)?),
            Expr::IsNotNull(expr) => negate(Condition::IsNull(inner(expr)?), true),
            Expr::IsTrue(expr) => Condition::Is(inner(expr)?, true),
            Expr::IsNotTrue(expr) => negate(Condition::Is(inner(expr)?, true), true),
            Expr::IsFalse(expr) => Condition::Is(inner(expr)?, false),
            Expr::IsNotFalse(expr) => negate(Condition::Is(inner(expr)?, false), true),
            Expr::In { expr, target: InTarget::List(list), negated, global: false } => {
                let list = list.iter().map(|item| self.literal(item)).collect::<Result<_>>()?;
                negate(Condition::In { operand: operand(expr)?, list }, *negated)
            }
            Expr::Between { expr, negated, low, high } => {
                let between = Condition::Between { operand: operand(expr)?, low: operand(low)?, high: operand(high)? };
                negate(between, *negated)
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char }
            | Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                let escape = escape_char.as_deref().map(|escape| self.escape(escape)).transpose()?;
                let letters = if matches!(expression, Expr::ILike { .. }) { Letters::Folded } else { Letters::Exact };
                let pattern = self.pattern(LIKE, pattern, |text| Pattern::compile(text, escape, letters))?;
                negate(Condition::Like { operand: operand(expr)?, pattern }, *negated)
            }
            Expr::Identifier(_)
            | Expr::Value(_)
            | Expr::UnaryOp { op: UnaryOperator::Minus, .. }
            | Expr::Case { .. }
            | Expr::Function(_) => Condition::Value(operand(expression)?),
            _ => return Err(self.refused(expression)),
        })
    }

    /// The links of `a AND b AND c`, which the parser gives as a tree as deep as the chain is long.
    fn chain(&self, expression: &Expr, joint: &BinaryOperator, depth: usize) -> Result<Vec<Condition>> {
        let mut links = Vec::new();
        let mut rest = expression;
        while let Expr::BinaryOp { left, op, right } = rest
            && op == joint
        {
            links.push(self.condition(right, depth + 1)?);
            rest = left;
        }
        links.push(self.condition(rest, depth + 1)?);
        links.reverse();
        Ok(links)
    }

    /// Whether an expression is still near enough to the whole of the predicate.
    pub(crate) fn not_too_deep(&self, expression: &Expr, depth: usize) -> Result<()> {
        if depth <= DEEPEST {
            return Ok(());
        }
        let error = self.error("the predicate is nested too deep", expression);
        Err(error.remedy("write it with fewer parentheses and fewer operators"))
    }

    /// The last word for what the check of the words let through.
    pub(crate) fn refused(&self, expression: &Expr) -> Error {
        self.error("not supported: this part of SQL", expression)
    }

    pub(crate) fn error(&self, message: &str, expression: &Expr) -> Error {
        let span = expression.span();
        if span == Span::empty() { Error::spec(message).column(1) } else { self.source.error(message, span) }
    }
}

fn operator(operator: &BinaryOperator) -> Option<Operator> {
    Some(match operator {
        BinaryOperator::Eq => Operator::Equal,
        BinaryOperator::NotEq => Operator::NotEqual,
        BinaryOperator::Lt => Operator::Less,
        BinaryOperator::LtEq => Operator::LessOrEqual,
        BinaryOperator::Gt => Operator::Greater,
        BinaryOperator::GtEq => Operator::GreaterOrEqual,
        _ => return None,
    })
}
