//! Why a command failed, and how that is told.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go`, checkErr, MultipleErrors.

use super::Output;
use crate::api::{Status, StatusReason};

/// Why a command failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// kubectl's own words; `error: ` is put before them.
    Error(String),
    /// The whole text, with nothing before it.
    Plain(String),
    /// The API server's refusal.
    Server(Status),
    /// It has been told already.
    Told,
}

impl Failure {
    /// kubectl's own words.
    pub fn error(text: impl Into<String>) -> Self {
        Self::Error(text.into())
    }

    /// The words, and where to find help.
    pub fn usage(verb: &str, text: &str) -> Self {
        Self::Error(format!("{text}\nSee 'kubectl {verb} -h' for help and examples"))
    }

    /// A refusal with what kubectl was doing before its message.
    pub fn doing(mut status: Status, doing: &str) -> Self {
        status.message = format!("{doing}: {}", status.message);
        Self::Server(status)
    }

    /// As it is printed on standard error; empty if it has been told.
    pub fn text(&self) -> String {
        match self {
            Self::Error(text) => format!("error: {text}"),
            Self::Plain(text) => text.clone(),
            Self::Server(status) => status.kubectl(),
            Self::Told => String::new(),
        }
    }

    /// As it is printed as one of several: without `error: `, and the message of an `Invalid` refusal
    /// is not taken apart.
    fn text_among_others(&self) -> String {
        match self {
            Self::Error(text) => text.clone(),
            Self::Server(status) if status.reason == StatusReason::Invalid => {
                format!("Error from server (Invalid): {}", status.message)
            }
            failure => failure.text(),
        }
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Server(status)
    }
}

/// Puts first what failed before anything was sent: a kind that nobody serves.
///
/// Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go`, Run.
pub fn mapping_first(failures: &mut [Failure]) {
    failures.sort_by_key(|failure| !is_mapping(failure));
}

/// Puts last the kinds that nobody serves: they are told of when all else has been visited.
///
/// Upstream: `staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go`, ContinueOnErrorVisitor.
pub fn mapping_last(failures: &mut [Failure]) {
    failures.sort_by_key(is_mapping);
}

fn is_mapping(failure: &Failure) -> bool {
    matches!(failure, Failure::Error(text) if text.starts_with("resource mapping not found"))
}

/// Prints failures and gives the exit status.
pub fn tell(failures: &[Failure], out: &mut Output) -> i32 {
    match failures {
        [] => return 0,
        [one] => out.error_text(&one.text()),
        several => several.iter().for_each(|failure| out.error_text(&failure.text_among_others())),
    }
    1
}
