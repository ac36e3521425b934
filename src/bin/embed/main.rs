//! The widgets.

fn main() {
    cabildo_app::surface::embed::mount();
}
