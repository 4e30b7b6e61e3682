//! Texts that would break out of a format.

use camino::Utf8Path;
use zstack_model::changes::{ChangeKind, WaiverKind};
use zstack_model::waivers::Waiver;
use zstack_model::{ErrorCase, Model, Operation};
use zstack_review::report::{Format, Report, schema};

use super::back::{expected, json, read_back};
use super::formats::{sarif_schema, validate};
use super::{Loaded, findings, report, written};

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

/// A text wherever a spec may have any.
fn say(model: &mut Model, text: &str) {
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

/// The report of a spec that says a text, and is named after it.
fn told<T>(text: &str, look: impl FnOnce(&Report<'_>) -> T) -> T {
    let (old, mut new) = (Loaded::folder("old"), Loaded::folder("old"));
    say(&mut new.0.model, text);
    let file = Utf8Path::new("operations/vm/CreateVm.yaml");
    new.0.texts.get_mut(file).unwrap().push_str(&format!("# {text}\n"));
    new.0.waivers = vec![waiver("pattern-added", "CreateVm/name", text), waiver("param-removed", text, text)];
    let findings = findings(&old, &new);
    look(&Report::new(old.revision(text, "spec"), new.revision(text, "spec"), findings))
}

#[test]
fn every_format_still_carries_every_finding() {
    for text in TEXTS {
        told(text, |report| {
            assert!(report.verdict().total() > 8);
            assert_eq!(report.verdict().waived, 1);
            for format in Format::ALL {
                assert_eq!(read_back(report, format), expected(report), "{} {text:?}", format.word());
            }
            validate(&json(&written(report, Format::Json, true)), schema().clone());
            validate(&json(&written(report, Format::Sarif, true)), sarif_schema());
        });
    }
}

#[test]
fn nothing_controls_a_terminal() {
    for text in TEXTS {
        told(text, |report| {
            for format in [Format::Text, Format::Markdown] {
                let text = written(report, format, true);
                let controls = |it: char| it.is_control() && it != '\n' || it == '\u{202e}';
                assert!(!text.contains(controls), "{}: {text:?}", format.word());
            }
        });
    }
}

#[test]
fn a_workflow_reads_our_commands_alone() {
    for text in TEXTS {
        told(text, |report| {
            for format in Format::ALL {
                let text = written(report, format, true);
                // A runner trims lines before it looks for a command.
                let commands =
                    text.lines().map(str::trim_start).filter(|trim_start| trim_start.starts_with("::"));
                for command in commands.filter(|command| !command.starts_with("::: spec/")) {
                    let kind = ["::error file=", "::warning file=", "::notice file="];
                    assert!(format == Format::Github && kind.iter().any(|kind| command.starts_with(kind)));
                }
            }
        });
    }
}

/// Nothing of a spec is seen as markup; `code` and escapes are left out before
/// one looks.
#[test]
fn a_comment_has_our_markup_alone() {
    for text in TEXTS {
        told(text, |report| {
            let comment = written(report, Format::Markdown, true);
            let sides = comment.lines().nth(4).unwrap();
            assert!(sides.starts_with('`') && sides.contains(" → "), "{sides}");
            let bare = without_code(&comment);
            for (tag, count) in [("<details", 2), ("</details>", 2), ("<summary>", 2), ("<script", 0)] {
                assert_eq!(bare.matches(tag).count(), count, "{tag} in {bare}");
            }
            for text in ["@here", "@octocat", "#1", "](", "alert(1)"] {
                assert!(!bare.contains(text), "{text} in {bare}");
            }
            // Nothing but what begins a line of ours does so.
            for line in comment.lines().filter(|line| !line.is_empty()) {
                let starts = ["### ", "* **", "  * ", "| ", "|--", "<details", "</details>", "<summary>"];
                let ends = [" step.", "tells more of a rule."];
                let begins_so = starts.iter().any(|it| line.starts_with(it));
                let ends_so = ends.iter().any(|it| line.ends_with(it));
                assert!(begins_so || ends_so || line == sides, "{line}");
            }
        });
    }
}

/// Markdown without its code spans, as CommonMark finds them: from a row of
/// backticks to the next row of as many.
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
fn what_is_long_is_cut() {
    told(&"x".repeat(1 << 20), |report| {
        for format in [Format::Text, Format::Markdown, Format::Github, Format::Gitlab] {
            let text = written(report, format, true);
            assert!(text.len() < 64 << 10, "{}: {}", format.word(), text.len());
        }
    });
}

/// A model with an operation for each number, which the other side lacks.
fn many(count: usize) -> (Loaded, Loaded) {
    let (old, mut new) = (Loaded::folder("old"), Loaded::folder("old"));
    let one = operation(&mut new.0.model, "StartVm").clone();
    let others = (0..count).map(|nth| Operation { name: format!("StartVm{nth:05}"), ..one.clone() });
    new.0.model.operations.extend(others);
    (new, old)
}

#[test]
fn a_comment_ends_where_hosts_cut_it_and_says_so() {
    for count in [1, 100, 200, 250, 1_000] {
        let (old, new) = many(count);
        let report = report(&old, &new);
        let comment = written(&report, Format::Markdown, true);
        assert!(comment.len() <= 65_536, "{count}: {}", comment.len());
        assert_eq!(comment.matches("<details").count(), comment.matches("</details>").count());
        let told = comment.lines().filter(|line| line.starts_with("* **")).count();
        let left_out = format!("\n**{} changes more not shown:**", count - told);
        assert_eq!(comment.contains(&left_out), told < count, "{count}: {told}");
        assert!(told == count || comment.len() > 60_000, "{count}: {}", comment.len());
    }
}

#[test]
fn what_has_no_annotation_is_counted() {
    for (count, lines) in [(10, 10), (11, 10), (500, 10)] {
        let (old, new) = many(count);
        let report = report(&old, &new);
        let text = written(&report, Format::Github, true);
        assert_eq!(text.lines().count(), lines);
        let others = format!("::error title=more changes::{} more changes", count - 9);
        assert_eq!(text.contains(&others), count > 10, "{text}");
    }
}
