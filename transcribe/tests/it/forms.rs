//! The same operations, in all forms.

use std::fs;

use crate::facts::Facts;
use crate::pages::{page, pages_of, spec_of, text_of};

/// The facts of the library: method, path, body key; each parameter with type, version, place and
/// requirement; each field of the response at any depth.
const EXPECTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pages/facts.txt");

const ALL: Facts = Facts { versions: true, values: true };
const WITHOUT_VALUES: Facts = Facts { versions: true, values: false };
const WITHOUT_VERSIONS: Facts = Facts { versions: false, values: false };

/// The expected facts; of those without versions or values, what is left of them.
fn expected_facts(facts: Facts, operations: &[&str]) -> Vec<String> {
    let mut is_wanted = true;
    let mut lines = Vec::new();
    for line in fs::read_to_string(EXPECTED).unwrap().lines() {
        if !line.starts_with(' ') {
            is_wanted = operations.is_empty() || operations.contains(&line.split(' ').next().unwrap());
        }
        let mut line = line.to_owned();
        for (is_kept, mark) in [(facts.versions, " since "), (facts.values, " values ")] {
            if let Some(at) = line.find(mark).filter(|_| !is_kept) {
                let end = line[at + mark.len()..].find(' ').map_or(line.len(), |end| at + mark.len() + end);
                line.replace_range(at..end, "");
            }
        }
        if is_wanted {
            lines.push(line);
        }
    }
    lines
}

/// The facts of the pages of a form.
fn facts_of(form: &str, facts: Facts) -> Vec<String> {
    let (spec, _) = spec_of(&pages_of(form));
    facts.of(&spec.model)
}

#[test]
fn text_has_all_facts() {
    let found = facts_of("text", ALL);
    if std::env::var_os("BLESS").is_some() {
        return fs::write(EXPECTED, found.join("\n") + "\n").unwrap();
    }
    assert_eq!(found, expected_facts(ALL, &[]));
}

#[test]
fn chinese_text_has_all_facts() {
    assert_eq!(facts_of("text-zh", ALL), expected_facts(ALL, &[]));
}

/// Bullets of values vanish from cells there.
#[test]
fn tables_have_all_facts_but_values() {
    for form in ["table", "suffix"] {
        assert_eq!(facts_of(form, WITHOUT_VALUES), expected_facts(WITHOUT_VALUES, &[]), "{form}");
    }
}

/// The portal prints a version only of the operation, and one path.
#[test]
fn the_portal_has_all_facts_but_versions() {
    for form in ["portal", "glued"] {
        let second = |line: String| line.replace(" /shelves/{uuid} body none query", " body none query");
        let expected: Vec<_> = expected_facts(WITHOUT_VERSIONS, &[]).into_iter().map(second).collect();
        let expected: Vec<_> =
            expected.into_iter().filter(|line| line != "  uuid String in path, optional").collect();
        assert_eq!(facts_of(form, WITHOUT_VERSIONS), expected, "{form}");
    }
}

/// The Chinese portal may leave out the response; parameters are there.
#[test]
fn the_chinese_portal_has_all_parameters() {
    let requests = |lines: Vec<String>| -> Vec<String> {
        let is_of_request = |line: &String| !line.trim_start().starts_with('>');
        lines.into_iter().filter(is_of_request).collect()
    };
    let second = |line: String| line.replace(" /shelves/{uuid} body none query", " body none query");
    let expected = requests(expected_facts(WITHOUT_VERSIONS, &[])).into_iter().map(second);
    let expected: Vec<_> = expected.filter(|line| line != "  uuid String in path, optional").collect();
    assert_eq!(requests(facts_of("glued-zh", WITHOUT_VERSIONS)), expected);
}

/// Copies of the portal that lost the badge are recognized by the labels.
#[test]
fn a_portal_page_without_its_badge_is_read() {
    let text = text_of("glued", "LendBook.txt");
    let without: String =
        text.lines().filter(|line| !line.contains("Auth Required")).map(|line| format!("{line}\n")).collect();
    assert!(without.len() < text.len());
    let (spec, report) = spec_of(&[page("LendBook.txt", &without)]);
    assert!(report.to_string().contains("prints no version"), "{report}");
    let facts = WITHOUT_VERSIONS.of(&spec.model);
    assert_eq!(facts, expected_facts(WITHOUT_VERSIONS, &["LendBook"]));
}

#[test]
fn a_chapter_has_the_facts_of_its_operations() {
    assert_eq!(facts_of("chapter", ALL), expected_facts(ALL, &[]));
}

#[test]
fn html_and_markdown_have_the_facts_of_their_pages() {
    let operations = ["AddBookToShelf", "LendBook", "QueryShelf"];
    for form in ["html", "markdown"] {
        assert_eq!(facts_of(form, ALL), expected_facts(ALL, &operations), "{form}");
    }
}

/// Whatever the form, the sample of the response is an example, with integers as integers.
#[test]
fn samples_become_examples() {
    for form in ["table", "text", "suffix", "portal", "glued", "text-zh"] {
        let (spec, _) = spec_of(&pages_of(form));
        let operation = spec.model.operation("AddBookToShelf").unwrap();
        let [example] = &operation.examples[..] else { panic!("{form}: no example") };
        let inventory = &example.response["inventory"];
        assert!(inventory["capacity"].is_i64() || inventory.get("capacity").is_none(), "{form}: {inventory}");
        assert!(example.request.contains_key("title"), "{form}");
    }
}
