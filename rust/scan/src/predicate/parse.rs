//! From text to a tree: SQL's parser decides the structure, an allow-list decides what may be in it.

use sqlparser::ast::{BinaryOperator, Expr, Ident, InTarget, Spanned, UnaryOperator, Value as Constant, ValueWithSpan};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Span};

use super::position::Source;
use super::tokens::tokens;
use super::tree::{Column, Condition, Literal, Operand, Operator, Value};
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
struct Tree<'a> {
    source: &'a Source<'a>,
}

impl Tree<'_> {
    fn condition(&self, expression: &Expr, depth: usize) -> Result<Condition> {
        if depth > DEEPEST {
            return Err(Error::spec("the predicate is nested too deep").column(1));
        }
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
            Expr::BinaryOp { left, op, right } => Condition::Compare {
                left: self.operand(left)?,
                operator: operator(op).ok_or_else(|| self.refused(expression))?,
                right: self.operand(right)?,
            },
            Expr::IsNull(expr) => Condition::IsNull(inner(expr)?),
            Expr::IsNotNull(expr) => negate(Condition::IsNull(inner(expr)?), true),
            Expr::IsTrue(expr) => Condition::Is(inner(expr)?, true),
            Expr::IsNotTrue(expr) => negate(Condition::Is(inner(expr)?, true), true),
            Expr::IsFalse(expr) => Condition::Is(inner(expr)?, false),
            Expr::IsNotFalse(expr) => negate(Condition::Is(inner(expr)?, false), true),
            Expr::In { expr, target: InTarget::List(list), negated, global: false } => {
                let list = list.iter().map(|item| self.literal(item)).collect::<Result<_>>()?;
                negate(Condition::In { operand: self.operand(expr)?, list }, *negated)
            }
            Expr::Between { expr, negated, low, high } => {
                let compare = |operator, bound: &Expr| {
                    Ok::<_, Error>(Condition::Compare {
                        left: self.operand(expr)?,
                        operator,
                        right: self.operand(bound)?,
                    })
                };
                let both = vec![compare(Operator::GreaterOrEqual, low)?, compare(Operator::LessOrEqual, high)?];
                negate(Condition::All(both), *negated)
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                let escape = escape_char.as_deref().map(|escape| self.escape(escape)).transpose()?;
                let pattern = self.literal(pattern)?;
                negate(Condition::Like { operand: self.operand(expr)?, pattern, escape }, *negated)
            }
            Expr::Identifier(_) | Expr::Value(_) | Expr::UnaryOp { op: UnaryOperator::Minus, .. } => {
                Condition::Value(self.operand(expression)?)
            }
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

    fn operand(&self, expression: &Expr) -> Result<Operand> {
        match expression {
            Expr::Nested(inner) => self.operand(inner),
            Expr::Identifier(Ident { value, span, .. }) => {
                let quoted = self.source.slice(*span).starts_with('"');
                let position = self.source.position(span.start);
                Ok(Operand::Column(Column { name: value.clone(), quoted, position }))
            }
            Expr::Value(_) | Expr::UnaryOp { op: UnaryOperator::Minus, .. } => {
                self.literal(expression).map(Operand::Literal)
            }
            _ => {
                let error =
                    self.error("a comparison takes a column or a value here, not another condition", expression);
                Err(error.remedy("join conditions with AND or OR, or ask for one with IS TRUE"))
            }
        }
    }

    fn literal(&self, expression: &Expr) -> Result<Literal> {
        match expression {
            Expr::Nested(inner) => self.literal(inner),
            Expr::Value(ValueWithSpan { value, span }) => {
                let value = match value {
                    Constant::Number(number, false) => Value::Number(number.clone()),
                    Constant::SingleQuotedString(text) => Value::Text(text.clone()),
                    Constant::Boolean(truth) => Value::Truth(*truth),
                    Constant::Null => Value::Null,
                    _ => return Err(self.refused(expression)),
                };
                Ok(Literal { value, position: self.source.position(span.start) })
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match self.literal(expr)? {
                Literal { value: Value::Number(number), position } if !number.starts_with('-') => {
                    Ok(Literal { value: Value::Number(format!("-{number}")), position })
                }
                _ => Err(self.error("a minus sign stands only before a number", expression)),
            },
            _ => {
                let error = self.error("a value should stand here", expression);
                Err(error.remedy("write a number, 'text', TRUE, FALSE or NULL"))
            }
        }
    }

    fn escape(&self, expression: &Expr) -> Result<char> {
        if let Literal { value: Value::Text(text), .. } = self.literal(expression)? {
            let mut letters = text.chars();
            if let (Some(letter), None) = (letters.next(), letters.next()) {
                return Ok(letter);
            }
        }
        Err(self.error("ESCAPE takes one character in quotes", expression).remedy("write it like ESCAPE '\\'"))
    }

    /// The last word for what the check of the words let through.
    fn refused(&self, expression: &Expr) -> Error {
        self.error("not supported: this part of SQL", expression)
    }

    fn error(&self, message: &str, expression: &Expr) -> Error {
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
