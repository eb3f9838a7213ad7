//! A link that carries the work: manifest, session, version and view, compressed.
//!
//! The part of the address behind `#` never leaves the browser. Its form is `play=1.` and the saved
//! work (see [`super::saved`]), deflated (RFC 1951), in base64url without padding (RFC 4648).

use super::saved::RestoreError;
use crate::lesson::Lesson;
use crate::packing::{self, Inflating};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Number of the format that is written.
pub const FORMAT: u32 = 1;

/// What a link's fragment begins with.
const KEY: &str = "play=";

/// Most bytes that a link may unfold to.
const MAX_UNFOLDED: u64 = 8 * 1024 * 1024;

/// Links longer than this do not survive every way of sending them.
pub const LONG: usize = 8_000;

/// Why a link cannot be opened. What is on the page stays.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LinkError {
    /// Something is missing, or has been changed on the way.
    #[error("the link is damaged: it may have been cut off when it was copied or sent")]
    Damaged,
    /// A later release wrote it.
    #[error("the link has format {0}; this release reads up to format {FORMAT}")]
    TooNew(u32),
    /// What it carries is of a later format, or damaged.
    #[error(transparent)]
    Work(RestoreError),
}

impl From<RestoreError> for LinkError {
    fn from(error: RestoreError) -> Self {
        match error {
            RestoreError::CutOff => Self::Damaged,
            error => Self::Work(error),
        }
    }
}

/// The fragment of a link, without `#`, that carries saved work.
pub fn fragment(saved: &str) -> String {
    let packed = packing::deflate(saved.as_bytes());
    format!("{KEY}{FORMAT}.{}", URL_SAFE_NO_PAD.encode(packed))
}

/// What a link to a lesson begins with.
const LESSON: &str = "lesson=";

/// A link to a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LessonLink {
    /// The lesson of this id, which the page serves.
    Named(String),
    /// The text of a lesson.
    Carried(String),
}

/// The fragment of a link, without `#`, that carries a lesson's text.
pub fn lesson_fragment(text: &str) -> String {
    let packed = packing::deflate(text.as_bytes());
    format!("{LESSON}{FORMAT}.{}", URL_SAFE_NO_PAD.encode(packed))
}

/// The fragment of a link, without `#`, to a lesson: by its id, or with all of it if it has none.
pub fn fragment_of(id: &str, lesson: &Lesson) -> String {
    match id {
        "" => lesson_fragment(&lesson.to_text()),
        id => format!("{LESSON}{id}"),
    }
}

/// The lesson that a fragment names or carries, with or without `#`; none if it does neither.
///
/// # Errors
/// [`LinkError`] if it does, but cannot be read.
pub fn lesson_of(fragment: &str) -> Option<Result<LessonLink, LinkError>> {
    let rest = fragment.trim_start_matches('#').strip_prefix(LESSON)?;
    let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    Some(match rest.contains('.') {
        true => unfold(rest).map(LessonLink::Carried),
        false if !rest.is_empty() && rest.chars().all(is_id) => Ok(LessonLink::Named(rest.into())),
        false => Err(LinkError::Damaged),
    })
}

/// A mark of a link, by which the same one is known again.
pub fn mark(fragment: &str) -> String {
    let digest = Sha256::digest(fragment.trim_start_matches('#').as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The saved work that a fragment carries, with or without `#`, still to be unfolded; none if it carries
/// none.
///
/// # Errors
/// [`LinkError`] if it does, but cannot be read.
pub fn saved_of(fragment: &str) -> Option<Result<Inflating, LinkError>> {
    let rest = fragment.trim_start_matches('#').strip_prefix(KEY)?;
    Some(packed(rest))
}

fn unfold(rest: &str) -> Result<String, LinkError> {
    packed(rest)?.whole().ok_or(LinkError::Damaged)
}

fn packed(rest: &str) -> Result<Inflating, LinkError> {
    let (format, packed) = rest.split_once('.').ok_or(LinkError::Damaged)?;
    let format: u32 = format.parse().map_err(|_| LinkError::Damaged)?;
    if format > FORMAT {
        return Err(LinkError::TooNew(format));
    }
    let packed = URL_SAFE_NO_PAD.decode(packed.trim_end_matches('='));
    let packed = packed.map_err(|_| LinkError::Damaged)?;
    Ok(Inflating::new(packed, MAX_UNFOLDED))
}
