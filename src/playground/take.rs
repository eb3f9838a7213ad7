//! What a person takes away as a file or as a link.

/// The longest name of a file, in characters.
const MOST_NAME: usize = 100;

/// The name of a file to download: letters, digits, dots, dashes and underscores, and neither a path,
/// nor hidden, nor an option of a program.
pub fn file_name(name: &str) -> String {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || "._-".contains(*c);
    let plain = name.chars().map(|c| if is_plain(&c) { c } else { '-' });
    let end = plain.clone().count().saturating_sub(MOST_NAME);
    let name: String = plain.skip(end).skip_while(|c| ".-".contains(*c)).collect();
    if name.is_empty() { "file".into() } else { name }
}

/// What is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// A Helm chart.
    Chart,
    /// A kustomization.
    Kustomization,
    /// The commands for what was done.
    Commands,
    /// A report of the session.
    Report,
    /// A link to what is shown.
    Link,
    /// The same link, however long it is.
    LongLink,
    /// All of the work, as a file that the page imports.
    Work,
}

impl Take {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 6] =
        [Self::Link, Self::Work, Self::Chart, Self::Kustomization, Self::Commands, Self::Report];

    /// Its name in the menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::Chart => "Download Helm chart",
            Self::Kustomization => "Download kustomization",
            Self::Commands => "Download commands",
            Self::Report => "Download report",
            Self::Link => "Copy link",
            Self::LongLink => "Copy the link all the same",
            Self::Work => "Download the work",
        }
    }

    /// What it is good for, in a few words.
    pub fn help(self) -> &'static str {
        match self {
            Self::Chart => "helm install -f values.yaml",
            Self::Kustomization => "kubectl apply -k",
            Self::Commands => "what was done, as a script",
            Self::Report => "what was done and what happened, in Markdown",
            Self::Link | Self::LongLink => "opens this very state anywhere",
            Self::Work => "for “Import workspaces”, here or elsewhere",
        }
    }
}

/// What the page hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A file.
    File {
        /// Its name.
        name: String,
        /// Its media type.
        media_type: &'static str,
        /// What it holds.
        bytes: Vec<u8>,
    },
    /// The fragment of a link to this page, and whether it may be too long for some programs.
    Fragment {
        /// Without `#`.
        text: String,
        /// A Secret is in it.
        has_secret: bool,
        /// Longer than [`LONG`](super::share::LONG).
        is_long: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_no_paths() {
        let cases = [
            ("web-report.md", "web-report.md"),
            ("../../.bashrc", "bashrc"),
            ("-rf.sh", "rf.sh"),
            ("a/b\\c\0\u{202e}d.sh", "a-b-c--d.sh"),
            ("...", "file"),
        ];
        for (name, expected) in cases {
            assert_eq!(file_name(name), expected);
        }
        assert!(file_name(&format!("{}.yaml", "x".repeat(500))).ends_with("x.yaml"));
    }
}
