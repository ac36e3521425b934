//! The public screen.

fn main() {
    cabildo_app::surface::screen::mount();
}
