//! What is written into a text, and why it may not be possible.

use crate::manifest::scalar::Kind;
use thiserror::Error;

/// Why a form field cannot be written into the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// The document is no YAML at the moment.
    #[error("the manifest is not valid YAML; correct it in the text first")]
    Syntax,
    /// There is no StatefulSet to edit.
    #[error("there is no StatefulSet in the manifest")]
    NoStatefulSet,
    /// There is no container to edit.
    #[error("the StatefulSet has no container")]
    NoContainer,
    /// The field belongs to something that is switched off.
    #[error("this field does not apply to what is switched on")]
    NotApplicable,
    /// The place is written as an alias of another.
    #[error("this place refers to another by an alias; change it in the text")]
    Alias,
    /// The text is written in a way that cannot be patched.
    #[error("this place is written in a way that only the text can change")]
    Impossible,
}

/// A value to be written.
#[derive(Clone, Debug)]
pub(in crate::manifest) enum Block {
    Scalar(String, Kind),
    Map(Vec<(&'static str, Block)>),
    List(Vec<Block>),
}

impl Block {
    pub(in crate::manifest) fn text(text: &str) -> Self {
        Self::Scalar(text.into(), Kind::Text)
    }

    pub(in crate::manifest) fn bare(text: &str) -> Self {
        Self::Scalar(text.into(), Kind::Bare)
    }
}
