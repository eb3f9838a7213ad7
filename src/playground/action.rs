//! What a person can do on the page, and what the page must do for the application.

use super::take::{Take, Taken};
use crate::api::Kubernetes;
use crate::api::change::Cascade;
use crate::client::Deed;
use crate::cluster::Millis;
use crate::cluster::meta::Key;
use crate::manifest::Fix;
use crate::manifest::form::FormField;

/// Where a lesson comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// The page serves it.
    #[default]
    Page,
    /// A link carried it.
    Link,
    /// A person opened it as a file.
    File,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Self; 3] = [Self::Page, Self::Link, Self::File];

    /// What a lesson's title has beside it, and its name in saved work; empty for the page's own.
    pub fn label(self) -> &'static str {
        match self {
            Self::Page => "",
            Self::Link => "from a link",
            Self::File => "from a file",
        }
    }
}

/// One thing that a person did, or that the browser told.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The text of the manifest is now this.
    EditText(String),
    /// Nothing was typed for a while: it is applied if every change is, and what is typed next is taken
    /// back apart from it.
    EndTyping,
    /// A form control was set; `None` unsets the field.
    SetField(FormField, Option<String>),
    /// Apply the manifest to the cluster.
    Apply,
    /// Apply every valid change at once, or only on [`Action::Apply`].
    SetAutoApply(bool),
    /// Start over: a new cluster, to which the present manifest is applied.
    Restart,
    /// Start over on another Kubernetes: version and feature gates.
    SetKubernetes(Kubernetes),
    /// Start over with times that vary at the middle of their range, or drawn from the seed.
    SetCalmTiming(bool),
    /// Delete the set with `--cascade=orphan` and apply the manifest: the way around a refusal.
    RecreateOrphaned,
    /// Open an example in place of the present work.
    OpenExample {
        id: String,
        text: String,
    },
    /// Begin a lesson in place of the present work: its id, and its text.
    OpenLesson {
        id: String,
        text: String,
    },
    /// Begin a lesson that the page does not serve, which is this text.
    OpenCarried(Origin, String),
    /// Go on without the lesson.
    LeaveLesson,
    /// Answer the lesson's question with this option, from 0.
    Predict(usize),
    /// Show one more hint of the lesson's present task.
    ShowHint,
    /// Do what solves the lesson's present task.
    SolveTask,
    /// Something outside of the simulation did not work: tell the person.
    Tell(String),
    /// Something outside of the simulation worked: say so.
    Say(String),
    /// Take something away, as a file or as a link.
    Take(Take),
    /// Make the edit of a quick fix.
    Fix(Fix),
    /// Take back the last thing done to the manifest or to the cluster.
    Undo,
    /// Do again what was taken back last.
    Redo,
    /// The form edits, and the stage shows, this StatefulSet of the manifest, from 0.
    SelectSet(usize),
    /// Do something to the cluster at the playhead.
    Submit(Deed),
    /// Enter this line in the terminal.
    Command(String),
    /// Request this address in the browser.
    Browse(String),
    /// Close the browser.
    CloseBrowser,
    /// Close the editor that a command opened: with this text, or without saving.
    CloseEditor(Option<String>),
    /// Stop the command that waits in the terminal.
    Interrupt,
    /// Stop what has taken longer than a slice, a command too; nothing else.
    Stop,
    /// Empty the terminal's screen.
    ClearScreen,
    /// Here is a text that commands print.
    Provide {
        name: String,
        text: String,
    },
    /// Show in the DNS panel what this name leads to; empty: the name of the first pod.
    ShowName(String),
    /// Show every attempt of the probes of this pod's container, or none.
    ShowProbes(Option<(Key, String)>),
    /// Let time run.
    Play,
    /// Stop time.
    Pause,
    /// Go on to the next thing that happens.
    StepForward,
    /// Go back to before the last thing that happened.
    StepBack,
    /// Move the playhead.
    Seek(Millis),
    /// Move the playhead to the start, or to the last thing that has happened.
    SeekStart,
    SeekEnd,
    /// Simulated milliseconds per millisecond.
    SetSpeed(u32),
    /// Jump over times in which nothing happens.
    SetSkipWaits(bool),
    /// A frame was drawn; so much wall time has passed since the one before.
    Tick {
        elapsed_ms: u32,
    },
    /// The notice was read.
    DismissNotice,
}

impl Action {
    /// Whether what was typed before the action is complete: all but what goes on by itself.
    pub(super) fn is_done_after_typing(&self) -> bool {
        use Action::{EditText, EndTyping, Interrupt, Provide, Say, Stop, Tell, Tick};
        let by_itself = matches!(self, Tick { .. } | Provide { .. } | Say(_) | Tell(_));
        !by_itself && !matches!(self, EditText(_) | EndTyping | Interrupt | Stop)
    }

    /// Whether the action comes with every frame.
    pub fn is_tick(&self) -> bool {
        matches!(self, Self::Tick { .. })
    }

    /// `kubectl delete sts` of the set in the manifest is [`Action::Submit`] of this.
    pub fn delete_set(namespace: &str, name: &str, cascade: Cascade) -> Self {
        Self::Submit(Deed::DeleteStatefulSet {
            namespace: namespace.into(),
            name: name.into(),
            cascade,
        })
    }
}

/// What the page must do after an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Keep the work (see [`super::saved`]); may be delayed and merged with later ones.
    Save,
    /// Tell assistive technology.
    Announce(String),
    /// Hand this over.
    Hand(Taken),
}
