//! Identifiers that the server makes up.

/// A random UUID the way the platform writes them: 32 lower-case hexadecimal
/// digits, version 4.
pub(crate) fn uuid() -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    const VERSION: u128 = 0xf << 76;
    const VARIANT: u128 = 0x3 << 62;
    let random = rand::random::<u128>() & !VERSION & !VARIANT;
    let bytes = (random | (4 << 76) | (2 << 62)).to_be_bytes();
    // Two are made for each call, and `format!` takes several times as long.
    let mut text = [0; 32];
    for (two, byte) in text.chunks_exact_mut(2).zip(bytes) {
        two.copy_from_slice(&[byte >> 4, byte & 0xf].map(|digit| DIGITS[usize::from(digit)]));
    }
    // All of it is ASCII.
    std::str::from_utf8(&text).unwrap_or_default().to_owned()
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
