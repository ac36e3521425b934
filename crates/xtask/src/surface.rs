//! The surfaces, and the page where one of them is set up: what is built, from which shell, to where, and how much it
//! may weigh.

/// One surface: a page of its own, with the binary of the root package that it names, if any.
#[derive(Debug, Clone, Copy)]
pub struct Surface {
    /// Name of the binary and of its assets.
    pub name: &'static str,
    /// The page as it is written, from the root of the repository.
    pub shell: &'static str,
    /// The page as it is built, under `dist/`.
    pub page: &'static str,
    /// Bytes that its first view may cost over the wire, brotli (`docs/testing.md`, "Size budgets"). A build that
    /// costs more fails.
    pub budget: u64,
}

/// All of them.
pub const ALL: [Surface; 5] = [
    Surface { name: "app", shell: "index.html", page: "index.html", budget: 120_000 },
    Surface {
        name: "embed",
        shell: "src/surface/embed/index.html",
        page: "embed/index.html",
        budget: 12_000,
    },
    Surface { name: "vote", shell: "src/surface/embed/vote.html", page: "embed/vote.html", budget: 60_000 },
    Surface { name: "screen", shell: "src/bin/screen/index.html", page: "screen/index.html", budget: 90_000 },
    Surface {
        name: "setup",
        shell: "src/surface/screen/setup.html",
        page: "screen/setup.html",
        budget: 12_000,
    },
];
