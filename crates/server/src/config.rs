//! The command line; every option can also come from the environment.

use crate::desk::Role;
use crate::limits::Rates;
use crate::storage::postgres::DatabaseUrl;
use crate::work::Thresholds;
use axum::http::{HeaderName, Uri, header};
use cabildo_contract::id::Slug;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

/// Open-source citizen participation: read, vote, comment, and watch it live.
#[derive(Debug, Parser)]
#[command(name = "cabildo", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API, the live figures and the pages.
    Serve(Box<Serve>),
    /// Import processes from files; importing again updates texts and keeps ids, ballots and comments.
    Import(Import),
    /// Print a key with which an entity answers comments; see docs/answering.md.
    Key(Key),
    /// Keys of those who work in a process; see docs/moderation.md.
    #[command(subcommand)]
    Staff(Staff),
    /// Take part as simulated citizens, through the public API of a running server.
    Replay(Replay),
    /// Copy a data directory, while a server uses it, into a new one that a server can be started on.
    Backup(Backup),
    /// Check that a data directory is whole: its pages, references and ballots; or a database of PostgreSQL, and whether it
    /// could lose what it acknowledges.
    Check(Check),
    /// Copy the database of a data directory into an empty one of PostgreSQL, to go on there. No server may use it.
    Copy(Copying),
    /// Measure what this machine and its disk do with ballots, in a directory of its own.
    Measure(Measure),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the JSON Schema of process files.
    Schema,
    /// Print the texts of a process file that a translation needs, to be filled in.
    Texts {
        /// The file.
        file: PathBuf,
    },
}

/// Which database it is, where it is not SQLite's in the data directory.
#[derive(Debug, Clone, Default, Args)]
pub struct AtDatabase {
    /// A database of PostgreSQL 15 or newer, instead of SQLite's in the data directory, which then keeps the secrets only:
    /// `postgres://USER:PASSWORD@HOST/NAME`, with `?sslmode=require` to insist on TLS. See docs/operating.md.
    #[arg(long, env = "CABILDO_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<DatabaseUrl>,
    /// Certificates (PEM) that vouch for the server of the database, instead of the authorities that browsers know.
    #[arg(
        long = "database-authorities",
        env = "CABILDO_DATABASE_AUTHORITIES",
        value_name = "FILE",
        requires = "database"
    )]
    pub authorities: Option<PathBuf>,
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "CABILDO_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Directory of the database; made if it is not there.
    #[arg(long, env = "CABILDO_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Which database.
    #[command(flatten)]
    pub database: AtDatabase,
    /// Directory of the built front-end; without it the server answers the API only.
    #[arg(long, env = "CABILDO_ASSETS", value_name = "DIR")]
    pub assets: Option<PathBuf>,
    /// Where the site is reached from outside, for link previews, otherwise as each request says; and where providers send
    /// people back to. `https://…` tells browsers never to come without TLS.
    #[arg(long, env = "CABILDO_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,
    /// Have browsers give up the service worker, with all that it keeps: should one that was published do harm. Pages then
    /// need a network again.
    #[arg(long, env = "CABILDO_WITHOUT_WORKER")]
    pub without_worker: bool,
    /// Header in which the proxy in front says whom a request comes from, e.g. X-Forwarded-For; no header is believed
    /// without it. Only the proxy may be able to reach this server then.
    #[arg(long, env = "CABILDO_CLIENT_ADDRESS_HEADER", value_name = "NAME", value_parser = address_header)]
    pub client_address_header: Option<HeaderName>,
    /// Proxies of yours that add to that header, one after the other: the address is so many from the right.
    #[arg(long, env = "CABILDO_PROXIES", default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub proxies: u8,
    /// How often somebody may write.
    #[command(flatten)]
    pub rates: Rates,
    /// When work is asked for.
    #[command(flatten)]
    pub work: Thresholds,
    /// Accept simulated participants, and requests to remove them.
    #[arg(long, env = "CABILDO_SIMULATION")]
    pub simulation: bool,
    /// The mail server that codes are sent through: `smtp://[USER:PASSWORD@]HOST[:PORT]`, with `?tls=required` for
    /// STARTTLS, or `smtps://…`. Without it nobody can identify themselves by e-mail.
    #[arg(
        long,
        env = "CABILDO_SMTP",
        value_name = "URL",
        hide_env_values = true,
        requires = "mail_from",
        conflicts_with = "dev_mailbox"
    )]
    pub smtp: Option<String>,
    /// The address that mail comes from.
    #[arg(long, env = "CABILDO_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Show mail at /dev/mailbox, to everybody, instead of sending it. To try Cabildo out; never on the internet.
    #[arg(long, env = "CABILDO_DEV_MAILBOX")]
    pub dev_mailbox: bool,
    /// An OpenID Connect provider that people can identify themselves with, where a consultation asks for `oidc:NAME`; again
    /// for each one, in the environment with a space between them. See docs/identity.md.
    #[arg(
        long,
        env = "CABILDO_OIDC",
        value_name = "NAME=ISSUER,CLIENT_ID[,CLIENT_SECRET]",
        hide_env_values = true,
        value_delimiter = ' ',
        requires = "public_url"
    )]
    pub oidc: Vec<String>,
    /// Address and port at which Prometheus reads metrics (`/metrics`), of everything and nobody in particular; none without
    /// it. For the inside only. See docs/operating.md.
    #[arg(long, env = "CABILDO_METRICS", value_name = "ADDR")]
    pub metrics: Option<SocketAddr>,
    /// A file in another place than the database, in which is kept how far it came: with an old copy in its place the server
    /// does not start. See docs/operating.md.
    #[arg(long, env = "CABILDO_WITNESS", value_name = "FILE")]
    pub witness: Option<PathBuf>,
    /// Most writes that share one commit; 1 gives every write its own.
    #[arg(long, env = "CABILDO_GROUP_COMMIT", default_value_t = 256, value_name = "N")]
    pub group_commit: usize,
}

/// Where a site is reached from outside: `http` or `https`, a host, perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The origin, as addresses begin.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is reached with TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "expected https:// or http://, a host and perhaps a port, and nothing after it";
        let parts = text.parse::<Uri>().map_err(|_| wrong)?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else { return Err(wrong) };
        let rest = parts.path_and_query.map_or(String::new(), |rest| rest.to_string());
        let plain = !authority.as_str().contains('@') && matches!(rest.as_str(), "" | "/");
        if !plain || !matches!(scheme.as_str(), "http" | "https") {
            return Err(wrong);
        }
        Ok(Self(format!("{scheme}://{authority}")))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a header with plain addresses in it.
fn address_header(name: &str) -> Result<HeaderName, &'static str> {
    let name = HeaderName::from_str(name).map_err(|_| "that is no name of a header")?;
    if name == header::FORWARDED {
        return Err("the syntax of Forwarded (RFC 7239) is not read: have the proxy send X-Forwarded-For");
    }
    Ok(name)
}

/// Options of `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// Directory of the database; made if it is not there.
    #[arg(long, env = "CABILDO_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Which database.
    #[command(flatten)]
    pub database: AtDatabase,
    /// Import elections (`.pb`) without their ballots, as exercises that are open from now on for a year, to be held
    /// again (`replay --from`).
    #[arg(long, env = "CABILDO_WITHOUT_BALLOTS")]
    pub without_ballots: bool,
    /// Where ballots of an election (`.pb`) break the rule that its file declares, widen the rule so that all of them
    /// follow it. Imported ballots count either way; it matters for those that are cast from then on.
    #[arg(long, env = "CABILDO_WIDEN_RULE")]
    pub widen_rule: bool,
    /// Process files (JSON) and elections (`.pb`).
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Options of `backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// Directory of the database.
    #[arg(long, env = "CABILDO_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Where the copy is to be; nothing may be there.
    #[arg(value_name = "TO")]
    pub to: PathBuf,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Directory of the database.
    #[arg(long, env = "CABILDO_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Which database.
    #[command(flatten)]
    pub database: AtDatabase,
}

/// Options of `copy`.
#[derive(Debug, Args)]
pub struct Copying {
    /// Directory of the database; its secrets stay there, and servers need them.
    #[arg(long, env = "CABILDO_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// The database of PostgreSQL.
    #[arg(long, env = "CABILDO_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: DatabaseUrl,
    /// Certificates (PEM) that vouch for the server of the database, instead of the authorities that browsers know.
    #[arg(long = "database-authorities", env = "CABILDO_DATABASE_AUTHORITIES", value_name = "FILE")]
    pub authorities: Option<PathBuf>,
}

/// Options of `key`.
#[derive(Debug, Args)]
pub struct Key {
    /// Slug of the process.
    #[arg(value_name = "PROCESS")]
    pub process: Slug,
    /// The entity in whose name answers are given, as people are to read it.
    #[arg(long, value_name = "NAME")]
    pub entity: String,
    /// Days for which the key is good.
    #[arg(long, env = "CABILDO_KEY_DAYS", default_value_t = 90, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub days: u16,
    /// Directory of the database, where the secret of the keys is.
    #[arg(long, env = "CABILDO_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
}

/// What `staff` does.
#[derive(Debug, Subcommand)]
pub enum Staff {
    /// Print a key with which somebody moderates a process.
    Add(AddStaff),
}

/// Options of `staff add`.
#[derive(Debug, Args)]
pub struct AddStaff {
    /// Slug of the process.
    #[arg(value_name = "PROCESS")]
    pub process: Slug,
    /// Who it is for, as other moderators are to read it.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// What the key is for.
    #[arg(long, value_enum, default_value = "moderator", value_name = "ROLE")]
    pub role: Role,
    /// Days for which the key is good.
    #[arg(long, env = "CABILDO_KEY_DAYS", default_value_t = 90, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub days: u16,
    /// Directory of the database, where the secret of the keys is.
    #[arg(long, env = "CABILDO_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
}

/// Options of `replay`.
#[derive(Debug, Clone, Args)]
pub struct Replay {
    /// Slug or id of the process.
    #[arg(value_name = "PROCESS", required_unless_present = "from")]
    pub process: Option<String>,
    /// Hold an election again: cast the ballots of this file (`.pb`), each by a simulated person of its own, with changes
    /// of mind, withdrawals, repeated requests and lost answers; then compare the count with the file's.
    #[arg(long, env = "CABILDO_FROM", value_name = "FILE", conflicts_with_all = ["process", "remove", "people"])]
    pub from: Option<PathBuf>,
    /// The server; it must run with `--simulation`.
    #[arg(long, env = "CABILDO_SERVER", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub server: String,
    /// Acts a second, on average; 5 unless it is said. With `--from` it is as fast as the server answers.
    #[arg(long, env = "CABILDO_SPEED", value_name = "N")]
    pub speed: Option<f64>,
    /// Simulated citizens that take part; the replay ends when all have.
    #[arg(long, env = "CABILDO_PEOPLE", default_value_t = 1_000, value_name = "N")]
    pub people: usize,
    /// Makes the same citizens do the same things in the same order again.
    #[arg(long, env = "CABILDO_SEED", default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// Remove all simulated participation instead, and end.
    #[arg(long, env = "CABILDO_REMOVE")]
    pub remove: bool,
}

/// Options of `measure`.
#[derive(Debug, Clone, Args)]
pub struct Measure {
    /// What to do.
    #[arg(value_enum, value_name = "WHAT")]
    pub what: Measurement,
    /// Directory to measure in, on the disk that is meant; not one of an installation.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Ballots to fill up to, or to cast.
    #[arg(long, default_value_t = 5_000, value_name = "N")]
    pub ballots: u64,
}

/// What `measure` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Measurement {
    /// Insert rows with SQLite alone, durably.
    Inserts,
    /// Bring an election of 250 options to so many ballots.
    Fill,
    /// Count it from the database.
    Tally,
    /// Cast so many ballots more, durably, without HTTP.
    Cast,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin_and_nothing_else() {
        let url: PublicUrl = "https://cabildo.example.gov/".parse().unwrap();
        assert!(url.is_secure() && url.to_string() == "https://cabildo.example.gov");
        assert!(!"http://localhost:8080".parse::<PublicUrl>().unwrap().is_secure());
        for bad in [
            "cabildo.example",
            "https://",
            "ftp://a.example",
            "https://a.example/b",
            "https://a.example?b=c",
            "https://user@a.example",
            "https://a.example\r\nSet-Cookie: a=b",
            "javascript:alert(1)",
            "https://a.example/\" onload=\"x",
            "//a.example",
            "",
        ] {
            assert!(bad.parse::<PublicUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_header_of_addresses_is_one_that_holds_plain_addresses() {
        let serve =
            |header: &str| Cli::try_parse_from(["cabildo", "serve", "--client-address-header", header]);
        assert!(serve("X-Forwarded-For").is_ok());
        assert!(serve("Forwarded").is_err() && serve("a b").is_err() && serve("").is_err());
    }
}
