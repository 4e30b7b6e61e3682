//! Tests with texts that might break out of a format.

use camino::Utf8Path;
use zstack_model::changes::{ChangeKind, WaiverKind};
use zstack_model::waivers::Waiver;
use zstack_model::{ErrorCase, Model, Operation};
use zstack_review::report::{Format, Report, schema};

use super::back::{expected_findings, json, read_back};
use super::formats::{sarif_schema, validate};
use super::{Loaded, findings, report, text_of};

const TEXTS: [&str; 12] = [
    "\u{1b}[31mred\u{7}",
    "::error file=a,line=1::no %0A 100% \r\n::stop-commands::x",
    "a | b || c \\| d",
    "</details></summary><script>alert(1)</script><!-- x -->",
    "@here @octocat #1 !2 org/repo#3",
    "``` `a` `` b ```",
    "\n\n# Title\n\n* item\n\n<details>",
    "[link](https://example.org) ![image](x) {0} {{1}}",
    "\u{202e}reversed\u{2066}",
    "",
    "= fingerprint: 0000000000000000",
    "{old} {new} {it} {",
];

fn operation<'m>(model: &'m mut Model, name: &str) -> &'m mut Operation {
    model.operations.iter_mut().find(|operation| operation.name == name).unwrap()
}

/// Writes a text wherever a spec may contain any text.
fn set_text(model: &mut Model, text: &str) {
    let create = operation(model, "CreateVm");
    create.parameters[0].field.description = Some(text.to_owned());
    create.parameters[0].field.constraints.pattern = Some(text.to_owned());
    create.parameters[1].field.default = Some(text.into());
    create.parameters[1].field.constraints.values = vec![text.to_owned()];
    create.tags[0].pattern = text.to_owned();
    create.errors = vec![ErrorCase { code: text.to_owned(), cause: None, when: text.to_owned() }];
    create.examples[0].name = text.to_owned();
    create.notes = vec![text.to_owned()];
    create.path = text.to_owned();
}

fn waiver(rule: &str, element: &str, text: &str) -> Waiver {
    Waiver {
        rule: ChangeKind::find(rule).unwrap(),
        element: element.to_owned(),
        fingerprint: None,
        kind: WaiverKind::Break,
        reason: text.to_owned(),
        owner: Some(text.to_owned()),
        expires: None,
    }
}

/// Passes the report of a spec that contains a text and is labeled with it.
fn with_report<T>(text: &str, look: impl FnOnce(&Report<'_>) -> T) -> T {
    let (old, mut new) = (Loaded::folder("old"), Loaded::folder("old"));
    set_text(&mut new.0.model, text);
    let file = Utf8Path::new("operations/vm/CreateVm.yaml");
    new.0.texts.get_mut(file).unwrap().push_str(&format!("# {text}\n"));
    new.0.waivers = vec![waiver("pattern-added", "CreateVm/name", text), waiver("param-removed", text, text)];
    let findings = findings(&old, &new);
    look(&Report::new(old.side(text, "spec"), new.side(text, "spec"), findings))
}

#[test]
fn every_format_contains_every_finding() {
    for text in TEXTS {
        with_report(text, |report| {
            assert!(report.verdict().total() > 8);
            assert_eq!(report.verdict().waived, 1);
            for format in Format::ALL {
                assert_eq!(
                    read_back(report, format),
                    expected_findings(report),
                    "{} {text:?}",
                    format.word()
                );
            }
            validate(&json(&text_of(report, Format::Json, true)), schema().clone());
            validate(&json(&text_of(report, Format::Sarif, true)), sarif_schema());
        });
    }
}

#[test]
fn text_cannot_control_a_terminal() {
    for text in TEXTS {
        with_report(text, |report| {
            for format in [Format::Text, Format::Markdown] {
                let text = text_of(report, format, true);
                let is_control = |char: char| char.is_control() && char != '\n' || char == '\u{202e}';
                assert!(!text.contains(is_control), "{}: {text:?}", format.word());
            }
        });
    }
}

#[test]
fn text_cannot_add_workflow_commands() {
    for text in TEXTS {
        with_report(text, |report| {
            for format in Format::ALL {
                let text = text_of(report, format, true);
                // A runner trims lines before it looks for a command.
                let commands = text.lines().map(str::trim_start).filter(|line| line.starts_with("::"));
                for command in commands.filter(|command| !command.starts_with("::: spec/")) {
                    let kind = ["::error file=", "::warning file=", "::notice file="];
                    assert!(format == Format::Github && kind.iter().any(|kind| command.starts_with(kind)));
                }
            }
        });
    }
}

#[test]
fn text_cannot_add_markup_to_a_comment() {
    for text in TEXTS {
        with_report(text, |report| {
            let comment = text_of(report, Format::Markdown, true);
            let sides = comment.lines().nth(4).unwrap();
            assert!(sides.starts_with('`') && sides.contains(" → "), "{sides}");
            let bare = without_code(&comment);
            for (tag, count) in [("<details", 2), ("</details>", 2), ("<summary>", 2), ("<script", 0)] {
                assert_eq!(bare.matches(tag).count(), count, "{tag} in {bare}");
            }
            for text in ["@here", "@octocat", "#1", "](", "alert(1)"] {
                assert!(!bare.contains(text), "{text} in {bare}");
            }
            // Every line begins or ends like a line of the template.
            for line in comment.lines().filter(|line| !line.is_empty()) {
                let starts = ["### ", "* **", "  * ", "| ", "|--", "<details", "</details>", "<summary>"];
                let ends = [" version step.", "for more about a rule."];
                let has_start = starts.iter().any(|start| line.starts_with(start));
                let has_end = ends.iter().any(|end| line.ends_with(end));
                assert!(has_start || has_end || line == sides, "{line}");
            }
        });
    }
}

/// Markdown without its code spans, which go from a run of backticks to the next run of the same length.
fn without_code(text: &str) -> String {
    let mut bare = String::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some(start) = rest.find('`') {
            let ticks = rest[start..].chars().take_while(|character| *character == '`').count();
            let (before, after) = (&rest[..start], &rest[start + ticks..]);
            let fence = "`".repeat(ticks);
            let mut ends = after.match_indices(&fence).map(|(at, _)| at);
            let alone = |at: &usize| !after[..*at].ends_with('`') && !after[at + ticks..].starts_with('`');
            let end = ends.find(alone);
            bare.push_str(before);
            rest = match end {
                Some(end) => &after[end + ticks..],
                None => {
                    bare.push_str(&fence);
                    after
                }
            };
        }
        bare.push_str(rest);
        bare.push('\n');
    }
    bare
}

#[test]
fn long_texts_are_shortened() {
    with_report(&"x".repeat(1 << 20), |report| {
        for format in [Format::Text, Format::Markdown, Format::Github, Format::Gitlab] {
            let text = text_of(report, format, true);
            assert!(text.len() < 64 << 10, "{}: {}", format.word(), text.len());
        }
    });
}

/// Two sides, the old one of which has `count` additional operations.
fn many(count: usize) -> (Loaded, Loaded) {
    let (old, mut new) = (Loaded::folder("old"), Loaded::folder("old"));
    let one = operation(&mut new.0.model, "StartVm").clone();
    let others = (0..count).map(|number| Operation { name: format!("StartVm{number:05}"), ..one.clone() });
    new.0.model.operations.extend(others);
    (new, old)
}

#[test]
fn a_long_comment_ends_with_the_number_of_missing_changes() {
    for count in [1, 100, 200, 250, 1_000] {
        let (old, new) = many(count);
        let report = report(&old, &new);
        let comment = text_of(&report, Format::Markdown, true);
        assert!(comment.len() <= 65_536, "{count}: {}", comment.len());
        assert_eq!(comment.matches("<details").count(), comment.matches("</details>").count());
        let shown = comment.lines().filter(|line| line.starts_with("* **")).count();
        let left_out = format!("\n**{} more changes** did not fit", count - shown);
        assert_eq!(comment.contains(&left_out), shown < count, "{count}: {shown}");
        assert!(shown == count || comment.len() > 60_000, "{count}: {}", comment.len());
    }
}

#[test]
fn changes_without_annotation_are_counted() {
    for (count, lines) in [(10, 10), (11, 10), (500, 10)] {
        let (old, new) = many(count);
        let report = report(&old, &new);
        let text = text_of(&report, Format::Github, true);
        assert_eq!(text.lines().count(), lines);
        let others = format!("::error title=more changes::{} more changes", count - 9);
        assert_eq!(text.contains(&others), count > 10, "{text}");
    }
}
