//! What a person takes away as a file or as a link.

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
}

impl Take {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 5] =
        [Self::Link, Self::Chart, Self::Kustomization, Self::Commands, Self::Report];

    /// Its name in the menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::Chart => "Download Helm chart",
            Self::Kustomization => "Download kustomization",
            Self::Commands => "Download commands",
            Self::Report => "Download report",
            Self::Link => "Copy link",
        }
    }

    /// What it is good for, in a few words.
    pub fn help(self) -> &'static str {
        match self {
            Self::Chart => "helm install -f values.yaml",
            Self::Kustomization => "kubectl apply -k",
            Self::Commands => "what was done, as a script",
            Self::Report => "what was done and what happened, in Markdown",
            Self::Link => "opens this very state anywhere",
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
        /// Longer than [`LONG`](super::share::LONG).
        is_long: bool,
    },
}
