//! A PostgreSQL of the tests' own: a cluster in a temporary directory, reached by a socket there, that ends with the
//! program that started it.
//!
//! `CABILDO_POSTGRES` names the directory with `initdb` and `pg_ctl`; the same tests then run with PostgreSQL.

mod process;

pub use process::{Cluster, give, programs};

use cabildo_server::storage::postgres::DatabaseUrl;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::start(""))
}

/// The database that goes with a directory, unless it is SQLite's. It is a schema of its own, whose name is kept there.
pub fn url(directory: &Path) -> Option<DatabaseUrl> {
    Some(address(directory)?.parse().unwrap())
}

/// The address of that database, as text.
pub fn address(directory: &Path) -> Option<String> {
    if programs().is_none() || directory.join("cabildo.db").exists() {
        return None;
    }
    let name = directory.join("schema");
    let schema = fs::read_to_string(&name).unwrap_or_else(|_| {
        let schema = format!("test_{:016x}", fastrand::u64(..));
        execute(&cluster().url(None), &format!("CREATE SCHEMA {schema}")).unwrap();
        fs::create_dir_all(directory).unwrap();
        fs::write(name, &schema).unwrap();
        schema
    });
    Some(cluster().url(Some(&schema)))
}

/// Speaks to a database from a thread: its client waits for a runtime of its own.
pub fn with<T: Send>(url: &str, act: impl FnOnce(&mut postgres::Client) -> T + Send) -> T {
    let speak = || act(&mut postgres::Client::connect(url, postgres::NoTls).unwrap());
    std::thread::scope(|scope| scope.spawn(speak).join().unwrap())
}

fn execute(url: &str, sql: &str) -> Result<(), String> {
    with(url, |client| client.batch_execute(sql)).map_err(|error| format!("{error:?}"))
}

/// Runs statements in the database that goes with a directory.
pub fn run(directory: &Path, sql: &str) -> Result<(), String> {
    execute(&address(directory).unwrap(), sql)
}

/// A number that the database that goes with a directory answers.
pub fn number(directory: &Path, sql: &str) -> u64 {
    let number: i64 = with(&address(directory).unwrap(), |client| client.query_one(sql, &[]).unwrap().get(0));
    number.try_into().unwrap()
}

/// Changes a setting of a cluster that runs, and waits until it holds.
pub fn set(cluster: &Cluster, name: &str, value: &str) {
    with(&cluster.url(None), |client| {
        client.batch_execute(&format!("ALTER SYSTEM SET {name} = '{value}'")).unwrap();
        client.batch_execute("SELECT pg_reload_conf()").unwrap();
        while client.query_one(&format!("SHOW {name}"), &[]).unwrap().get::<_, String>(0) != value {
            std::thread::yield_now();
        }
    });
}
