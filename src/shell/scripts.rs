//! Commands that take time or run other commands: sleep, sh, xargs, watch.

use super::host::Host;
use super::output::Output;
use super::parser::parse;
use super::process::{Process, Watch};
use super::run::Code;
use super::syntax::{Joint, List, Pipeline, Wrong};
use std::rc::Rc;

/// The milliseconds of `1`, `0.5`, `2s`, `1m`.
pub fn span(text: &str) -> Option<i64> {
    let (digits, unit) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(digits) => (digits, text.chars().next_back()?),
        None => (text, 's'),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    if whole < 0 || !is_digits(digits.replace('.', "").as_str()) || !is_digits(fraction) {
        return None;
    }
    let unit = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        _ => 86_400,
    };
    whole.checked_mul(1_000)?.checked_add(millis)?.checked_mul(unit)
}

/// Waits for simulated time.
pub fn sleep(words: &[String], host: &dyn Host, out: &mut Output) -> Process {
    let mut total: i64 = 0;
    if words.is_empty() {
        out.error("sleep: missing operand\nTry 'sleep --help' for more information.");
        return Process::Done(1);
    }
    for word in words {
        let Some(own) = span(word) else {
            out.error(&match host.is_busybox() {
                true => format!("sleep: invalid number '{word}'"),
                false => format!("sleep: invalid time interval '{word}'"),
            });
            return Process::Done(1);
        };
        total = total.saturating_add(own);
    }
    Process::Sleep(host.now().saturating_add(total))
}

/// `sh -c`, `sh file`, `source file`, `eval`.
pub fn script(
    name: &str,
    words: &[String],
    host: &mut dyn Host,
    stdin: &mut Option<String>,
    out: &mut Output,
) -> Process {
    let (text, arguments) = match words {
        _ if name == "eval" => (Ok(words.join(" ")), None),
        [option, text, rest @ ..] if option.starts_with('-') && option.ends_with('c') => {
            let own = if rest.is_empty() { vec![name.to_owned()] } else { rest.to_vec() };
            (Ok(text.clone()), Some(own))
        }
        [path, ..] if !path.starts_with('-') => (host.read(path), Some(words.to_vec())),
        _ => match stdin.take() {
            Some(text) => (Ok(text), None),
            None => return Process::Done(0),
        },
    };
    let text = match text {
        Ok(text) => text,
        Err(why) => {
            let path = words.first().map(String::as_str).unwrap_or_default();
            out.error(&format!("{name}: {path}: {why}"));
            return Process::Done(127);
        }
    };
    match parse(&text, &Rc::default()) {
        Ok(list) => {
            let code = Code::new(&list).reading(stdin.take());
            Process::Code(Box::new(match arguments {
                Some(arguments) => code.with_arguments(arguments),
                None => code,
            }))
        }
        Err(Wrong::Incomplete) => {
            out.error(&format!("{name}: syntax error: unexpected end of file"));
            Process::Done(2)
        }
        Err(Wrong::Error(text)) => {
            out.error(&text);
            Process::Done(2)
        }
    }
}

/// Runs a command with words that are read.
pub fn xargs(words: &[String], stdin: &mut Option<String>, out: &mut Output) -> Process {
    let (mut most, mut place, mut at) = (usize::MAX, None, 0);
    let mut is_null = false;
    while let Some(option) = words.get(at).filter(|word| word.starts_with('-')) {
        let letter = option.get(1..2).unwrap_or_default();
        let own = option.get(2..).unwrap_or_default();
        match letter {
            "n" | "I" | "L" | "P" => {
                let value = if own.is_empty() {
                    at += 1;
                    words.get(at).cloned().unwrap_or_default()
                } else {
                    own.to_owned()
                };
                match letter {
                    "n" | "L" => most = value.parse().unwrap_or(1).max(1),
                    "I" => place = Some(value).filter(|it| !it.is_empty()),
                    _ => {}
                }
            }
            "0" => is_null = true,
            "r" | "t" => {}
            _ => {
                out.error(&format!("xargs: invalid option -- '{letter}'"));
                return Process::Done(1);
            }
        }
        at += 1;
    }
    let own = words.get(at..).filter(|own| !own.is_empty());
    let own = own.map_or(vec!["echo".to_owned()], <[String]>::to_vec);
    let text = stdin.take().unwrap_or_default();
    let items: Vec<&str> = match &place {
        _ if is_null => text.split('\0').filter(|it| !it.is_empty()).collect(),
        Some(_) => text.lines().map(str::trim).filter(|it| !it.is_empty()).collect(),
        None => text.split_whitespace().collect(),
    };
    let commands: Vec<Pipeline> = match &place {
        Some(place) => items
            .iter()
            .map(|item| own.iter().map(|word| word.replacen(place.as_str(), item, 8)))
            .map(Pipeline::of_words)
            .collect(),
        None => items
            .chunks(most.min(items.len().max(1)))
            .map(|chunk| own.iter().cloned().chain(chunk.iter().map(|it| (*it).to_owned())))
            .map(Pipeline::of_words)
            .collect(),
    };
    let commands = commands.into_iter().map(|command| (Joint::Always, command)).collect();
    Process::Code(Box::new(Code::new(&List(commands))))
}

/// Runs a command again and again.
pub fn watch(words: &[String], host: &mut dyn Host, out: &mut Output) -> Process {
    let (mut interval, mut at) = (2_000, 0);
    while let Some(option) = words.get(at).filter(|word| word.starts_with('-')) {
        if let Some(own) = option.strip_prefix("-n").or(option.strip_prefix("--interval=")) {
            let value = if own.is_empty() {
                at += 1;
                words.get(at).map(String::as_str).unwrap_or_default()
            } else {
                own
            };
            let Some(millis) = span(value) else {
                out.error(&format!("watch: failed to parse argument: '{value}'"));
                return Process::Done(1);
            };
            interval = millis.max(100);
        }
        at += 1;
    }
    let title = words.get(at..).unwrap_or_default().join(" ");
    if title.is_empty() {
        out.error("Usage:\n watch [options] command");
        return Process::Done(1);
    }
    let aliases = Rc::clone(&host.session().aliases);
    match parse(&title, &aliases) {
        Ok(list) => {
            let next = host.now();
            Process::Watch(Box::new(Watch { list, title, interval, next, current: None }))
        }
        Err(_) => {
            out.error(&format!("sh: syntax error in `{title}'"));
            Process::Done(2)
        }
    }
}
