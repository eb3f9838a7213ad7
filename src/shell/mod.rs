//! The shell's language, as bash and BusyBox's ash have it: what a command line says, and running it.
//!
//! A text becomes a [`List`](syntax::List), a list a [`Code`](run::Code) that can stop where a
//! program waits and go on later. It runs on a [`Host`](host::Host): whoever implements that trait
//! brings the files, the programs and the clock, and keeps the shell's
//! [memory](session::Session). Commands of the shell itself ([`builtins`]) and programs that turn
//! lines into others ([`filters`]) are the same on every host, and need nothing else of it.
//!
//! Architecture invariant: nothing here knows a cluster, kubectl or whom a host belongs to. What
//! waits on a host is a [`Program`](host::Program) that only the host can go on with; a copy of a
//! script that waits is a script that waits on its own.

mod arithmetic;
pub mod builtins;
mod code;
mod conditions;
mod expand;
pub mod filters;
pub mod host;
pub mod output;
pub mod parser;
pub mod pattern;
mod pipe;
mod process;
pub mod run;
mod scripts;
pub mod session;
pub mod syntax;
#[cfg(test)]
mod tests;
pub mod words;
