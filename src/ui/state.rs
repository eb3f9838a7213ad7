//! The page's one reducer around the [`Playground`], and how components reach it.

use super::browser::{media, slice};
use super::keep::Found;
use statefulset_playground::cluster::Millis;
use statefulset_playground::playground::{Action, Effect, Playground};
use std::ops::Deref;
use std::rc::Rc;
use yew::prelude::*;

/// How many effects are kept for the page to carry out; more never pile up between two renders.
const EFFECTS_KEPT: usize = 32;

/// What the reducer holds.
pub struct Store {
    pub playground: Playground,
    /// Effects in the order of their numbers, the latest last.
    pub effects: Vec<(u64, Effect)>,
    /// What a person is to be told first: why saved work, or the page's link, was not opened.
    pub damaged: Option<String>,
}

impl Store {
    /// What the page begins with. Less motion means step by step.
    pub fn open(found: &Found) -> Self {
        let Found { mut playground, told } = found.clone();
        if media::reduced_motion() {
            playground.pause();
        }
        Self { playground, effects: Vec::new(), damaged: told }
    }
}

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut playground = self.playground.clone();
        playground.set_patience(slice::begin());
        let next = self.effects.last().map_or(0, |(number, _)| number + 1);
        let mut effects = self.effects.clone();
        effects.extend((next..).zip(playground.update(action)));
        let surplus = effects.len().saturating_sub(EFFECTS_KEPT);
        effects.drain(..surplus);
        Rc::new(Self { playground, effects, damaged: self.damaged.clone() })
    }
}

/// Sends actions to the reducer; the first of the two contexts.
#[derive(Clone, PartialEq)]
pub struct Dispatch(pub Callback<Action>);

impl Dispatch {
    /// Sends one action.
    pub fn send(&self, action: Action) {
        self.0.emit(action);
    }

    /// A callback that always sends this action.
    pub fn on<E>(&self, action: Action) -> Callback<E> {
        let send = self.0.clone();
        Callback::from(move |_| send.emit(action.clone()))
    }
}

/// The page's way to send actions.
#[hook]
pub fn use_dispatch() -> Dispatch {
    use_context().unwrap_or_else(|| Dispatch(Callback::noop()))
}

/// The playhead, for the few parts that move with every frame; the second context.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Now(pub Millis);

/// A shared value that counts as equal only to itself.
pub struct ByAddress<T>(pub Rc<T>);

impl<T> Clone for ByAddress<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for ByAddress<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for ByAddress<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
