//! The page: Yew components around the core's `Playground`.

mod ui;

fn main() {
    ui::browser::crash::install();
    yew::Renderer::<ui::App>::new().render();
}
