//! The report for a terminal.

use std::fmt::{self, Display, Formatter};

use annotate_snippets::{AnnotationKind, Group, Level as Look};
use anstyle::Style;

use super::clients::clients;
use super::entry::ReportEntry;
use super::revision::Named;
use super::sentence::short;
use super::site::Excerpt;
use super::{Options, Report};
use crate::Finding;
use zstack_model::changes::Level;
use zstack_model::diagnostics::{Place, Styles, counted, excerpt, tame};

pub(super) struct Text<'r, 'a> {
    report: &'r Report<'a>,
    options: &'r Options,
}

/// A place under the name that people know, as a part of a finding.
struct Spot<'a> {
    place: Place,
    line: &'a str,
    label: Option<String>,
    is_new: bool,
}

impl<'r, 'a> Text<'r, 'a> {
    pub(super) fn new(report: &'r Report<'a>, options: &'r Options) -> Self {
        Self { report, options }
    }
}

impl Display for Text<'_, '_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (words, rest): (Vec<_>, Vec<_>) =
            self.report.entries().partition(|entry| entry.finding.level == Level::Documentation);
        rest.iter().try_for_each(|it| self.entry(f, it))?;
        if self.options.verbose {
            words.iter().try_for_each(|word| self.line(f, word))?;
            if !words.is_empty() {
                writeln!(f)?;
            }
        }
        self.closing(f, words.len())
    }
}

impl Text<'_, '_> {
    fn entry(&self, f: &mut Formatter<'_>, entry: &ReportEntry<'_>) -> fmt::Result {
        let finding = &entry.finding;
        let title = look(active_level(finding)).with_name(finding.word());
        let title = title.primary_title(entry.sentence.to_string()).id(finding.kind().id());
        let mut group = Group::with_title(title);
        for Spot { place, line, label, is_new } in self.spots(entry) {
            let kind = if is_new { AnnotationKind::Primary } else { AnnotationKind::Context };
            group = group.elements(excerpt(&place, line, kind, label.as_deref()));
        }
        let fingerprint = self.options.verbose.then(|| self.report.fingerprint(finding));
        let remarks = [
            ("clients", Some(clients(finding))),
            ("why", Some(finding.kind().rule().why.to_owned())),
            ("because", entry.because()),
            ("help", entry.help().map(str::to_owned)),
            ("waived", finding.waived(tame)),
            ("waiver", fingerprint.as_deref().and_then(|fingerprint| finding.waiver_entry(fingerprint))),
            ("fingerprint", fingerprint.clone()),
        ];
        let remarks = remarks.into_iter().filter_map(|(name, text)| Some((name, text?)));
        let group =
            group.elements(remarks.map(|(name, text)| Look::NOTE.with_name(name).message(tame(&text))));
        writeln!(f, "{}\n", self.options.styles.renderer().render(&[group]))
    }

    /// A finding of which nobody needs to see more.
    fn line(&self, f: &mut Formatter<'_>, entry: &ReportEntry<'_>) -> fmt::Result {
        self.head(f, entry)?;
        if let Some(Spot { place, .. }) = self.spots(entry).first() {
            write!(f, ", {}", tame(place.file.as_str()))?;
            if let Some(it) = place.position {
                write!(f, ":{}:{}", it.line, it.column)?;
            }
        }
        if let Some(waived) = entry.finding.waived(tame) {
            write!(f, ", waived {waived}")?;
        }
        writeln!(f, ", fingerprint {}", self.report.fingerprint(&entry.finding))
    }

    fn head(&self, f: &mut Formatter<'_>, entry: &ReportEntry<'_>) -> fmt::Result {
        let styles = &self.options.styles;
        let (style, bold) = (style_of(styles, active_level(&entry.finding)), styles.message);
        let (word, id) = (entry.finding.word(), entry.finding.kind().id());
        write!(f, "{style}{word}[{id}]{style:#}{bold}: {}{bold:#}", entry.sentence)
    }

    /// The new side first, which is the one to mend.
    fn spots<'e>(&self, entry: &'e ReportEntry<'_>) -> Vec<Spot<'e>> {
        let change = &entry.finding.change;
        let spot = |side: &Named, it: &'e Option<Excerpt<'_>>, verb: &str, value: &Option<String>, is_new| {
            let Excerpt { place, line } = it.as_ref()?;
            let place = Place { file: side.shown(&place.file), position: place.position };
            let label = match value {
                Some(value) if !change.attribute.is_empty() => Some(format!("{verb} `{}`", short(value))),
                _ => None,
            };
            Some(Spot { place, line, label, is_new })
        };
        let new = spot(&self.report.new, &entry.new, "now", &change.new, true);
        let old = spot(&self.report.old, &entry.old, "was", &change.old, false).map(|spot| Spot {
            // A reader of this machine does not find it there any more.
            label: Some(match spot.label {
                Some(label) => format!("{label} in {}", self.report.old.label),
                None => format!("in {}", self.report.old.label),
            }),
            ..spot
        });
        new.into_iter().chain(old).collect()
    }

    fn closing(&self, f: &mut Formatter<'_>, words: usize) -> fmt::Result {
        let Report { old, new, .. } = self.report;
        let sides = format!("between {} and {}", tame(&old.label), tame(&new.label));
        let verdict = self.report.verdict();
        let Some(step) = verdict.step else {
            return writeln!(f, "no changes {sides}");
        };
        if words > 0 && !self.options.verbose {
            writeln!(
                f,
                "{} of the words for people not shown: `--verbose` tells all",
                counted(words, "change")
            )?;
        }
        writeln!(f, "{} {sides}: {}", counted(verdict.total(), "change"), verdict.counted())?;
        let style = style_of(&self.options.styles, verdict.level);
        let (word, step) = (verdict.word(), step.word());
        writeln!(f, "verdict: {style}{word}{style:#}; the generated crates need a {step} step")?;
        let is_worst = |it: &&Finding| it.waiver.is_none() && Some(it.level) == verdict.level;
        match self.report.findings().find(is_worst).filter(|finding| finding.level > Level::Compatible) {
            Some(it) => writeln!(f, "run `cargo xtask explain {}` for more", it.kind().id()),
            None => Ok(()),
        }
    }
}

/// The level of a finding that is not waived.
fn active_level(finding: &Finding) -> Option<Level> {
    finding.waiver.is_none().then_some(finding.level)
}

/// The level of the library that has the style of a level, or of waived findings.
const fn look(level: Option<Level>) -> Look<'static> {
    match level {
        Some(Level::Breaking) => Look::ERROR,
        Some(Level::Risk) => Look::WARNING,
        Some(Level::Compatible | Level::Documentation) | None => Look::INFO,
    }
}

/// The style of findings of a level, and of waived ones.
const fn style_of(styles: &Styles, level: Option<Level>) -> Style {
    match level {
        Some(Level::Breaking) => styles.error,
        Some(Level::Risk) => styles.warning,
        Some(Level::Compatible) => styles.related,
        Some(Level::Documentation) | None => styles.gutter,
    }
}
