//! helm's commands and flags, from one table, and how a command line is read against it.
//!
//! Source: `helm <command> --help` of 3.22, github.com/spf13/cobra, github.com/spf13/pflag.

use super::ground::Failure;
use strsim::levenshtein;

/// The table; see its first lines.
const TABLE: &str = include_str!("verbs.txt");

/// Flags of every command.
const GLOBAL: &str = "burst-limit debug! h/help! kube-apiserver kube-as-group kube-as-user \
    kube-ca-file kube-context kube-insecure-skip-tls-verify! kube-tls-server-name kube-token \
    kubeconfig n/namespace qps registry-config repository-cache repository-config";

/// A command of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verb {
    /// Its words, joined by `_`.
    pub path: &'static str,
    /// What its first words are: `R` a release, `C` a chart, `F` a folder.
    pub words: &'static str,
    flags: &'static str,
    aliases: &'static str,
}

/// Every command.
pub fn verbs() -> impl Iterator<Item = Verb> {
    TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (line, aliases) = line.split_once('[').unwrap_or((line, ""));
        let mut parts = line.trim_end().splitn(3, ' ');
        let mut next = || parts.next().unwrap_or_default();
        Verb { path: next(), words: next(), flags: next(), aliases: aliases.trim_end_matches(']') }
    })
}

/// The commands of a level: of helm itself, or below one such as `get`.
pub fn children(parent: &str) -> Vec<&'static str> {
    let own = verbs().filter_map(|verb| match parent {
        "" => (!verb.path.contains('_')).then_some(verb.path),
        parent => verb.path.strip_prefix(parent)?.strip_prefix('_'),
    });
    own.collect()
}

impl Verb {
    /// Names of its flags, each with whether it takes a value.
    pub fn flags(self) -> impl Iterator<Item = Flag> {
        self.flags.split_whitespace().chain(GLOBAL.split_whitespace()).map(Flag::of)
    }

    fn is(self, name: &str) -> bool {
        self.path == name || self.aliases.split(' ').any(|alias| alias == name && !name.is_empty())
    }

    /// Its words.
    pub fn title(self) -> String {
        self.path.replace('_', " ")
    }
}

/// A flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its name.
    pub name: &'static str,
    /// Its one-letter name.
    pub shorthand: Option<char>,
    /// Whether it takes a value.
    pub takes: bool,
    /// Whether it may stand without.
    pub is_open: bool,
}

impl Flag {
    fn of(word: &'static str) -> Self {
        let (shorthand, rest) = match word.split_once('/') {
            Some((letter, rest)) => (letter.chars().next(), rest),
            None => (None, word),
        };
        let name = rest.trim_end_matches(['!', '?']);
        Self { name, shorthand, takes: !rest.ends_with('!'), is_open: rest.ends_with('?') }
    }
}

/// A command line that was read.
#[derive(Clone, Debug)]
pub struct Args {
    /// The command.
    pub verb: Verb,
    /// What is no flag.
    pub words: Vec<String>,
    /// Flags with their values, in their order.
    pub flags: Vec<(&'static str, String)>,
    /// The namespace of the context that is in use.
    pub default_namespace: Option<String>,
}

impl Args {
    /// The last value of a flag.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.flags.iter().rev().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a flag.
    pub fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.flags.iter().filter(move |(own, _)| *own == name).map(|(_, value)| value.as_str())
    }

    /// Whether a flag is set.
    pub fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| value != "false")
    }

    /// The namespace that the command is about.
    pub fn namespace(&self) -> &str {
        let own = self.text("namespace").filter(|it| !it.is_empty());
        own.or(self.default_namespace.as_deref()).unwrap_or("default")
    }
}

/// The words that are left of a command line.
type Words<'a> = std::vec::IntoIter<&'a String>;

/// Reads a command line.
///
/// # Errors
/// In cobra's words.
pub fn read(words: &[String]) -> Result<Option<Args>, Failure> {
    let mut path = String::new();
    let mut rest: Vec<&String> = Vec::new();
    let mut takes_path = true;
    let mut words_left = words.iter();
    while let Some(word) = words_left.next() {
        if !takes_path || word.starts_with('-') {
            rest.push(word);
            // The value of a global flag before the command is no command.
            let is_open = matches!(word.as_str(), "-n" | "--namespace" | "--kube-context");
            if takes_path && is_open {
                rest.extend(words_left.next());
            }
            continue;
        }
        let whole = if path.is_empty() { word.clone() } else { format!("{path}_{word}") };
        match verbs().find(|verb| verb.is(&whole)) {
            Some(verb) => path = verb.path.to_owned(),
            None if path.is_empty() => return Err(unknown(word)),
            None => rest.push(word),
        }
        takes_path = !children(&path).is_empty();
    }
    let Some(verb) = verbs().find(|verb| verb.path == path) else { return Ok(None) };
    let mut args = Args { verb, words: Vec::new(), flags: Vec::new(), default_namespace: None };
    let mut left = rest.into_iter();
    while let Some(word) = left.next() {
        if word == "--" {
            args.words.extend(left.by_ref().cloned());
            break;
        }
        if let Some(long) = word.strip_prefix("--") {
            args.read_long(long, &mut left)?;
        } else if word.len() > 1 && word.starts_with('-') {
            args.read_short(word, &mut left)?;
        } else {
            args.words.push(word.clone());
        }
    }
    Ok(Some(args))
}

impl Args {
    /// Reads what stands behind `--`, and the next word where the flag's value stands there.
    fn read_long(&mut self, long: &str, left: &mut Words<'_>) -> Result<(), Failure> {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        let Some(flag) = self.verb.flags().find(|flag| flag.name == name) else {
            return Err(Failure::new(format!("unknown flag: --{name}")));
        };
        let value = match (value, flag.takes) {
            (Some(value), _) => value,
            (None, false) => "true".into(),
            (None, true) if flag.is_open => "client".into(),
            (None, true) => match left.next() {
                Some(value) => value.clone(),
                None => return Err(Failure::new(format!("flag needs an argument: --{name}"))),
            },
        };
        self.flags.push((flag.name, value));
        Ok(())
    }

    /// Reads the letters behind one `-`: the first that takes a value takes all that follows.
    fn read_short(&mut self, word: &str, left: &mut Words<'_>) -> Result<(), Failure> {
        for (at, letter) in word.char_indices().skip(1) {
            let Some(flag) = self.verb.flags().find(|flag| flag.shorthand == Some(letter)) else {
                let why = format!("unknown shorthand flag: '{letter}' in {word}");
                return Err(Failure::new(why));
            };
            if !flag.takes {
                self.flags.push((flag.name, "true".into()));
                continue;
            }
            let behind = &word[at + letter.len_utf8()..];
            let value = match behind.strip_prefix('=').unwrap_or(behind) {
                "" => match left.next() {
                    Some(value) => value.clone(),
                    None => {
                        let why = format!("flag needs an argument: '{letter}' in {word}");
                        return Err(Failure::new(why));
                    }
                },
                value => value.to_owned(),
            };
            self.flags.push((flag.name, value));
            break;
        }
        Ok(())
    }
}

/// The refusal of a command that there is not.
fn unknown(word: &str) -> Failure {
    let near = |name: &&str| {
        levenshtein(word, name) <= 2 || name.to_lowercase().starts_with(&word.to_lowercase())
    };
    let mut names: Vec<&str> = children("").into_iter().filter(near).collect();
    names.sort_unstable();
    let mut text = format!("unknown command {word:?} for \"helm\"\n");
    if !names.is_empty() {
        text.push_str("\nDid you mean this?\n");
        names.iter().for_each(|name| text.push_str(&format!("\t{name}\n")));
        text.push('\n');
    }
    text.push_str("Run 'helm --help' for usage.");
    Failure::new(text)
}

/// Checks how many words a command has.
///
/// # Errors
/// `"helm status" requires 1 argument`, with how it is used.
pub fn check_words(args: &Args, least: usize, most: usize, usage: &str) -> Result<(), Failure> {
    let count = args.words.len();
    if (least..=most).contains(&count) {
        return Ok(());
    }
    let title = args.verb.title();
    let plural = if least == 1 { "argument" } else { "arguments" };
    let wants = match () {
        () if least == most => format!("requires {least} {plural}"),
        () if count < least => format!("requires at least {least} {plural}"),
        () => format!("accepts at most {most} arguments"),
    };
    Err(Failure::new(format!("\"helm {title}\" {wants}\n\nUsage:  helm {usage}")))
}
