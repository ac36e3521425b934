//! Where a request comes from, as far as limits need to know. It is never logged, and counted under a keyed hash only.

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// This machine itself, and no proxy on it said otherwise.
    Local,
    /// This network: an IPv4 address, or the /64 of an IPv6 address, which is what a household or a phone gets.
    Network(IpAddr),
}

impl Caller {
    /// The network's address; none for this machine, which is nobody in particular.
    #[must_use]
    pub fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Local => None,
            Self::Network(IpAddr::V4(address)) => Some(address.octets().to_vec()),
            Self::Network(IpAddr::V6(address)) => Some(address.octets().to_vec()),
        }
    }
}

/// Which header says where requests come from. Without one, the connection does; no other header is believed.
#[derive(Debug, Clone, Default)]
pub struct CallerHeader(Option<(HeaderName, usize)>);

impl CallerHeader {
    /// Believes the entry that the outermost of `proxies` proxies of ours wrote into the header: each appends the
    /// address that it was called from, so it is that many from the right. What stands left of it anybody can write.
    #[must_use]
    pub fn new(name: HeaderName, proxies: usize) -> Self {
        Self(Some((name, proxies.max(1))))
    }

    /// Where a request comes from. A header that is there and does not say so counts as the connection's address, which
    /// then is not [`Caller::Local`]: an entry that makes no sense must not lift a limit.
    #[must_use]
    pub fn caller(&self, headers: &HeaderMap, extensions: &Extensions) -> Caller {
        let peer =
            extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
        let header = self.0.as_ref().filter(|(name, _)| headers.contains_key(name));
        let said = header.and_then(|(name, proxies)| entry(headers, name, *proxies));
        match (said, peer) {
            (Some(address), _) => Caller::Network(network(address)),
            (None, Some(peer)) if header.is_some() || !peer.is_loopback() => Caller::Network(network(peer)),
            (None, _) => Caller::Local,
        }
    }
}

/// The entry so many from the right, over all lines of the header.
fn entry(headers: &HeaderMap, name: &HeaderName, from_right: usize) -> Option<IpAddr> {
    let lines = headers.get_all(name).into_iter().map(|line| line.to_str().unwrap_or_default());
    let entries: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let entry = *entries.get(entries.len().checked_sub(from_right)?)?;
    // Some proxies write the port as well.
    let address = entry.parse::<IpAddr>().ok();
    address.or_else(|| entry.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()))
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

    fn caller(believed: &CallerHeader, peer: &str, lines: &[&str]) -> Caller {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711)));
        believed.caller(&headers, &extensions)
    }

    fn from(address: &str) -> Caller {
        Caller::Network(address.parse().unwrap())
    }

    #[test]
    fn a_header_is_ignored_unless_it_is_configured() {
        let none = CallerHeader::default();
        assert_eq!(caller(&none, "192.0.2.1", &["198.51.100.7"]), from("192.0.2.1"));
        assert_eq!(caller(&none, "127.0.0.1", &["198.51.100.7"]), Caller::Local);
        let other = CallerHeader::new(HeaderName::from_static("x-real-ip"), 1);
        assert_eq!(caller(&other, "192.0.2.1", &["198.51.100.7"]), from("192.0.2.1"));
    }

    #[test]
    fn the_entry_that_our_outermost_proxy_wrote_is_taken_and_what_a_caller_wrote_is_not() {
        let one = CallerHeader::new(FORWARDED_FOR, 1);
        assert_eq!(caller(&one, "127.0.0.1", &["203.0.113.9"]), from("203.0.113.9"));
        assert_eq!(caller(&one, "127.0.0.1", &["10.0.0.1, 127.0.0.1,203.0.113.9"]), from("203.0.113.9"));
        assert_eq!(caller(&one, "127.0.0.1", &["10.0.0.1", "203.0.113.9:5000"]), from("203.0.113.9"));
        let two = CallerHeader::new(FORWARDED_FOR, 2);
        assert_eq!(caller(&two, "127.0.0.1", &["10.0.0.1, 203.0.113.9, 192.0.2.5"]), from("203.0.113.9"));
    }

    #[test]
    fn only_this_machine_without_a_header_is_local() {
        let one = CallerHeader::new(FORWARDED_FOR, 1);
        assert_eq!(caller(&one, "127.0.0.1", &[]), Caller::Local);
        assert_eq!(caller(&one, "::1", &[]), Caller::Local);
        assert_eq!(caller(&one, "::ffff:127.0.0.1", &[]), Caller::Local);
        // What lifts no limit: an entry that makes no sense, one that says it is local, too few of them.
        assert_eq!(caller(&one, "127.0.0.1", &["unknown"]), from("127.0.0.1"));
        assert_eq!(caller(&one, "127.0.0.1", &["127.0.0.1"]), from("127.0.0.1"));
        assert_eq!(caller(&one, "127.0.0.1", &[""]), from("127.0.0.1"));
        let three = CallerHeader::new(FORWARDED_FOR, 3);
        assert_eq!(caller(&three, "127.0.0.1", &["203.0.113.9"]), from("127.0.0.1"));
    }

    #[test]
    fn an_ipv6_network_is_one_caller() {
        let none = CallerHeader::default();
        let phone = caller(&none, "2001:db8:1:2:3:4:5:6", &[]);
        assert_eq!(phone, from("2001:db8:1:2::"));
        assert_eq!(phone, caller(&none, "2001:db8:1:2:ffff::1", &[]));
        assert_ne!(phone, caller(&none, "2001:db8:1:3::1", &[]));
        assert_eq!(caller(&none, "::ffff:192.0.2.1", &[]), from("192.0.2.1"));
    }
}
