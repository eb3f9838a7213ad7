//! How the text is read: in slices, if it is long.

use super::state::Playground;
use super::unread::Unread;
use crate::manifest::{Manifest, Reading};
use std::cell::RefCell;
use std::rc::Rc;

/// From so many bytes on a text is not read in the moment in which it comes.
const VERY_LONG: usize = 64 * 1024;

impl Playground {
    /// Takes a text, and reads as much of it as the page's patience lasts. The rest follows with the
    /// next frames, or before anything else is done that needs it.
    pub(super) fn take_text(&mut self, text: &str) {
        let (known, from) = match self.unread.take() {
            Some(unread) => (unread.known, unread.from),
            None => (Rc::clone(&self.manifest), self.lit_from()),
        };
        let kubernetes = self.kubernetes();
        let mut reading = Reading::new(text, &kubernetes);
        let patience = self.unfinished.patience.clone();
        // The editor has taken its time for a very long one.
        let may_read = text.len() <= VERY_LONG || patience.is_endless();
        let is_read = may_read && reading.go_on(Some(&known), &|| patience.lasts());
        if is_read {
            return self.take_read(reading.done(), &from, known.selected);
        }
        let manifest = Manifest::unread(text, &kubernetes).selecting(known.selected);
        self.manifest = Rc::new(manifest);
        self.changed_lines = Rc::default();
        self.unread = Some(Unread { reading: Rc::new(RefCell::new(Some(reading))), known, from });
    }

    /// A slice of reading.
    #[inline(never)]
    pub(super) fn read_on(&mut self) {
        let Some(unread) = self.unread.clone() else { return };
        let patience = self.unfinished.patience.clone();
        let mut shared = unread.reading.borrow_mut();
        let is_read = shared.as_mut().is_none_or(|reading| {
            let known = Some(&*unread.known);
            reading.go_on(known, &|| patience.lasts())
        });
        if !is_read {
            return;
        }
        let manifest = match shared.take() {
            Some(reading) => reading.done(),
            // A copy has read it, and has what it says.
            None => unread.known.parse_again(&self.manifest.text, &self.kubernetes()),
        };
        self.unread = None;
        self.take_read(manifest, &unread.from, unread.known.selected);
    }

    /// Reads on to the end.
    #[inline(never)]
    pub(super) fn read_to_end(&mut self) {
        while self.unread.is_some() {
            self.at_leisure(Self::read_on);
        }
    }

    /// The manifest with what its text says, which may not be read to its end.
    #[inline(never)]
    pub(super) fn manifest_read(&self) -> Rc<Manifest> {
        let Some(unread) = &self.unread else { return Rc::clone(&self.manifest) };
        Rc::new(unread.known.parse_again(&self.manifest.text, &self.kubernetes()))
    }

    fn take_read(&mut self, manifest: Manifest, from: &str, selected: usize) {
        self.manifest = Rc::new(manifest.selecting(selected));
        self.light_up(from);
    }
}
