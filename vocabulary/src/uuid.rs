//! UUIDs of the platform.

/// Returns whether a text is a UUID in the form of the platform: 32 lower-case hexadecimal digits, with
/// a version from 1 to 5 and a variant from 8 to b.
///
/// ```
/// use zstack_vocabulary::is_uuid;
///
/// assert!(is_uuid("36c27e8ff05c4780bf6d2fa65700f22e"));
/// assert!(!is_uuid("36c27e8f-f05c-4780-bf6d-2fa65700f22e"));
/// ```
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 32
        && bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && matches!(bytes[12], b'1'..=b'5')
        && matches!(bytes[16], b'8' | b'9' | b'a' | b'b')
}

#[cfg(test)]
mod tests {
    use super::is_uuid;

    #[test]
    fn accepts_uuids_of_the_platform_only() {
        assert!(is_uuid("36c27e8ff05c4780bf6d2fa65700f22e"));
        assert!(is_uuid("c11b752cf9ab3c1796932b6e2d31130b"));
        for other in [
            "",
            "36C27E8FF05C4780BF6D2FA65700F22E",
            "36c27e8ff05c6780bf6d2fa65700f22e",
            "36c27e8ff05c47800f6d2fa65700f22e",
            "36c27e8f-f05c-4780-bf6d-2fa65700f22e",
        ] {
            assert!(!is_uuid(other), "{other}");
        }
    }
}
