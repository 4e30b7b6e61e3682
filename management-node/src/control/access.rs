//! The rules for callers of `/_node`.
//!
//! A caller on this machine is trusted, but a request from this machine need
//! not come from such a caller: a browser sends what a page asks it to, a proxy
//! what its callers ask it to, and a server webhooks. So the address of the
//! connection is one condition of several.

use std::net::IpAddr;

use hyper::header::{HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, StatusCode};
use zstack_server::is_cross_origin;

use super::{ControlAccess, Refused};
use crate::hosts::{self, Hosts};

/// The header that a request must have to change something.
///
/// Webhooks do not have it. A page of another origin can only send it after the
/// browser has asked the node for leave, which the node never gives.
pub const CONTROL_HEADER: &str = "X-ZStack-Node-Control";

/// The value of that header.
const CONTROL_VALUE: HeaderValue = HeaderValue::from_static("1");

/// Headers by which proxies report the address of their caller, in
/// comma-separated lists.
const FORWARDED_FOR: [HeaderName; 2] =
    [HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("x-real-ip")];

/// Another form of these, of which no address is read.
const FORWARDED: HeaderName = HeaderName::from_static("forwarded");

/// Checks whether a request may use `/_node`.
pub(super) fn check(
    access: ControlAccess,
    hosts: &Hosts,
    request: &Parts,
    peer: Option<IpAddr>,
) -> Result<(), Refused> {
    let forbidden = |text: &str| Err(Refused::new(StatusCode::FORBIDDEN, text));
    match access {
        ControlAccess::Off => return forbidden("/_node is off; --control loopback turns it on"),
        ControlAccess::Loopback if !peer.is_some_and(is_loopback) => {
            return forbidden("/_node is for callers on this machine; --control anybody opens it to others");
        }
        ControlAccess::Loopback if !is_forwarded_from_here(&request.headers) => {
            return forbidden(
                "/_node is for callers on this machine, and a proxy has forwarded this request from another; \
                 --control anybody opens it to others",
            );
        }
        ControlAccess::Loopback | ControlAccess::Anybody => {}
    }
    if !hosts.are_this_machine(hosts::named(&request.headers, &request.uri)) {
        return forbidden(
            "the header Host must name this machine: localhost, an IP address of it, or a host given with \
             --allowed-host",
        );
    }
    if is_cross_origin(request) {
        return forbidden("/_node is not for pages of another origin");
    }
    if !request.method.is_safe() && request.headers.get(CONTROL_HEADER) != Some(&CONTROL_VALUE) {
        return Err(Refused::new(
            StatusCode::FORBIDDEN,
            format!("a request that changes the node must have the header `{CONTROL_HEADER}: 1`"),
        ));
    }
    Ok(())
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Whether all addresses that proxies report are loopback, as are none.
///
/// All of them: callers may send such a header themselves, to which a proxy
/// adds. A forged one can only take access away.
fn is_forwarded_from_here(headers: &HeaderMap) -> bool {
    let lists = FORWARDED_FOR.into_iter().flat_map(|name| headers.get_all(name));
    let mut addresses = lists.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    !headers.contains_key(FORWARDED) && addresses.all(|text| text.trim().parse().is_ok_and(is_loopback))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_forwarded_address_counts() {
        for (headers, expected) in [
            (&[][..], true),
            (&[("x-forwarded-for", "127.0.0.1")], true),
            (&[("x-forwarded-for", "::1, 127.0.0.1"), ("x-real-ip", "::ffff:127.0.0.1")], true),
            (&[("x-forwarded-for", "203.0.113.9")], false),
            (&[("x-real-ip", "203.0.113.9")], false),
            // The caller has sent the first one, the proxy has added the other.
            (&[("x-forwarded-for", "127.0.0.1, 203.0.113.9")], false),
            (&[("x-forwarded-for", "203.0.113.9, 127.0.0.1")], false),
            (&[("x-forwarded-for", "127.0.0.1"), ("x-forwarded-for", "203.0.113.9")], false),
            (&[("x-forwarded-for", "127.0.0.1"), ("x-real-ip", "203.0.113.9")], false),
            (&[("x-forwarded-for", "unknown")], false),
            (&[("x-forwarded-for", "")], false),
            (&[("forwarded", "for=127.0.0.1")], false),
        ] {
            let headers = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect::<Vec<_>>();
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(name, value);
            }
            assert_eq!(is_forwarded_from_here(&map), expected, "{map:?}");
        }
    }
}
