//! What is done to one object after the other: as far as the page's patience lasts, and from there in
//! the next slice, at the same instant.

use super::ground::{Context, Done, told};
use crate::client::Failure;
use crate::manifest::Manifest;
use crate::terminal::files::{Files, NoFiles};
use crate::terminal::job::{Job, Progress};
use crate::terminal::output::Output;
use crate::terminal::world::World;
use std::collections::VecDeque;
use std::rc::Rc;

/// What a verb does to each of many.
pub trait Work: Clone + 'static {
    /// One of them.
    type Item: Clone;

    /// Does it to one.
    ///
    /// # Errors
    /// What ends the whole command.
    fn one(&mut self, item: Self::Item, context: &mut Context) -> Result<(), Failure>;

    /// Ends the command when it is done to all.
    ///
    /// # Errors
    /// As kubectl refuses it.
    fn end(self, context: &mut Context) -> Done;
}

/// Does something to each.
///
/// # Errors
/// What ends the command.
pub fn each<W: Work>(items: Vec<W::Item>, mut work: W, context: &mut Context) -> Done {
    let mut left = VecDeque::from(items);
    while let Some(item) = left.pop_front() {
        work.one(item, context)?;
        if context.is_to_pause() {
            return Ok(Progress::Waiting(Box::new(Paused::new((left, work), context))));
        }
    }
    work.end(context)
}

/// What a verb goes on with.
pub trait Later: Clone + 'static {
    /// Goes on.
    ///
    /// # Errors
    /// What ends the command.
    fn go_on(self, context: &mut Context) -> Done;
}

impl<W: Work> Later for (VecDeque<W::Item>, W) {
    fn go_on(self, context: &mut Context) -> Done {
        each(self.0.into(), self.1, context)
    }
}

/// A verb that is gone on with in the next slice, with what it works with besides the cluster.
#[derive(Clone)]
pub struct Paused<L> {
    later: Option<L>,
    files: Rc<dyn Files>,
    stdin: Option<String>,
    manager: String,
    read: Vec<Rc<Manifest>>,
    /// What has become of it.
    job: Option<Box<dyn Job>>,
}

impl<L: Later> Paused<L> {
    /// Pauses in a command.
    pub fn new(later: L, context: &Context) -> Self {
        Self {
            later: Some(later),
            files: context.files.copy().unwrap_or_else(|| Rc::new(NoFiles)),
            stdin: context.stdin.map(str::to_owned),
            manager: context.manager.clone(),
            read: context.read.clone(),
            job: None,
        }
    }
}

impl<L: Later> Job for Paused<L> {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        if let Some(later) = self.later.take() {
            let mut context = Context {
                world,
                files: &*self.files,
                stdin: self.stdin.as_deref(),
                out,
                manager: self.manager.clone(),
                may_pause: true,
                read: std::mem::take(&mut self.read),
            };
            let done = later.go_on(&mut context);
            match told(done, &mut context) {
                Progress::Done(status) => return Some(status),
                Progress::Waiting(job) => self.job = Some(job),
            }
            return None;
        }
        self.job.as_mut().map_or(Some(1), |job| job.poll(world, out))
    }
}
