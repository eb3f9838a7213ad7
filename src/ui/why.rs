//! The one sentence: what is awaited, and what would release it.

use super::browser::place;
use super::state::Now;
use super::widgets::CopyButton;
use statefulset_playground::cluster::Millis;
use statefulset_playground::scene::{PodCard, Scene, Why};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub why: Why,
    /// When the blocking pod's probes are tried next, with the probe's name.
    pub next: Option<(AttrValue, Millis)>,
}

/// What the blocking pod waits for next.
pub fn next_attempt(scene: &Scene) -> Option<(AttrValue, Millis)> {
    let blocking = |pod: &&PodCard| pod.name == scene.why.blocking;
    let pod = scene.slots.iter().filter_map(|slot| slot.pod.as_ref()).find(blocking)?;
    let rings = pod.probes.iter().filter_map(|ring| Some((ring.next_at?, ring.kind)));
    let (at, kind) = rings.filter(|(at, _)| *at >= scene.now).min()?;
    Some((kind.name().to_ascii_lowercase().into(), at))
}

/// The sentence, read out by assistive technology when its words change, and only then.
#[component]
pub fn WhyPanel(props: &Props) -> Html {
    let why = &props.why;
    let tone = if why.waiting { "why--waiting" } else { "why--settled" };
    let blocking = why.blocking.clone();
    let show = move |_| place::show(&format!("pod-{blocking}"));
    html! {
        <div class={classes!("why", tone)}>
            <div class="why__text" role="status" aria-label="Why">
                <strong class="why__headline">{ &why.headline }</strong>
                if !why.detail.is_empty() {
                    { ". " }<span class="why__detail">{ &why.detail }</span>
                }
                if let Some((probe, at)) = &props.next {
                    <Countdown probe={probe.clone()} at={*at} />
                }
            </div>
            <div class="why__actions">
                if !why.command.is_empty() {
                    <code class="why__command">{ &why.command }</code>
                    <CopyButton label="Copy command" text={why.command.clone()} small=true />
                }
                if !why.blocking.is_empty() {
                    <button class="button button--link" type="button" onclick={show}>
                        { format!("Show {}", why.blocking) }
                    </button>
                }
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct CountdownProps {
    probe: AttrValue,
    at: Millis,
}

#[component]
fn Countdown(props: &CountdownProps) -> Html {
    let Now(now) = use_context().unwrap_or_default();
    let left = props.at.saturating_sub(now).div_ceil(1000);
    html! {
        <span class="why__countdown" aria-hidden="true">
            { format!(" Next {} probe in {left} s.", props.probe) }
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::render::render_component;

    #[test]
    fn the_countdown_is_kept_from_screen_readers() {
        let why = Why {
            headline: "web-2 is not created yet".into(),
            detail: "web-1 is not Ready.".into(),
            command: "kubectl describe pod web-1".into(),
            waiting: true,
            blocking: "web-1".into(),
        };
        let html =
            render_component::<WhyPanel>(Props { why, next: Some(("readiness".into(), 4_000)) });
        let status = html.find(r#"role="status" aria-label="Why""#).expect("it is a status");
        let countdown = html.find("Next readiness probe in 4 s.").expect("it counts down");
        let hidden = html[..countdown].rfind(r#"aria-hidden="true""#).expect("it is hidden");
        assert!(status < hidden && html.contains("kubectl describe pod web-1"), "{html}");
    }
}
