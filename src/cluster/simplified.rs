//! What the simulator leaves out or makes simpler than it is, in a user's words.
//!
//! The page fetches the list when somebody wants to see it.

/// The list: a line for each simplification, its topic before the first colon.
pub const TEXT: &str = include_str!("simplified.txt");

/// One simplification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simplification<'a> {
    /// What it is about.
    pub topic: &'a str,
    /// What is different from a real cluster.
    pub text: &'a str,
}

/// The simplifications of a list.
pub fn simplifications(list: &str) -> impl Iterator<Item = Simplification<'_>> {
    let lines = list.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(topic, text)| Simplification { topic, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_topic_and_a_sentence() {
        let all: Vec<_> = simplifications(TEXT).collect();
        assert_eq!(all.len(), TEXT.lines().count());
        assert!(
            all.iter().all(|it| it.text.ends_with('.') && !it.topic.contains(' ')
                || it.topic == "Init containers"
                || it.topic == "Lifecycle hooks"
                || it.topic == "Readiness gates"),
            "{all:?}"
        );
    }
}
