//! A page of somebody else: another site (`127.0.0.1`, where Cabildo is `localhost`).

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A site that answers every address with one page.
pub struct Host {
    /// Where.
    pub url: String,
    body: Arc<Mutex<String>>,
}

impl Host {
    /// Serves a page with this body until the tests end.
    pub fn serve(body: &str) -> Self {
        let host = Self::open();
        host.shows(body);
        host
    }

    /// Its origin, as a consultation names it.
    pub fn origin(&self) -> &str {
        self.url.trim_end_matches('/')
    }

    /// From now on its page has this body.
    pub fn shows(&self, body: &str) {
        body.clone_into(&mut self.body.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Serves an empty page until the tests end.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let body = Arc::new(Mutex::new(String::new()));
        let shown = Arc::clone(&body);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                let body = shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let page = format!(
                    "<!doctype html><html lang=\"es\"><head><meta charset=\"utf-8\"><title>Alcaldía</title>\
                     <link rel=\"icon\" href=\"data:,\"></head><body><h1>Alcaldía</h1>{body}</body></html>"
                );
                // A browser that goes away meanwhile is its own affair.
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
                     Connection: close\r\n\r\n{page}",
                    page.len()
                );
            }
        });
        Self { url, body }
    }
}
