//! Identities, in the shape that the platform gives them: 32 lower-case
//! hexadecimal digits without dashes.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::model::Uuid;

/// A new one, by chance (version 4).
#[must_use]
pub fn random() -> Uuid {
    spell(rand::random(), 4)
}

/// The one that belongs to a name, always the same (the shape of version 5).
#[must_use]
pub fn named(name: &str) -> Uuid {
    let digest = Sha256::digest(name.as_bytes());
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    spell(bytes, 5)
}

fn spell(mut bytes: [u8; 16], version: u8) -> Uuid {
    bytes[6] = (bytes[6] & 0x0f) | (version << 4);
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether the text has that shape: version 1 to 5, and the usual variant.
pub use zstack_runtime::constraints::is_uuid as is_valid;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_valid() {
        assert!(is_valid(&random()));
        assert_ne!(random(), random());
        assert!(is_valid(&named("vm/web-1")));
        assert_eq!(named("vm/web-1"), named("vm/web-1"));
        assert_ne!(named("vm/web-1"), named("vm/web-2"));
    }

    #[test]
    fn the_administrator_has_a_valid_one_and_others_do_not() {
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
