//! Visits of the browser: an address is requested at the playhead.

use super::action::Effect;
use super::browser::{Address, Browser, Visit, page, request};
use super::live::Live;
use super::state::Playground;
use crate::client::Seat;
use std::rc::Rc;

/// How many visits are kept.
const MOST_VISITS: usize = 200;

impl Playground {
    /// The browser, if it is open. The same value until it changes.
    pub fn browser(&self) -> Option<&Rc<Browser>> {
        self.browser.as_ref()
    }

    /// Requests an address.
    #[inline(never)]
    pub(super) fn browse(&mut self, url: &str) -> Vec<Effect> {
        let address = Address::read(url);
        let before = self.present();
        let network = Rc::make_mut(&mut self.console).network().clone();
        let inputs = self.last_input();
        let mut live = Live::new(&mut self.replay, self.playhead, "");
        let turn = live.turn();
        let found = live.with(|cluster| request(cluster, &network, turn, &address));
        let (pod, page) = match found {
            Ok(answer) => {
                answer.input.into_iter().for_each(|input| drop(live.submit(input)));
                (answer.pod.map(|pod| Rc::clone(&pod.name)), page(answer.reply, &address))
            }
            Err(page) => (None, page),
        };
        if self.last_input() != inputs {
            self.remember_as(before);
            self.leave_what_was_ahead();
        }
        let url: Rc<str> = address.whole.into();
        let browser = Rc::make_mut(self.browser.get_or_insert_with(Rc::default));
        browser.url = Rc::clone(&url);
        browser.visits.push(Visit { at: self.playhead, url, pod, page });
        let surplus = browser.visits.len().saturating_sub(MOST_VISITS);
        browser.visits.drain(..surplus);
        self.show();
        self.draw();
        vec![Effect::Save]
    }

    /// Opens what a command has asked to open.
    pub(super) fn open_what_is_asked(&mut self) {
        if let Some(url) = Rc::make_mut(&mut self.console).network().take_opened() {
            self.browse(&url);
        }
    }
}
