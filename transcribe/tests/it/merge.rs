//! Pages into a spec that is there.

use zstack_model::{Body, Version};
use zstack_transcribe::{NoteKind, transcribe};

use crate::pages::{merge, page, pages_of, spec_of, text_of};

#[test]
fn a_second_run_changes_nothing() {
    for form in ["table", "text", "text-zh", "suffix", "portal", "glued", "glued-zh", "html"] {
        let pages = pages_of(form);
        let (spec, _) = spec_of(&pages);
        let again = transcribe(&pages, Some(&spec)).unwrap();
        assert!(again.files.is_empty(), "{form}: {:?}", again.files.keys());
        assert!(!again.report.has(NoteKind::Conflict), "{form}: {}", again.report);
    }
}

/// A newer page adds parameters and fields; lines that people wrote stay as they are.
#[test]
fn a_newer_page_adds_what_is_new() {
    let (mut spec, _) = spec_of(&pages_of("text"));
    let file = camino::Utf8Path::new("operations/book/LendBook.yaml");
    let own = "# Ours.\n".to_owned() + &spec.texts[file].replace("summary: ", "summary: Ours. ");
    spec.texts.insert(file.to_owned(), own);
    let (spec, _) = merge(&[], Some(&spec));
    let text = text_of("text", "LendBook.txt");
    let row = text.lines().find(|line| line.starts_with("days ")).unwrap();
    let newer = text
        .replace(
            row,
            &format!("{row}\nnote String body (contained in the lendBook structure) Optional. A note. 5.0"),
        )
        .replace("capacity Long", "shade String The shade. 5.0\ncapacity Long");
    let (merged, report) = merge(&[page("LendBook.txt", &newer)], Some(&spec));
    assert!(!report.has(NoteKind::Conflict), "{report}");
    let operation = merged.model.operation("LendBook").unwrap();
    let names: Vec<_> = operation.parameters.iter().map(|parameter| &*parameter.field.name).collect();
    assert_eq!(names, ["uuid", "borrower", "days", "note", "systemTags", "userTags"]);
    let shelf = merged.model.data_type("ShelfInventory").unwrap();
    assert!(
        shelf.own_fields().iter().any(|field| field.name == "shade" && field.since == Version::new("5.0"))
    );
    assert!(merged.model.service.releases.iter().any(|release| release.version == Version::new("5.0")));
    let (before, after) = (&spec.texts[file], &merged.texts[file]);
    assert!(after.starts_with("# Ours.\n") && after.contains("summary: Ours. "));
    let mut rest = after.lines();
    for line in before.lines() {
        assert!(rest.any(|other| other == line), "`{line}` is gone or has moved:\n{after}");
    }
}

/// Pages do not print references to resources; those of the spec stay.
#[test]
fn references_stay() {
    let (mut spec, _) = spec_of(&pages_of("text"));
    for (file, from, to) in [
        (
            "operations/book/LendBook.yaml",
            "type: String, required: true",
            "type: String, refers: Book, required: true",
        ),
        ("types/BookInventory.yaml", "\nfields:", "resource: Book\n\nfields:"),
    ] {
        let text = spec.texts.get_mut(camino::Utf8Path::new(file)).unwrap();
        assert!(text.contains(from), "{text}");
        *text = text.replacen(from, to, 1);
    }
    let (spec, _) = merge(&[], Some(&spec));
    let text = text_of("text", "LendBook.txt");
    let newer = text.replace("pageCount Integer", "shade String The shade. 5.0\npageCount Integer");
    let row = text.lines().find(|line| line.starts_with("days ")).unwrap();
    let newer = newer.replace(
        row,
        &format!("{row}\nnote String body (contained in the lendBook structure) Optional. A note. 5.0"),
    );
    let (merged, report) = merge(&[page("LendBook.txt", &newer)], Some(&spec));
    assert!(!report.has(NoteKind::Conflict), "{report}");
    let parameters = &merged.model.operation("LendBook").unwrap().parameters;
    assert!(parameters.iter().any(|parameter| parameter.field.name == "note"));
    assert_eq!(parameters[0].field.refers.as_deref(), Some("Book"));
    assert_eq!(merged.model.record_of("Book").unwrap().name, "BookInventory");
}

#[test]
fn another_value_is_reported_and_not_written() {
    let (spec, _) = spec_of(&pages_of("text"));
    let changed = text_of("text", "LendBook.txt").replace("borrower String body", "borrower Long body");
    let transcription = transcribe(&[page("LendBook.txt", &changed)], Some(&spec)).unwrap();
    assert!(transcription.files.is_empty());
    let [note] = transcription.report.notes() else { panic!("{}", transcription.report) };
    assert_eq!(note.kind, NoteKind::Conflict);
    assert_eq!(note.other.as_ref().unwrap().file, "spec/operations/book/LendBook.yaml");
}

/// Two pages of one operation that contradict each other.
#[test]
fn pages_that_contradict_each_other_are_reported() {
    let text = text_of("text", "LendBook.txt");
    let other = text.replace("borrower String body", "borrower Long body");
    let (_, report) = spec_of(&[page("a.txt", &text), page("b.txt", &other)]);
    let conflicts: Vec<_> = report.notes().iter().filter(|note| note.kind == NoteKind::Conflict).collect();
    let [note] = conflicts[..] else { panic!("{report}") };
    assert_eq!((&*note.at.file, &*note.other.as_ref().unwrap().file), ("b.txt", "a.txt"));
}

/// Two operations with one method and path are selected by the keys of their bodies.
#[test]
fn operations_that_share_a_path_are_selected_by_their_keys() {
    let lend = text_of("text", "LendBook.txt").replace("{uuid}/actions", "{uuid}/loan");
    let renew = lend.replace("LendBook", "RenewBook").replace("lendBook", "renewBook");
    let (spec, report) = spec_of(&[page("LendBook.txt", &lend), page("RenewBook.txt", &renew)]);
    assert!(!report.has(NoteKind::Invalid), "{report}");
    let bodies: Vec<_> = spec.model.operations.iter().map(|operation| operation.body.clone()).collect();
    assert_eq!(bodies, [Body::Action("lendBook".to_owned()), Body::Action("renewBook".to_owned())]);
}

/// A page of another operation, whose `books` are wheels.
fn cart_page() -> String {
    let changes = [
        ("LendBook", "PushCart"),
        ("lendBook", "pushCart"),
        ("ShelfInventory", "CartInventory"),
        ("/books/", "/carts/"),
        ("title", "colour"),
        ("pageCount", "spokes"),
        ("weight", "pressure"),
        ("remarks", "brakes"),
    ];
    changes.iter().fold(text_of("text", "LendBook.txt"), |text, (from, to)| text.replace(from, to))
}

fn field_names(spec: &zstack_model::load::Loaded, ty: &str) -> Vec<String> {
    let ty = spec.model.data_type(ty).unwrap_or_else(|| panic!("{ty} is missing"));
    ty.own_fields().iter().map(|field| field.name.clone()).collect()
}

#[test]
fn lists_of_one_name_with_other_fields_have_types_of_their_own() {
    let lend = text_of("text", "LendBook.txt");
    let (spec, report) = spec_of(&[page("LendBook.txt", &lend), page("PushCart.txt", &cart_page())]);
    let books = ["uuid", "title", "pageCount", "weight", "authors", "remarks", "createDate", "lastOpDate"];
    assert_eq!(field_names(&spec, "BookInventory"), books);
    let wheels = ["uuid", "colour", "spokes", "pressure", "authors", "brakes", "createDate", "lastOpDate"];
    assert_eq!(field_names(&spec, "CartBookInventory"), wheels);
    let message = "the page does not name the type of `books`; it was called `CartBookInventory`";
    assert!(report.to_string().contains(message), "{report}");
}

/// Two of three fields are not enough if the other type has five.
#[test]
fn lists_of_one_name_that_share_few_fields_stay_apart() {
    let lend = text_of("text", "LendBook.txt");
    let other = lend.replace("LendBook", "PushCart").replace("lendBook", "pushCart");
    let other = other.replace("ShelfInventory", "CartInventory").replace("pageCount", "spokes");
    let is_kept = |line: &&str| !line.starts_with("title String") && !line.starts_with("remarks Linked");
    let other = other.lines().filter(is_kept).collect::<Vec<_>>().join("\n");
    let (spec, _) = spec_of(&[page("LendBook.txt", &lend), page("PushCart.txt", &other)]);
    assert!(!field_names(&spec, "BookInventory").contains(&"spokes".to_owned()));
    assert!(field_names(&spec, "CartBookInventory").contains(&"spokes".to_owned()));
}

#[test]
fn lists_of_one_name_with_other_types_of_fields_stay_apart() {
    let lend = text_of("text", "LendBook.txt");
    let other = lend.replace("LendBook", "WeighBook").replace("lendBook", "weighBook");
    let other = other.replace("ShelfInventory", "ScaleInventory").replace("weight Long", "weight String");
    let (spec, report) = spec_of(&[page("LendBook.txt", &lend), page("WeighBook.txt", &other)]);
    assert!(!report.has(NoteKind::Conflict), "{report}");
    assert_eq!(field_names(&spec, "BookInventory"), field_names(&spec, "ScaleBookInventory"));
}

/// A page may use the name that another page's table is guessed to have.
#[test]
fn a_guessed_name_is_not_one_that_another_page_prints() {
    let lend = text_of("text", "LendBook.txt");
    let cart = cart_page().replace("books List See", "books BookInventory See");
    let (spec, _) = spec_of(&[page("LendBook.txt", &lend), page("PushCart.txt", &cart)]);
    assert!(field_names(&spec, "BookInventory").contains(&"spokes".to_owned()));
    assert!(!field_names(&spec, "BookInventory").contains(&"pageCount".to_owned()));
    assert!(field_names(&spec, "ShelfBookInventory").contains(&"pageCount".to_owned()));
}

/// The sample of one glued page leaves out the field after a nested list; that of another has it.
#[test]
fn samples_of_other_pages_place_fields_of_glued_pages() {
    let text = text_of("glued", "LendBook.txt");
    let other = text.replace("LendBook", "ReturnBook").replace("lendbook", "returnbook");
    let text = text.replace("\"remarks\": {\"key\": \"value\"}, ", "");
    let (spec, _) = spec_of(&[page("LendBook.txt", &text), page("ReturnBook.txt", &other)]);
    assert_eq!(field_names(&spec, "Author"), ["givenName", "familyName", "rank"]);
    assert!(field_names(&spec, "BookInventory").contains(&"remarks".to_owned()));
}

/// A page without tables, whose sample leaves out some fields.
fn page_without_tables(operation: &str, sample: &str) -> zstack_transcribe::PageFile {
    let name = format!("{operation}.txt");
    let text = text_of("glued-zh", "LendBook.txt").replace("LendBook", operation);
    let text = text.replace("lendbook", &operation.to_lowercase());
    let at = text.find("200{").unwrap();
    let end = at + text[at..].find('\n').unwrap();
    page(&name, &format!("{}200{sample}{}", &text[..at], &text[end..]))
}

/// The type of a response that only a sample shows is known by its fields.
#[test]
fn a_sample_without_tables_has_a_known_type() {
    let sample = "{\"inventory\": {\"uuid\": \"a\", \"capacity\": 1.0, \"depth\": 4.0, \"isFull\": true}}";
    let dust = page_without_tables("DustFurniture", sample);
    let (spec, _) = spec_of(&[page("LendBook.txt", &text_of("text", "LendBook.txt")), dust]);
    let response = &spec.model.operation("DustFurniture").unwrap().response;
    assert_eq!(response[0].ty.to_string(), "ShelfInventory");
}

/// A table has all fields; what only the sample of another page has is not added.
#[test]
fn a_sample_without_tables_adds_no_field_to_a_table() {
    let sample =
        "{\"inventory\": {\"capacity\": 1.0, \"depth\": 4.0, \"isFull\": true, \"colour\": \"red\"}}";
    let update = page_without_tables("UpdateShelf", sample);
    let (spec, report) = spec_of(&[page("LendBook.txt", &text_of("text", "LendBook.txt")), update]);
    let response = &spec.model.operation("UpdateShelf").unwrap().response;
    assert_eq!(response[0].ty.to_string(), "ShelfInventory");
    assert!(!field_names(&spec, "ShelfInventory").contains(&"colour".to_owned()));
    let message = "ignored: `colour` of the sample is not a field of `ShelfInventory`";
    assert!(report.to_string().contains(message), "{report}");
}

/// The keys of a map are not fields, even if only a sample shows it.
#[test]
fn a_map_in_a_sample_stays_a_map() {
    let sample = "{\"inventory\": {\"capacity\": 1.0, \"depth\": 4.0, \"isFull\": true, \"books\": [{\"title\": \"a\", \
                  \"pageCount\": 1.0, \"remarks\": {\"key\": \"value\"}}]}}";
    let dust = page_without_tables("UpdateShelf", sample);
    let (spec, _) = spec_of(&[page("LendBook.txt", &text_of("text", "LendBook.txt")), dust]);
    assert_eq!(
        spec.model.types.len(),
        4,
        "{:?}",
        spec.model.types.iter().map(|ty| &ty.name).collect::<Vec<_>>()
    );
}
