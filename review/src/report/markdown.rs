//! The report as markdown, for a comment on a pull request.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Report;
use super::clients::clients;
use super::entry::{ReportEntry, ReportGroup};
use super::sentence::{Piece, Sentence};
use super::side::SideName;
use crate::SpecElement;
use zstack_model::changes::{Level, Step};
use zstack_model::diagnostics::{Place, format_count, tame};
use zstack_model::prose;

/// The maximum length of a comment on GitHub, in characters. Bytes are format_count, which are at least as many.
const LIMIT: usize = 65_536;
/// The maximum length of the table, in bytes.
const TABLE: usize = LIMIT / 4;
/// The space reserved for the last lines, in bytes.
const CLOSING: usize = 400;

const DETAILS_END: &str = "\n</details>\n";

pub(super) fn markdown(report: &Report<'_>) -> String {
    let mut out = head(report);
    if report.groups.is_empty() {
        return out;
    }
    table(&mut out, &report.groups);
    let (mut written, mut is_full) = (0, false);
    for group in &report.groups {
        is_full = is_full || !details(&mut out, report, group, &mut written);
    }
    let missing = report.verdict().total() - written;
    // Writing to a string does not fail, here and below.
    if missing > 0 {
        let _ = writeln!(
            out,
            "\n**{}** did not fit into this comment. Run `cargo xtask diff` to see all.",
            format_count(missing, "more change")
        );
    }
    out.push_str("\nRun `cargo xtask explain RULE` for more about a rule.\n");
    out
}

fn head(report: &Report<'_>) -> String {
    let sides = format!("{} → {}", code(&report.old.label), code(&report.new.label));
    let verdict = report.verdict();
    let Some(step) = verdict.step else {
        return format!("### ⚪ API changes: none\n\n{sides}\n");
    };
    let step = match step {
        Step::Major => "a **major** version step",
        Step::Minor => "a **minor** version step",
        Step::Patch => "a **patch** version step",
    };
    let (sign, word) = (sign(verdict.level), verdict.level_word());
    format!(
        "### {sign} API changes: {word}\n\n{}: {}. The generated crates need {step}.\n\n{sides}\n",
        format_count(verdict.total(), "change"),
        verdict.counts_text(),
    )
}

/// Writes a row for each operation and data type, the worst first.
fn table(out: &mut String, groups: &[ReportGroup<'_>]) {
    out.push_str("\n| | where | changes | affected operations |\n|---|---|---|--:|\n");
    let end = out.len() + TABLE;
    for (nth, group) in groups.iter().enumerate() {
        let name = text(&group.name());
        let sign = sign(group.level());
        let row = format!(
            "| {sign} | {name} | {} | {} |\n",
            group.verdict().counts_text(),
            affected_operations(group)
        );
        if out.len() + row.len() > end {
            let _ = writeln!(out, "| | {} more | | |", groups.len() - nth);
            return;
        }
        out.push_str(&row);
    }
}

/// The number of operations that a group affects.
fn affected_operations(group: &ReportGroup<'_>) -> String {
    if group.owner == SpecElement::Service {
        return "all".to_owned();
    }
    let operations = group.entries.iter().flat_map(|entry| entry.finding.operations.iter());
    operations.collect::<BTreeSet<_>>().len().to_string()
}

/// Writes the findings of a group and counts them; returns whether all of them fit.
fn details(out: &mut String, report: &Report<'_>, group: &ReportGroup<'_>, written: &mut usize) -> bool {
    let open = if group.level() == Some(Level::Breaking) { " open" } else { "" };
    let sign = sign(group.level());
    let summary = format!("{sign} <b>{}</b>: {}", html(&group.name()), group.verdict().counts_text());
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
        *written += 1;
    }
    if !items.is_empty() {
        out.extend([&*start, &items, DETAILS_END]);
    }
    has_all
}

fn item(report: &Report<'_>, entry: &ReportEntry<'_>) -> String {
    let finding = &entry.finding;
    let (level, id, fingerprint) = (finding.level_word(), finding.kind(), report.fingerprint(finding));
    let mut item = format!("* **{level}** `{id}`: {} <!-- {fingerprint} -->\n", sentence(&entry.sentence));
    let file_and_line = |side: &SideName, place: &Place| {
        let line = place.position.map_or(String::new(), |position| format!(":{}", position.line));
        code(&format!("{}{line}", side.relative_path(&place.file)))
    };
    let place = match (&entry.new, &entry.old) {
        (Some(excerpt), _) => Some(file_and_line(&report.new, &excerpt.place)),
        (None, Some(excerpt)) => {
            let place = file_and_line(&report.old, &excerpt.place);
            Some(format!("{place} in {}", code(&report.old.label)))
        }
        (None, None) => None,
    };
    if let Some(place) = place {
        let _ = writeln!(item, "  * where: {place}");
    }
    if finding.level > Level::Documentation {
        let _ = writeln!(item, "  * clients: {}", text(&clients(finding)));
        // The texts of rules are markdown.
        let _ = writeln!(item, "  * why: {}", finding.kind().rule().why);
    }
    if let Some(because) = entry.because() {
        let _ = writeln!(item, "  * because: {}", text(&because));
    }
    if let Some(help) = entry.help() {
        let _ = writeln!(item, "  * help: {help}");
    }
    if let Some(waived) = finding.waiver_text(code) {
        let _ = writeln!(item, "  * waived: {waived}");
    }
    item
}

/// The symbol of a level, or of a group in which everything is waived.
const fn sign(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Breaking) => "🔴",
        Some(Level::Risk) => "🟡",
        Some(Level::Compatible) => "🟢",
        Some(Level::Documentation) | None => "⚪",
    }
}

/// Renders a sentence, with the values of the spec as code.
pub(super) fn sentence(sentence: &Sentence) -> String {
    let pieces = sentence.pieces().iter().map(|piece| match piece {
        Piece::Text(words) => text(words),
        Piece::Code(value) => code(value),
    });
    pieces.collect()
}

/// Escapes text so that nothing in it is markup or mentions a user or an issue.
pub(crate) fn text(text: &str) -> String {
    without_mentions(&prose::escape(&tame(text)))
}

/// Separates `@` and `#` from the names and numbers after them. GitHub looks for mentions in the rendered
/// text, so that a backslash does not prevent them.
fn without_mentions(text: &str) -> String {
    text.replace('@', "@\u{200b}").replace('#', "#\u{200b}")
}

/// Escapes text for an HTML element.
fn html(text: &str) -> String {
    without_mentions(&tame(text)).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Formats text as code.
pub(crate) fn code(text: &str) -> String {
    prose::code(&tame(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_the_spec_is_not_markup() {
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
    fn code_has_enough_backticks() {
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
