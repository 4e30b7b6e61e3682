use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, PoisonError, RwLock};

/// The addresses on which a server listens, to which no webhook is posted.
///
/// A webhook to the server itself would arrive from the server's own machine,
/// and be trusted wherever a caller of this machine is.
/// [`WebhookAllow::except`](super::WebhookAllow::except) takes the list.
///
/// Clones share the list, so an address can be added after the server was
/// built.
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
    /// Adds an address, as a bound socket reports it.
    ///
    /// `0.0.0.0` covers every IPv4 address of this machine, and `[::]` every
    /// address of it.
    pub fn add(&self, address: SocketAddr) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if !all.contains(&address) {
            all.push(address);
        }
    }

    /// Whether a connection to `address` may reach one of the listed sockets.
    ///
    /// Mapped addresses (`::ffff:127.0.0.1`) are compared as IPv4 addresses.
    pub fn contains(&self, address: SocketAddr) -> bool {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let target = address.ip().to_canonical();
        all.iter().any(|listener| listener.port() == address.port() && covers(listener.ip(), target))
    }
}

/// Whether a socket that listens on `listener` takes connections to `target`.
fn covers(listener: IpAddr, target: IpAddr) -> bool {
    let canonical = listener.to_canonical();
    // Connecting to 0.0.0.0 or [::] reaches this machine, by one address or
    // another.
    if canonical == target || target.is_unspecified() {
        return true;
    }
    let takes_family = listener.is_ipv6() || target.is_ipv4();
    // An address that cannot be examined counts as this machine's.
    canonical.is_unspecified() && takes_family && examine(target).unwrap_or(true)
}

/// Whether an address belongs to this machine: loopback, `0.0.0.0` or `[::]`,
/// or one that a network interface has now.
#[must_use]
pub fn is_own_address(address: IpAddr) -> bool {
    examine(address.to_canonical()).unwrap_or(false)
}

/// A socket can be bound to the addresses of this machine, and to no other.
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

    /// An address of a network interface, if there is one in addition to loopback: the
    /// one that packets to the outside would carry. Nothing is sent.
    fn interface() -> Option<IpAddr> {
        let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
        socket.connect("192.0.2.1:9").ok()?;
        Some(socket.local_addr().ok()?.ip()).filter(|address| !address.is_loopback())
    }

    #[test]
    fn a_listener_covers_the_addresses_that_lead_to_it() {
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
    fn the_addresses_of_interfaces_are_this_machines() {
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
