use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use http::Uri;
use ipnet::{IpNet, Ipv4Net};

use super::listen::ListenAddresses;

const LOOPBACK: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8);

/// Rules for the addresses to which webhooks may be posted; all others are refused.
///
/// Every caller of an operation can make a server send a POST. Without rules, it could go to any
/// address that the server can reach, including those that the caller cannot reach. The rules apply
/// to the address of the connection, not to an earlier look-up of its name.
///
/// With [`except`](Self::except), no rule allows the addresses on which the server itself listens.
///
/// ```
/// use zstack_runtime::server::WebhookAllow;
///
/// let rules = ["10.1.0.0/16", "ci.example.com"].map(|rule| rule.parse());
/// let allow = rules.into_iter().collect::<Result<WebhookAllow, _>>()?;
/// assert!(allow.allows("hook.example.com", "10.1.2.3:80".parse()?));
/// assert!(!allow.allows("hook.example.com", "10.2.2.3:80".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Default: [loopback](Self::loopback).
#[derive(Clone, Debug)]
pub struct WebhookAllow {
    rules: Vec<WebhookRule>,
    except: ListenAddresses,
}

impl WebhookAllow {
    /// Allows no address: every webhook is refused.
    #[must_use]
    pub fn nowhere() -> Self {
        Self::from_iter([])
    }

    /// Allows the loopback addresses.
    #[must_use]
    pub fn loopback() -> Self {
        let nets = [IpNet::V4(LOOPBACK), IpAddr::V6(Ipv6Addr::LOCALHOST).into()];
        nets.map(|net| WebhookRule(Rule::Net(net))).into_iter().collect()
    }

    /// Allows every address.
    #[must_use]
    pub fn everywhere() -> Self {
        Self::from_iter([WebhookRule(Rule::Any)])
    }

    /// Refuses these addresses, whatever the rules allow.
    ///
    /// Use it for the addresses on which the server listens. The list is shared: addresses that are
    /// added later count, too.
    #[must_use]
    pub fn except(self, addresses: &ListenAddresses) -> Self {
        Self { except: addresses.clone(), ..self }
    }

    /// Returns whether webhooks may be posted to a host at this address, one of those of its name.
    #[must_use]
    pub fn allows(&self, host: &str, address: SocketAddr) -> bool {
        self.check_address(host, address).is_ok()
    }

    /// Checks an address as [`allows`](Self::allows) does; the error is the text of the refusal.
    pub(super) fn check_address(&self, host: &str, address: SocketAddr) -> Result<(), String> {
        // `::ffff:10.0.0.1` connects to 10.0.0.1.
        let ip = address.ip().to_canonical();
        let allowed = self.rules.iter().any(|rule| match &rule.0 {
            Rule::Any => true,
            Rule::Net(net) => net.contains(&ip),
            Rule::Host(name) => *name == normalize(host),
        });
        if !allowed {
            return Err(refusal(host));
        }
        if self.except.contains(address) {
            let port = address.port();
            return Err(format!("this server does not post to {host}, port {port}, where it listens itself"));
        }
        Ok(())
    }

    /// Checks a URL without looking up its name.
    ///
    /// # Errors
    ///
    /// When it will be refused in any case; the text says why.
    pub fn check(&self, url: &Uri) -> Result<(), String> {
        let host = host(url).ok_or_else(|| format!("`{url}` must be a URL with a host"))?;
        if let Ok(ip) = host.parse() {
            return self.check_address(host, SocketAddr::new(ip, port(url)));
        }
        // A name may resolve to an address that is allowed.
        let allowed = self.rules.iter().any(|rule| match &rule.0 {
            Rule::Any | Rule::Net(_) => true,
            Rule::Host(name) => *name == normalize(host),
        });
        if allowed { Ok(()) } else { Err(refusal(host)) }
    }
}

impl Default for WebhookAllow {
    fn default() -> Self {
        Self::loopback()
    }
}

impl FromIterator<WebhookRule> for WebhookAllow {
    fn from_iter<I: IntoIterator<Item = WebhookRule>>(rules: I) -> Self {
        Self { rules: rules.into_iter().collect(), except: ListenAddresses::default() }
    }
}

/// Returns the text for a host that no rule allows.
fn refusal(host: &str) -> String {
    format!("this server may not post to {host}; its operator can allow it")
}

/// Returns the port of a URL.
pub(super) fn port(url: &Uri) -> u16 {
    let default = if url.scheme_str() == Some("https") { 443 } else { 80 };
    url.port_u16().unwrap_or(default)
}

/// Returns the host of a URL, as resolvers expect it.
pub(super) fn host(url: &Uri) -> Option<&str> {
    // A literal IPv6 address is in brackets.
    let host = url.host()?.trim_start_matches('[').trim_end_matches(']');
    Some(host).filter(|host| !host.is_empty())
}

/// Normalizes a name: case and a trailing dot make no difference.
fn normalize(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// A rule of [`WebhookAllow`], parsed from a host name, an IP address, a CIDR or `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRule(Rule);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Rule {
    /// Every address.
    Any,
    /// The addresses of a network, or a single address.
    Net(IpNet),
    /// All addresses of this name.
    Host(String),
}

/// The error for a text that is not a [`WebhookRule`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseWebhookRuleError(String);

impl fmt::Display for ParseWebhookRuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a host name, an IP address, a CIDR such as 10.0.0.0/8, or `*`", self.0)
    }
}

impl std::error::Error for ParseWebhookRuleError {}

impl FromStr for WebhookRule {
    type Err = ParseWebhookRuleError;

    fn from_str(text: &str) -> Result<Self, ParseWebhookRuleError> {
        let is_name = || {
            let is_label = |label: &str| {
                !label.is_empty()
                    && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            };
            text.trim_end_matches('.').split('.').all(is_label)
        };
        if text == "*" {
            Ok(Self(Rule::Any))
        } else if let Ok(address) = text.parse::<IpAddr>() {
            Ok(Self(Rule::Net(address.to_canonical().into())))
        } else if let Ok(net) = text.parse() {
            Ok(Self(Rule::Net(canonical(net))))
        } else if is_name() {
            Ok(Self(Rule::Host(normalize(text))))
        } else {
            Err(ParseWebhookRuleError(text.to_owned()))
        }
    }
}

/// Converts networks of mapped IPv4 addresses; addresses are compared in this form.
fn canonical(net: IpNet) -> IpNet {
    /// The length of the prefix of mapped addresses.
    const MAPPED: u8 = 96;
    let (IpAddr::V4(address), Some(length)) =
        (net.addr().to_canonical(), net.prefix_len().checked_sub(MAPPED))
    else {
        return net;
    };
    Ipv4Net::new(address, length).map_or(net, IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(rules: &[&str]) -> WebhookAllow {
        rules.iter().map(|rule| rule.parse::<WebhookRule>().unwrap()).collect()
    }

    #[test]
    fn rules_apply_to_addresses() {
        let loopback = WebhookAllow::default();
        let nets = allow(&["10.0.0.0/8", "2001:db8::/32", "192.0.2.7", "::ffff:198.51.100.0/120"]);
        let named = allow(&["CI.example.com."]);
        for (allow, host, address, allowed) in [
            (&loopback, "localhost", "127.0.0.1", true),
            (&loopback, "localhost", "127.8.8.8", true),
            (&loopback, "localhost", "::1", true),
            (&loopback, "localhost", "::ffff:127.0.0.1", true),
            (&loopback, "localhost", "10.0.0.1", false),
            (&loopback, "127.0.0.1", "0.0.0.0", false),
            (&loopback, "a", "::", false),
            (&loopback, "a", "::ffff:10.0.0.1", false),
            (&loopback, "a", "::2", false),
            (&nets, "rebound.example", "10.255.0.1", true),
            (&nets, "rebound.example", "::ffff:10.255.0.1", true),
            (&nets, "rebound.example", "11.0.0.1", false),
            (&nets, "rebound.example", "127.0.0.1", false),
            (&nets, "a", "2001:db8:1::1", true),
            (&nets, "a", "2001:db9::1", false),
            (&nets, "a", "192.0.2.7", true),
            (&nets, "a", "192.0.2.8", false),
            (&nets, "a", "198.51.100.77", true),
            (&nets, "a", "198.51.101.77", false),
            (&named, "ci.EXAMPLE.com", "10.0.0.1", true),
            (&named, "ci.example.com.", "10.0.0.1", true),
            (&named, "ci.example.com.evil.example", "10.0.0.1", false),
            (&named, "evil-ci.example.com", "10.0.0.1", false),
            (&WebhookAllow::everywhere(), "a", "10.0.0.1", true),
            (&WebhookAllow::nowhere(), "localhost", "127.0.0.1", false),
        ] {
            let address = SocketAddr::new(address.parse().unwrap(), 80);
            assert_eq!(allow.allows(host, address), allowed, "{host} {address}");
        }
    }

    #[test]
    fn refuses_addresses_of_the_server() {
        let listen = ListenAddresses::default();
        for rules in [&["*"][..], &["127.0.0.0/8", "::1"], &["localhost", "me.example", "127.0.0.1"]] {
            let allow = allow(rules).except(&listen);
            let at = |address: &str| allow.allows("localhost", address.parse().unwrap());
            assert!(at("127.0.0.1:8000"), "{rules:?}");
            listen.add("127.0.0.1:8080".parse().unwrap());
            for (address, allowed) in
                [("127.0.0.1:8080", false), ("[::ffff:127.0.0.1]:8080", false), ("127.0.0.1:8081", true)]
            {
                assert_eq!(at(address), allowed, "{rules:?} {address}");
            }
        }
        let allow = WebhookAllow::everywhere().except(&listen);
        listen.add("127.0.0.1:80".parse().unwrap());
        for url in ["http://127.0.0.1:8080/", "http://[::ffff:127.0.0.1]:8080/", "http://127.0.0.1/x"] {
            let refused = allow.check(&url.parse().unwrap()).unwrap_err();
            assert!(refused.contains("listens itself"), "{url} {refused}");
        }
        // Names are looked up when they are posted to.
        assert!(allow.check(&"http://localhost:8080/".parse().unwrap()).is_ok());
    }

    #[test]
    fn checks_urls_without_look_up() {
        let nets = allow(&["10.0.0.0/8"]);
        let named = allow(&["ci.example.com"]);
        for (allow, url, allowed) in [
            (&nets, "http://10.0.0.1:90/a", true),
            (&nets, "http://10.0.0.1@192.0.2.1/", false),
            (&nets, "http://[::ffff:10.0.0.1]/", true),
            (&nets, "http://[::1]/", false),
            (&nets, "http://127.0.0.1", false),
            // Names, also those that look like numbers, are looked up later.
            (&nets, "http://2130706433/", true),
            (&nets, "http://anywhere.example/", true),
            (&named, "http://anywhere.example/", false),
            (&named, "http://Ci.Example.com:8080/x", true),
            (&named, "http://10.0.0.1/", false),
            (&named, "/path", false),
            (&WebhookAllow::nowhere(), "http://localhost/", false),
        ] {
            assert_eq!(allow.check(&url.parse().unwrap()).is_ok(), allowed, "{url}");
        }
        assert!(nets.check(&"http://192.0.2.1/".parse().unwrap()).unwrap_err().contains("192.0.2.1"));
    }

    #[test]
    fn refuses_malformed_rules() {
        for text in ["", "http://a", "a:80", "a/b", "10.0.0.0/33", "*.example.com", "a b", "..", "[::1]"] {
            let error = text.parse::<WebhookRule>().unwrap_err().to_string();
            assert!(error.contains(&format!("`{text}`")), "{error}");
        }
    }
}
