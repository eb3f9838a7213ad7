//! Commands that wait for the cluster.

use super::output::Output;
use super::world::World;

/// What has become of a command.
pub enum Progress {
    /// It has ended with this exit status.
    Done(i32),
    /// It waits for the cluster.
    Waiting(Box<dyn Job>),
}

/// A command that waits.
pub trait Job: Forked {
    /// Looks at the cluster, which has changed or has grown older. Returns the exit status when it has
    /// ended.
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32>;
}

/// What can be copied as it stands, whatever it is.
pub trait Forked {
    /// A copy.
    fn forked(&self) -> Box<dyn Job>;
}

impl<J: Job + Clone + 'static> Forked for J {
    fn forked(&self) -> Box<dyn Job> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Job> {
    fn clone(&self) -> Self {
        (**self).forked()
    }
}

/// Looks at once whether a job has anything to wait for.
pub fn start(mut job: impl Job + 'static, world: &mut dyn World, out: &mut Output) -> Progress {
    match job.poll(world, out) {
        Some(status) => Progress::Done(status),
        None => Progress::Waiting(Box::new(job)),
    }
}
