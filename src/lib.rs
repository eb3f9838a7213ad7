//! StatefulSet Playground, the core.
#![forbid(unsafe_code)]

pub mod api;
pub mod cluster;
pub mod manifest;
pub mod scene;
