//! The files of `-f` are read before the verb runs, in slices: one may take longer to read than a page
//! can be kept waiting.

use super::each::{Later, Paused};
use super::flags::Args;
use super::ground::{Context, Done};
use super::{files, verb_of};
use crate::manifest::{Manifest, Reading};
use crate::terminal::job::Progress;
use std::rc::Rc;

/// A command whose files are being read.
#[derive(Clone)]
struct Ahead {
    args: Args,
    left: Vec<Reading>,
    read: Vec<Rc<Manifest>>,
}

/// Runs a verb when its files are read.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    if !context.may_pause || !args.has("filename") {
        return verb_of(args, context);
    }
    // A file that cannot be had is the verb's to tell.
    let texts = files::all_texts(args, context).unwrap_or_default();
    let kubernetes = context.world.kubernetes();
    let left = texts.iter().rev().map(|(_, text)| Reading::new(text, &kubernetes)).collect();
    Ahead { args: args.clone(), left, read: Vec::new() }.go_on(context)
}

impl Later for Ahead {
    fn go_on(mut self, context: &mut Context) -> Done {
        while let Some(mut reading) = self.left.pop() {
            if reading.go_on(None, &|| context.world.may_go_on()) {
                self.read.push(Rc::new(reading.done()));
            } else {
                self.left.push(reading);
                return Ok(Progress::Waiting(Box::new(Paused::new(self, context))));
            }
        }
        context.read = std::mem::take(&mut self.read);
        verb_of(&self.args, context)
    }
}
