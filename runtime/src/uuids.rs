//! New UUIDs in the form of the platform.

use uuid::{Builder, Uuid};

/// Returns a new random UUID (version 4) as the platform writes it: 32
/// lower-case hexadecimal digits without dashes.
///
/// ```
/// let uuid = zstack_runtime::new_uuid();
/// assert!(zstack_runtime::constraints::is_uuid(&uuid));
/// ```
#[must_use]
pub fn new_uuid() -> String {
    // A server creates two UUIDs for each request, and `rand` needs no system call for each.
    let uuid = Builder::from_random_bytes(rand::random()).into_uuid();
    uuid.simple().encode_lower(&mut Uuid::encode_buffer()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::is_uuid;

    #[test]
    fn new_uuids_are_uuids_of_version_4() {
        for _ in 0..1000 {
            let uuid = new_uuid();
            assert!(is_uuid(&uuid), "{uuid}");
            assert_eq!(uuid.as_bytes()[12], b'4', "{uuid}");
        }
    }
}
