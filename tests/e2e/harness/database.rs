//! Where a server keeps its records: in its data directory, or in a schema of its own in a PostgreSQL of this program's.

#[path = "../../../crates/server/tests/suite/cluster/process.rs"]
#[allow(dead_code, reason = "the server's own tests do more with a cluster")]
mod process;

use process::{Cluster, programs};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Whether journeys go with PostgreSQL.
pub fn is_shared() -> bool {
    programs().is_some()
}

/// The address of a database that nothing is in; none unless `CABILDO_POSTGRES` says that journeys go with PostgreSQL.
pub fn empty() -> Option<String> {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static SERVERS: AtomicU32 = AtomicU32::new(0);
    let psql = programs()?.join("psql");
    let cluster = CLUSTER.get_or_init(|| Cluster::start(""));
    let schema = format!("journey_{}", SERVERS.fetch_add(1, Ordering::Relaxed));
    let made = Command::new(psql)
        .arg(cluster.url(None))
        .args(["-c", &format!("CREATE SCHEMA {schema}")])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(cluster.url(Some(&schema)))
}
