//! Commands that every shell has: printing, conditions, variables, loops over time.

use super::conditions;
use super::host::Host;
use super::output::Output;
use super::process::{self, Process};
use super::scripts::{script, sleep, watch, xargs};
use super::words::{is_name, unescape};
use crate::api::timestamp::Moment;

/// Names of the commands, sorted.
pub const NAMES: [&str; 26] = [
    ":", "[", "[[", "bash", "date", "echo", "env", "eval", "exit", "export", "false", "printenv",
    "printf", "read", "seq", "set", "sh", "sleep", "source", "test", "time", "true", "unset",
    "watch", "xargs", "yes",
];

/// How many numbers `seq` prints.
const NUMBERS: u64 = 10_000;

/// Starts a command; none if there is no such command here.
pub fn start(
    words: &[String],
    host: &mut dyn Host,
    stdin: &mut Option<String>,
    out: &mut Output,
) -> Option<Process> {
    let (name, rest) = words.split_first()?;
    let status = match name.as_str() {
        "true" | ":" => 0,
        "false" => 1,
        "echo" => echo(rest, out),
        "printf" => printf(rest, host.is_busybox(), out),
        "test" | "[" | "[[" => conditions::run(name, rest, host, out),
        "seq" => seq(rest, out),
        "date" => date(rest, host, out),
        "export" => export(rest, host, out),
        "unset" => {
            rest.iter().for_each(|name| drop(host.session().variables.remove(name)));
            0
        }
        "set" => 0,
        "env" | "printenv" => env(name, rest, host, out),
        "read" => read(rest, host, stdin),
        "exit" => {
            let last = host.session().status;
            let status = rest.first().map_or(last, |text| text.parse().unwrap_or(2));
            host.session().exit = Some(status);
            status
        }
        "yes" => {
            out.error("yes: it would never end");
            1
        }
        "sleep" => return Some(sleep(rest, host, out)),
        "sh" | "bash" | "source" | "." | "eval" => {
            return Some(script(name, rest, host, stdin, out));
        }
        "xargs" => return Some(xargs(rest, stdin, out)),
        "watch" => return Some(watch(rest, host, out)),
        "time" => {
            let words: Vec<String> =
                rest.iter().skip_while(|word| *word == "time").cloned().collect();
            let since = host.now();
            let inner = process::start(&words, host, stdin, out);
            return Some(Process::Timed(since, Box::new(inner)));
        }
        _ => return None,
    };
    Some(Process::Done(status))
}

fn echo(words: &[String], out: &mut Output) -> i32 {
    let is_option = |word: &&String| {
        word.len() > 1
            && word.strip_prefix('-').is_some_and(|it| it.chars().all(|c| "neE".contains(c)))
    };
    let options: String = words.iter().take_while(is_option).map(String::as_str).collect();
    let text = words.iter().skip_while(is_option).map(String::as_str).collect::<Vec<_>>().join(" ");
    let (text, is_cut) = if options.contains('e') { unescape(&text, false) } else { (text, false) };
    out.print(&text);
    if !options.contains('n') && !is_cut {
        out.print("\n");
    }
    0
}

fn printf(words: &[String], is_busybox: bool, out: &mut Output) -> i32 {
    let Some((format, arguments)) = words.split_first() else {
        out.error(match is_busybox {
            true => "printf: usage: printf FORMAT [ARG]...",
            false => "printf: usage: printf [-v var] format [arguments]",
        });
        return 2;
    };
    let mut arguments = arguments.iter();
    loop {
        let before = arguments.len();
        let (text, is_cut) = formatted(format, &mut arguments);
        out.print(&text);
        if is_cut || arguments.len() == 0 || arguments.len() == before {
            return 0;
        }
    }
}

/// A format with its arguments, once.
fn formatted<'a>(format: &str, arguments: &mut impl Iterator<Item = &'a String>) -> (String, bool) {
    let (format, is_cut) = unescape(format, true);
    let mut text = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let mut spec = String::new();
        while let Some(c) = chars.peek().copied().filter(|c| "-+0 #.123456789".contains(*c)) {
            spec.push(c);
            chars.next();
        }
        let (width, precision) = spec.split_once('.').unwrap_or((&spec, ""));
        let is_left = width.starts_with('-');
        let is_zero = width.starts_with('0');
        let width = width.trim_start_matches(['-', '+', '0', ' ', '#']).parse().unwrap_or(0);
        let width: usize = Ord::min(width, 1_000);
        let own = match chars.next() {
            Some('%') => "%".into(),
            Some('s') => {
                let own = arguments.next().map(String::as_str).unwrap_or_default();
                let most = precision.parse().unwrap_or(usize::MAX);
                own.chars().take(most).collect()
            }
            Some('b') => unescape(arguments.next().map_or("", String::as_str), false).0,
            Some('q') => format!("'{}'", arguments.next().map_or("", String::as_str)),
            Some('d' | 'i' | 'u') => {
                let own = arguments.next().and_then(|own| own.trim().parse::<i64>().ok());
                own.unwrap_or(0).to_string()
            }
            Some('c') => arguments
                .next()
                .and_then(|own| own.chars().next())
                .map(String::from)
                .unwrap_or_default(),
            Some(c) => format!("%{spec}{c}"),
            None => "%".into(),
        };
        text.push_str(&match (is_left, is_zero) {
            (true, _) => format!("{own:<width$}"),
            (false, true) => format!("{own:0>width$}"),
            (false, false) => format!("{own:>width$}"),
        });
    }
    (text, is_cut)
}

fn seq(words: &[String], out: &mut Output) -> i32 {
    let (separator, words) = match words {
        [option, separator, rest @ ..] if option == "-s" => (separator.as_str(), rest),
        _ => ("\n", words),
    };
    let mut numbers = Vec::new();
    for word in words {
        match word.parse::<i64>() {
            Ok(number) => numbers.push(number),
            Err(_) => {
                out.error(&format!("seq: invalid floating point argument: '{word}'"));
                return 1;
            }
        }
    }
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] => (*first, *step, *last),
        [] => {
            out.error("seq: missing operand");
            return 1;
        }
        _ => {
            out.error("seq: extra operand");
            return 1;
        }
    };
    if step == 0 {
        out.error("seq: invalid Zero increment value: '0'");
        return 1;
    }
    if first.abs_diff(last) / step.unsigned_abs() > NUMBERS {
        out.error(&format!("seq: more than {NUMBERS} numbers are not simulated"));
        return 1;
    }
    let mut all = Vec::new();
    let mut at = Some(first);
    while let Some(number) = at.filter(|it| if step > 0 { *it <= last } else { *it >= last }) {
        all.push(number.to_string());
        at = number.checked_add(step);
    }
    if !all.is_empty() {
        out.line(&all.join(separator));
    }
    0
}

fn date(words: &[String], host: &dyn Host, out: &mut Output) -> i32 {
    let moment = Moment::of(host.now());
    let Moment { year, month, day, hour, minute, second, milli, .. } = moment;
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    let Some(format) = words.iter().find_map(|word| word.strip_prefix('+')) else {
        if words.iter().any(|word| word.starts_with("-I")) {
            out.line(&format!("{year:04}-{month:02}-{day:02}"));
        } else if words.iter().any(|word| word == "-R") {
            out.line(&moment.rfc1123z());
        } else {
            let (weekday, name) = (moment.weekday(), moment.month_name());
            out.line(&format!("{weekday} {name} {day:>2} {clock} UTC {year}"));
        }
        return 0;
    };
    let mut text = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        text.push_str(&match chars.next() {
            Some('Y') => format!("{year:04}"),
            Some('m') => format!("{month:02}"),
            Some('d') => format!("{day:02}"),
            Some('H') => format!("{hour:02}"),
            Some('M') => format!("{minute:02}"),
            Some('S') => format!("{second:02}"),
            Some('N') => format!("{milli:03}000000"),
            Some('T') => clock.clone(),
            Some('F') => format!("{year:04}-{month:02}-{day:02}"),
            Some('s') => host.now().div_euclid(1_000).to_string(),
            Some('a') => moment.weekday().into(),
            Some('b') => moment.month_name().into(),
            Some('Z') => "UTC".into(),
            Some(c) => c.to_string(),
            None => "%".into(),
        });
    }
    out.line(&text);
    0
}

fn export(words: &[String], host: &mut dyn Host, out: &mut Output) -> i32 {
    let session = host.session();
    let mut status = 0;
    for word in words.iter().filter(|word| !word.starts_with('-')) {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word.as_str(), None),
        };
        if !is_name(name) {
            out.error(&format!("bash: export: `{word}': not a valid identifier"));
            status = 1;
            continue;
        }
        if let Some(value) = value {
            session.variables.set(name, value);
        }
        session.export(name);
    }
    if words.is_empty() {
        for name in &session.exported {
            out.line(&format!("declare -x {name}=\"{}\"", session.value(name)));
        }
    }
    status
}

fn env(own: &str, words: &[String], host: &mut dyn Host, out: &mut Output) -> i32 {
    let session = host.session();
    if words.is_empty() {
        let mut names: Vec<&String> = session.exported.iter().collect();
        names.sort();
        names.dedup();
        for name in names {
            out.line(&format!("{name}={}", session.value(name)));
        }
        return 0;
    }
    let mut status = 0;
    for name in words {
        match session.variables.get(name) {
            Some(value) => out.line(value),
            None if own == "env" => {
                out.error(&format!("env: '{name}': No such file or directory"));
                status = 127;
            }
            None => status = 1,
        }
    }
    status
}

fn read(words: &[String], host: &mut dyn Host, stdin: &mut Option<String>) -> i32 {
    let names: Vec<&String> = words.iter().filter(|word| is_name(word)).collect();
    let Some(text) = stdin.as_mut().filter(|text| !text.is_empty()) else { return 1 };
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (line, rest) = (line.to_owned(), rest.to_owned());
    *text = rest;
    let mut remaining = line.trim();
    let variables = &mut host.session().variables;
    for (number, name) in names.iter().enumerate() {
        let (word, behind) = match remaining.split_once(char::is_whitespace) {
            Some(pair) if number + 1 < names.len() => pair,
            _ => (remaining, ""),
        };
        variables.set(name, word);
        remaining = behind.trim_start();
    }
    if names.is_empty() {
        variables.set("REPLY", line);
    }
    0
}
