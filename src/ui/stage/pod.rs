//! A pod as a card.

use super::ring::Ring;
use super::{Choose, Object};
use crate::ui::browser::popover;
use crate::ui::icons::{Icon, glyph};
use statefulset_playground::cluster::template::ProbeKind;
use statefulset_playground::scene::{PodCard, PodState};
use yew::prelude::*;

/// Revisions differ by pattern as well as by number; so many patterns there are.
const PATTERNS: i64 = 4;

/// The icon that tells a state without colour.
pub fn icon_of(state: PodState) -> Icon {
    match state {
        PodState::Pending => Icon::Clock,
        PodState::Running => Icon::Spin,
        PodState::Ready | PodState::Succeeded => Icon::Check,
        PodState::Terminating => Icon::Leave,
        PodState::Failed => Icon::Cross,
    }
}

/// The word on the card: as people say it.
pub fn word_of(pod: &PodCard) -> &str {
    match pod.state {
        PodState::Running => "Not ready",
        PodState::Failed => &pod.status,
        state => state.word(),
    }
}

/// The card. A click anywhere on it opens its actions, as its button does.
pub fn pod_view(pod: &PodCard, choose: &Choose) -> Html {
    let state = format!("pod--{}", pod.state.class());
    let choose = {
        let (choose, uid) = (choose.clone(), pod.uid.clone());
        move |event: MouseEvent| {
            choose.emit((Object::Pod(uid.clone()), popover::anchor(&event)));
        }
    };
    html! {
        <div key={pod.uid.clone()} class={classes!("pod", state)} role="group"
            id={format!("pod-{}", pod.name)}
            tabindex="-1" aria-label={pod.label.clone()} onclick={choose}>
            <button class="pod__head" type="button" aria-haspopup="dialog"
                aria-label={format!("Actions for {}", pod.name)}>
                <span class="pod__name">{ &pod.name }</span>
                <span key={pod.state.class()} class="pod__word">
                    { glyph(icon_of(pod.state)) }
                    <span class="pod__word-text">{ word_of(pod) }</span>
                </span>
            </button>
            <div class="pod__body">
                <div class="pod__row">
                    <span class="pod__status">{ &pod.status }</span>
                    <span class="pod__ready">{ &pod.ready }</span>
                    { restarts(&pod.restarts) }
                    <span class="pod__node">{ &pod.node }</span>
                </div>
                <div class="pod__row">
                    <code class="pod__image" title={pod.image.clone()}>{ &pod.image }</code>
                    { revision(pod) }
                </div>
                <div class="pod__row pod__row--last">
                    { for pod.probes.iter().map(|ring| html! {
                        <Ring key={format!("{}-{}", ring.container, ring.kind.name())}
                            ring={ring.clone()} />
                    }) }
                    <span class="pod__doing" title={doing(pod)}>{ doing(pod) }</span>
                </div>
            </div>
        </div>
    }
}

/// How many; how long ago the last was stands in the title.
fn restarts(restarts: &str) -> Html {
    let count = restarts.split(' ').next().unwrap_or_default();
    match count {
        "0" => Html::default(),
        // A new key draws it anew, and so plays its movement.
        _ => html! {
            <span key={count} class="pod__restarts" title={format!("Restarts: {restarts}")}>
                { glyph(Icon::Restart) }
                { count }
                <span class="visually-hidden">{ " restarts" }</span>
            </span>
        },
    }
}

fn revision(pod: &PodCard) -> Html {
    if pod.revision == 0 {
        return Html::default();
    }
    let pattern = format!("revision--{}", pod.revision.rem_euclid(PATTERNS));
    let old = (!pod.up_to_date).then_some("revision--old");
    let title = if pod.up_to_date { "Newest revision" } else { "An older revision" };
    html! {
        <span class={classes!("revision", pattern, old)} {title}>
            { format!("rev {}", pod.revision) }
        </span>
    }
}

/// What it does, or how its probes stand.
fn doing(pod: &PodCard) -> String {
    if !pod.doing.is_empty() {
        return pod.doing.clone();
    }
    let told = [ProbeKind::Startup, ProbeKind::Readiness, ProbeKind::Liveness];
    let ring = |kind| pod.probes.iter().find(|ring| ring.kind == kind && ring.last.is_some());
    match told.into_iter().find_map(ring) {
        Some(ring) if ring.last == Some(false) => format!("failed {}/{}", ring.run, ring.threshold),
        Some(ring) => format!("passing every {} s", ring.period_ms / 1000),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::render::render;
    use statefulset_playground::scene::ProbeRing;

    fn pod(state: PodState) -> PodCard {
        let probe = ProbeRing {
            container: "nginx".into(),
            kind: ProbeKind::Readiness,
            last: Some(state == PodState::Ready),
            run: 2,
            threshold: 3,
            next_at: Some(5_000),
            period_ms: 10_000,
            fault: false,
        };
        PodCard {
            uid: "1".into(),
            namespace: "default".into(),
            name: "web-0".into(),
            state,
            status: "Running".into(),
            ready: "0/1".into(),
            restarts: "0".into(),
            node: "node-1".into(),
            ip: String::new(),
            image: "nginx:1.29".into(),
            revision: 2,
            up_to_date: true,
            containers: vec!["nginx".into()],
            probes: vec![probe],
            doing: String::new(),
            in_service: false,
            label: "web-0, Running, Ready 0/1".into(),
        }
    }

    fn card(pod: PodCard) -> String {
        render(pod_view(&pod, &Callback::noop()))
    }

    #[test]
    fn a_card_is_a_named_group_with_a_button() {
        let html = card(pod(PodState::Running));
        assert!(html.contains(r#"role="group""#) && html.contains("web-0, Running, Ready 0/1"));
        assert!(html.contains(r#"aria-label="Actions for web-0""#), "{html}");
    }

    #[test]
    fn a_failing_probe_counts_against_its_threshold() {
        let html = card(pod(PodState::Running));
        assert!(html.contains("failed 2/3"), "{html}");
        assert!(html.contains("Readiness probe of nginx: failed 2 of 3 times"), "{html}");
        assert_eq!(html.matches("ring__notch").count(), 3);
        assert_eq!(html.matches("ring__dot").count(), 2);
    }

    #[test]
    fn restarts_are_shown_once_there_are_any() {
        assert!(!card(pod(PodState::Ready)).contains("pod__restarts"));
        let restarted = PodCard { restarts: "4 (3s ago)".into(), ..pod(PodState::Ready) };
        assert!(card(restarted).contains("Restarts: 4 (3s ago)"));
    }
}
