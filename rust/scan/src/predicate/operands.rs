//! The values of the tree: columns, literals, arithmetic, `CASE` and functions.

use sqlparser::ast::{
    BinaryOperator, Expr, Function as Call, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Spanned,
    UnaryOperator, Value as Constant, ValueWithSpan,
};

use super::functions::Function;
use super::like::LIKE;
use super::parse::Tree;
use super::regexp::Regexp;
use super::tree::{Column, Literal, Operand, Sign, Value};
use crate::error::{Error, Result};

impl Tree<'_> {
    /// A value where no condition may stand.
    pub(crate) fn operand(&self, expression: &Expr, depth: usize) -> Result<Operand> {
        match self.choice(expression, depth)? {
            Operand::Condition { .. } => {
                let error =
                    self.error("a comparison takes a column or a value here, not another condition", expression);
                Err(error.remedy("join conditions with AND or OR, or ask for one with IS TRUE"))
            }
            operand => Ok(operand),
        }
    }

    /// A value, or a condition whose truth is the value.
    fn choice(&self, expression: &Expr, depth: usize) -> Result<Operand> {
        self.not_too_deep(expression, depth)?;
        Ok(match expression {
            Expr::Nested(inner) => self.choice(inner, depth + 1)?,
            Expr::Identifier(Ident { value, span, .. }) => {
                let quoted = self.source.slice(*span).starts_with('"');
                let position = self.source.position(span.start);
                Operand::Column(Column { name: value.clone(), quoted, position })
            }
            Expr::Value(_) => Operand::Literal(self.literal(expression)?),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match self.operand(expr, depth + 1)? {
                Operand::Literal(literal) => Operand::Literal(self.negative(literal, expression)?),
                operand => Operand::Negative(Box::new(operand)),
            },
            Expr::BinaryOp { left, op, right } if sign(op).is_some() => Operand::Arithmetic {
                left: Box::new(self.operand(left, depth + 1)?),
                sign: sign(op).ok_or_else(|| self.refused(expression))?,
                right: Box::new(self.operand(right, depth + 1)?),
            },
            Expr::Case { .. } => self.case(expression, depth)?,
            Expr::Function(call) => self.call(call, expression, depth)?,
            _ => Operand::Condition {
                condition: Box::new(self.condition(expression, depth + 1)?),
                position: self.source.position(expression.span().start),
            },
        })
    }

    fn case(&self, expression: &Expr, depth: usize) -> Result<Operand> {
        let Expr::Case { case_token, operand, conditions, else_result, .. } = expression else {
            return Err(self.refused(expression));
        };
        let position = self.source.position(case_token.0.span.start);
        let choice = |value: &Expr| self.choice(value, depth + 1);
        let otherwise = else_result.as_deref().map(choice).transpose()?.map(Box::new);
        Ok(match operand {
            Some(subject) => Operand::Simple {
                subject: Box::new(self.operand(subject, depth + 1)?),
                branches: conditions
                    .iter()
                    .map(|branch| Ok((self.operand(&branch.condition, depth + 1)?, choice(&branch.result)?)))
                    .collect::<Result<_>>()?,
                otherwise,
                position,
            },
            None => Operand::Searched {
                branches: conditions
                    .iter()
                    .map(|branch| Ok((self.condition(&branch.condition, depth + 1)?, choice(&branch.result)?)))
                    .collect::<Result<_>>()?,
                otherwise,
                position,
            },
        })
    }

    fn call(&self, call: &Call, expression: &Expr, depth: usize) -> Result<Operand> {
        let name = call.name.0.first().and_then(|part| part.as_ident());
        let Some((function, name)) = name.and_then(|name| Some((Function::named(&name.value)?, name))) else {
            return Err(self.refused(expression));
        };
        let FunctionArguments::List(list) = &call.args else {
            return Err(self.refused(expression));
        };
        let plain = list.duplicate_treatment.is_none()
            && list.clauses.is_empty()
            && call.filter.is_none()
            && call.over.is_none()
            && call.null_treatment.is_none()
            && call.within_group.is_empty();
        if !plain {
            return Err(self.refused(expression));
        }
        if function == Function::RegexpLike
            && let Some(matches) = self.matches(&list.args, name, depth)?
        {
            return Ok(matches);
        }
        let argument = |argument: &FunctionArg| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) if function == Function::Coalesce => {
                self.choice(value, depth + 1)
            }
            FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => self.operand(value, depth + 1),
            _ => Err(self.refused(expression)),
        };
        let arguments = list.args.iter().map(argument).collect::<Result<Vec<_>>>()?;
        if !function.takes().contains(&arguments.len()) {
            let message = format!("{} does not take {}", function.name(), values(arguments.len()));
            let error = self.source.error(message, name.span);
            return Err(error.remedy(function.usage()));
        }
        Ok(Operand::Call { function, arguments, position: self.source.position(name.span.start) })
    }

    /// A call of `regexp_like`, whose pattern is no value.
    fn matches(&self, list: &[FunctionArg], name: &Ident, depth: usize) -> Result<Option<Operand>> {
        let [FunctionArg::Unnamed(FunctionArgExpr::Expr(text)), FunctionArg::Unnamed(FunctionArgExpr::Expr(pattern))] =
            list
        else {
            return Ok(None);
        };
        let pattern = self.pattern(Function::RegexpLike.name(), pattern, Regexp::compile)?;
        let text = Box::new(self.operand(text, depth + 1)?);
        Ok(Some(Operand::Matches { text, pattern, position: self.source.position(name.span.start) }))
    }

    /// A pattern in quotes; nothing for NULL.
    pub(crate) fn pattern<T>(
        &self,
        what: &str,
        expression: &Expr,
        compile: impl FnOnce(&str) -> Result<T>,
    ) -> Result<Option<T>> {
        match self.literal(expression) {
            Ok(Literal { value: Value::Null, .. }) => Ok(None),
            Ok(Literal { value: Value::Text(text), position }) => {
                let error = |error: Error| error.column(position).value(&text);
                compile(&text).map(Some).map_err(error)
            }
            _ => {
                let error = self.error(&format!("{what} takes a pattern in quotes"), expression);
                Err(error
                    .remedy(format!("write it like {}", if what == LIKE { "'/health%'" } else { "'^/api/v[0-9]'" })))
            }
        }
    }

    pub(crate) fn literal(&self, expression: &Expr) -> Result<Literal> {
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
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => self.negative(self.literal(expr)?, expression),
            _ => {
                let error = self.error("a value should stand here", expression);
                Err(error.remedy("write a number, 'text', TRUE, FALSE or NULL"))
            }
        }
    }

    /// The literal with a minus sign before it.
    fn negative(&self, literal: Literal, expression: &Expr) -> Result<Literal> {
        let value = match literal.value {
            Value::Number(number) => match number.strip_prefix('-') {
                Some(positive) => Value::Number(positive.to_owned()),
                None => Value::Number(format!("-{number}")),
            },
            Value::Null => Value::Null,
            _ => {
                let error = self.error("a minus sign stands only before a number", expression);
                return Err(error.remedy("leave it out"));
            }
        };
        Ok(Literal { value, ..literal })
    }

    /// The character after `ESCAPE`.
    pub(crate) fn escape(&self, expression: &Expr) -> Result<char> {
        if let Literal { value: Value::Text(text), .. } = self.literal(expression)? {
            let mut letters = text.chars();
            if let (Some(letter), None) = (letters.next(), letters.next()) {
                return Ok(letter);
            }
        }
        Err(self.error("ESCAPE takes one character in quotes", expression).remedy("write it like ESCAPE '\\'"))
    }
}

fn values(count: usize) -> String {
    if count == 1 { "1 value".to_owned() } else { format!("{count} values") }
}

fn sign(operator: &BinaryOperator) -> Option<Sign> {
    Some(match operator {
        BinaryOperator::Plus => Sign::Plus,
        BinaryOperator::Minus => Sign::Minus,
        BinaryOperator::Multiply => Sign::Times,
        BinaryOperator::Divide => Sign::Over,
        BinaryOperator::Modulo => Sign::Remainder,
        _ => return None,
    })
}
