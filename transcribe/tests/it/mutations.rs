//! Pages with random changes: no panic, no endless loop, and only valid files.
//!
//! `TRANSCRIBE_MUTATIONS` sets how many pages are changed.

use zstack_transcribe::{PageFile, transcribe};

use crate::numbers::Numbers;
use crate::pages::pages_of;

const FORMS: [&str; 9] =
    ["table", "text", "portal", "glued", "glued-zh", "text-zh", "suffix", "html", "markdown"];

/// Changes a page in one to four places.
fn mutate(bytes: &mut Vec<u8>, others: &[PageFile], numbers: &mut Numbers) {
    const PIECES: [&[u8]; 12] = [
        b"{",
        b"}",
        b"|",
        b"\n",
        b"\"",
        b"#",
        b"List",
        b"Required",
        "\u{2022} ".as_bytes(),
        b"<td>",
        b"0.6",
        "（".as_bytes(),
    ];
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(200)).min(bytes.len());
        match numbers.below(6) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => drop(bytes.splice(at..at, PIECES[numbers.below(PIECES.len())].to_vec())),
            3 => {
                let copy = bytes[at..end].to_vec();
                let to = numbers.below(bytes.len() + 1);
                drop(bytes.splice(to..to, copy));
            }
            4 => {
                let other = &others[numbers.below(others.len())].bytes;
                let from = numbers.below(other.len() + 1);
                let piece = other[from..(from + 300).min(other.len())].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = u8::try_from(numbers.below(128)).unwrap();
                }
            }
        }
    }
}

#[test]
fn mutated_pages_become_valid_files_or_notes() {
    let count =
        std::env::var("TRANSCRIBE_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(600);
    let pages: Vec<PageFile> = FORMS.iter().flat_map(|form| pages_of(form)).collect();
    let mut numbers = Numbers::new(0x5eed_11b4_a417);
    for nth in 0..count {
        let mut page = pages[numbers.below(pages.len())].clone();
        mutate(&mut page.bytes, &pages, &mut numbers);
        // What breaks a character is another encoding.
        page.bytes = String::from_utf8_lossy(&page.bytes).into_owned().into_bytes();
        if let Err(problems) = transcribe(std::slice::from_ref(&page), None) {
            panic!("page {nth}: {problems}\n{}", String::from_utf8_lossy(&page.bytes));
        }
    }
}
