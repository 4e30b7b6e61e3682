//! Files that are not pages, or only parts of pages.

use zstack_transcribe::{NoteKind, PageFile, transcribe};

use crate::pages::{page, text_of};

/// The notes of a file of which nothing becomes a spec file.
fn refusal(bytes: &[u8]) -> String {
    let transcription =
        transcribe(&[PageFile { name: "page.txt".to_owned(), bytes: bytes.to_vec() }], None).unwrap();
    assert!(transcription.files.is_empty(), "{:?}", transcription.files.keys());
    assert!(transcription.report.has(NoteKind::Invalid));
    transcription.report.to_string()
}

#[test]
fn files_that_are_not_pages_are_refused() {
    for (bytes, words) in [
        (&b""[..], "page.txt:1: invalid: no operation was found"),
        (b"Dear reader,\nthis is a letter.\n", "page.txt:1: invalid: no operation was found"),
        (b"\x7fELF\x02\x01\0\0", "page.txt:1: invalid: the file is binary"),
        (b"%PDF-1.7", "page.txt:1: invalid: the file is a PDF"),
        (b"\xff\xfeC\0r\0", "page.txt:1: invalid: the file is UTF-16"),
        (b"CreateZone\nAPI\xc7\xeb\xc7\xf3\n", "page.txt:2: invalid: the text is not UTF-8"),
        (b"POST zstack/v1/zones\n", "page.txt:1: invalid: no operation begins here"),
        (
            b"CreateZone\nAPI Request\nURLs\n",
            "page.txt:1: invalid: the page of `CreateZone` has no method and path",
        ),
        (b"CreateZone\nPOST zstack/v1/zo{nes}\n", "page.txt:2: invalid: the path `/zo{nes}`"),
    ] {
        let report = refusal(bytes);
        assert!(report.starts_with(words), "{words}\n{report}");
    }
}

#[test]
fn a_large_file_is_refused() {
    let bytes = vec![b'a'; 16 * 1024 * 1024 + 1];
    assert!(refusal(&bytes).contains("page.txt: invalid: the file is larger than 16777216 bytes"));
}

/// Wherever a page is cut, what is left is read, or the page is refused; each file is valid.
#[test]
fn a_page_that_is_cut_off_becomes_valid_files() {
    for (form, name) in
        [("table", "AddBookToShelf.txt"), ("glued", "AddBookToShelf.txt"), ("html", "AddBookToShelf.html")]
    {
        let text = text_of(form, name);
        let ends = text.char_indices().map(|(at, _)| at).filter(|at| at % 37 == 0);
        for end in ends {
            let result = transcribe(&[page(name, &text[..end])], None);
            assert!(result.is_ok(), "{form} cut at {end}: {}", result.unwrap_err());
        }
    }
}

#[test]
fn a_sample_that_is_cut_off_is_reported_and_the_tables_are_read() {
    let text = text_of("text", "LendBook.txt");
    let at = text.find("Name Type Description").unwrap();
    let head = text[..at].trim_end().trim_end_matches('}').trim_end().trim_end_matches('}');
    let broken = format!("{head}\n{}", &text[at..]);
    let transcription = transcribe(&[page("LendBook.txt", &broken)], None).unwrap();
    assert!(transcription.report.has(NoteKind::Unreadable), "{}", transcription.report);
    let shelf = &transcription.files[camino::Utf8Path::new("types/ShelfInventory.yaml")];
    assert!(shelf.contains("name: capacity"), "{shelf}");
}

/// A page that ends in the middle of a sample has lost what came after it.
#[test]
fn a_page_that_ends_in_a_sample_is_refused() {
    for (form, words) in [("text", "page.txt:31: invalid: "), ("glued", "page.txt:60: invalid: ")] {
        let text = text_of(form, "LendBook.txt");
        let at = text.find("\"books\"").unwrap();
        let report = refusal(&text.as_bytes()[..at]);
        assert!(report.contains(words), "{words}\n{report}");
        assert!(report.contains("the page of `LendBook` ends in the middle of this sample"), "{report}");
    }
}

#[test]
fn a_row_without_a_name_is_reported_and_the_others_are_read() {
    let text = text_of("text", "LendBook.txt").replace("days Long", "2days Long");
    let transcription = transcribe(&[page("LendBook.txt", &text)], None).unwrap();
    let report = transcription.report.to_string();
    assert!(report.contains("unreadable: `2days` is not a name"), "{report}");
    let operation = &transcription.files[camino::Utf8Path::new("operations/book/LendBook.yaml")];
    assert!(operation.contains("name: borrower") && !operation.contains("days"), "{operation}");
}

#[test]
fn a_variable_without_a_row_is_declared_and_reported() {
    let text = text_of("text", "LendBook.txt")
        .replace("books/{uuid}/actions", "rooms/{roomUuid}/books/{uuid}/actions");
    let transcription = transcribe(&[page("LendBook.txt", &text)], None).unwrap();
    let report = transcription.report.to_string();
    assert!(
        report.contains("LendBook.txt:4: guessed: no row describes the variable `{roomUuid}`"),
        "{report}"
    );
}

/// A page with an unknown quirk: the rest of it is read, the line is reported.
#[test]
fn unknown_lines_are_reported() {
    let text = text_of("text", "LendBook.txt")
        .replace("API Response\n", "Rate limits: ten calls a minute\nAPI Response\n");
    let transcription = transcribe(&[page("LendBook.txt", &text)], None).unwrap();
    let report = transcription.report.to_string();
    assert!(report.contains("ignored: nothing was made of this line: Rate limits"), "{report}");
}

/// `lib` would be a file to which Cargo gives a meaning.
#[test]
fn a_path_that_cannot_name_a_category_gets_another_one() {
    let text = text_of("text", "LendBook.txt").replace("v1/books/", "v1/lib/");
    let transcription = transcribe(&[page("LendBook.txt", &text)], None).unwrap();
    let paths: Vec<_> = transcription.files.keys().map(|path| path.as_str()).collect();
    assert!(paths.contains(&"operations/lib-operations/LendBook.yaml"), "{paths:?}");
}
