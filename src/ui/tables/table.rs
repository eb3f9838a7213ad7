//! A table with a name, headings that stay in sight, and a word where it is empty.

use yew::prelude::*;

/// What a table is called, and its columns.
pub struct Heading {
    /// Id of the box that scrolls, for jumps.
    pub id: &'static str,
    /// Its accessible name and its heading.
    pub name: &'static str,
    pub columns: &'static [&'static str],
    /// Said instead of rows.
    pub empty: &'static str,
}

/// The table in its own scrolling box. A function, not a component: to compare its rows before
/// drawing would cost as much as each row's own comparison.
///
/// `more` rows are left out, which it says.
pub fn table(heading: &Heading, rows: Vec<Html>, more: usize) -> Html {
    let empty = rows.is_empty();
    html! {
        <div class={classes!("sheet", format!("sheet--{}", heading.id))}>
            <h2 class="sheet__title">{ heading.name }</h2>
            <div class="sheet__scroll" id={heading.id} tabindex="0" role="group"
                aria-label={format!("{}, scrollable", heading.name)}>
                <table class="table" aria-label={heading.name}>
                    <thead>
                        <tr>
                            { for heading.columns.iter().map(|column| html! {
                                <th key={*column} scope="col" class="table__head">{ column }</th>
                            }) }
                        </tr>
                    </thead>
                    <tbody>{ for rows }</tbody>
                </table>
                if empty {
                    <p class="sheet__empty">{ heading.empty }</p>
                }
                if more > 0 {
                    <p class="sheet__empty">{ format!("{more} more are not shown.") }</p>
                }
            </div>
        </div>
    }
}
