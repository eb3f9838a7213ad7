//! awk, as far as patterns, fields, `print` and whole numbers go.

use super::filter::{Filter, LINE, Made};
use super::options::Options;
use super::regex::{Budget, Dialect, Expression, TooLong, compile};
use super::searches::Searches;
use crate::shell::output::Output;
use crate::shell::session::Table;
use crate::shell::words::unescape;
use std::cmp::Ordering;

/// What stands in a program.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    Number(i64),
    Name(String),
    Regex(String),
    Mark(&'static str),
}

/// The marks, longer ones first.
const MARKS: [&str; 24] = [
    "&&", "||", "==", "!=", "<=", ">=", "!~", "+=", "++", "~", "<", ">", "!", "$", "(", ")", ",",
    "=", "+", "-", "*", "/", ";", "%",
];

/// A pattern and what is done for it.
#[derive(Clone)]
struct Rule {
    pattern: Vec<Token>,
    statements: Vec<Vec<Token>>,
}

/// awk with its program.
#[derive(Clone)]
struct Awk {
    rules: Vec<Rule>,
    separator: Option<Expression>,
    searches: Searches,
    variables: Table,
    number: i64,
    has_begun: bool,
    /// An error that ends it.
    error: Option<String>,
}

/// Reads the command line.
pub fn build(words: &[String]) -> Made {
    let mut options = Options::read("awk", words, "F:v:", &[])?;
    if options.rest.is_empty() {
        return Err("usage: awk [-F fs][-v var=value] 'prog' [file ...]".into());
    }
    let program = options.rest.remove(0);
    let separator = match options.value('F') {
        None | Some(" ") => None,
        Some("t") => Some("\t".to_owned()),
        Some(text) if text.chars().count() == 1 => Some(regex_lite::escape(text)),
        Some(text) => Some(unescape(text, false).0),
    };
    let separator = separator.map(|text| compile(&text, Dialect::Extended, false)).transpose();
    let separator = separator.map_err(|why| format!("awk: {why}"))?;
    let mut variables = Table::default();
    for (name, value) in options.values('v').filter_map(|text| text.split_once('=')) {
        variables.set(name, value);
    }
    let rules = rules(&program)?;
    let files = std::mem::take(&mut options.rest);
    let searches = Searches::default();
    let (number, has_begun, error) = (0, false, None);
    let awk = Awk { rules, separator, searches, variables, number, has_begun, error };
    Ok((Box::new(awk), files))
}

fn unsupported(program: &str) -> String {
    format!("awk: only patterns, print and whole numbers are simulated: {program}")
}

/// The rules of a program.
fn rules(program: &str) -> Result<Vec<Rule>, String> {
    let wrong = || unsupported(program);
    let (mut rules, mut rest) = (Vec::new(), program.trim());
    while !rest.is_empty() {
        let open = find(rest, '{').unwrap_or(rest.len());
        let (pattern, behind) = rest.split_at(open);
        let body = match behind.strip_prefix('{') {
            None => "print",
            Some(behind) => {
                let close = find(behind, '}').ok_or_else(wrong)?;
                rest = behind.get(close + 1..).unwrap_or_default().trim();
                rest = rest.trim_start_matches(';').trim();
                behind.get(..close).unwrap_or_default()
            }
        };
        if behind.is_empty() {
            rest = "";
        }
        let tokens = tokens(body).ok_or_else(wrong)?;
        let statements = tokens.split(|token| *token == Token::Mark(";"));
        let statements: Vec<Vec<Token>> =
            statements.filter(|it| !it.is_empty()).map(<[Token]>::to_vec).collect();
        rules.push(Rule { pattern: self::tokens(pattern).ok_or_else(wrong)?, statements });
    }
    Ok(rules)
}

/// Where a character stands outside of quotes.
fn find(text: &str, wanted: char) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.char_indices().find_map(|(at, c)| {
        if c == '"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = c == '\\' && !is_escaped;
        (c == wanted && !is_quoted).then_some(at)
    })
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let (mut tokens, mut rest) = (Vec::new(), text.trim_start());
    while let Some(c) = rest.chars().next() {
        let may_divide = matches!(
            tokens.last(),
            Some(Token::Number(_) | Token::Name(_) | Token::Text(_) | Token::Mark(")"))
        );
        if c == '"' || (c == '/' && !may_divide) {
            let inner = rest.get(1..)?;
            let mut is_escaped = false;
            let end = inner.char_indices().find(|(_, own)| {
                let ends = *own == c && !is_escaped;
                is_escaped = *own == '\\' && !is_escaped;
                ends
            });
            let (end, _) = end?;
            let own = inner.get(..end)?;
            tokens.push(match c {
                '"' => Token::Text(unescape(own, true).0),
                _ => Token::Regex(own.replace("\\/", "/")),
            });
            rest = inner.get(end + 1..)?;
        } else if c.is_ascii_alphanumeric() || c == '_' {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let (word, behind) = rest.split_at(rest.find(|c| !is_part(c)).unwrap_or(rest.len()));
            tokens.push(match word.parse() {
                Ok(number) => Token::Number(number),
                Err(_) => Token::Name(word.into()),
            });
            rest = behind;
        } else if c == '\n' {
            tokens.push(Token::Mark(";"));
            rest = rest.get(1..)?;
        } else {
            let mark = MARKS.iter().find(|mark| rest.starts_with(**mark))?;
            tokens.push(Token::Mark(mark));
            rest = rest.get(mark.len()..)?;
        }
        rest = rest.trim_start_matches([' ', '\t']);
    }
    Some(tokens)
}

/// A line as expressions see it.
struct Record<'a> {
    line: &'a str,
    fields: Vec<&'a str>,
    number: i64,
}

/// Reads expressions.
struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    record: &'a Record<'a>,
    variables: &'a Table,
    searches: &'a Searches,
    depth: usize,
}

/// The number that a text begins with.
fn number(text: &str) -> i64 {
    let text = text.trim_start();
    let sign = usize::from(text.starts_with('-'));
    let digits = text.get(sign..).unwrap_or_default();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    text.get(..sign + end).and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn is_number(text: &str) -> bool {
    text.trim().parse::<i64>().is_ok()
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, marks: &[&'static str]) -> Option<&'static str> {
        let Some(Token::Mark(mark)) = self.peek() else { return None };
        let mark = marks.iter().find(|own| *own == mark).copied()?;
        self.at += 1;
        Some(mark)
    }

    fn condition(&mut self) -> Option<String> {
        let mut left = self.comparison()?;
        while let Some(mark) = self.take(&["&&", "||"]) {
            let right = self.comparison()?;
            let (a, b) = (is_true(&left), is_true(&right));
            left = truth(if mark == "&&" { a && b } else { a || b });
        }
        Some(left)
    }

    fn comparison(&mut self) -> Option<String> {
        let left = self.joined()?;
        let Some(mark) = self.take(&["==", "!=", "<=", ">=", "!~", "~", "<", ">"]) else {
            return Some(left);
        };
        if mark.ends_with('~') {
            let pattern = match self.peek().cloned() {
                Some(Token::Regex(text)) => {
                    self.at += 1;
                    text
                }
                _ => self.joined()?,
            };
            let is_match = self.searches.is_match(&pattern, &left)?;
            return Some(truth(is_match == (mark == "~")));
        }
        let right = self.joined()?;
        let order = match is_number(&left) && is_number(&right) {
            true => number(&left).cmp(&number(&right)),
            false => left.cmp(&right),
        };
        Some(truth(match mark {
            "==" => order == Ordering::Equal,
            "!=" => order != Ordering::Equal,
            "<=" => order != Ordering::Greater,
            ">=" => order != Ordering::Less,
            "<" => order == Ordering::Less,
            _ => order == Ordering::Greater,
        }))
    }

    /// Texts one behind the other are joined.
    fn joined(&mut self) -> Option<String> {
        let mut text = self.sum()?;
        while matches!(
            self.peek(),
            Some(Token::Text(_) | Token::Number(_) | Token::Name(_) | Token::Mark("$" | "("))
        ) && text.len() < LINE
        {
            text.push_str(&self.sum()?);
        }
        Some(text)
    }

    fn sum(&mut self) -> Option<String> {
        let mut left = self.operand()?;
        while let Some(mark) = self.take(&["+", "-", "*", "/", "%"]) {
            let (a, b) = (number(&left), number(&self.operand()?));
            let value = match mark {
                "+" => a.wrapping_add(b),
                "-" => a.wrapping_sub(b),
                "*" => a.wrapping_mul(b),
                "/" => a.checked_div(b)?,
                _ => a.checked_rem(b)?,
            };
            left = value.to_string();
        }
        Some(left)
    }

    fn operand(&mut self) -> Option<String> {
        self.depth += 1;
        if self.depth > 32 {
            return None;
        }
        let token = self.peek()?.clone();
        self.at += 1;
        let value = match token {
            Token::Text(text) => text,
            Token::Number(number) => number.to_string(),
            Token::Name(name) => match name.as_str() {
                "NR" | "FNR" => self.record.number.to_string(),
                "NF" => self.record.fields.len().to_string(),
                _ => self.variables.get(&name).unwrap_or_default().to_owned(),
            },
            Token::Regex(text) => truth(self.searches.is_match(&text, self.record.line)?),
            Token::Mark("$") => {
                let at = number(&self.operand()?);
                let field = usize::try_from(at).ok()?;
                let field = match field.checked_sub(1) {
                    None => self.record.line,
                    Some(at) => self.record.fields.get(at).copied().unwrap_or_default(),
                };
                field.to_owned()
            }
            Token::Mark("(") => {
                let value = self.condition()?;
                self.take(&[")"])?;
                value
            }
            Token::Mark("!") => truth(!is_true(&self.operand()?)),
            Token::Mark("-") => number(&self.operand()?).wrapping_neg().to_string(),
            Token::Mark(_) => return None,
        };
        self.depth -= 1;
        self.searches.spend(16 + value.len())?;
        Some(value)
    }
}

fn truth(is: bool) -> String {
    if is { "1".into() } else { "0".into() }
}

fn is_true(text: &str) -> bool {
    if is_number(text) { number(text) != 0 } else { !text.is_empty() }
}

impl Awk {
    /// The fields of a line.
    fn fields<'l>(&self, line: &'l str) -> Result<Vec<&'l str>, TooLong> {
        let Some(separator) = self.separator.as_ref().filter(|_| !line.is_empty()) else {
            return Ok(line.split_whitespace().collect());
        };
        let (mut fields, mut start) = (Vec::new(), 0);
        for (at, end) in separator.places(line, &mut Budget::default(), true, |_| true)? {
            fields.push(line.get(start..at).unwrap_or_default());
            start = end;
        }
        fields.push(line.get(start..).unwrap_or_default());
        Ok(fields)
    }

    /// What has gone wrong in a part of the program.
    fn trouble(&self, part: &str) -> String {
        match self.searches.is_spent() {
            true => "awk: too much to do for one line".into(),
            false => unsupported(part),
        }
    }

    /// Runs the rules of the begin, of a line, or of the end.
    fn run(&mut self, phase: &str, line: &str, out: &mut Output) {
        self.searches.renew();
        let fields = match self.fields(line) {
            Ok(fields) => fields,
            Err(why) => {
                self.error = Some(why.told("awk"));
                return;
            }
        };
        let record = Record { line, fields, number: self.number };
        let mut variables = std::mem::take(&mut self.variables);
        for rule in &self.rules {
            let own = match rule.pattern.as_slice() {
                [Token::Name(name)] if name == "BEGIN" || name == "END" => name.as_str(),
                _ => "",
            };
            if own != phase {
                continue;
            }
            if own.is_empty() && !rule.pattern.is_empty() {
                let tokens = &rule.pattern;
                let (record, searches) = (&record, &self.searches);
                let variables = &variables;
                let mut reader = Reader { tokens, at: 0, record, variables, searches, depth: 0 };
                match reader.condition() {
                    Some(value) if is_true(&value) => {}
                    Some(_) => continue,
                    None => {
                        self.error = Some(self.trouble("a pattern"));
                        break;
                    }
                }
            }
            for statement in &rule.statements {
                if execute(statement, &record, &mut variables, &self.searches, out).is_none() {
                    self.error = Some(self.trouble("a statement"));
                    break;
                }
            }
            if self.error.is_some() {
                break;
            }
        }
        self.variables = variables;
    }
}

fn execute(
    tokens: &[Token],
    record: &Record,
    variables: &mut Table,
    searches: &Searches,
    out: &mut Output,
) -> Option<()> {
    searches.spend(16)?;
    let reader =
        |tokens, variables| Reader { tokens, at: 0, record, variables, searches, depth: 0 };
    match tokens {
        [Token::Name(name), rest @ ..] if name == "print" => {
            if rest.is_empty() {
                out.line(record.line);
                return Some(());
            }
            let mut reader = reader(rest, variables);
            let mut pieces = Vec::new();
            loop {
                pieces.push(reader.joined()?);
                if reader.take(&[","]).is_none() {
                    break;
                }
            }
            if reader.peek().is_some() {
                return None;
            }
            out.line(&pieces.join(variables.get("OFS").unwrap_or(" ")));
        }
        [Token::Name(name), Token::Mark("++")] => {
            let value = number(variables.get(name).unwrap_or_default()).wrapping_add(1);
            variables.set(name, value.to_string());
        }
        [Token::Name(name), Token::Mark(mark @ ("=" | "+=")), rest @ ..] => {
            let mut reader = reader(rest, variables);
            let value = reader.condition().filter(|it| it.len() < LINE)?;
            let value = match *mark {
                "=" => value,
                _ => {
                    let own = number(variables.get(name).unwrap_or_default());
                    own.wrapping_add(number(&value)).to_string()
                }
            };
            variables.set(name, value);
        }
        _ => return None,
    }
    Some(())
}

impl Filter for Awk {
    fn line(&mut self, line: &str, out: &mut Output) {
        if !std::mem::replace(&mut self.has_begun, true) {
            self.run("BEGIN", "", out);
        }
        self.number += 1;
        self.run("", line.strip_suffix('\n').unwrap_or(line), out);
    }

    fn finish(&mut self, out: &mut Output) -> i32 {
        if !std::mem::replace(&mut self.has_begun, true) {
            self.run("BEGIN", "", out);
        }
        if self.error.is_none() {
            self.run("END", "", out);
        }
        match self.error.take() {
            Some(text) => {
                out.error(&text);
                2
            }
            None => 0,
        }
    }

    fn is_done(&self) -> bool {
        self.error.is_some()
    }

    fn effort(&self, length: usize) -> usize {
        let fields = self.separator.as_ref().map_or(length, |regex| regex.steps(length));
        let parts =
            |rule: &Rule| rule.pattern.len() + rule.statements.iter().map(Vec::len).sum::<usize>();
        let parts: usize = self.rules.iter().map(parts).sum();
        let own = fields.saturating_add(parts.saturating_mul(32 + length));
        own.saturating_add(self.searches.steps(length))
    }
}
