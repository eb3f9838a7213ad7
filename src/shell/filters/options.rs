//! Options of programs, as getopt reads them.

/// Options with their values, and what is no option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Letters, in their order.
    pub given: Vec<(char, String)>,
    /// The operands.
    pub rest: Vec<String>,
}

impl Options {
    /// Reads words. `letters` has a `:` behind each letter that takes a value; `long` names them.
    ///
    /// # Errors
    /// An option that is not among them.
    pub fn read(
        program: &str,
        words: &[String],
        letters: &str,
        long: &[(&str, char)],
    ) -> Result<Self, String> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word == "--" {
                options.rest.extend(words.by_ref().cloned());
            } else if let Some(word) = word.strip_prefix("--") {
                let (name, value) = word.split_once('=').unwrap_or((word, ""));
                let Some((_, letter)) = long.iter().find(|(own, _)| *own == name) else {
                    return Err(format!("{program}: unrecognized option '--{name}'"));
                };
                let mut value = value.to_owned();
                if takes_value(letters, *letter) && !word.contains('=') {
                    let needs = || format!("{program}: option '--{name}' requires an argument");
                    value.clone_from(words.next().ok_or_else(needs)?);
                }
                options.given.push((*letter, value));
            } else if word.len() > 1 && word.starts_with('-') {
                let mut rest = word.chars().skip(1);
                while let Some(letter) = rest.next() {
                    if letter == ':' || !letters.contains(letter) {
                        return Err(format!("{program}: invalid option -- '{letter}'"));
                    }
                    let mut value = String::new();
                    if takes_value(letters, letter) {
                        value = rest.by_ref().collect();
                        if value.is_empty() {
                            let needs =
                                || format!("{program}: option requires an argument -- '{letter}'");
                            value.clone_from(words.next().ok_or_else(needs)?);
                        }
                    }
                    options.given.push((letter, value));
                }
            } else {
                options.rest.push(word.clone());
            }
        }
        Ok(options)
    }

    /// Whether an option is given.
    pub fn has(&self, letter: char) -> bool {
        self.given.iter().any(|(own, _)| *own == letter)
    }

    /// The value of an option, the last one if there are several.
    pub fn value(&self, letter: char) -> Option<&str> {
        self.given.iter().rev().find(|(own, _)| *own == letter).map(|(_, value)| value.as_str())
    }

    /// The values of an option.
    pub fn values(&self, letter: char) -> impl Iterator<Item = &str> {
        self.given.iter().filter(move |(own, _)| *own == letter).map(|(_, value)| value.as_str())
    }
}

fn takes_value(letters: &str, letter: char) -> bool {
    letters.split_once(letter).is_some_and(|(_, rest)| rest.starts_with(':'))
}

/// Turns `-5` into `-n 5`, as old forms of head and tail are written.
pub fn with_count(words: &[String], letter: &str) -> Vec<String> {
    let is_count = |word: &String| {
        let digits = word.strip_prefix('-');
        digits.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut before = String::new();
    let mut turned = Vec::new();
    for word in words {
        let is_value = before == "-n" || before == "-c";
        match word.strip_prefix('-').filter(|_| is_count(word) && !is_value) {
            Some(digits) => turned.push(format!("-{letter}{digits}")),
            None => turned.push(word.clone()),
        }
        before.clone_from(word);
    }
    turned
}
