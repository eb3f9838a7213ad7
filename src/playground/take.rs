//! What a person takes away as a file or as a link.

use super::Playground;
use super::share::LONG;
use crate::manifest::export;

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
        /// Longer than [`LONG`].
        is_long: bool,
    },
}

impl Playground {
    /// Makes what is asked for.
    #[inline(never)]
    pub fn take(&self, what: Take) -> Taken {
        let set = if self.set.name.is_empty() { "manifest" } else { &self.set.name };
        let file = |end: &str, media_type, bytes| Taken::File {
            name: format!("{set}{end}"),
            media_type,
            bytes,
        };
        match what {
            Take::Chart => {
                let files = export::chart(&self.manifest);
                file("-0.1.0.tgz", "application/gzip", export::tar_gz(&files))
            }
            Take::Kustomization => {
                let files = export::kustomization(&self.manifest);
                file("-kustomization.tgz", "application/gzip", export::tar_gz(&files))
            }
            Take::Commands => file(".sh", "text/x-shellscript", self.commands().into_bytes()),
            Take::Report => file("-report.md", "text/markdown", self.report().into_bytes()),
            Take::Link => {
                let text = self.share();
                let is_long = text.len() > LONG;
                Taken::Fragment { text, is_long }
            }
        }
    }
}
