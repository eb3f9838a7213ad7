//! Lines that were entered, and finding them again.

/// How many lines are kept.
const LINES: usize = 500;

/// Lines that were entered, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History(Vec<String>);

impl History {
    /// Those of an earlier visit.
    pub fn of(lines: impl IntoIterator<Item = String>) -> Self {
        let mut history = Self::default();
        lines.into_iter().for_each(|line| history.add(&line));
        history
    }

    /// The lines.
    pub fn lines(&self) -> &[String] {
        &self.0
    }

    /// Keeps a line, unless it is empty or the same as the one before.
    pub fn add(&mut self, line: &str) {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with(' ') || self.0.last().is_some_and(|it| it == line) {
            return;
        }
        if self.0.len() >= LINES {
            self.0.remove(0);
        }
        self.0.push(line.into());
    }

    /// The place before `at` (none is the line that is being entered): the up key.
    pub fn up(&self, at: Option<usize>) -> Option<usize> {
        match at {
            Some(at) => Some(at.saturating_sub(1)),
            None => self.0.len().checked_sub(1),
        }
    }

    /// The place behind `at`; none is the line that is being entered: the down key.
    pub fn down(&self, at: Option<usize>) -> Option<usize> {
        at.map(|at| at.saturating_add(1)).filter(|at| *at < self.0.len())
    }

    /// The last place before `before` (none is the end) whose line has a text in it: Ctrl+R.
    pub fn search(&self, text: &str, before: Option<usize>) -> Option<usize> {
        if text.is_empty() {
            return None;
        }
        let end = before.unwrap_or(self.0.len()).min(self.0.len());
        self.0.get(..end)?.iter().rposition(|line| line.contains(text))
    }

    /// The line at a place.
    pub fn get(&self, at: usize) -> Option<&str> {
        self.0.get(at).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_lines_again() {
        let lines = ["kubectl get po", "ls", "ls", "", "kubectl get sts"].map(str::to_owned);
        let history = History::of(lines);
        assert_eq!(history.lines().len(), 3);
        assert_eq!((history.up(None), history.up(Some(0))), (Some(2), Some(0)));
        assert_eq!((history.down(Some(1)), history.down(Some(2))), (Some(2), None));
        let first = history.search("kubectl", None);
        assert_eq!((first, history.search("kubectl", first)), (Some(2), Some(0)));
        assert_eq!(history.search("kubectl", Some(0)), None);
        assert_eq!(history.search("nope", Some(99)), None);
        assert_eq!(History::default().up(None), None);
    }
}
