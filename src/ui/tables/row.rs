//! A row of any table; drawn anew only when its own words change.

use yew::prelude::*;

/// Sentences with more characters than this may break.
const LONG: usize = 24;

/// What a row says.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    pub words: Vec<AttrValue>,
    /// The first cell names the row.
    pub named: bool,
    /// It is something to look at.
    pub warning: bool,
}

impl Cells {
    /// A row that its first cell names.
    pub fn named(words: Vec<String>) -> Self {
        Self { named: true, ..Self::plain(words) }
    }

    /// A row without a name.
    pub fn plain(words: Vec<String>) -> Self {
        let words = words.into_iter().map(|word| match word.is_empty() {
            true => AttrValue::from("<none>"),
            false => AttrValue::from(word),
        });
        Self { words: words.collect(), named: false, warning: false }
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub cells: Cells,
}

/// The row.
#[component]
pub fn Row(props: &Props) -> Html {
    let Cells { words, named, warning } = &props.cells;
    html! {
        <tr class={warning.then_some("table__row--warning")}>
            { for words.iter().enumerate().map(|(index, word)| match (index, named) {
                (0, true) => html! {
                    <th class="table__cell table__cell--name" scope="row">{ word }</th>
                },
                _ => {
                    let long = word.len() > LONG && word.contains(' ');
                    let long = long.then_some("table__cell--long");
                    html! { <td class={classes!("table__cell", long)}>{ word }</td> }
                }
            }) }
        </tr>
    }
}
