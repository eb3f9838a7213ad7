//! A select that opens something: what the arrow keys pass by is not opened until Enter confirms it.

use std::cell::Cell;
use std::rc::Rc;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What a select is made of, and what it does.
pub struct Chooser {
    /// To be put on the select: it stays at what holds, whatever a person chose in it.
    pub node: NodeRef,
    pub onchange: Callback<Event>,
    pub onkeydown: Callback<KeyboardEvent>,
    pub onpointerdown: Callback<PointerEvent>,
    pub onblur: Callback<FocusEvent>,
}

/// A select that shows `value`, and tells which one is chosen: with the pointer, in the open list, or
/// with the keys and Enter.
#[hook]
pub fn use_chooser(value: AttrValue, chosen: Callback<String>) -> Chooser {
    let node = use_node_ref();
    // Whether keys change what is shown without opening the list.
    let passes = use_memo((), |()| Cell::new(false));
    {
        let node = node.clone();
        use_effect_with(value.clone(), move |value| put_back(&node, value));
    }
    let open = {
        let (node, value) = (node.clone(), value.clone());
        move || {
            let Some(select) = node.cast::<HtmlSelectElement>() else { return };
            let wanted = select.value();
            if wanted != *value {
                // Nothing is open until it has been fetched, and a choice may fail.
                select.set_value(&value);
                chosen.emit(wanted);
            }
        }
    };
    let onchange = {
        let (open, passes) = (open.clone(), passes.clone());
        Callback::from(move |_: Event| {
            if !passes.get() {
                open();
            }
        })
    };
    let onkeydown = keys(&passes, open, &node, &value);
    let onpointerdown = {
        let passes = passes.clone();
        Callback::from(move |_: PointerEvent| passes.set(false))
    };
    let onblur = {
        let node = node.clone();
        Callback::from(move |_: FocusEvent| {
            passes.set(false);
            put_back(&node, &value);
        })
    };
    Chooser { node, onchange, onkeydown, onpointerdown, onblur }
}

fn keys(
    passes: &Rc<Cell<bool>>,
    open: impl Fn() + 'static,
    node: &NodeRef,
    value: &AttrValue,
) -> Callback<KeyboardEvent> {
    let (passes, node, value) = (passes.clone(), node.clone(), value.clone());
    Callback::from(move |event: KeyboardEvent| {
        let opens_list = event.alt_key() || matches!(event.key().as_str(), " " | "F4");
        let was_passing = passes.replace(!opens_list);
        match event.key().as_str() {
            "Enter" if was_passing => {
                event.prevent_default();
                open();
            }
            "Escape" => put_back(&node, &value),
            _ => {}
        }
    })
}

fn put_back(node: &NodeRef, value: &str) {
    if let Some(select) = node.cast::<HtmlSelectElement>() {
        select.set_value(value);
    }
}
