//! From where does a request come, when a proxy stands before the house?
//!
//! A header that names another address is believed from the proxies of the configuration only, and read from its end: the last
//! entry is the nearest proxy's own word, those before it are what anybody may have written. The first address that is none of
//! our proxies' is whoever asks.

use axum::http::{HeaderMap, HeaderName, header};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

/// Who stands before the house, and in which header they say for whom.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Proxies {
    /// Their addresses.
    pub networks: Vec<Network>,
    /// Where they write for whom they ask. Only one is believed: a proxy that writes one passes the other on as it came.
    pub says: Says,
}

/// The header in which proxies say for whom they ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Says {
    /// `X-Forwarded-For`.
    #[default]
    ForwardedFor,
    /// `Forwarded`, of RFC 7239.
    Forwarded,
}

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// A text that is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoNetwork;

impl fmt::Display for NoNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "an address such as 10.0.0.7, or a network such as 10.0.0.0/8 or fd00::/8, is expected",
        )
    }
}

impl std::error::Error for NoNetwork {}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Network, NoNetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NoNetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse);
        let bits = bits.ok().filter(|bits| *bits <= most).ok_or(NoNetwork)?;
        Ok(Network { address, bits })
    }
}

impl Network {
    /// Whether an address is in it.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        let same = |one: u128, other: u128, width: u32| {
            let behind = width - u32::from(self.bits);
            one.checked_shr(behind).unwrap_or(0) == other.checked_shr(behind).unwrap_or(0)
        };
        match (self.address, plain(address)) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same(own.to_bits().into(), other.to_bits().into(), Ipv4Addr::BITS)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.to_bits(), other.to_bits(), 128),
            _ => false,
        }
    }
}

/// An IPv4 address that came as one of IPv6.
fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

impl Proxies {
    /// Whose request it is that came from this peer.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = plain(peer);
        if !self.are(client) {
            return client;
        }
        let name: HeaderName = match self.says {
            Says::ForwardedFor => HeaderName::from_static("x-forwarded-for"),
            Says::Forwarded => header::FORWARDED,
        };
        let lines = headers.get_all(name).into_iter();
        let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap_or("?")).collect();
        let entries = lines.iter().flat_map(|line| line.split(','));
        for entry in entries.rev() {
            let said = match self.says {
                Says::ForwardedFor => address(entry.trim()),
                Says::Forwarded => of_pairs(entry),
            };
            // What is hidden or no address stands for whoever told it.
            let Some(said) = said else { break };
            client = said;
            if !self.are(client) {
                break;
            }
        }
        client
    }

    fn are(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.holds(address))
    }
}

/// Of `for=192.0.2.60;proto=https;by=…` the first.
fn of_pairs(entry: &str) -> Option<IpAddr> {
    let mut pairs = entry.split(';').filter_map(|pair| pair.split_once('='));
    let (_, said) = pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case("for"))?;
    address(said.trim().trim_matches('"'))
}

/// An address, with or without a port, in brackets or not.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    let address = bare.unwrap_or(text).parse().ok().or_else(with_port)?;
    Some(plain(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(says: Says) -> Proxies {
        Proxies {
            networks: vec!["10.0.0.0/8".parse().unwrap(), "fd00::1".parse().unwrap()],
            says,
        }
    }

    fn headers(name: &'static str, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, line.parse().unwrap());
        }
        headers
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_holds_what_begins_like_it() {
        let holds = |network: &str, address: &str| {
            let network: Network = network.parse().unwrap();
            network.holds(ip(address))
        };
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("10.0.0.0/8", "::ffff:10.0.0.1") && !holds("10.0.0.0/8", "::1"));
        assert!(holds("127.0.0.1", "127.0.0.1") && !holds("127.0.0.1", "127.0.0.2"));
        assert!(holds("0.0.0.0/0", "203.0.113.1") && holds("::/0", "2001:db8::1"));
        assert!(
            holds("2001:db8::/33", "2001:db8:7fff::1")
                && !holds("2001:db8::/33", "2001:db8:8000::1")
        );
        for text in [
            "",
            "10.0.0.0/33",
            "10.0.0/8",
            "10.0.0.0/-1",
            "::/129",
            "proxy.example",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NoNetwork), "{text}");
        }
    }

    #[test]
    fn only_a_proxy_is_believed_and_only_its_own_word() {
        let client = |peer: &str, lines: &[&str]| {
            let headers = headers("x-forwarded-for", lines);
            proxies(Says::ForwardedFor)
                .client(ip(peer), &headers)
                .to_string()
        };
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        // What the browser wrote itself stands before what our proxies wrote.
        assert_eq!(
            client("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"]),
            "198.51.100.1"
        );
        assert_eq!(
            client("10.0.0.1", &["1.1.1.1", "198.51.100.1"]),
            "198.51.100.1"
        );
        assert_eq!(client("fd00::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(client("10.0.0.1", &["[2001:db8::7]:80"]), "2001:db8::7");
        assert_eq!(client("10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        for nonsense in ["unknown", "", "198.51.100.1, <script>", "198.51.100.1,"] {
            assert_eq!(client("10.0.0.1", &[nonsense]), "10.0.0.1", "{nonsense}");
        }
    }

    #[test]
    fn the_header_that_is_not_asked_for_says_nothing() {
        let client = |says, name, line: &str| {
            let headers = headers(name, &[line]);
            proxies(says).client(ip("10.0.0.1"), &headers).to_string()
        };
        let pairs = "for=1.1.1.1, For=\"[2001:db8::7]:4711\";proto=https;by=10.0.0.1";
        assert_eq!(client(Says::Forwarded, "forwarded", pairs), "2001:db8::7");
        assert_eq!(
            client(Says::Forwarded, "forwarded", "for=_hidden"),
            "10.0.0.1"
        );
        assert_eq!(
            client(Says::Forwarded, "x-forwarded-for", "1.1.1.1"),
            "10.0.0.1"
        );
        assert_eq!(
            client(Says::ForwardedFor, "forwarded", "for=1.1.1.1"),
            "10.0.0.1"
        );
    }
}
