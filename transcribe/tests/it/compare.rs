//! Pages against a spec.

use zstack_transcribe::{NoteKind, compare};

use crate::pages::{page, pages_of, spec_of, text_of};

#[test]
fn pages_do_not_differ_from_the_spec_made_of_them() {
    for form in
        ["table", "text", "text-zh", "suffix", "portal", "glued", "glued-zh", "chapter", "html", "markdown"]
    {
        let pages = pages_of(form);
        let (spec, _) = spec_of(&pages);
        let report = compare(&pages, &spec);
        let differs = |kind| matches!(kind, NoteKind::Conflict | NoteKind::Missing | NoteKind::Invalid);
        let differences: Vec<_> = report.notes().iter().filter(|note| differs(note.kind)).collect();
        assert!(differences.is_empty(), "{form}: {differences:#?}");
    }
}

/// Each kind of change of a page is a difference.
#[test]
fn changes_of_a_page_are_differences() {
    let (spec, _) = spec_of(&pages_of("text"));
    let text = text_of("text", "LendBook.txt");
    for (from, to, words) in [
        ("\nPUT ", "\nPOST ", "method of operation `LendBook`"),
        ("{uuid}/actions", "{uuid}/lend", "path of operation `LendBook`"),
        ("borrower String body", "borrower Long body", "type of parameter `borrower`"),
        ("borrower String body", "borrower String query", "place of parameter `borrower`"),
        ("days Long", "weeks Long", "the spec does not have the parameter `weeks` of `LendBook`"),
        ("capacity Long", "capacity Integer", "type of field `capacity` of `ShelfInventory`"),
        ("capacity Long", "volume Long", "the spec does not have the field `volume` of `ShelfInventory`"),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replace(from, to);
        let report = compare(&[page("LendBook.txt", &changed)], &spec);
        assert!(report.to_string().contains(words), "{from} -> {to}: {words}\n{report}");
    }
}

#[test]
fn silence_is_not_a_difference() {
    let (spec, _) = spec_of(&pages_of("text"));
    let text = text_of("text", "AddBookToShelf.txt");
    let is_other = |line: &&str| !line.starts_with("isLoan Boolean");
    let shorter: String = text.lines().filter(is_other).map(|line| format!("{line}\n")).collect();
    assert!(shorter.len() < text.len());
    let report = compare(&[page("AddBookToShelf.txt", &shorter)], &spec);
    let kinds: Vec<_> = report.notes().iter().map(|note| note.kind).collect();
    assert_eq!(kinds, [NoteKind::Silent], "{report}");
    assert!(report.to_string().contains("no page prints the parameter `isLoan`"), "{report}");
}
