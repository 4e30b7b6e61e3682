//! docs/review-rules.md lists all rules, and names no other.

use std::fmt::Write as _;
use std::fs;

use zstack_model::changes::{ChangeKind, WaiverKind};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/review-rules.md");
const REVIEW: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/review.md");
const RULES: [&str; 2] = ["<!-- rules -->\n", "<!-- end of rules -->"];
const WAIVERS: [&str; 2] = ["<!-- kinds of waivers -->\n", "<!-- end of kinds of waivers -->"];

fn rules() -> String {
    let mut text = "| rule | what changed | sent | received | crates |\n|---|---|---|---|---|\n".to_owned();
    for rule in ChangeKind::all().map(ChangeKind::rule) {
        let (request, response) = (rule.request.word(), rule.response.word());
        writeln!(text, "| `{}` | {} | {request} | {response} | {} |", rule.id, rule.title, rule.step.word())
            .unwrap();
    }
    text
}

/// The table of rules with unusual kinds of waivers.
fn waivers() -> String {
    let mut kinds: Vec<(&[WaiverKind], Vec<String>)> = Vec::new();
    for rule in ChangeKind::all().map(ChangeKind::rule).filter(|rule| rule.waived_as != MOST) {
        let id = format!("`{}`", rule.id);
        match kinds.iter_mut().find(|(kinds, _)| *kinds == rule.waived_as) {
            Some((_, ids)) => ids.push(id),
            None => kinds.push((rule.waived_as, vec![id])),
        }
    }
    let mut text = "| rules | can be waived as |\n|---|---|\n".to_owned();
    for (kinds, ids) in kinds {
        writeln!(text, "| {} | {} |", ids.join(", "), words(kinds)).unwrap();
    }
    writeln!(text, "| all others | {} |", words(MOST)).unwrap();
    text
}

const MOST: &[WaiverKind] = &[WaiverKind::Break, WaiverKind::Correction];

fn words(kinds: &[WaiverKind]) -> String {
    let words: Vec<_> = kinds.iter().map(|kind| format!("`{}`", kind.word())).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(" or ") }
}

/// `BLESS=1` writes the tables.
#[test]
fn tables_are_up_to_date() {
    for (marks, table) in [(RULES, rules()), (WAIVERS, waivers())] {
        let text = fs::read_to_string(PATH).unwrap().replace("\r\n", "\n");
        let (before, rest) = text.split_once(marks[0]).unwrap();
        let (found, after) = rest.split_once(marks[1]).unwrap();
        if std::env::var_os("BLESS").is_some() {
            fs::write(PATH, [before, marks[0], &table, marks[1], after].concat()).unwrap();
            continue;
        }
        assert!(found == table, "BLESS=1 updates the tables of docs/review-rules.md");
    }
}

/// Every code span with a dash is the id of a rule, or the beginning or end of several ids. A span that begins with a dash
/// is an option.
#[test]
fn documented_rules_exist() {
    let text = [PATH, REVIEW].map(|path| fs::read_to_string(path).unwrap()).concat();
    let ids: Vec<_> =
        ChangeKind::all().map(ChangeKind::id).chain(zstack_model::rules::all().map(|rule| rule.id)).collect();
    let is_id = |span: &&str| {
        span.contains('-')
            && !span.starts_with('-')
            && span.chars().all(|character| character.is_ascii_lowercase() || "-…".contains(character))
    };
    let named: Vec<_> = text.split('`').skip(1).step_by(2).filter(is_id).collect();
    assert!(named.len() > ChangeKind::all().count());
    for name in named {
        let known = match (name.strip_prefix('…'), name.strip_suffix('…')) {
            (Some(end), _) => ids.iter().any(|id| id.ends_with(end)),
            (_, Some(start)) => ids.iter().any(|id| id.starts_with(start)),
            _ => ids.contains(&name),
        };
        assert!(known, "there is no rule `{name}`");
    }
}
