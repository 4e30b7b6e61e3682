//! The check of the `Host` header against DNS rebinding.
//!
//! An attacker can load a page in a browser and then point the host name of the
//! page to the address of this machine. For the browser, the node is then the
//! server of that page. Only the `Host` header reveals it: it has the host name
//! of the page.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use axum::body::Body;
use hyper::header::HOST;
use hyper::{Request, StatusCode, Uri, Version};
use zstack_server::is_own_address;

/// A host that requests may name: a host name or an IP address.
///
/// ```
/// use zstack_node::hosts::AllowedHost;
///
/// assert_eq!("CI-Node.example.".parse::<AllowedHost>()?.to_string(), "ci-node.example");
/// assert!("http://ci-node.example".parse::<AllowedHost>().is_err());
/// # Ok::<(), zstack_node::hosts::ParseAllowedHostError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHost(String);

impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is not an [`AllowedHost`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a host name or an IP address, without a scheme and a port")]
pub struct ParseAllowedHostError(String);

impl FromStr for AllowedHost {
    type Err = ParseAllowedHostError;

    fn from_str(text: &str) -> Result<Self, ParseAllowedHostError> {
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self(address.to_canonical().to_string()));
        }
        match Host::parse(text) {
            Some(Host::Name(name)) if name.len() == text.trim_end_matches('.').len() => {
                Ok(Self(name.to_ascii_lowercase()))
            }
            _ => Err(ParseAllowedHostError(text.to_owned())),
        }
    }
}

/// The hosts that the operator allows, in addition to IP addresses and
/// `localhost`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts(Vec<AllowedHost>);

/// The strictness of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostCheck {
    /// No check, for requests from this process, which no browser sends.
    Off,
    /// The `Host` header must be valid HTTP.
    Syntax,
    /// It must also name an IP address, `localhost` or an allowed host.
    Known,
}

impl Hosts {
    pub(crate) fn new(allowed: Vec<AllowedHost>) -> Self {
        Self(allowed)
    }

    /// The check for a node that listens on an address. Host names are compared
    /// if the address is loopback or the operator allows some.
    pub(crate) fn check_for(&self, listener: IpAddr) -> HostCheck {
        if listener.to_canonical().is_loopback() || !self.0.is_empty() {
            HostCheck::Known
        } else {
            HostCheck::Syntax
        }
    }

    /// Checks the host of a request.
    ///
    /// # Errors
    ///
    /// The status and the text of the refusal: 400 for a missing or invalid
    /// host, 403 for an unknown one.
    pub(crate) fn check(
        &self,
        request: &Request<Body>,
        check: HostCheck,
    ) -> Result<(), (StatusCode, String)> {
        if check == HostCheck::Off {
            return Ok(());
        }
        let bad = |text: &str| Err((StatusCode::BAD_REQUEST, text.to_owned()));
        let mut headers = request.headers().get_all(HOST).iter();
        let header = match (headers.next(), headers.next()) {
            (None, _) if request.version() >= Version::HTTP_11 => {
                return bad("the Host header is missing; it must be the host and port of the URL");
            }
            (Some(_), Some(_)) => return bad("the Host header is duplicated; send it once"),
            (header, _) => header,
        };
        let target = request.uri().authority().map(|authority| authority.as_str());
        let header = header.map(|value| value.to_str().unwrap_or_default());
        for text in [header, target].into_iter().flatten() {
            let Some(host) = Host::parse(text) else {
                return bad("the Host header must be a host name or an IP address, with or without a port");
            };
            if check == HostCheck::Known && !matches!(host, Host::Address(_)) && !self.knows(host) {
                return Err((StatusCode::FORBIDDEN, unknown_host_message(text)));
            }
        }
        Ok(())
    }

    /// Returns true if there is at least one host, and each is `localhost`, an
    /// address of this machine, or allowed.
    pub(crate) fn are_this_machine<'a>(&self, hosts: impl IntoIterator<Item = &'a str>) -> bool {
        let mut hosts = hosts.into_iter().peekable();
        hosts.peek().is_some() && hosts.all(|text| Host::parse(text).is_some_and(|host| self.is_here(host)))
    }

    fn is_here(&self, host: Host<'_>) -> bool {
        match host {
            // 0.0.0.0 and :: reach this machine, but are not addresses of it.
            Host::Address(address) if address.is_unspecified() => self.knows(host),
            Host::Address(address) => is_own_address(address) || self.knows(host),
            Host::Name(_) => self.knows(host),
        }
    }

    fn knows(&self, host: Host<'_>) -> bool {
        match host {
            Host::Address(address) => self.0.iter().any(|allowed| allowed.0.parse() == Ok(address)),
            Host::Name(name) => {
                is_localhost(name) || self.0.iter().any(|allowed| allowed.0.eq_ignore_ascii_case(name))
            }
        }
    }
}

/// Returns the hosts that a request names: in its header, and in its target if
/// that is a complete URL.
pub(crate) fn requested_hosts<'a>(
    headers: &'a hyper::HeaderMap,
    uri: &'a Uri,
) -> impl Iterator<Item = &'a str> {
    let header = headers.get_all(HOST).iter().map(|value| value.to_str().unwrap_or_default());
    header.chain(uri.authority().map(|authority| authority.as_str()))
}

/// Returns true for `localhost` and its subdomains. They always resolve to the
/// machine itself (RFC 6761), so an attacker cannot redefine them.
fn is_localhost(name: &str) -> bool {
    const LOCALHOST: &str = "localhost";
    let Some(at) = name.len().checked_sub(LOCALHOST.len()) else { return false };
    let (before, last) = name.as_bytes().split_at(at);
    last.eq_ignore_ascii_case(LOCALHOST.as_bytes()) && matches!(before, [] | [.., b'.'])
}

fn unknown_host_message(text: &str) -> String {
    let name = match Host::parse(text) {
        Some(Host::Name(name)) => name,
        _ => text,
    };
    format!(
        "this node does not serve the host `{text}`; use an IP address or localhost, or start the node with \
         --allowed-host {name}"
    )
}

/// A host in a request, without its port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Host<'a> {
    /// In canonical form: `::ffff:127.0.0.1` is 127.0.0.1.
    Address(IpAddr),
    /// Without a trailing dot.
    Name(&'a str),
}

impl<'a> Host<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (address, port) = rest.split_once(']')?;
                (Self::Address(IpAddr::V6(address.parse().ok()?).to_canonical()), port)
            }
            None => {
                let end = text.find(':').unwrap_or(text.len());
                let (host, port) = text.split_at(end);
                (Self::parse_name(host)?, port)
            }
        };
        let digits = match port.strip_prefix(':') {
            Some(digits) => digits,
            None if port.is_empty() => port,
            None => return None,
        };
        digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(host)
    }

    fn parse_name(host: &'a str) -> Option<Self> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Some(Self::Address(address));
        }
        let name = host.strip_suffix('.').unwrap_or(host);
        let is_label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        name.split('.').all(is_label).then_some(Self::Name(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(allowed: &[&str]) -> Hosts {
        Hosts::new(allowed.iter().map(|text| text.parse().unwrap()).collect())
    }

    fn request(version: Version, target: &str, named: &[&str]) -> Request<Body> {
        let mut request = Request::builder().version(version).uri(target);
        for host in named {
            request = request.header(HOST, *host);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn accepts_addresses_localhost_and_allowed_names() {
        let hosts = hosts(&["CI-Node.example", "10.0.0.9"]);
        for (host, known) in [
            ("127.0.0.1", 200),
            ("127.0.0.1:8080", 200),
            ("192.0.2.1:8080", 200),
            ("0.0.0.0", 200),
            ("[::1]:8080", 200),
            ("[::1]", 200),
            ("[::ffff:127.0.0.1]", 200),
            ("localhost", 200),
            ("LocalHost:8080", 200),
            ("localhost.", 200),
            ("localhost.:8080", 200),
            ("localhost:", 200),
            ("node.localhost:8080", 200),
            ("ci-node.example", 200),
            ("CI-NODE.EXAMPLE.:8080", 200),
            ("evil.example", 403),
            ("evil.example:8080", 403),
            ("127.0.0.1.evil.example", 403),
            ("notlocalhost", 403),
            ("localhost.evil.example", 403),
            ("evil.ci-node.example", 403),
            // Numbers that some resolvers read as addresses; browsers send the
            // address itself.
            ("2130706433", 403),
            ("127.1", 403),
            ("0x7f.0.0.1", 403),
            ("", 400),
            (":8080", 400),
            ("localhost:x", 400),
            ("localhost:80:80", 400),
            ("::1", 400),
            ("[::1", 400),
            ("[::1]8080", 400),
            ("[127.0.0.1]", 400),
            ("[evil.example]", 400),
            ("user@localhost", 400),
            ("a b", 400),
            ("a/b", 400),
            ("a..b", 400),
            ("localhost, evil.example", 400),
        ] {
            let request = request(Version::HTTP_11, "/x", &[host]);
            let status =
                |check| hosts.check(&request, check).err().map_or(200, |(status, _)| status.as_u16());
            assert_eq!(status(HostCheck::Known), known, "{host}");
            assert_eq!(status(HostCheck::Syntax), if known == 403 { 200 } else { known }, "{host}");
            assert_eq!(status(HostCheck::Off), 200, "{host}");
        }
        let refused = hosts.check(&request(Version::HTTP_11, "/", &["Evil.example.:80"]), HostCheck::Known);
        assert!(refused.unwrap_err().1.ends_with("--allowed-host Evil.example"));
    }

    #[test]
    fn requires_exactly_one_host() {
        let hosts = hosts(&[]);
        for (version, target, named, expected) in [
            (Version::HTTP_11, "/", &[][..], 400),
            (Version::HTTP_10, "/", &[], 200),
            (Version::HTTP_10, "/", &["evil.example"], 403),
            (Version::HTTP_11, "/", &["localhost", "localhost"], 400),
            (Version::HTTP_11, "/", &["localhost", "evil.example"], 400),
            (Version::HTTP_11, "http://localhost/", &["localhost"], 200),
            (Version::HTTP_11, "http://evil.example/", &["localhost"], 403),
            (Version::HTTP_11, "http://localhost/", &["evil.example"], 403),
        ] {
            let checked = hosts.check(&request(version, target, named), HostCheck::Known);
            let status = checked.err().map_or(200, |(status, _)| status.as_u16());
            assert_eq!(status, expected, "{version:?} {target} {named:?}");
        }
    }

    #[test]
    fn compares_names_on_loopback_or_if_some_are_allowed() {
        for (listener, allowed, expected) in [
            ("127.0.0.1", &[][..], HostCheck::Known),
            ("127.0.0.2", &[], HostCheck::Known),
            ("::1", &[], HostCheck::Known),
            ("::ffff:127.0.0.1", &[], HostCheck::Known),
            ("0.0.0.0", &[], HostCheck::Syntax),
            ("::", &[], HostCheck::Syntax),
            ("192.0.2.1", &[], HostCheck::Syntax),
            ("0.0.0.0", &["ci-node.example"], HostCheck::Known),
        ] {
            assert_eq!(hosts(allowed).check_for(listener.parse().unwrap()), expected, "{listener}");
        }
    }

    #[test]
    fn recognizes_hosts_of_this_machine() {
        let hosts = hosts(&["ci-node.example", "192.0.2.7", "[2001:db8::7]"]);
        for (named, expected) in [
            (&["localhost:8080"][..], true),
            (&["127.0.0.1"], true),
            (&["127.3.3.3:9"], true),
            (&["[::1]:8080"], true),
            (&["[::ffff:127.0.0.1]:8080"], true),
            (&["ci-node.example:8080"], true),
            (&["192.0.2.7"], true),
            (&["[2001:db8::7]:80"], true),
            (&["localhost", "127.0.0.1"], true),
            (&[], false),
            (&[""], false),
            (&["0.0.0.0:8080"], false),
            (&["[::]:8080"], false),
            (&["192.0.2.8"], false),
            (&["evil.example"], false),
            (&["localhost", "evil.example"], false),
        ] {
            assert_eq!(hosts.are_this_machine(named.iter().copied()), expected, "{named:?}");
        }
    }

    #[test]
    fn parses_allowed_hosts() {
        for (text, expected) in [
            ("ci-node", "ci-node"),
            ("CI-Node.Example.", "ci-node.example"),
            ("10.0.0.1", "10.0.0.1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
            ("[2001:DB8::1]", "2001:db8::1"),
        ] {
            assert_eq!(text.parse::<AllowedHost>().unwrap().to_string(), expected, "{text}");
        }
        for text in ["", "a:80", "http://a", "a/b", "*", "*.example", "10.0.0.1:80", "[::1]:80", "a b", "a,b"]
        {
            let error = text.parse::<AllowedHost>().unwrap_err().to_string();
            assert!(error.contains(&format!("`{text}`")), "{error}");
        }
    }
}
