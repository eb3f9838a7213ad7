//! What a shell remembers from one command to the next, and what it may spend.

use std::rc::Rc;

/// How many commands may run before simulated time goes on. Some count as several.
const COMMANDS: usize = 2_000;
/// How many bytes may be printed before simulated time goes on.
const PRINTED: usize = 4 << 20;
/// How deep scripts may call each other.
const LEVELS: usize = 20;

/// Texts by their names, in the order of the names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table(Vec<(String, String)>);

impl Table {
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.as_str().cmp(name))
    }

    /// The text of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.place(name).ok()?;
        self.0.get(at).map(|(_, text)| text.as_str())
    }

    /// Gives a name a text.
    pub fn set(&mut self, name: &str, text: impl Into<String>) {
        match self.place(name) {
            Ok(at) => {
                if let Some((_, own)) = self.0.get_mut(at) {
                    *own = text.into();
                }
            }
            Err(at) => self.0.insert(at, (name.into(), text.into())),
        }
    }

    /// Takes a name out.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let at = self.place(name).ok()?;
        Some(self.0.remove(at).1)
    }

    /// Names and texts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

/// What was done since simulated time went on the last time.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    commands: usize,
    /// What commands count for besides themselves.
    extra: usize,
    bytes: usize,
    since: i64,
}

/// A shell between two commands.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Variables.
    pub variables: Table,
    /// The names of variables that programs see.
    pub exported: Vec<String>,
    /// Aliases.
    pub aliases: Rc<Table>,
    /// `$0`, `$1` and so on.
    pub arguments: Vec<String>,
    /// The exit status of the last command.
    pub status: i32,
    /// Set when the shell is to end, or what it runs is to be stopped.
    pub exit: Option<i32>,
    /// How many scripts have called each other.
    pub level: usize,
    /// How many substitutions stand in each other: what runs in one must end at once.
    pub substitutions: usize,
    /// Whether what runs is stopped for having done too much.
    pub is_stopped: bool,
    spent: Spent,
}

impl Session {
    /// That of a shell with this name, at its beginning.
    pub fn new(name: &str) -> Self {
        Self { arguments: vec![name.into()], ..Self::default() }
    }

    /// Lets programs see a variable.
    pub fn export(&mut self, name: &str) {
        if !self.exported.iter().any(|own| own == name) {
            self.exported.push(name.into());
        }
    }

    /// The value of a variable; empty if it has none.
    pub fn value(&self, name: &str) -> String {
        match name {
            "?" => self.status.to_string(),
            "#" => self.arguments.len().saturating_sub(1).to_string(),
            "$" => "1".into(),
            "@" | "*" => self.arguments.get(1..).unwrap_or_default().join(" "),
            _ => match name.parse::<usize>() {
                Ok(number) => self.arguments.get(number).cloned().unwrap_or_default(),
                Err(_) => self.variables.get(name).unwrap_or_default().into(),
            },
        }
    }

    /// Counts a command at a moment. Gives the reason to stop when there were too many.
    pub fn count_command(&mut self, now: i64) -> Option<String> {
        if self.spent.since != now {
            self.spent = Spent { since: now, ..Spent::default() };
        }
        self.spent.commands += 1;
        let commands = self.spent.commands;
        (commands + self.spent.extra > COMMANDS)
            .then(|| format!("bash: stopped after {commands} commands in which no time has passed"))
    }

    /// Counts a command as so many more: one that does a lot.
    pub fn count_more(&mut self, commands: usize) {
        self.spent.extra += commands;
    }

    /// Counts what is printed. Gives the reason to stop when it was too much.
    pub fn count_text(&mut self, bytes: usize) -> Option<String> {
        self.spent.bytes = self.spent.bytes.saturating_add(bytes);
        (self.spent.bytes > PRINTED)
            .then(|| format!("bash: stopped after {PRINTED} bytes of output"))
    }

    /// Begins to count anew, for a new line.
    pub fn renew(&mut self) {
        (self.exit, self.is_stopped, self.level) = (None, false, 0);
        self.substitutions = 0;
        self.spent = Spent { since: self.spent.since, ..Spent::default() };
    }

    /// Whether a script may be gone on with later.
    pub fn may_wait(&self) -> bool {
        self.substitutions == 0
    }

    /// Whether scripts call each other too deeply.
    pub fn is_too_deep(&self) -> bool {
        self.level > LEVELS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_a_lot_counts_as_several() {
        let mut session = Session::default();
        let count = |session: &mut Session, more: usize| {
            session.count_more(more);
            session.count_command(1)
        };
        assert_eq!(count(&mut session, 0), None);
        assert_eq!((1..COMMANDS / 10).find_map(|_| count(&mut session, 9)), None);
        let wanted = "bash: stopped after 201 commands in which no time has passed";
        assert_eq!((0..9).find_map(|_| count(&mut session, 9)).as_deref(), Some(wanted));
        assert_eq!(session.count_command(2), None, "time has passed");
    }
}
