//! The page: Yew components around the core's `Playground`.

mod ui;

use wasm_bindgen_futures::spawn_local;

fn main() {
    ui::browser::crash::install();
    if ui::browser::address::is_first_visit() {
        return render(ui::Found::default());
    }
    spawn_local(async { render(ui::resume().await) });
}

fn render(found: ui::Found) {
    yew::Renderer::<ui::App>::with_props(ui::Props { found }).render();
}
