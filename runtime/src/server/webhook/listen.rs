use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, PoisonError, RwLock};

/// The addresses on which a server listens; webhooks to them are refused.
///
/// A webhook to the server itself would arrive from the server's own machine, and be trusted like a
/// caller on this machine. Pass the list to [`WebhookAllow::except`](super::WebhookAllow::except).
///
/// Clones share the list, so addresses can be added after the server was built.
///
/// ```
/// use zstack_runtime::server::ListenAddresses;
///
/// let addresses = ListenAddresses::default();
/// addresses.add("0.0.0.0:8080".parse()?);
/// assert!(addresses.contains("127.0.0.1:8080".parse()?));
/// assert!(!addresses.contains("127.0.0.1:8081".parse()?));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ListenAddresses(Arc<RwLock<Vec<SocketAddr>>>);

impl ListenAddresses {
    /// Adds the address of a bound socket.
    ///
    /// `0.0.0.0` covers every IPv4 address of this machine, and `[::]` every
    /// address of it.
    pub fn add(&self, address: SocketAddr) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if !all.contains(&address) {
            all.push(address);
        }
    }

    /// Returns whether a connection to `address` may reach one of the listed sockets.
    ///
    /// Mapped addresses (`::ffff:127.0.0.1`) are compared as IPv4 addresses.
    pub fn contains(&self, address: SocketAddr) -> bool {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let target = address.ip().to_canonical();
        all.iter().any(|listener| listener.port() == address.port() && covers(listener.ip(), target))
    }
}

/// Returns whether a socket that listens on `listener` accepts connections to `target`.
fn covers(listener: IpAddr, target: IpAddr) -> bool {
    let canonical = listener.to_canonical();
    // Connections to 0.0.0.0 or [::] reach this machine.
    if canonical == target || target.is_unspecified() {
        return true;
    }
    let takes_family = listener.is_ipv6() || target.is_ipv4();
    // An address that cannot be examined counts as this machine's.
    canonical.is_unspecified() && takes_family && examine(target).unwrap_or(true)
}

/// Returns whether an address belongs to this machine: loopback, `0.0.0.0`, `[::]`, or a current
/// address of a network interface.
#[must_use]
pub fn is_own_address(address: IpAddr) -> bool {
    examine(address.to_canonical()).unwrap_or(false)
}

/// Returns whether a socket can be bound to an address, which is possible only on its own machine.
fn examine(address: IpAddr) -> std::io::Result<bool> {
    if address.is_loopback() || address.is_unspecified() {
        return Ok(true);
    }
    match UdpSocket::bind((address, 0)) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AddrNotAvailable => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the address of a network interface other than loopback, if there is one: the source
    /// address of packets to the outside. Nothing is sent.
    fn interface() -> Option<IpAddr> {
        let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
        socket.connect("192.0.2.1:9").ok()?;
        Some(socket.local_addr().ok()?.ip()).filter(|address| !address.is_loopback())
    }

    #[test]
    fn covers_the_addresses_that_reach_a_listener() {
        for (listener, target, expected) in [
            ("127.0.0.1:80", "127.0.0.1:80", true),
            ("127.0.0.1:80", "127.0.0.1:81", false),
            ("127.0.0.1:80", "127.0.0.2:80", false),
            ("127.0.0.1:80", "[::1]:80", false),
            ("127.0.0.1:80", "[::ffff:127.0.0.1]:80", true),
            ("127.0.0.1:80", "0.0.0.0:80", true),
            ("127.0.0.1:80", "[::]:80", true),
            ("127.0.0.1:80", "[::ffff:0.0.0.0]:80", true),
            ("127.0.0.1:80", "192.0.2.1:80", false),
            ("[::1]:80", "[::1]:80", true),
            ("[::1]:80", "127.0.0.1:80", false),
            ("[::ffff:127.0.0.1]:80", "127.0.0.1:80", true),
            ("0.0.0.0:80", "127.0.0.1:80", true),
            ("0.0.0.0:80", "127.9.9.9:80", true),
            ("0.0.0.0:80", "[::ffff:127.0.0.1]:80", true),
            ("0.0.0.0:80", "[::1]:80", false),
            ("0.0.0.0:80", "192.0.2.1:80", false),
            ("0.0.0.0:80", "127.0.0.1:8080", false),
            ("[::]:80", "127.0.0.1:80", true),
            ("[::]:80", "[::1]:80", true),
            ("[::]:80", "192.0.2.1:80", false),
        ] {
            let addresses = ListenAddresses::default();
            addresses.add(listener.parse().unwrap());
            assert_eq!(addresses.contains(target.parse().unwrap()), expected, "{listener} {target}");
        }
        assert!(!ListenAddresses::default().contains("127.0.0.1:80".parse().unwrap()));
    }

    #[test]
    fn recognizes_addresses_of_this_machine() {
        assert!(is_own_address("127.0.0.1".parse().unwrap()));
        assert!(is_own_address("::ffff:127.0.0.1".parse().unwrap()));
        // Reserved for documentation.
        assert!(!is_own_address("192.0.2.1".parse().unwrap()));
        let Some(own) = interface() else { return };
        assert!(is_own_address(own), "{own}");
        for listener in ["0.0.0.0:80", "[::]:80"] {
            let addresses = ListenAddresses::default();
            addresses.add(listener.parse().unwrap());
            assert!(addresses.contains(SocketAddr::new(own, 80)), "{listener} {own}");
        }
    }
}
