//! Identifiers that the server makes up.

/// A random UUID the way the platform writes them: 32 lower-case hexadecimal
/// digits, version 4.
pub(crate) fn uuid() -> String {
    const VERSION: u128 = 0xf << 76;
    const VARIANT: u128 = 0x3 << 62;
    let random = rand::random::<u128>() & !VERSION & !VARIANT;
    format!("{:032x}", random | (4 << 76) | (2 << 62))
}

#[cfg(test)]
mod tests {
    #[test]
    fn has_the_form_of_a_uuid() {
        for _ in 0..100 {
            let uuid = super::uuid();
            assert!(crate::constraints::is_uuid(&uuid), "{uuid}");
            assert_eq!(uuid.as_bytes()[12], b'4');
        }
    }
}
