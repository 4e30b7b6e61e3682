use std::fmt::Write as _;

use sha2::{Digest, Sha512};

/// Hashes a password in the form that the API transmits: SHA-512 in lower-case hexadecimal digits.
/// The server receives and stores only this hash.
///
/// ```
/// use zstack_runtime::client::hash_password;
///
/// let hash = hash_password("password");
/// assert_eq!(hash.len(), 128);
/// assert!(hash.starts_with("b109f3bbbc244eb82441917ed06d618b9008dd09b3befd1b"));
/// ```
#[must_use]
pub fn hash_password(password: &str) -> String {
    let mut hex = String::with_capacity(128);
    for byte in Sha512::digest(password.as_bytes()) {
        let written = write!(hex, "{byte:02x}");
        debug_assert!(written.is_ok(), "writing to a String cannot fail");
    }
    hex
}
