//! The kinds of controls: text, number, choice.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What every control is given.
pub struct Input {
    pub id: AttrValue,
    pub label: &'static str,
    pub value: Option<AttrValue>,
    /// Kubernetes' default.
    pub placeholder: &'static str,
    /// Id of the element that says what is wrong with the value.
    pub described_by: Option<AttrValue>,
    /// Sets the field; `None` unsets it.
    pub on_set: Callback<Option<String>>,
}

impl Input {
    /// A line of text; taken over when the person leaves it or presses Enter.
    pub fn text(&self) -> Html {
        let onchange = self.on_set.reform(|event: Event| entered(&event));
        html! {
            <input class="input" type="text" id={self.id.clone()} spellcheck="false"
                autocomplete="off" autocapitalize="off" value={self.shown()}
                placeholder={self.placeholder} aria-invalid={self.invalid()}
                aria-describedby={self.described_by.clone()} {onchange} />
        }
    }

    /// A whole number with buttons for less and more.
    pub fn number(&self, min: i64, max: i64) -> Html {
        let oninput = self.on_set.reform(|event: InputEvent| entered(&event));
        let number = self.value.as_deref().unwrap_or(self.placeholder).parse().unwrap_or(min);
        let button = |step: i64, word: &str, sign: &'static str| {
            let next = number.saturating_add(step).clamp(min, max);
            let onclick = self.on_set.reform(move |_: MouseEvent| Some(next.to_string()));
            html! {
                <button class="stepper__button" type="button" {onclick} disabled={next == number}
                    aria-label={format!("{word}: {}", self.label)}>{ sign }</button>
            }
        };
        html! {
            <span class="stepper">
                { button(-1, "Less", "−") }
                <input class="input stepper__input" type="number" id={self.id.clone()}
                    min={min.to_string()} max={max.to_string()} step="1" inputmode="numeric"
                    value={self.shown()} placeholder={self.placeholder}
                    aria-invalid={self.invalid()} aria-describedby={self.described_by.clone()}
                    {oninput} />
                { button(1, "More", "+") }
            </span>
        }
    }

    /// One of a few words, all in sight. Unset shows the default as chosen, but pale.
    pub fn choice(&self, options: &'static [&'static str]) -> Html {
        let chosen = self.value.as_deref().unwrap_or(self.placeholder);
        let by_default = self.value.is_none().then_some("choice--default");
        let onchange = self.on_set.reform(|event: Event| entered(&event));
        html! {
            <span class={classes!("choice", by_default)} role="radiogroup" aria-label={self.label}
                aria-describedby={self.described_by.clone()}>
                { for options.iter().map(|option| html! {
                    <label key={*option} class="choice__option">
                        <input class="choice__input" type="radio" name={self.id.clone()}
                            value={*option} checked={chosen == *option}
                            onchange={onchange.clone()} />
                        <span class="choice__face">{ option }</span>
                    </label>
                }) }
            </span>
        }
    }

    fn shown(&self) -> AttrValue {
        self.value.clone().unwrap_or_default()
    }

    fn invalid(&self) -> Option<&'static str> {
        self.described_by.is_some().then_some("true")
    }
}

/// What an input holds; `None` if it is empty.
fn entered(event: &Event) -> Option<String> {
    let input = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    Some(input.value()).filter(|value| !value.is_empty())
}
