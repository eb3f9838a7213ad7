//! Filters of JSONPath, such as `[?(@.status=="True")]`, and how values compare.

use super::{Budget, Path, unquoted};
use serde_json::Value;
use std::cmp::Ordering;

/// What an item must have, or how what it has compares to something else.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(Operand, Option<(Comparison, Operand)>);

#[derive(Clone, Debug, PartialEq)]
enum Operand {
    Path(Path),
    Literal(Value),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Filter {
    /// Reads a filter such as `@.name=="a"`, without its brackets.
    ///
    /// # Errors
    /// The parser's words.
    pub fn parse(text: &str) -> Result<Self, String> {
        const OPERATORS: [(&str, Comparison); 6] = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        for (sign, comparison) in OPERATORS {
            if let Some((left, right)) = text.split_once(sign) {
                let right = Some((comparison, operand(right.trim())?));
                return Ok(Self(operand(left.trim())?, right));
            }
        }
        Ok(Self(operand(text)?, None))
    }

    /// Whether an item of a list passes.
    ///
    /// # Errors
    /// An index beyond a list.
    pub fn holds(&self, root: &Value, item: &Value, budget: &Budget) -> Result<bool, String> {
        let Self(left, right) = self;
        budget.look(1)?;
        let Some(left) = left.value(root, item, budget)? else { return Ok(false) };
        let Some((comparison, right)) = right else { return Ok(true) };
        let Some(right) = right.value(root, item, budget)? else { return Ok(false) };
        let order = compare(left, right);
        Ok(match comparison {
            Comparison::Equal => left == right || order == Some(Ordering::Equal),
            Comparison::NotEqual => left != right,
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::Greater => order == Some(Ordering::Greater),
            Comparison::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Comparison::GreaterOrEqual => {
                matches!(order, Some(Ordering::Greater | Ordering::Equal))
            }
        })
    }
}

impl Operand {
    fn value<'a>(
        &'a self,
        root: &'a Value,
        item: &'a Value,
        budget: &Budget,
    ) -> Result<Option<&'a Value>, String> {
        Ok(match self {
            Self::Literal(literal) => Some(literal),
            Self::Path(path) => path.find_in(root, item, false, budget)?.first().copied(),
        })
    }
}

fn operand(text: &str) -> Result<Operand, String> {
    if text.starts_with(['"', '\'']) {
        return Ok(Operand::Literal(unquoted(text)?.into()));
    }
    match serde_json::from_str::<Value>(text) {
        Ok(literal) if !text.starts_with('[') => Ok(Operand::Literal(literal)),
        _ => Path::parse(text).map(Operand::Path),
    }
}

/// How two values are sorted; none if they are of different types.
pub fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
        },
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        _ => None,
    }
}
