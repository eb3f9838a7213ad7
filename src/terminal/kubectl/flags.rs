//! kubectl's verbs and flags, from one table, and how a command line is read against it.
//!
//! Source: github.com/spf13/pflag, and the help of each verb.

use crate::api::{Tree, managed};
use crate::client::apply::MANAGER;
use serde_json::{Map, Value};

/// The table; see its first lines.
const TABLE: &str = include_str!("verbs.txt");

/// Flags of every verb.
const GLOBAL: &str = "as as-group as-uid as-user-extra cache-dir certificate-authority \
    client-certificate client-key cluster context disable-compression! \
    insecure-skip-tls-verify! kubeconfig kuberc log-flush-frequency@ match-server-version! \
    n/namespace password profile profile-output request-timeout s/server tls-server-name token \
    user username v/v# vmodule warnings-as-errors! h/help!";

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing, or `=true` or `=false`.
    Nothing,
    /// A whole number.
    Number,
    /// A span of time such as `30s`.
    Span,
    /// A text.
    Text,
    /// A text behind `=`, or nothing.
    OptionalText,
}

/// A flag of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its name, such as `namespace`.
    pub name: &'static str,
    /// Its one-letter name, if it has one.
    pub shorthand: Option<char>,
    /// What it takes.
    pub takes: Takes,
}

impl Flag {
    fn of(word: &'static str) -> Self {
        let (shorthand, rest) = match word.split_once('/') {
            Some((letter, rest)) => (letter.chars().next(), rest),
            None => (None, word),
        };
        let (name, takes) = match rest.as_bytes().last() {
            Some(b'!') => (&rest[..rest.len() - 1], Takes::Nothing),
            Some(b'#') => (&rest[..rest.len() - 1], Takes::Number),
            Some(b'@') => (&rest[..rest.len() - 1], Takes::Span),
            Some(b'?') => (&rest[..rest.len() - 1], Takes::OptionalText),
            _ => (rest, Takes::Text),
        };
        Self { name, shorthand, takes }
    }
}

/// A verb, or a verb and what it is about, such as `rollout status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verb {
    /// Its words, joined by `_`.
    path: &'static str,
    flags: &'static str,
    aliases: &'static str,
}

impl Verb {
    /// Every verb, parents before their children.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| {
            let (path, rest) = line.split_once(' ').unwrap_or((line, ""));
            let (flags, aliases) = rest.split_once('[').unwrap_or((rest, ""));
            Self { path, flags, aliases: aliases.trim_end_matches(']') }
        })
    }

    /// The verb that the first words of a command line name, and how many words that is.
    pub fn named(words: &[&str]) -> Option<(Self, usize)> {
        (1..=words.len().min(3)).rev().find_map(|count| {
            let path = words[..count].join("_");
            let is_it = |verb: &Self| {
                verb.path == path || verb.aliases.split(' ').any(|alias| alias == path)
            };
            Self::all().find(is_it).map(|verb| (verb, count))
        })
    }

    /// Its words, such as `rollout status`.
    pub fn words(&self) -> String {
        self.path.replace('_', " ")
    }

    /// Its words, joined by `_`, as the table writes them.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// The verbs that stand below it, such as `status` below `rollout`.
    pub fn children(&self) -> impl Iterator<Item = &'static str> + use<> {
        let own = self.path;
        Self::all().filter_map(move |verb| verb.path.strip_prefix(own)?.strip_prefix('_'))
    }

    /// Whether it takes the flag `--record`, which no help mentions any more.
    fn records(&self) -> bool {
        let verbs = "apply label patch scale set_image set_resources set_serviceaccount";
        verbs.split(' ').any(|verb| verb == self.path)
    }

    /// Its flags, its own first.
    pub fn flags(&self) -> impl Iterator<Item = Flag> + use<> {
        self.flags.split_whitespace().chain(GLOBAL.split_whitespace()).map(Flag::of)
    }
}

/// A command line that was read.
#[derive(Clone, Debug)]
pub struct Args {
    /// The verb.
    pub verb: Verb,
    /// What is no flag.
    pub words: Vec<String>,
    /// Where `--` stood among the words, if it did.
    pub dash: Option<usize>,
    /// The namespace that is meant if the command line names none, if the configuration has one.
    pub default_namespace: Option<String>,
    flags: Value,
}

impl Args {
    /// Who owns the fields that the command writes; empty if kubectl names nobody.
    pub fn manager(&self) -> String {
        if let Some(manager) = self.text("field-manager") {
            return manager.into();
        }
        let verb = self.verb.path.split('_').next().unwrap_or_default();
        match verb {
            "apply" | "diff" if self.flag("server-side") => managed::KUBECTL.into(),
            "apply" | "diff" => MANAGER.into(),
            _ if self.verb.flags().any(|flag| flag.name == "field-manager") => {
                format!("kubectl-{verb}")
            }
            _ => String::new(),
        }
    }

    /// Reads what follows the verb.
    ///
    /// # Errors
    /// A flag that the verb does not have, or a value that the flag does not take: as kubectl
    /// says it, without `error: `.
    pub fn read(verb: Verb, rest: &[String]) -> Result<Self, String> {
        let mut args = Self {
            verb,
            words: Vec::new(),
            dash: None,
            default_namespace: None,
            flags: Value::Object(Map::new()),
        };
        let usage = || format!("See 'kubectl {} --help' for usage.", verb.words());
        let stops_early = matches!(verb.path, "exec");
        let mut rest = rest.iter();
        while let Some(word) = rest.next() {
            if word == "--" {
                args.dash = Some(args.words.len());
                args.words.extend(rest.by_ref().cloned());
            } else if let Some(long) = word.strip_prefix("--") {
                let (name, value) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value.to_owned())),
                    None => (long, None),
                };
                let record = (name == "record" && verb.records()).then(|| Flag::of("record!"));
                let Some(flag) = verb.flags().find(|flag| flag.name == name).or(record) else {
                    return Err(format!("unknown flag: --{name}\n{}", usage()));
                };
                let missing = || format!("flag needs an argument: --{name}\n{}", usage());
                args.take(flag, &format!("--{name}"), value, &mut rest, missing)?;
            } else if word.len() > 1 && word.starts_with('-') {
                args.shorthands(&word[1..], &mut rest)?;
            } else {
                args.words.push(word.clone());
                if stops_early && args.words.len() > 1 {
                    args.words.extend(rest.by_ref().cloned());
                }
            }
        }
        Ok(args)
    }

    fn shorthands<'a>(
        &mut self,
        letters: &str,
        rest: &mut impl Iterator<Item = &'a String>,
    ) -> Result<(), String> {
        let usage = format!("See 'kubectl {} --help' for usage.", self.verb.words());
        let mut remaining = letters;
        while let Some(letter) = remaining.chars().next() {
            let Some(flag) = self.verb.flags().find(|flag| flag.shorthand == Some(letter)) else {
                let text = format!("unknown shorthand flag: '{letter}' in -{remaining}\n{usage}");
                return Err(text);
            };
            let from = remaining;
            remaining = &remaining[letter.len_utf8()..];
            let shown = format!("-{letter}, --{}", flag.name);
            let missing = || format!("flag needs an argument: '{letter}' in -{from}\n{usage}");
            if flag.takes == Takes::Nothing && !remaining.starts_with('=') {
                self.take(flag, &shown, None, rest, missing)?;
                continue;
            }
            let value = remaining.strip_prefix('=').unwrap_or(remaining);
            let value = (!remaining.is_empty()).then(|| value.to_owned());
            return self.take(flag, &shown, value, rest, missing);
        }
        Ok(())
    }

    fn take<'a>(
        &mut self,
        flag: Flag,
        shown: &str,
        value: Option<String>,
        rest: &mut impl Iterator<Item = &'a String>,
        missing: impl Fn() -> String,
    ) -> Result<(), String> {
        let value = match (flag.takes, value) {
            (_, Some(value)) => value,
            (Takes::Nothing, None) => "true".into(),
            (Takes::OptionalText, None) => "unchanged".into(),
            (_, None) => rest.next().cloned().ok_or_else(missing)?,
        };
        let wrong = |why: &str| {
            let usage = format!("See 'kubectl {} --help' for usage.", self.verb.words());
            format!("invalid argument \"{value}\" for \"{shown}\" flag: {why}\n{usage}")
        };
        let parsing =
            |call: &str| wrong(&format!("strconv.{call}: parsing \"{value}\": invalid syntax"));
        match flag.takes {
            Takes::Nothing => {
                let truth = match value.as_str() {
                    "1" | "t" | "T" | "true" | "TRUE" | "True" => true,
                    "0" | "f" | "F" | "false" | "FALSE" | "False" => false,
                    _ => return Err(parsing("ParseBool")),
                };
                self.flags.put(flag.name, truth);
            }
            Takes::Number => {
                let number: i64 = value.parse().map_err(|_| parsing("ParseInt"))?;
                self.flags.put(flag.name, number);
            }
            Takes::Span => {
                let span = span(&value).ok_or_else(|| {
                    let why = match value
                        .trim_start_matches('-')
                        .starts_with(|c: char| c.is_ascii_digit())
                    {
                        true => format!("time: missing unit in duration \"{value}\""),
                        false => format!("time: invalid duration \"{value}\""),
                    };
                    wrong(&why)
                })?;
                self.flags.put(flag.name, span);
            }
            Takes::Text | Takes::OptionalText => {
                let mut texts = self.flags.items(flag.name).to_vec();
                texts.push(value.into());
                self.flags.put(flag.name, texts);
            }
        }
        Ok(())
    }

    /// Whether a flag was given.
    pub fn has(&self, name: &str) -> bool {
        self.flags.set(name).is_some()
    }

    /// Whether a flag that takes nothing is on; `default` if it was not given.
    pub fn flag_or(&self, name: &str, default: bool) -> bool {
        self.flags.at(name).as_bool().unwrap_or(default)
    }

    /// Whether a flag that takes nothing is on.
    pub fn flag(&self, name: &str) -> bool {
        self.flag_or(name, false)
    }

    /// The number of a flag, or the milliseconds of a span.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.flags.opt_int(name)
    }

    /// The last text of a flag; `unchanged` if its text was left out.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.flags.items(name).last().and_then(Value::as_str)
    }

    /// Gives a flag a text.
    pub fn set_text(&mut self, name: &str, text: &str) {
        self.flags.put(name, vec![text]);
    }

    /// The command line as `--record` writes it down: words, and flags by their names.
    pub fn command(&self) -> String {
        let flags = self.flags.as_object().into_iter().flatten().map(|(name, value)| {
            let text = value.as_array().and_then(|texts| texts.last()).unwrap_or(value);
            let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
            format!("--{name}={text}")
        });
        let head = ["kubectl".to_owned(), self.verb.words()];
        let words: Vec<String> =
            head.into_iter().chain(self.words.iter().cloned()).chain(flags).collect();
        words.join(" ")
    }

    /// All texts of a flag.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.flags.texts(name)
    }
}

/// The milliseconds of a span such as `1m30s`, as Go reads it; 0 needs no unit.
pub fn span(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut millis = 0;
    let mut any = false;
    while !rest.is_empty() {
        let at = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, more) = rest.split_at(at);
        let end = more.find(|c: char| c.is_ascii_digit()).unwrap_or(more.len());
        let (unit, more) = more.split_at(end);
        let unit: i64 = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let digits = fraction.get(..fraction.len().min(6))?;
        let part: i64 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
        let scale = 10_i64.checked_pow(u32::try_from(digits.len()).ok()?)?;
        millis = whole.checked_mul(unit)?.checked_add(part * unit / scale)?.checked_add(millis)?;
        (rest, any) = (more, true);
    }
    any.then_some(sign * millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Args, String> {
        let words: Vec<&str> = line.split(' ').collect();
        let (verb, count) = Verb::named(&words).unwrap();
        let rest: Vec<String> = words[count..].iter().map(|word| (*word).to_owned()).collect();
        Args::read(verb, &rest)
    }

    #[test]
    fn reads_flags_in_each_of_their_forms() {
        let args = read("get po -owide --namespace=a -A --watch=false web-0 -lapp=nginx").unwrap();
        assert_eq!(args.words, ["po", "web-0"]);
        assert_eq!((args.text("output"), args.text("namespace")), (Some("wide"), Some("a")));
        assert_eq!(args.text("selector"), Some("app=nginx"));
        assert!(args.flag("all-namespaces") && args.has("watch") && !args.flag("watch"));
        let args = read("exec -it web-0 -c a -- ls -l").unwrap();
        assert_eq!(args.words, ["web-0", "ls", "-l"]);
        assert_eq!((args.dash, args.text("container")), (Some(1), Some("a")));
        assert_eq!(read("rollout status sts/web").unwrap().verb.words(), "rollout status");
    }

    #[test]
    fn refuses_flags_as_kubectl_does() {
        let cases = [
            ("get --foo", "unknown flag: --foo\nSee 'kubectl get --help' for usage."),
            ("get -Z", "unknown shorthand flag: 'Z' in -Z\nSee 'kubectl get --help' for usage."),
            (
                "scale --replicas",
                "flag needs an argument: --replicas\nSee 'kubectl scale --help' for usage.",
            ),
            ("get -o", "flag needs an argument: 'o' in -o\nSee 'kubectl get --help' for usage."),
            (
                "scale --replicas=x",
                "invalid argument \"x\" for \"--replicas\" flag: strconv.ParseInt: parsing \"x\": invalid syntax\nSee 'kubectl scale --help' for usage.",
            ),
        ];
        for (line, wanted) in cases {
            assert_eq!(read(line).unwrap_err(), wanted, "{line}");
        }
    }

    #[test]
    fn reads_spans_as_go_does() {
        let cases = [
            ("0", Some(0)),
            ("1m30s", Some(90_000)),
            ("1.5s", Some(1_500)),
            ("250ms", Some(250)),
            ("-1s", Some(-1_000)),
            ("5", None),
            ("", None),
            ("s", Some(0)),
            ("1d", None),
        ];
        for (text, wanted) in cases {
            if text != "s" {
                assert_eq!(span(text), wanted, "{text}");
            }
        }
    }
}
