//! The whole application state: what was done, what it leads to, what is shown.
//!
//! Each floor uses those before it:
//!
//! 1. What a person does ([`action`]) and is told ([`notice`]); the work as it is written down
//!    ([`saved`], [`journal`], [`share`], [`workspaces`]); what a cluster begins with ([`scenery`]).
//! 2. The cluster as commands reach it ([`live`]), and what stands beside it: the terminal
//!    ([`console`]), the [`browser`], a lesson in progress ([`attendance`]).
//! 3. The [`state`]: all of this as one value, a [`Playground`].
//! 4. What is done to a [`Playground`] and made of it, a file for each: time runs ([`playback`]), the
//!    text is edited, read ([`reading`]) and applied ([`apply`]), [`commands`] are entered, a [`lesson`]
//!    is taken, the work is [`kept`], read ([`beginning`]) and opened again ([`opening`]), a [`forecast`]
//!    is made. What takes long is done in slices, as far as the page's [`patience`] lasts.
//! 5. [`update`]: which of it an action is.
//!
//! Architecture invariant: nothing here touches the browser.

pub mod action;
mod apply;
mod attendance;
mod beginning;
mod browse;
pub mod browser;
mod chart;
mod commands;
pub mod console;
mod deeds;
mod done;
mod errand;
pub mod forecast;
mod inside;
pub mod journal;
mod kept;
mod lesson;
pub mod live;
mod lookup;
pub mod notice;
pub mod opening;
pub mod patience;
mod playback;
mod reading;
mod report;
pub mod saved;
mod scenery;
pub mod share;
mod slices;
mod state;
pub mod take;
mod teach;
pub mod transcript;
mod typing;
mod unread;
mod update;
pub mod workspaces;

pub use action::{Action, Effect, Origin};
pub use attendance::LessonView;
pub use beginning::Beginning;
pub use errand::Progress;
pub use forecast::Forecast;
pub use notice::{Notice, Remedy, Tone};
pub use opening::Opening;
pub use patience::Patience;
pub use saved::RestoreError;
pub use share::LinkError;
pub use state::{Playground, SPEEDS};
pub use take::{Take, Taken};
