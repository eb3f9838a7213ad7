//! What words become: variables, substitutions, splitting, braces, names of files.

use super::arithmetic;
use super::host::Host;
use super::output::{Output, Stream};
use super::pattern::matches;
use super::run::Code;
use super::syntax::{List, Part, Word};

/// How many bytes the words of a command may have.
const SIZE: usize = 256 << 10;
/// How many words braces may make.
const BRACES: usize = 1_000;

/// A field: texts, and whether `*` and `?` have their meaning in them.
type Field = Vec<(String, bool)>;

/// The words of a command.
///
/// # Errors
/// A substitution that waits, `${x?}`, or too much text.
pub fn words(words: &[Word], host: &mut dyn Host, out: &mut Output) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    let mut size = 0;
    for word in words.iter().flat_map(braces) {
        let mut fields = Fields::default();
        for (number, part) in word.iter().enumerate() {
            fields.part(part, number == 0, host, out)?;
        }
        for field in fields.finish() {
            let names = globbed(&field, host);
            size += names.iter().map(|name| name.len() + 8).sum::<usize>();
            if size > SIZE {
                return Err("bash: argument list too long".into());
            }
            all.extend(names);
        }
    }
    Ok(all)
}

/// A word that stays one: a value, a file, a here-document.
///
/// # Errors
/// As of [`words`].
pub fn text(word: &Word, host: &mut dyn Host, out: &mut Output) -> Result<String, String> {
    let mut text = String::new();
    for (number, part) in word.iter().enumerate() {
        match part {
            Part::Quoted(own) => text.push_str(own),
            Part::Plain(own) if number == 0 => text.push_str(&home(own, host)),
            Part::Plain(own) => text.push_str(own),
            _ => text.push_str(&value(part, host, out)?),
        }
        if text.len() > SIZE {
            return Err("bash: argument list too long".into());
        }
    }
    Ok(text)
}

/// `~` at the beginning of a word.
fn home(text: &str, host: &mut dyn Host) -> String {
    match text.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            format!("{}{rest}", host.session().value("HOME"))
        }
        _ => text.into(),
    }
}

/// What a variable or a substitution gives.
fn value(part: &Part, host: &mut dyn Host, out: &mut Output) -> Result<String, String> {
    match part {
        Part::Quoted(text) | Part::Plain(text) => Ok(text.clone()),
        Part::Substitution { list, .. } => substitution(list, host, out),
        Part::Arithmetic(word) => {
            let expression = text(word, host, out)?;
            let session = host.session();
            let result = arithmetic::evaluate(&expression, &|name| session.value(name));
            result.map(|it| it.to_string()).map_err(|why| format!("bash: {expression}: {why}"))
        }
        Part::Variable { name, default, is_length, .. } => {
            let value = host.session().value(name);
            if *is_length {
                return Ok(value.chars().count().to_string());
            }
            let Some((operator, word)) = default else { return Ok(value) };
            match operator {
                '+' if value.is_empty() => Ok(value),
                '+' => text(word, host, out),
                '#' => {
                    let cut = text(word, host, out)?;
                    let cut = cut.trim_start_matches('#');
                    let ends = value.char_indices().map(|(at, _)| at).chain([value.len()]);
                    let end = ends
                        .take(256)
                        .find(|end| matches(cut, value.get(..*end).unwrap_or_default()));
                    Ok(end.and_then(|end| value.get(end..)).unwrap_or(&value).to_owned())
                }
                '%' => {
                    let cut = text(word, host, out)?;
                    let cut = cut.trim_start_matches('%');
                    let begins: Vec<usize> = value.char_indices().map(|(at, _)| at).collect();
                    let begin = begins.into_iter().rev().take(256);
                    let begin = begin
                        .chain([value.len()])
                        .find(|begin| matches(cut, value.get(*begin..).unwrap_or_default()));
                    Ok(begin.and_then(|end| value.get(..end)).unwrap_or(&value).to_owned())
                }
                _ if !value.is_empty() => Ok(value),
                '?' => {
                    let why = text(word, host, out)?;
                    let why = if why.is_empty() { "parameter null or not set".into() } else { why };
                    Err(format!("bash: {name}: {why}"))
                }
                _ => {
                    let value = text(word, host, out)?;
                    if *operator == '=' {
                        host.session().variables.set(name, value.clone());
                    }
                    Ok(value)
                }
            }
        }
    }
}

fn substitution(list: &List, host: &mut dyn Host, out: &mut Output) -> Result<String, String> {
    let mut own = Output::default();
    host.session().substitutions += 1;
    let ended = Code::new(list).poll(host, &mut own);
    host.session().substitutions -= 1;
    let Some(status) = ended else {
        return Err("bash: $(..): only commands that end at once are simulated in it".into());
    };
    host.session().status = status;
    let mut text = String::new();
    for (stream, piece) in own.take() {
        match stream {
            Stream::Out => text.push_str(&piece),
            Stream::Err => out.push(Stream::Err, &piece),
        }
    }
    text.truncate(text.trim_end_matches('\n').len());
    Ok(text)
}

#[derive(Default)]
struct Fields {
    done: Vec<Field>,
    current: Option<Field>,
    size: usize,
}

impl Fields {
    fn push(&mut self, text: &str, is_plain: bool) {
        self.current.get_or_insert_default().push((text.into(), is_plain));
    }

    fn part(
        &mut self,
        part: &Part,
        is_first: bool,
        host: &mut dyn Host,
        out: &mut Output,
    ) -> Result<(), String> {
        match part {
            Part::Quoted(text) => self.push(text, false),
            Part::Plain(text) if is_first => self.push(&home(text, host), true),
            Part::Plain(text) => self.push(text, true),
            Part::Variable { name, default: None, is_quoted: true, .. } if name == "@" => {
                let arguments = host.session().arguments.get(1..).unwrap_or_default().to_vec();
                for (number, argument) in arguments.iter().enumerate() {
                    if number > 0 {
                        self.done.extend(self.current.take());
                    }
                    self.push(argument, false);
                }
            }
            _ => {
                let value = value(part, host, out)?;
                self.size = self.size.saturating_add(value.len());
                if self.size > SIZE {
                    return Err("bash: argument list too long".into());
                }
                let is_quoted = matches!(
                    part,
                    Part::Variable { is_quoted: true, .. }
                        | Part::Substitution { is_quoted: true, .. }
                        | Part::Arithmetic(_)
                );
                match is_quoted {
                    true => self.push(&value, false),
                    false => self.split(&value),
                }
            }
        }
        Ok(())
    }

    /// The words of an unquoted value.
    fn split(&mut self, value: &str) {
        let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n');
        for (number, piece) in value.split(is_blank).enumerate() {
            if number > 0 {
                self.done.extend(self.current.take());
            }
            if !piece.is_empty() {
                self.push(piece, true);
            }
        }
    }

    fn finish(mut self) -> Vec<Field> {
        self.done.extend(self.current.take());
        self.done
    }
}

/// The names of files that a field means; the field itself if it means none.
fn globbed(field: &Field, host: &dyn Host) -> Vec<String> {
    let text: String = field.iter().map(|(text, _)| text.as_str()).collect();
    let is_pattern = field.iter().any(|(text, is_plain)| *is_plain && text.contains(['*', '?']));
    if !is_pattern || text.len() > 1_000 {
        return vec![text];
    }
    let mut pattern = String::new();
    for (text, is_plain) in field {
        for c in text.chars() {
            if !is_plain && "*?\\".contains(c) {
                pattern.push('\\');
            }
            pattern.push(c);
        }
    }
    let (folder, last) = match pattern.rsplit_once('/') {
        Some((folder, last)) => (Some(folder), last),
        None => (None, pattern.as_str()),
    };
    let names = host.names(folder.unwrap_or(".")).unwrap_or_default();
    let fits =
        |name: &String| (last.starts_with('.') || !name.starts_with('.')) && matches(last, name);
    let found: Vec<String> = names
        .into_iter()
        .filter(fits)
        .map(|name| folder.map_or(name.clone(), |folder| format!("{folder}/{name}")))
        .collect();
    if found.is_empty() { vec![text] } else { found }
}

/// The words that braces make: `web-{0,1}`, `{0..2}`.
fn braces(word: &Word) -> Vec<Word> {
    let (mut open, mut done) = (vec![word.clone()], Vec::new());
    while let Some(word) = open.pop() {
        match brace(&word).filter(|_| open.len() + done.len() < BRACES) {
            Some(words) if words.len() < BRACES => open.extend(words.into_iter().rev()),
            _ => done.push(word),
        }
    }
    done
}

/// The words of the first braces of a word.
fn brace(word: &Word) -> Option<Vec<Word>> {
    word.iter().enumerate().find_map(|(number, part)| {
        let Part::Plain(text) = part else { return None };
        let begin = text.find('{')?;
        let (before, rest) = text.split_at(begin);
        let inner = rest.get(1..)?;
        let end = closing(inner)?;
        let (inner, after) = (inner.get(..end)?, inner.get(end + 1..)?);
        let choices = choices(inner)?;
        Some(
            choices
                .into_iter()
                .map(|choice| {
                    let mut word = word.clone();
                    if let Some(part) = word.get_mut(number) {
                        *part = Part::Plain(format!("{before}{choice}{after}"));
                    }
                    word
                })
                .collect(),
        )
    })
}

/// Where the brace that is open closes.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => {}
        }
    }
    None
}

fn choices(inner: &str) -> Option<Vec<String>> {
    if let Some((first, last)) = inner.split_once("..") {
        let (first, last): (i64, i64) = (first.parse().ok()?, last.parse().ok()?);
        if first.abs_diff(last) >= BRACES as u64 {
            return None;
        }
        return Some(match first <= last {
            true => (first..=last).map(|it| it.to_string()).collect(),
            false => (last..=first).rev().map(|it| it.to_string()).collect(),
        });
    }
    let (mut choices, mut open) = (vec![String::new()], 0_usize);
    for c in inner.chars() {
        match c {
            ',' if open == 0 => {
                choices.push(String::new());
                continue;
            }
            '{' => open += 1,
            '}' => open = open.saturating_sub(1),
            _ => {}
        }
        choices.last_mut()?.push(c);
    }
    (choices.len() > 1).then_some(choices)
}
