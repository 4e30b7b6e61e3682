//! The report as text for a terminal.

use std::fmt::{self, Display, Formatter};

use annotate_snippets::{AnnotationKind, Group, Level as SnippetLevel};
use anstyle::Style;

use super::clients::clients;
use super::entry::ReportEntry;
use super::excerpts::Excerpt;
use super::sentence::short;
use super::side::SideName;
use super::{Options, Report};
use crate::Finding;
use zstack_model::changes::Level;
use zstack_model::diagnostics::{Place, Styles, excerpt, format_count, tame};

pub(super) struct TextReport<'r, 'a> {
    report: &'r Report<'a>,
    options: &'r Options,
}

/// A place of a finding, with the path of its file on this machine.
struct LabeledPlace<'a> {
    place: Place,
    line: &'a str,
    label: Option<String>,
    is_new: bool,
}

impl<'r, 'a> TextReport<'r, 'a> {
    pub(super) fn new(report: &'r Report<'a>, options: &'r Options) -> Self {
        Self { report, options }
    }
}

impl Display for TextReport<'_, '_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (documentation, rest): (Vec<_>, Vec<_>) =
            self.report.entries().partition(|entry| entry.finding.level == Level::Documentation);
        rest.iter().try_for_each(|entry| self.write_entry(f, entry))?;
        if self.options.verbose {
            documentation.iter().try_for_each(|entry| self.write_line(f, entry))?;
            if !documentation.is_empty() {
                writeln!(f)?;
            }
        }
        self.write_summary(f, documentation.len())
    }
}

impl TextReport<'_, '_> {
    fn write_entry(&self, f: &mut Formatter<'_>, entry: &ReportEntry<'_>) -> fmt::Result {
        let finding = &entry.finding;
        let title = snippet_level(active_level(finding)).with_name(finding.level_word());
        let title = title.primary_title(entry.sentence.to_string()).id(finding.kind().id());
        let mut group = Group::with_title(title);
        for LabeledPlace { place, line, label, is_new } in self.places(entry) {
            let kind = if is_new { AnnotationKind::Primary } else { AnnotationKind::Context };
            group = group.elements(excerpt(&place, line, kind, label.as_deref()));
        }
        let fingerprint = self.options.verbose.then(|| self.report.fingerprint(finding));
        let remarks = [
            ("clients", Some(clients(finding))),
            ("why", Some(finding.kind().rule().why.to_owned())),
            ("because", entry.because()),
            ("help", entry.help().map(str::to_owned)),
            ("waived", finding.waiver_text(tame)),
            ("waiver", fingerprint.as_deref().and_then(|fingerprint| finding.waiver_entry(fingerprint))),
            ("fingerprint", fingerprint.clone()),
        ];
        let remarks = remarks.into_iter().filter_map(|(name, text)| Some((name, text?)));
        let group = group
            .elements(remarks.map(|(name, text)| SnippetLevel::NOTE.with_name(name).message(tame(&text))));
        writeln!(f, "{}\n", self.options.styles.renderer().render(&[group]))
    }

    /// Writes a finding as one line.
    fn write_line(&self, f: &mut Formatter<'_>, entry: &ReportEntry<'_>) -> fmt::Result {
        let styles = &self.options.styles;
        let (style, bold) = (style_of(styles, active_level(&entry.finding)), styles.message);
        let (word, id) = (entry.finding.level_word(), entry.finding.kind().id());
        write!(f, "{style}{word}[{id}]{style:#}{bold}: {}{bold:#}", entry.sentence)?;
        if let Some(LabeledPlace { place, .. }) = self.places(entry).first() {
            write!(f, ", {}", tame(place.file.as_str()))?;
            if let Some(position) = place.position {
                write!(f, ":{}:{}", position.line, position.column)?;
            }
        }
        if let Some(waiver) = entry.finding.waiver_text(tame) {
            write!(f, ", waived {waiver}")?;
        }
        writeln!(f, ", fingerprint {}", self.report.fingerprint(&entry.finding))
    }

    /// The places of a finding. The new side comes first, because that is the one to edit.
    fn places<'e>(&self, entry: &'e ReportEntry<'_>) -> Vec<LabeledPlace<'e>> {
        let change = &entry.finding.change;
        let labeled = |side: &SideName,
                       excerpt: &'e Option<Excerpt<'_>>,
                       verb: &str,
                       value: &Option<String>,
                       is_new| {
            let Excerpt { place, line } = excerpt.as_ref()?;
            let place = Place { file: side.local_path(&place.file), position: place.position };
            let label = match value {
                Some(value) if !change.attribute.is_empty() => Some(format!("{verb} `{}`", short(value))),
                _ => None,
            };
            Some(LabeledPlace { place, line, label, is_new })
        };
        let new = labeled(&self.report.new, &entry.new, "now", &change.new, true);
        let old = labeled(&self.report.old, &entry.old, "was", &change.old, false).map(|old| LabeledPlace {
            // The file may have changed since, so that the label names the revision.
            label: Some(match old.label {
                Some(label) => format!("{label} in {}", self.report.old.label),
                None => format!("in {}", self.report.old.label),
            }),
            ..old
        });
        new.into_iter().chain(old).collect()
    }

    fn write_summary(&self, f: &mut Formatter<'_>, documentation: usize) -> fmt::Result {
        let Report { old, new, .. } = self.report;
        let sides = format!("between {} and {}", tame(&old.label), tame(&new.label));
        let verdict = self.report.verdict();
        let Some(step) = verdict.step else {
            return writeln!(f, "no changes {sides}");
        };
        if documentation > 0 && !self.options.verbose {
            let hidden = format_count(documentation, "change");
            writeln!(f, "{hidden} of descriptions hidden; add `--verbose` to show all")?;
        }
        writeln!(f, "{} {sides}: {}", format_count(verdict.total(), "change"), verdict.counts_text())?;
        let style = style_of(&self.options.styles, verdict.level);
        let (word, step) = (verdict.level_word(), step.word());
        writeln!(f, "verdict: {style}{word}{style:#}; the generated crates need a {step} version step")?;
        let is_worst = |finding: &&Finding| finding.waiver.is_none() && Some(finding.level) == verdict.level;
        match self.report.findings().find(is_worst).filter(|finding| finding.level > Level::Compatible) {
            Some(finding) => writeln!(f, "run `cargo xtask explain {}` for more", finding.kind().id()),
            None => Ok(()),
        }
    }
}

/// The level of a finding that is not waived.
fn active_level(finding: &Finding) -> Option<Level> {
    finding.waiver.is_none().then_some(finding.level)
}

/// Converts the level of a finding; waived findings have none.
const fn snippet_level(level: Option<Level>) -> SnippetLevel<'static> {
    match level {
        Some(Level::Breaking) => SnippetLevel::ERROR,
        Some(Level::Risk) => SnippetLevel::WARNING,
        Some(Level::Compatible | Level::Documentation) | None => SnippetLevel::INFO,
    }
}

/// The style of a level; waived findings have none.
const fn style_of(styles: &Styles, level: Option<Level>) -> Style {
    match level {
        Some(Level::Breaking) => styles.error,
        Some(Level::Risk) => styles.warning,
        Some(Level::Compatible) => styles.related,
        Some(Level::Documentation) | None => styles.gutter,
    }
}
