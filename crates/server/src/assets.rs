//! The built front-end on disk: shells, hashed files, files of the site's root.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use std::path::{Path, PathBuf};
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// What is cached under a name that stands for its content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The page without its content that a surface starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// The citizen app.
    App,
    /// A widget.
    Embed,
    /// A widget to vote in.
    Vote,
    /// The public screen.
    Screen,
    /// The page where it is set up.
    Setup,
}

impl Shell {
    /// The shell of the page at a path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let under =
            |name: &str| path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if under("/embed/vote") {
            Self::Vote
        } else if under("/embed") {
            Self::Embed
        } else if under("/screen") {
            if path.ends_with("/setup") { Self::Setup } else { Self::Screen }
        } else {
            Self::App
        }
    }

    const fn file(self) -> &'static str {
        match self {
            Self::App => "index.html",
            Self::Embed => "embed/index.html",
            Self::Vote => "embed/vote.html",
            Self::Screen => "screen/index.html",
            Self::Setup => "screen/setup.html",
        }
    }
}

/// A directory with a built front-end.
#[derive(Debug, Clone)]
pub struct Assets {
    root: PathBuf,
}

impl Assets {
    /// Serves from `root`, as `cargo xtask build` fills it.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The files under `/assets`: their names contain a hash of their content, so they never change.
    pub fn router(&self) -> Router {
        let files = files(&self.root.join("assets")).precompressed_br().precompressed_gzip();
        Router::new()
            .nest_service("/assets", files)
            .layer(from_fn_with_state(self.root.clone(), inside))
            .layer(map_response(for_ever))
    }

    /// The shell of a surface. Read each time: the file is small, and a new build shows at once.
    ///
    /// # Errors
    /// Those of reading the file.
    pub async fn shell(&self, shell: Shell) -> std::io::Result<String> {
        tokio::fs::read_to_string(self.root.join(shell.file())).await
    }

    /// A script that browsers ask for again and again by its name, after `finish`.
    pub async fn script(&self, file: &str, finish: impl FnOnce(String) -> String) -> Response {
        let Ok(script) = tokio::fs::read_to_string(self.root.join(file)).await else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let kind =
            [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
        (kind, finish(script)).into_response()
    }

    /// A file of the site's root such as `/favicon.svg`, if there is one of that name.
    pub async fn root_file(&self, path: &str) -> Option<Response> {
        let name = path.strip_prefix('/')?;
        if name.contains('/')
            || !name.contains('.')
            || name.ends_with(".html")
            || !is_inside(&self.root, name).await
        {
            return None;
        }
        let request = Request::get(path).body(Body::empty()).ok()?;
        let mut response = files(&self.root).oneshot(request).await.ok()?.into_response();
        if name.ends_with(".js") {
            // Scripts at the root are for pages of others; one with a version never changes.
            let days = if name == "embed.js" { "public, max-age=3600" } else { FOR_EVER };
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(days));
        }
        (response.status() == StatusCode::OK).then_some(response)
    }
}

/// The files of a directory, as they are: no redirect, no file in the name of a directory.
fn files(directory: &Path) -> ServeDir {
    ServeDir::new(directory).append_index_html_on_directories(false).redirect_to_trailing_slash(false)
}

/// Whether a path is made of plain names, so that there is one way to write it, and stays in the directory, links
/// followed: also in its compressed forms.
async fn is_inside(root: &Path, path: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    if !path.split('/').all(|name| !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain)) {
        return false;
    }
    let Ok(root) = tokio::fs::canonicalize(root).await else { return false };
    for ending in ["", ".br", ".gz"] {
        let file = tokio::fs::canonicalize(root.join(format!("{path}{ending}"))).await;
        if file.is_ok_and(|file| !file.starts_with(&root)) {
            return false;
        }
    }
    true
}

async fn inside(State(root): State<PathBuf>, request: Request, next: Next) -> Response {
    match request.uri().path().strip_prefix('/') {
        Some(path) if is_inside(&root, path).await => next.run(request).await,
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn for_ever(mut response: Response) -> Response {
    let status = response.status();
    if status.is_success() || status == StatusCode::NOT_MODIFIED {
        let cache = HeaderValue::from_static(FOR_EVER);
        response.headers_mut().insert(header::CACHE_CONTROL, cache);
    }
    response
}
