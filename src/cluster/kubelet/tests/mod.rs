//! Transcripts of whole lives of pods.

mod crashes;
mod harness;
mod lives;
mod probes;
