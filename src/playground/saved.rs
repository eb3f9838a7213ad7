//! The work as it is kept in the browser: a session, the text, the view.

use crate::cluster::Millis;
use crate::session::Session;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Number of the format that is written.
pub const FORMAT: u32 = 1;

/// Longest saved work that is read, in bytes: more than any browser keeps.
const MAX_LENGTH: usize = 16 * 1024 * 1024;

/// What is kept.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// [`FORMAT`].
    pub format: u32,
    /// Inputs, seed, version.
    pub session: Session,
    /// The manifest as it stands in the editor.
    pub text: String,
    /// The manifest that was last applied.
    pub applied: String,
    /// Id of the example that the work started from.
    pub example: String,
    /// Where the playhead stands.
    pub playhead: Millis,
    /// The furthest instant seen.
    pub horizon: Millis,
    /// Apply every valid change at once.
    pub auto_apply: bool,
    /// Simulated milliseconds per millisecond.
    pub speed: u32,
    /// Jump over idle times.
    pub skip_waits: bool,
}

/// Why saved work cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RestoreError {
    /// It is no saved work, or damaged.
    #[error("the saved work is damaged: {0}")]
    Damaged(String),
    /// A later release wrote it.
    #[error("the saved work has format {0}; this release reads format {FORMAT}")]
    TooNew(u32),
}

impl Saved {
    /// Reads saved work.
    ///
    /// # Errors
    /// [`RestoreError`] if it cannot be used.
    pub fn read(text: &str) -> Result<Self, RestoreError> {
        let damaged = |error: String| RestoreError::Damaged(error);
        if text.len() > MAX_LENGTH {
            return Err(damaged("it is too long".into()));
        }
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        let format = value.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if format > u64::from(FORMAT) {
            return Err(RestoreError::TooNew(u32::try_from(format).unwrap_or(u32::MAX)));
        }
        let saved: Self =
            serde_json::from_value(value).map_err(|error| damaged(error.to_string()))?;
        let times: Vec<_> = saved.session.inputs.iter().map(|input| input.at).collect();
        if !times.is_sorted() || saved.session.config.nodes == 0 {
            return Err(damaged("its inputs are out of order".into()));
        }
        Ok(saved)
    }
}
