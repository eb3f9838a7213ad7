//! "Did you mean this?": verbs that are like a word.
//!
//! Source: github.com/spf13/cobra, SuggestionsFor.

use crate::client::Failure;

/// How many letters may differ.
const DISTANCE: usize = 2;

/// The refusal of a word that is no verb.
pub fn unknown_command(word: &str) -> Failure {
    let mut text = format!("unknown command \"{word}\" for \"kubectl\"");
    let lower = word.to_lowercase();
    // The order in which kubectl adds its commands.
    let near: Vec<&str> = ORDER
        .split(' ')
        .filter(|name| {
            strsim::levenshtein(&lower, name) <= DISTANCE || name.starts_with(lower.as_str())
        })
        .filter(|_| !word.is_empty())
        .collect();
    if !near.is_empty() {
        text.push_str("\n\nDid you mean this?");
        near.iter().for_each(|name| text.push_str(&format!("\n\t{name}")));
    }
    Failure::Error(text)
}

/// kubectl's commands in the order of its help.
const ORDER: &str = "create expose run set explain get edit delete rollout scale autoscale \
    certificate cluster-info top cordon uncordon drain taint describe logs attach exec \
    port-forward proxy cp auth debug events diff apply patch replace wait kustomize label \
    annotate completion alpha api-resources api-versions config kuberc plugin version";
