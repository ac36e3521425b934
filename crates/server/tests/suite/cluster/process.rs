//! The processes of a PostgreSQL cluster. Journeys in a browser (`tests/e2e`) start one as well.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Where the programs are, if PostgreSQL is to be used.
pub fn programs() -> Option<PathBuf> {
    std::env::var_os("CABILDO_POSTGRES").map(PathBuf::from)
}

/// A running cluster.
pub struct Cluster {
    directory: PathBuf,
    /// The cluster ends when its end of the pipe closes, however this program ends.
    _watch: Child,
}

/// Makes a cluster, starts it and says so; ends and removes it once there is nothing more to read.
const WATCH: &str = r#"
set -e
if [ -z "$4" ]; then
    "$1/initdb" -D "$2/data" -U cabildo --auth=trust --no-sync --locale=C.UTF-8 --encoding=UTF8 >"$2/initdb.log" 2>&1
else
    "$1/pg_basebackup" -D "$2/data" -R -c fast --no-sync -d "host=$4 user=cabildo application_name=standby" \
        >"$2/initdb.log" 2>&1
fi
cat >>"$2/data/postgresql.conf" <<END
unix_socket_directories = '$2'
listen_addresses = ''
fsync = off
full_page_writes = off
max_connections = 300
max_locks_per_transaction = 256
$3
END
"$1/pg_ctl" -D "$2/data" -s -w -l "$2/log" start
echo ready
read -r _ || true
"$1/pg_ctl" -D "$2/data" -s -m immediate stop || true
rm -rf "$2"
"#;

impl Cluster {
    /// Starts one, with these lines in its configuration.
    pub fn start(options: &str) -> Self {
        Self::start_from(options, "")
    }

    /// Starts one that follows this one and can take its place.
    pub fn standby(&self, options: &str) -> Self {
        Self::start_from(options, self.directory.to_str().unwrap())
    }

    fn start_from(options: &str, primary: &str) -> Self {
        let Some(programs) = programs() else {
            panic!("CABILDO_POSTGRES names no directory with the programs of PostgreSQL")
        };
        let directory = tempfile::tempdir().unwrap().keep();
        give(&directory);
        let mut watch = unprivileged("sh");
        watch
            .args(["-c", WATCH, "sh"])
            .args([&programs, &directory])
            .args([options, primary])
            .current_dir(&directory);
        let mut watch = watch.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(watch.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let log = || {
            let read = |name| fs::read_to_string(directory.join(name)).unwrap_or_default();
            read("initdb.log") + &read("log")
        };
        assert_eq!(line, "ready\n", "{}", log());
        Self { directory, _watch: watch }
    }

    /// Ends all of its processes at once, as if its machine were gone.
    pub fn kill(&self) {
        let postmaster = fs::read_to_string(self.directory.join("data/postmaster.pid")).unwrap();
        let postmaster = postmaster.lines().next().unwrap().to_owned();
        // The first that goes takes none of the others along: they would have time to finish.
        let mut all = vec![postmaster.clone()];
        for entry in fs::read_dir("/proc").unwrap() {
            let Ok(status) = fs::read_to_string(entry.unwrap().path().join("status")) else { continue };
            let of = |name: &str| {
                status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim()
            };
            if of("PPid:") == postmaster {
                all.push(of("Pid:").to_owned());
            }
        }
        assert!(Command::new("kill").arg("-STOP").args(&all).status().unwrap().success());
        assert!(Command::new("kill").arg("-KILL").args(&all).status().unwrap().success());
    }

    /// Where its socket is, as it stands in an address.
    pub fn host(&self) -> String {
        self.directory.to_str().unwrap().replace('/', "%2F")
    }

    /// Starts, stops or promotes it, and waits until that is done.
    pub fn control(&self, what: &str) {
        let mut control = unprivileged(programs().unwrap().join("pg_ctl").to_str().unwrap());
        control.arg(what).args(["-s", "-w", "-D"]).arg(self.directory.join("data"));
        match what {
            "stop" => drop(control.args(["-m", "fast"])),
            "start" => drop(control.arg("-l").arg(self.directory.join("log"))),
            _ => {}
        }
        control.current_dir(&self.directory);
        assert!(control.stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap().success(), "{what}");
    }

    /// The address of a database, or of a schema in it.
    pub fn url(&self, schema: Option<&str>) -> String {
        let host = self.host();
        let schema = schema.map(|schema| format!("?options=-c%20search_path%3D{schema}"));
        format!("postgres://cabildo@{host}/postgres{}", schema.unwrap_or_default())
    }
}

const NOBODY: u32 = 65_534;

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Makes a file or a directory belong to whom PostgreSQL runs as.
pub fn give(path: &Path) {
    if is_root() {
        std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

/// A program under a user that PostgreSQL lets itself be run by: not as root.
fn unprivileged(program: &str) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args([format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")])
        .args(["--clear-groups", program]);
    command
}
