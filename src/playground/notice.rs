//! What the page says about the last thing that was done: printed lines, a refusal, a way around it.

use super::take::Take;

/// A way around a refusal, offered as a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Start over with this manifest.
    Restart,
    /// Delete the set with orphaned pods and create it again.
    RecreateOrphaned,
    /// Apply all the same.
    Apply,
    /// Take something away instead, or all the same.
    Take(Take),
}

impl Remedy {
    /// The button's text.
    pub fn label(self) -> &'static str {
        match self {
            Self::Restart => "Start over with this manifest",
            Self::RecreateOrphaned => "Recreate, keeping the pods",
            Self::Apply => "Apply all the same",
            Self::Take(what) => what.label(),
        }
    }
}

/// How grave a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It worked: what kubectl prints.
    Done,
    /// It worked, with a warning; or something worth knowing.
    Warning,
    /// It was refused.
    Refused,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How grave.
    pub tone: Tone,
    /// The command that a person would type for what was done, such as `kubectl apply -f web.yaml`.
    pub command: String,
    /// What it prints.
    pub lines: Vec<String>,
    /// Ways around.
    pub remedies: Vec<Remedy>,
}
