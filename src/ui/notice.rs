//! What came of the last thing that was done: the command, what it printed, ways around a refusal.

use super::icons::{Icon, glyph, glyph_in};
use super::state::Dispatch;
use statefulset_playground::playground::{Action, Notice, Remedy, Tone};
use yew::prelude::*;

/// A banner below the manifest.
pub fn notice_banner(notice: &Notice, dispatch: &Dispatch) -> Html {
    let (tone, icon) = match notice.tone {
        Tone::Done => ("notice--done", Icon::Check),
        Tone::Warning => ("notice--warning", Icon::Warning),
        Tone::Refused => ("notice--refused", Icon::Cross),
    };
    html! {
        <div class={classes!("notice", tone)} role="group" aria-label="Result">
            { glyph_in("notice__icon", icon) }
            <div class="notice__body">
                if !notice.command.is_empty() {
                    <code class="notice__command">{ "$ " }{ &notice.command }</code>
                }
                { for notice.lines.iter().map(|line| html! {
                    <p class="notice__line">{ line }</p>
                }) }
                if !notice.remedies.is_empty() {
                    <div class="notice__remedies">
                        { for notice.remedies.iter().map(|remedy| html! {
                            <button class="button" type="button"
                                onclick={dispatch.on(action_of(*remedy))}>
                                { remedy.label() }
                            </button>
                        }) }
                    </div>
                }
            </div>
            <button class="button button--quiet button--icon" type="button" aria-label="Dismiss"
                title="Dismiss" onclick={dispatch.on(Action::DismissNotice)}>
                { glyph(Icon::Cross) }
            </button>
        </div>
    }
}

/// What a way around does.
pub fn action_of(remedy: Remedy) -> Action {
    match remedy {
        Remedy::Restart => Action::Restart,
        Remedy::RecreateOrphaned => Action::RecreateOrphaned,
        Remedy::Apply => Action::Apply,
        Remedy::Take(what) => Action::Take(what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::render::render;

    #[test]
    fn a_refusal_stands_in_the_servers_words_with_its_ways_around() {
        let notice = Notice {
            tone: Tone::Refused,
            command: "kubectl apply -f web.yaml".into(),
            lines: vec!["The StatefulSet \"web\" is invalid".into()],
            remedies: vec![Remedy::Restart, Remedy::RecreateOrphaned],
        };
        let html = render(notice_banner(&notice, &Dispatch(Callback::noop())));
        assert!(html.contains("kubectl apply -f web.yaml") && html.contains("is invalid"));
        for remedy in [Remedy::Restart, Remedy::RecreateOrphaned] {
            assert!(html.contains(remedy.label()), "{html}");
        }
    }
}
