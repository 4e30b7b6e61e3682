//! Access control for `/_node`.
//!
//! A caller on this machine is trusted. But a request from this machine may have
//! another origin: a page in a browser, a caller behind a proxy, or a server that
//! sends webhooks. So the address of the connection is one condition of several.

use std::net::IpAddr;

use hyper::header::{HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, StatusCode};
use zstack_server::is_cross_origin;

use super::problem::ControlError;
use crate::hosts::{self, Hosts};
use crate::settings::ControlAccess;

/// The header that a request needs to change something.
///
/// Webhooks do not have it. A page of another origin can only send it if the
/// node permits it in the preflight request of the browser, which it never does.
pub const CONTROL_HEADER: &str = "X-ZStack-Node-Control";

/// The required value of that header.
const CONTROL_VALUE: HeaderValue = HeaderValue::from_static("1");

/// Headers by which proxies report the address of their caller, in
/// comma-separated lists.
const FORWARDED_FOR: [HeaderName; 2] =
    [HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("x-real-ip")];

/// The standard header of proxies. Its addresses are not parsed: a request that
/// has it counts as forwarded from another machine.
const FORWARDED: HeaderName = HeaderName::from_static("forwarded");

/// Refuses a request that may not use `/_node`.
pub(super) fn check(
    access: ControlAccess,
    hosts: &Hosts,
    request: &Parts,
    peer: Option<IpAddr>,
) -> Result<(), ControlError> {
    let forbidden = |text: &str| Err(ControlError::new(StatusCode::FORBIDDEN, text));
    match access {
        ControlAccess::Off => {
            return forbidden("/_node is disabled; start the node with --control loopback to enable it");
        }
        ControlAccess::Loopback if !peer.is_some_and(is_loopback) => {
            return forbidden(
                "/_node accepts only callers on this machine; start the node with --control all to accept all \
                 callers",
            );
        }
        ControlAccess::Loopback if !is_local_despite_proxies(&request.headers) => {
            return forbidden(
                "/_node accepts only callers on this machine, and a proxy forwarded this request from another; start \
                 the node with --control all to accept all callers",
            );
        }
        ControlAccess::Loopback | ControlAccess::All => {}
    }
    if !hosts.are_this_machine(hosts::requested_hosts(&request.headers, &request.uri)) {
        return forbidden(
            "the Host header must name this machine: localhost, an IP address of it, or a host allowed with \
             --allowed-host",
        );
    }
    if is_cross_origin(request) {
        return forbidden("/_node does not accept requests from pages of another origin");
    }
    if !request.method.is_safe() && request.headers.get(CONTROL_HEADER) != Some(&CONTROL_VALUE) {
        return Err(ControlError::new(
            StatusCode::FORBIDDEN,
            format!("a request that changes the node needs the header `{CONTROL_HEADER}: 1`"),
        ));
    }
    Ok(())
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Returns true if all addresses that proxies report are loopback, or if there
/// are none.
///
/// A caller can forge such a header, to which a proxy then appends. As every
/// address has to be loopback, a forged header can only remove access.
fn is_local_despite_proxies(headers: &HeaderMap) -> bool {
    let lists = FORWARDED_FOR.into_iter().flat_map(|name| headers.get_all(name));
    let mut addresses = lists.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    !headers.contains_key(FORWARDED) && addresses.all(|text| text.trim().parse().is_ok_and(is_loopback))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requires_every_forwarded_address_to_be_loopback() {
        for (headers, expected) in [
            (&[][..], true),
            (&[("x-forwarded-for", "127.0.0.1")], true),
            (&[("x-forwarded-for", "::1, 127.0.0.1"), ("x-real-ip", "::ffff:127.0.0.1")], true),
            (&[("x-forwarded-for", "203.0.113.9")], false),
            (&[("x-real-ip", "203.0.113.9")], false),
            // The caller sent the first address, and the proxy added the other.
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
            assert_eq!(is_local_despite_proxies(&map), expected, "{map:?}");
        }
    }
}
