//! Opens something beside the present work: in a workspace of its own, the same thing in the same one.

use super::place::Place;
use super::told::{open, sentence};
use super::{State, all, end, flush, with};
use crate::ui::browser::{address, storage};
use crate::ui::state::Dispatch;
use statefulset_playground::playground::Action;
use statefulset_playground::playground::saved::Saved;
use wasm_bindgen_futures::spawn_local;

/// Opens what `action` puts in place of the work, in the workspace of this origin; one that is there
/// goes on as it was left. Without a title there is nothing to open, and the action says why.
pub fn beside(
    title: String,
    origin: String,
    dispatch: Dispatch,
    action: impl FnOnce() -> Action + 'static,
) {
    if address::is_embedded() || title.is_empty() {
        return dispatch.send(action());
    }
    if with(|keep| keep.place.as_ref().is_some_and(|place| place.label.origin == origin)) {
        let said = format!("“{title}” is open here. “Start over” begins it anew.");
        return dispatch.send(Action::Say(said));
    }
    spawn_local(async move {
        if let Err(why) = leave_safe().await {
            return dispatch.send(Action::Tell(format!("“{title}” was not opened. {why}")));
        }
        let known = all::list().await.unwrap_or_default().into_iter().find(|listed| {
            let label = &listed.label;
            label.origin == origin && label.deleted == 0 && label.aside.is_empty()
        });
        if let Some(known) = known {
            return open(&known.id);
        }
        let place = Place::new(&title, &origin);
        storage::choose(&place.id);
        with(|keep| {
            keep.written = Saved::default();
            keep.drafts.clear();
            keep.place = Some(place);
        });
        super::tell_all();
        dispatch.send(action());
    });
}

/// Opens the link that was put into the address bar: the page starts anew with it.
pub fn follow_link(dispatch: Dispatch) {
    spawn_local(async move {
        match leave_safe().await {
            Ok(()) => {
                end();
                address::reload();
            }
            Err(why) => dispatch.send(Action::Tell(format!("The link was not opened. {why}"))),
        }
    });
}

/// Makes sure that nothing is lost when the work of this tab is another one.
async fn leave_safe() -> Result<(), String> {
    if with(|keep| keep.place.is_none()) || flush().await {
        return Ok(());
    }
    if with(|keep| keep.is_pending_kept) {
        // It comes into the database when there is room.
        with(|keep| keep.is_due = false);
        return Ok(());
    }
    let state = with(|keep| keep.state.clone());
    Err(match state {
        State::Not(trouble) => sentence(&trouble),
        State::Kept | State::Elsewhere(..) => "Your work could not be saved first.".into(),
    })
}
