//! Renders natively, for tests.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use yew::prelude::*;
use yew::{BaseComponent, LocalServerRenderer};

/// The HTML of what a view function returns.
pub fn render(view: Html) -> String {
    render_component::<Shown>(ShownProps { view })
}

/// A component's HTML. It must not wait for anything.
pub fn render_component<C>(props: C::Properties) -> String
where
    C: BaseComponent,
{
    let renderer = LocalServerRenderer::<C>::with_props(props).hydratable(false);
    let mut rendering = pin!(renderer.render());
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..1_000 {
        if let Poll::Ready(html) = rendering.as_mut().poll(&mut context) {
            return html;
        }
    }
    panic!("the component waits for something");
}

#[derive(Properties, PartialEq)]
struct ShownProps {
    view: Html,
}

#[component]
fn Shown(props: &ShownProps) -> Html {
    props.view.clone()
}
