//! A page of somebody else: another site (`127.0.0.1`, where Cabildo is `localhost`).

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

/// A page with this body.
pub fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"es\"><head><meta charset=\"utf-8\"><title>Alcaldía</title>\
         <link rel=\"icon\" href=\"data:,\"></head><body><h1>Alcaldía</h1>{body}</body></html>"
    )
}

/// A site that answers every address with one page.
pub struct Host {
    /// Where.
    pub url: String,
}

impl Host {
    /// Serves a page with this body until the tests end.
    pub fn serve(body: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let page = page(body);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                // A browser that goes away meanwhile is its own affair.
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
                     Connection: close\r\n\r\n{page}",
                    page.len()
                );
            }
        });
        Self { url }
    }
}
