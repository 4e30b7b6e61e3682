//! UUIDs in the platform's format: 32 lower-case hexadecimal digits without
//! dashes.

use sha2::{Digest as _, Sha256};
use uuid::Builder;

use crate::model::Uuid;

/// Returns a new random UUID (version 4).
pub use zstack_runtime::new_uuid as random;

/// Derives a UUID from a name, always the same one (with the version digit 5).
#[must_use]
pub fn from_name(name: &str) -> Uuid {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(Sha256::digest(name.as_bytes())) {
        *to = from;
    }
    // Sets version and variant; the bytes may come from any hash.
    Builder::from_sha1_bytes(bytes).into_uuid().simple().to_string()
}

/// Returns true for a UUID in this format, with version 1 to 5 and the usual
/// variant.
pub use zstack_runtime::constraints::is_uuid as is_valid;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn creates_valid_uuids() {
        assert!(is_valid(&random()));
        assert_ne!(random(), random());
        assert!(is_valid(&from_name("vm/web-1")));
        assert_eq!(from_name("vm/web-1"), from_name("vm/web-1"));
        assert_ne!(from_name("vm/web-1"), from_name("vm/web-2"));
    }

    #[test]
    fn validates_uuids() {
        assert!(is_valid(crate::model::ADMIN_UUID));
        for wrong in [
            "",
            "36c27e8ff05c4780bf6d2fa65700f22",
            "36c27e8ff05c4780bf6d2fa65700f22e0",
            "36C27e8ff05c4780bf6d2fa65700f22e",
            "36c27e8ff05c6780bf6d2fa65700f22e",
            "36c27e8ff05c4780cf6d2fa65700f22e",
            "36c27e8f-05c4780bf6d2fa65700f22e",
        ] {
            assert!(!is_valid(wrong), "{wrong}");
        }
    }
}
