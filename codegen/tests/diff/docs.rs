//! docs/review.md tells all rules, as they are.

use std::fmt::Write as _;
use std::fs;

use zstack_codegen::rules::{self, changes};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/review.md");
const MARKS: [&str; 2] = ["<!-- rules -->\n", "<!-- end of rules -->"];

fn table() -> String {
    let mut text = "| rule | what changed | sent | received | crates |\n|---|---|---|---|---|\n".to_owned();
    for it in changes::all() {
        let (request, response) = (it.request.word(), it.response.word());
        writeln!(text, "| `{}` | {} | {request} | {response} | {} |", it.id, it.title, it.step.word())
            .unwrap();
    }
    text
}

/// `BLESS=1` writes the table.
#[test]
fn the_table_of_rules_is_that_of_the_code() {
    let text = fs::read_to_string(PATH).unwrap();
    let (before, rest) = text.split_once(MARKS[0]).unwrap();
    let (found, after) = rest.split_once(MARKS[1]).unwrap();
    if std::env::var_os("BLESS").is_some() {
        fs::write(PATH, [before, MARKS[0], &table(), MARKS[1], after].concat()).unwrap();
        return;
    }
    assert!(found == table(), "BLESS=1 writes the table of docs/review.md anew");
}

/// Every name in a code span with a dash is that of a rule, or begins or ends
/// those of several.
#[test]
fn what_the_document_names_is_there() {
    let text = fs::read_to_string(PATH).unwrap();
    let ids: Vec<_> = changes::all().map(|it| it.id).chain(rules::all().map(|it| it.id)).collect();
    let is_id =
        |it: &&str| it.contains('-') && it.chars().all(|it| it.is_ascii_lowercase() || "-…".contains(it));
    let named: Vec<_> = text.split('`').skip(1).step_by(2).filter(is_id).collect();
    assert!(named.len() > changes::all().count());
    for name in named {
        let known = match (name.strip_prefix('…'), name.strip_suffix('…')) {
            (Some(end), _) => ids.iter().any(|it| it.ends_with(end)),
            (_, Some(start)) => ids.iter().any(|it| it.starts_with(start)),
            _ => ids.contains(&name),
        };
        assert!(known, "there is no rule `{name}`");
    }
}
