//! Whole numbers of `$((..))`.

/// How deep parentheses may stand in each other.
const DEPTH: usize = 20;

/// Operators from those that bind least.
const LEVELS: [&[&str]; 6] =
    [&["||"], &["&&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

/// The value of an expression over variables.
///
/// # Errors
/// It is none, or divides by nothing.
pub fn evaluate(text: &str, variable: &dyn Fn(&str) -> String) -> Result<i64, String> {
    let mut reader = Reader { rest: text, variable, depth: 0 };
    if text.trim().is_empty() {
        return Ok(0);
    }
    let value = reader.binary(0)?;
    match reader.rest.trim() {
        "" => Ok(value),
        rest => Err(format!("syntax error in expression (error token is \"{rest}\")")),
    }
}

struct Reader<'a> {
    rest: &'a str,
    variable: &'a dyn Fn(&str) -> String,
    depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn binary(&mut self, level: usize) -> Result<i64, String> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = operators.iter().find(|operator| self.take(operator)) {
            let right = self.binary(level + 1)?;
            let divided = |value: Option<i64>| value.ok_or("division by 0".to_owned());
            left = match *operator {
                "||" => i64::from(left != 0 || right != 0),
                "&&" => i64::from(left != 0 && right != 0),
                "==" => i64::from(left == right),
                "!=" => i64::from(left != right),
                "<=" => i64::from(left <= right),
                ">=" => i64::from(left >= right),
                "<" => i64::from(left < right),
                ">" => i64::from(left > right),
                "+" => left.wrapping_add(right),
                "-" => left.wrapping_sub(right),
                "*" => left.wrapping_mul(right),
                "/" => divided(left.checked_div(right))?,
                _ => divided(left.checked_rem(right))?,
            };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("expression recursion level exceeded".into());
        }
        let value = if self.take("-") {
            self.unary()?.wrapping_neg()
        } else if self.take("+") {
            self.unary()?
        } else if self.take("!") {
            i64::from(self.unary()? == 0)
        } else if self.take("(") {
            let value = self.binary(0)?;
            if !self.take(")") {
                return Err("missing `)'".into());
            }
            value
        } else {
            self.operand()?
        };
        self.depth -= 1;
        Ok(value)
    }

    fn operand(&mut self) -> Result<i64, String> {
        let rest = self.rest.trim_start().trim_start_matches('$');
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        if word.is_empty() {
            return Err("syntax error: operand expected".into());
        }
        self.rest = rest;
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return word.parse().map_err(|_| "value too great for base".into());
        }
        Ok((self.variable)(word).trim().parse().unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes() {
        let value = |name: &str| if name == "i" { "4".into() } else { String::new() };
        for (text, wanted) in [
            ("1+2*3", Ok(7)),
            ("(1+2)*3", Ok(9)),
            ("i + 1", Ok(5)),
            ("$i%3", Ok(1)),
            ("-i", Ok(-4)),
            ("i>=4 && 1", Ok(1)),
            ("!none", Ok(1)),
            ("", Ok(0)),
            ("1/0", Err("division by 0".to_owned())),
        ] {
            assert_eq!(evaluate(text, &value), wanted, "{text}");
        }
        assert!(evaluate(&"(".repeat(1_000), &value).is_err());
        assert!(evaluate(&"-".repeat(1_000), &value).is_err());
    }
}
