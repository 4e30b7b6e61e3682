//! The report as a comment on a pull request.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Report;
use super::clients::clients;
use super::entry::{Group, ReportEntry};
use super::revision::Named;
use super::sentence::{Piece, Sentence};
use crate::Element;
use zstack_model::changes::{Level, Step};
use zstack_model::diagnostics::{Place, counted, tame};
use zstack_model::prose;

/// The longest comment that a host takes, in bytes, which are at least as many
/// as characters.
const LIMIT: usize = 65_536;
/// What of it the table may take.
const TABLE: usize = LIMIT / 4;
/// What is kept for the last lines.
const CLOSING: usize = 400;

const DETAILS_END: &str = "\n</details>\n";

pub(super) fn markdown(report: &Report<'_>) -> String {
    let mut out = head(report);
    if report.groups.is_empty() {
        return out;
    }
    table(&mut out, &report.groups);
    let (mut told, mut is_full) = (0, false);
    for group in &report.groups {
        is_full = is_full || !details(&mut out, report, group, &mut told);
    }
    let untold = report.verdict().total() - told;
    // Writing to a text does not fail, here and below.
    if untold > 0 {
        let _ = writeln!(
            out,
            "\n**{} more not shown:** a comment has no room for them. `cargo xtask diff` tells all.",
            counted(untold, "change")
        );
    }
    out.push_str("\n`cargo xtask explain RULE` tells more of a rule.\n");
    out
}

fn head(report: &Report<'_>) -> String {
    let sides = format!("{} → {}", code(&report.old.label), code(&report.new.label));
    let verdict = report.verdict();
    let Some(step) = verdict.step else {
        return format!("### ⚪ API changes: none\n\n{sides}\n");
    };
    let step = match step {
        Step::Major => "a **major** step",
        Step::Minor => "a **minor** step",
        Step::Patch => "a **patch** step",
    };
    let (sign, word) = (sign(verdict.level), verdict.word());
    format!(
        "### {sign} API changes: {word}\n\n{}: {}. The generated crates need {step}.\n\n{sides}\n",
        counted(verdict.total(), "change"),
        verdict.counted(),
    )
}

/// A row for each operation and data type, the worst first.
fn table(out: &mut String, groups: &[Group<'_>]) {
    out.push_str("\n| | where | changes | operations concerned |\n|---|---|---|--:|\n");
    let end = out.len() + TABLE;
    for (nth, group) in groups.iter().enumerate() {
        let name = text(&group.name());
        let sign = sign(group.level());
        let row = format!("| {sign} | {name} | {} | {} |\n", group.verdict().counted(), concerned(group));
        if out.len() + row.len() > end {
            let _ = writeln!(out, "| | and {} more | | |", groups.len() - nth);
            return;
        }
        out.push_str(&row);
    }
}

/// How many operations a group is about, each once.
fn concerned(group: &Group<'_>) -> String {
    if group.owner == Element::Service {
        return "all".to_owned();
    }
    let operations = group.entries.iter().flat_map(|entry| entry.finding.operations.iter());
    operations.collect::<BTreeSet<_>>().len().to_string()
}

/// The findings of a group; tells whether there was room for all.
fn details(out: &mut String, report: &Report<'_>, group: &Group<'_>, told: &mut usize) -> bool {
    let open = if group.level() == Some(Level::Breaking) { " open" } else { "" };
    let sign = sign(group.level());
    let summary = format!("{sign} <b>{}</b>: {}", html(&group.name()), group.verdict().counted());
    let start = format!("\n<details{open}>\n<summary>{summary}</summary>\n\n");
    let mut items = String::new();
    let mut room = (LIMIT - CLOSING).saturating_sub(out.len() + start.len() + DETAILS_END.len());
    let mut has_all = true;
    for entry in &group.entries {
        let item = item(report, entry);
        if item.len() > room {
            has_all = false;
            break;
        }
        room -= item.len();
        items.push_str(&item);
        *told += 1;
    }
    if !items.is_empty() {
        out.extend([&*start, &items, DETAILS_END]);
    }
    has_all
}

fn item(report: &Report<'_>, entry: &ReportEntry<'_>) -> String {
    let finding = &entry.finding;
    let (level, id, fingerprint) = (finding.word(), finding.kind(), report.fingerprint(finding));
    let mut item = format!("* **{level}** `{id}`: {} <!-- {fingerprint} -->\n", sentence(&entry.sentence));
    let here = |side: &Named, place: &Place| {
        let line = place.position.map_or(String::new(), |position| format!(":{}", position.line));
        code(&format!("{}{line}", side.relative(&place.file)))
    };
    let place = match (&entry.new, &entry.old) {
        (Some(it), _) => Some(here(&report.new, &it.place)),
        (None, Some(it)) => Some(format!("{} in {}", here(&report.old, &it.place), code(&report.old.label))),
        (None, None) => None,
    };
    if let Some(place) = place {
        let _ = writeln!(item, "  * where: {place}");
    }
    if finding.level > Level::Documentation {
        let _ = writeln!(item, "  * clients: {}", text(&clients(finding)));
        // The words of a rule are ours, and written for this.
        let _ = writeln!(item, "  * why: {}", finding.kind().rule().why);
    }
    if let Some(because) = entry.because() {
        let _ = writeln!(item, "  * because: {}", text(&because));
    }
    if let Some(help) = entry.help() {
        let _ = writeln!(item, "  * help: {help}");
    }
    if let Some(waived) = finding.waived(code) {
        let _ = writeln!(item, "  * waived: {waived}");
    }
    item
}

/// The sign of a level; of nothing but what is waived, that of what does not
/// count either.
const fn sign(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Breaking) => "🔴",
        Some(Level::Risk) => "🟡",
        Some(Level::Compatible) => "🟢",
        Some(Level::Documentation) | None => "⚪",
    }
}

/// A sentence, with what the spec says as code.
pub(super) fn sentence(sentence: &Sentence) -> String {
    let pieces = sentence.pieces().iter().map(|piece| match piece {
        Piece::Text(it) => text(it),
        Piece::Code(it) => code(it),
    });
    pieces.collect()
}

/// Text in which nothing is markup and no user or issue is mentioned.
pub(crate) fn text(text: &str) -> String {
    without_mentions(&prose::escape(&tame(text)))
}

/// Separates `@` and `#` from the names and numbers behind them. Hosts look for
/// mentions in the rendered text, so a backslash does not prevent them.
fn without_mentions(text: &str) -> String {
    text.replace('@', "@\u{200b}").replace('#', "#\u{200b}")
}

/// Text in an element of HTML.
fn html(text: &str) -> String {
    without_mentions(&tame(text)).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text as code.
pub(crate) fn code(text: &str) -> String {
    prose::code(&tame(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_spec_are_no_markup() {
        for (given, expected) in [
            ("CreateVm", "CreateVm"),
            ("a|b_c*d", "a\\|b\\_c\\*d"),
            ("<b> & &amp;", "&lt;b\\> &amp; &amp;amp;"),
            ("@here #1", "\\@\u{200b}here \\#\u{200b}1"),
            ("[a](b) ~c~ `d`", "\\[a\\](b) \\~c\\~ \\`d\\`"),
            ("a\nb", "a\u{fffd}b"),
        ] {
            assert_eq!(text(given), expected);
        }
        assert_eq!(html("</summary> & @here"), "&lt;/summary&gt; &amp; @\u{200b}here");
    }

    #[test]
    fn code_stands_between_enough_backticks() {
        for (given, expected) in [
            ("uuid", "`uuid`"),
            ("a`b", "``a`b``"),
            ("`a`", "`` `a` ``"),
            ("a``b`c", "```a``b`c```"),
            ("", "`  `"),
            ("a\n\nb", "`a\u{fffd}\u{fffd}b`"),
        ] {
            assert_eq!(code(given), expected);
        }
    }
}
