//! From the bytes of a file to its text.

/// The largest page, in bytes. A chapter of the manual has a tenth of it.
pub const SIZE_LIMIT: u64 = 16 << 20;

/// A file that was handed in.
#[derive(Clone, Debug)]
pub struct PageFile {
    /// Its name in messages.
    pub name: String,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// The number of bytes that show whether a file is a text.
const HEAD: usize = 4096;

/// The text of a file.
///
/// # Errors
///
/// The line, and what is wrong with the file.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, (usize, String)> {
    if bytes.len() as u64 > SIZE_LIMIT {
        return Err((0, format!("the file is larger than {SIZE_LIMIT} bytes, as no page is")));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err((1, "the file is UTF-16; save it as UTF-8".to_owned()));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let head = &bytes[..bytes.len().min(HEAD)];
    if head.starts_with(b"%PDF-") {
        return Err((1, "the file is a PDF; save the text of its pages".to_owned()));
    }
    if head.contains(&0) {
        return Err((1, "the file is binary, not a page".to_owned()));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        (line, "the text is not UTF-8 from here on; save the page as UTF-8".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_files_are_refused() {
        let refused = |bytes: &[u8]| decode(bytes).unwrap_err();
        assert_eq!(refused(b"CreateZone\n\xb4\xb4\xbd\xa8").0, 2);
        assert!(refused(b"%PDF-1.7").1.contains("PDF"));
        assert!(refused(b"\x7fELF\0\0").1.contains("binary"));
        assert!(refused(b"\xff\xfeC\0").1.contains("UTF-16"));
        assert_eq!(decode(b"\xef\xbb\xbfCreateZone"), Ok("CreateZone"));
    }
}
