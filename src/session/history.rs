//! Every instant of a session: steps in order, and the cluster at any of them.
//!
//! Kept are the steps and a checkpoint of the cluster now and then; the cluster at an instant is the
//! checkpoint before it, replayed. A position is a number of steps: the cluster after that many.

use super::{Happened, Inputs, Session, TimedInput};
use crate::cluster::{Cause, Cluster, Millis, Outcome, Step};
use std::rc::Rc;

/// Steps between two checkpoints at first. Replaying as many takes well under a frame.
const FIRST_INTERVAL: usize = 128;

/// Checkpoints kept. One more, and every other goes and the interval doubles.
const MAX_CHECKPOINTS: usize = 64;

/// Steps that a history holds at most: about an hour of a thousand pods with probes, and some
/// hundred megabytes. Time then stands still and the page says so.
pub const MAX_STEPS: usize = 400_000;

/// The cluster at a position, and how many inputs it has taken.
#[derive(Clone, Debug)]
pub struct Cursor {
    position: usize,
    next_input: usize,
    cluster: Cluster,
}

impl Cursor {
    fn new(session: &Session) -> Self {
        Self { position: 0, next_input: 0, cluster: Cluster::new(session.config.clone()) }
    }

    /// The cluster.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// How many steps led here.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Does what comes next, if it is due by `limit`. An input comes after all work that is due at
    /// its instant.
    fn advance(&mut self, inputs: &Inputs, limit: Millis) -> Option<(Option<Outcome>, Step)> {
        let input_at = inputs.get(self.next_input).map(|it| it.at).filter(|at| *at <= limit);
        let work_at = self.cluster.next_at().filter(|at| *at <= limit);
        let result = match (input_at, work_at) {
            (Some(input_at), work_at) if work_at.is_none_or(|at| at > input_at) => {
                let input = inputs.input(self.next_input)?;
                self.next_input += 1;
                let (outcome, step) = self.cluster.submit(input_at, &input);
                (Some(outcome), step)
            }
            (_, Some(_)) => (None, self.cluster.step()?),
            _ => return None,
        };
        self.position += 1;
        Some(result)
    }
}

/// A session, replayed as far as was asked for.
#[derive(Clone, Debug)]
pub struct History {
    session: Session,
    steps: Vec<Rc<Happened>>,
    outcomes: Vec<Rc<Outcome>>,
    checkpoints: Vec<Rc<Cursor>>,
    interval: usize,
    head: Cursor,
    #[cfg(debug_assertions)]
    observer: crate::cluster::invariants::Observer,
}

impl History {
    /// The start of a session; nothing is replayed yet.
    pub fn new(session: Session) -> Self {
        let head = Cursor::new(&session);
        Self {
            session,
            steps: Vec::new(),
            outcomes: Vec::new(),
            checkpoints: vec![Rc::new(head.clone())],
            interval: FIRST_INTERVAL,
            head,
            #[cfg(debug_assertions)]
            observer: Default::default(),
        }
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The steps so far.
    pub fn steps(&self) -> &[Rc<Happened>] {
        &self.steps
    }

    /// What came of the inputs that have been replayed. The objects that the server answered with are
    /// left out: nobody asks for them later.
    pub fn outcomes(&self) -> &[Rc<Outcome>] {
        &self.outcomes
    }

    /// Whether no more steps are taken because there are too many.
    pub fn is_full(&self) -> bool {
        self.steps.len() >= MAX_STEPS
    }

    /// Does the next thing that is due by `limit`. Returns whether there was one.
    pub fn advance(&mut self, limit: Millis) -> bool {
        if self.is_full() {
            return false;
        }
        self.advance_with(limit).is_some()
    }

    /// The same. Returns what came of an input, if that was the next thing.
    fn advance_with(&mut self, limit: Millis) -> Option<Option<Outcome>> {
        let (outcome, step) = self.head.advance(&self.session.inputs, limit)?;
        #[cfg(debug_assertions)]
        self.observe(outcome.is_some(), &step);
        self.steps.push(Rc::new(step.into()));
        self.outcomes.extend(outcome.as_ref().map(|outcome| Rc::new(outcome.without_object())));
        if self.steps.len().is_multiple_of(self.interval) {
            self.checkpoints.push(Rc::new(self.head.clone()));
            self.thin();
        }
        Some(outcome)
    }

    /// Looks whether every invariant holds after a step.
    #[cfg(debug_assertions)]
    fn observe(&mut self, by_person: bool, step: &Step) {
        if by_person {
            let input = self.session.inputs.input(self.head.next_input - 1);
            self.observer.input(&input.expect("it has just been done"));
        }
        self.observer.step(&self.head.cluster, step);
    }

    /// Does everything that is due by `limit`.
    pub fn advance_to(&mut self, limit: Millis) {
        while self.advance(limit) {}
    }

    /// Whether what comes next at a position goes on with the deed that led there.
    pub fn is_amid_deed(&self, position: usize) -> bool {
        let next = self.steps.get(position).map(|step| &step.cause);
        matches!(next, Some(Cause::Input(input)) if self.session.follows(*input))
    }

    /// How many steps have happened up to and at `at`, among those replayed.
    pub fn position_at(&self, at: Millis) -> usize {
        self.steps.partition_point(|step| step.at <= at)
    }

    /// The cluster at the start.
    pub fn start(&self) -> Cursor {
        Cursor::clone(&self.checkpoints[0])
    }

    /// Moves `cursor` to `position`, which is at most the number of steps so far.
    pub fn seek(&self, cursor: &mut Cursor, position: usize) {
        let position = position.min(self.steps.len());
        let after = self.checkpoints.partition_point(|point| point.position <= position);
        let checkpoint = &self.checkpoints[after.saturating_sub(1)];
        if cursor.position > position || cursor.position < checkpoint.position {
            *cursor = Cursor::clone(checkpoint);
        }
        let does_input_again = cursor.next_input < self.head.next_input
            || position.saturating_sub(cursor.position) > FIRST_INTERVAL;
        if self.head.position == position && cursor.position < position && does_input_again {
            // An input, or many steps, take longer than a copy, and have been done.
            *cursor = self.head.clone();
        }
        while cursor.position < position {
            if cursor.advance(&self.session.inputs, Millis::MAX).is_none() {
                return;
            }
        }
    }

    /// Does something at its instant: what had been replayed after that is forgotten, and so are later
    /// inputs. `here` is a place in this history, and spares the way if it is that instant's. Returns
    /// what came of it.
    pub(super) fn submit(&mut self, input: TimedInput, here: &Cursor) -> Outcome {
        let at = input.at;
        self.advance_to(at);
        self.truncate(self.position_at(at), here);
        self.session.inputs.truncate(self.head.next_input);
        self.session.inputs.push(input);
        if self.is_full() {
            return Outcome::default();
        }
        self.advance_with(at).flatten().unwrap_or_default()
    }

    fn truncate(&mut self, position: usize, here: &Cursor) {
        if position == self.steps.len() {
            return;
        }
        let mut head = here.clone();
        self.seek(&mut head, position);
        self.steps.truncate(position);
        self.checkpoints.retain(|point| point.position <= position);
        self.outcomes.truncate(head.next_input);
        self.head = head;
    }

    fn thin(&mut self) {
        if self.checkpoints.len() <= MAX_CHECKPOINTS {
            return;
        }
        self.interval *= 2;
        let interval = self.interval;
        self.checkpoints.retain(|point| point.position.is_multiple_of(interval));
    }
}
