//! Saved work that is being read, in slices: unfolded, taken apart, put into today's words, looked at.

use super::errand::Progress;
use super::patience::Patience;
use super::saved::{FORMAT, RestoreError, Saved, from_tree, has_all};
use crate::api::{Tree, json};
use crate::client::admit::{self, Admission};
use crate::client::migrate::{Migration, Opened};
use crate::packing::Inflating;
use crate::session::Session;
use crate::session::read::{self, Reader};
use serde_json::Value;
use std::collections::BTreeMap;

/// Longest saved work that is read, in bytes: more than any browser keeps.
const MAX_LENGTH: usize = 16 * 1024 * 1024;

/// Most bytes that inputs which differ from others may come to in what somebody shared. A person's own
/// may come to any length.
const MOST_SHARED: usize = 32 * 1024 * 1024;

/// Inputs that are let go of between two questions whether to go on.
const LET_GO_AT_ONCE: usize = 1_000;

/// Saved work that is being read.
pub struct Beginning {
    stage: Stage,
    /// What it is made of, as far as that is still needed.
    tree: Value,
    is_shared: bool,
}

enum Stage {
    Unfolding(Inflating),
    TakingApart(json::Reading),
    /// Today's inputs, until one of them is none: the work is then of an earlier release.
    Inputs(Reader),
    Migrating(Box<Migration>),
    LookingAt(Opened, Admission),
    LettingGo(Opened),
    Done(Box<Saved>),
}

/// What comes of a slice.
enum Slice {
    /// The stage has more to do.
    More(Stage),
    /// This stage comes next.
    Next(Stage),
}

impl Beginning {
    /// That of a text: a person's own, or what somebody shared.
    ///
    /// # Errors
    /// [`RestoreError`] if it is too long or holds too much.
    pub fn of_text(text: String, is_shared: bool) -> Result<Self, RestoreError> {
        let stage = Stage::TakingApart(taking_apart(text)?);
        Ok(Self { stage, tree: Value::Null, is_shared })
    }

    /// That of what a link carries.
    pub fn of_link(packed: Inflating) -> Self {
        Self { stage: Stage::Unfolding(packed), tree: Value::Null, is_shared: true }
    }

    /// How far it has come; an earlier release's work is played meanwhile, which takes the longest.
    pub fn progress(&self) -> Progress {
        let part = |done: usize, of: usize| Progress::new(done as u64, of as u64);
        let inputs = || self.inputs().len() + 1;
        match &self.stage {
            Stage::Unfolding(_) => part(0, 1),
            Stage::TakingApart(reading) => {
                let (done, of) = reading.progress();
                part(done, of + 1).within(100, 500)
            }
            Stage::Inputs(reader) => part(reader.place(), inputs()).within(500, 700),
            Stage::Migrating(migration) => {
                Progress::new(migration.played(), migration.to_play() + 1).within(500, 700)
            }
            Stage::LookingAt(_, looked) => part(looked.place(), inputs()).within(700, 900),
            Stage::LettingGo(_) => part(0, 1).within(900, 999),
            Stage::Done(_) => part(1, 1),
        }
    }

    fn inputs(&self) -> &[Value] {
        self.tree.at("session").items("inputs")
    }

    /// Goes on as long as the patience lasts. Returns the work, once, when all of it is read. Of what
    /// somebody shared that is left out which belongs to a person alone.
    ///
    /// # Errors
    /// [`RestoreError`] if it cannot be used.
    pub fn go_on(&mut self, patience: &Patience) -> Result<Option<Saved>, RestoreError> {
        loop {
            let stage = std::mem::replace(&mut self.stage, Stage::Done(Box::default()));
            match stage {
                Stage::Done(saved) => return Ok(Some(*saved)),
                stage => match self.slice(stage, &|| patience.lasts())? {
                    Slice::More(stage) => {
                        self.stage = stage;
                        return Ok(None);
                    }
                    Slice::Next(stage) => self.stage = stage,
                },
            }
        }
    }

    fn slice(&mut self, stage: Stage, may_go_on: &dyn Fn() -> bool) -> Result<Slice, RestoreError> {
        Ok(match stage {
            Stage::Unfolding(mut packed) => {
                match packed.go_on(may_go_on).ok_or(RestoreError::CutOff)? {
                    Some(text) => Slice::Next(Stage::TakingApart(taking_apart(text)?)),
                    None => Slice::More(Stage::Unfolding(packed)),
                }
            }
            Stage::TakingApart(mut text) => match text.go_on(may_go_on).map_err(damaged)? {
                Some(tree) => {
                    self.tree = tree;
                    self.check()?;
                    Slice::Next(Stage::Inputs(Reader::new(self.most())))
                }
                None => Slice::More(Stage::TakingApart(text)),
            },
            Stage::Inputs(reader) => self.read_inputs(reader, may_go_on)?,
            Stage::Migrating(mut migration) => match migration.go_on(may_go_on) {
                true => Slice::Next(Stage::LookingAt(migration.take(), Admission::default())),
                false => Slice::More(Stage::Migrating(migration)),
            },
            Stage::LookingAt(mut opened, mut looked) => {
                let is_whole = looked.go_on(&mut opened.session, may_go_on);
                match is_whole.map_err(RestoreError::Refused)? {
                    true => Slice::Next(Stage::LettingGo(opened)),
                    false => Slice::More(Stage::LookingAt(opened, looked)),
                }
            }
            Stage::LettingGo(opened) => match self.let_go(may_go_on) {
                true => Slice::Next(Stage::Done(Box::new(self.saved(opened)))),
                false => Slice::More(Stage::LettingGo(opened)),
            },
            done @ Stage::Done(_) => Slice::Next(done),
        })
    }

    fn most(&self) -> usize {
        if self.is_shared { MOST_SHARED } else { usize::MAX }
    }

    /// Looks at all but the inputs.
    fn check(&self) -> Result<(), RestoreError> {
        let number = |field: &str| self.tree.at(field).as_u64().unwrap_or(0);
        let format = number("format");
        if format > u64::from(FORMAT) {
            return Err(RestoreError::TooNew(u32::try_from(format).unwrap_or(u32::MAX)));
        }
        admit::instant(self.until()).map_err(RestoreError::Refused)?;
        let has_inputs = self.tree.at("session").set("inputs").is_some_and(Value::is_array);
        if has_inputs && has_all(&self.tree) { Ok(()) } else { Err(incomplete()) }
    }

    /// The latest instant that was seen.
    fn until(&self) -> u64 {
        let number = |field: &str| self.tree.at(field).as_u64().unwrap_or(0);
        number("playhead").max(number("horizon"))
    }

    fn read_inputs(
        &self,
        mut reader: Reader,
        may_go_on: &dyn Fn() -> bool,
    ) -> Result<Slice, RestoreError> {
        let tree = self.tree.at("session");
        Ok(match reader.go_on(self.inputs(), may_go_on) {
            Some(true) => {
                let config = read::config(tree.at("config")).ok_or_else(incomplete)?;
                let opened = Opened::today(Session { config, inputs: reader.take() });
                Slice::Next(Stage::LookingAt(opened, Admission::default()))
            }
            Some(false) => Slice::More(Stage::Inputs(reader)),
            None => {
                let migration = Migration::begin(tree, self.until()).ok_or_else(incomplete)?;
                Slice::Next(Stage::Migrating(Box::new(migration)))
            }
        })
    }

    /// Lets go of the inputs as they were written. Returns whether all are gone.
    fn let_go(&mut self, may_go_on: &dyn Fn() -> bool) -> bool {
        let Some(Value::Array(inputs)) = self.tree.pointer_mut("/session/inputs") else {
            return true;
        };
        while !inputs.is_empty() {
            inputs.truncate(inputs.len().saturating_sub(LET_GO_AT_ONCE));
            if !may_go_on() {
                break;
            }
        }
        inputs.is_empty()
    }

    fn saved(&mut self, opened: Opened) -> Saved {
        let saved = from_tree(&std::mem::take(&mut self.tree), opened);
        match self.is_shared {
            true => Saved { lesson: None, terminal: None, drafts: BTreeMap::new(), ..saved },
            false => saved,
        }
    }
}

impl Saved {
    /// Reads saved work at once.
    ///
    /// # Errors
    /// [`RestoreError`] if it cannot be used.
    pub fn read(text: &str) -> Result<Self, RestoreError> {
        let mut beginning = Beginning::of_text(text.into(), false)?;
        loop {
            if let Some(saved) = beginning.go_on(&Patience::endless())? {
                return Ok(saved);
            }
        }
    }
}

fn taking_apart(text: String) -> Result<json::Reading, RestoreError> {
    if text.len() > MAX_LENGTH {
        return Err(damaged("it is too long".into()));
    }
    json::Reading::new(text).map_err(damaged)
}

fn damaged(why: String) -> RestoreError {
    RestoreError::Damaged(why)
}

fn incomplete() -> RestoreError {
    damaged("a part of it is missing or wrong".into())
}
