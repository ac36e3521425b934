//! A caching proxy in front of the server: nginx with its own defaults about what may be kept.

use super::port;
use super::server::setting;
use std::collections::BTreeSet;
use std::fs::{self, DirEntry};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A running nginx; ended when it is dropped.
pub struct Nginx {
    port: u16,
    process: Child,
    directory: TempDir,
}

/// What reached the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Path and query.
    pub path: String,
    /// The status that the server answered.
    pub status: u16,
}

impl Nginx {
    /// Starts one that keeps what the server at this port lets it keep. What is not kept goes to the server by way of a
    /// second site of the same nginx, which writes down what passes.
    pub fn before(server: u16) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (port, counted) = (port::free(), port::free());
        let at = directory.path().display();
        let scratch: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {at}/{name};\n"))
            .concat();
        let configuration = format!(
            r#"
            daemon off;
            master_process off;
            pid {at}/pid;
            error_log {at}/error.log;
            events {{ worker_connections 4096; }}
            http {{
                {scratch}
                log_format passed "$request_uri $status";
                proxy_cache_path {at}/kept keys_zone=kept:10m;
                proxy_http_version 1.1;
                proxy_set_header Connection "";
                proxy_set_header Host $host:$server_port;
                server {{
                    listen 127.0.0.1:{port};
                    access_log off;
                    # Streams never end: nobody must wait for another one's.
                    location ~ ^/api/v1/.+/live$ {{
                        proxy_pass http://127.0.0.1:{counted};
                    }}
                    location / {{
                        proxy_pass http://127.0.0.1:{counted};
                        proxy_cache kept;
                        proxy_cache_lock on;
                        proxy_cache_revalidate on;
                        proxy_cache_background_update on;
                        proxy_cache_use_stale updating;
                        add_header X-Cache $upstream_cache_status always;
                    }}
                }}
                server {{
                    listen 127.0.0.1:{counted};
                    access_log {at}/passed.log passed;
                    location / {{ proxy_pass http://127.0.0.1:{server}; }}
                }}
            }}
            "#
        );
        let file = directory.path().join("nginx.conf");
        fs::write(&file, configuration).unwrap();
        let mut process = Command::new(setting("CABILDO_NGINX"))
            .arg("-c")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        port::answers(port, &mut process);
        Self { port, process, directory }
    }

    /// Where readers reach it.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// What reached the server until now.
    pub fn passed(&self) -> Vec<Passed> {
        let log = fs::read_to_string(self.directory.path().join("passed.log")).unwrap();
        let lines = log.lines().map(|line| line.split_once(' ').unwrap());
        lines
            .map(|(path, status)| Passed { path: path.to_owned(), status: status.parse().unwrap() })
            .collect()
    }

    /// Path and query of what it keeps.
    pub fn kept(&self) -> BTreeSet<String> {
        let files = fs::read_dir(self.directory.path().join("kept")).unwrap();
        let key = |file: std::io::Result<DirEntry>| {
            // Before the answer stands: KEY: http://127.0.0.1:43567/api/v1/session
            let bytes = fs::read(file.unwrap().path()).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            let address = text.split_once("KEY: http://").unwrap().1.lines().next().unwrap();
            address[address.find('/').unwrap()..].to_owned()
        };
        files.map(key).collect()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
