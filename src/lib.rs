//! StatefulSet Playground, the core.
#![forbid(unsafe_code)]
