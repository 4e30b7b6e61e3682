//! The report for a terminal.

use std::fmt::{self, Display, Formatter};

use anstyle::Style;

use super::clients::clients;
use super::entry::ReportEntry;
use super::revision::Named;
use super::sentence::short;
use super::site::Excerpt;
use super::{Options, Report};
use crate::Finding;
use zstack_model::changes::Level;
use zstack_model::diagnostics::{Place, Pointer, Snippets, Styles, counted, tame};

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
            self.report.entries().partition(|it| it.finding.level == Level::Documentation);
        rest.iter().try_for_each(|it| self.entry(f, it))?;
        if self.options.verbose {
            words.iter().try_for_each(|it| self.line(f, it))?;
            if !words.is_empty() {
                writeln!(f)?;
            }
        }
        self.closing(f, words.len())
    }
}

impl Text<'_, '_> {
    fn entry(&self, f: &mut Formatter<'_>, entry: &ReportEntry<'_>) -> fmt::Result {
        let styles = &self.options.styles;
        self.head(f, entry)?;
        writeln!(f)?;
        let spots = self.spots(entry);
        let snippets = Snippets::new(styles, spots.iter().map(|it| &it.place));
        let mut arrows = ["-->", ":::"].into_iter();
        for spot in &spots {
            let (mark, style) =
                if spot.is_new { ('^', looks(styles, &entry.finding)) } else { ('-', styles.related) };
            let Spot { place, line, label, .. } = spot;
            let arrow = arrows.next().unwrap_or(":::");
            snippets.place(f, &Pointer { arrow, place, line, mark, style, label: label.as_deref() })?;
        }
        if !spots.is_empty() {
            snippets.gap(f)?;
        }
        snippets.remark(f, "clients", &clients(&entry.finding))?;
        snippets.remark(f, "why", entry.finding.kind().rule().why)?;
        if let Some(because) = entry.because() {
            snippets.remark(f, "because", &because)?;
        }
        if let Some(help) = entry.help() {
            snippets.remark(f, "help", help)?;
        }
        if let Some(waived) = entry.finding.waived(tame) {
            snippets.remark(f, "waived", &waived)?;
        }
        if self.options.verbose {
            let fingerprint = self.report.fingerprint(&entry.finding);
            if let Some(waiver) = entry.finding.waiver_entry(&fingerprint) {
                snippets.remark(f, "waiver", &waiver)?;
            }
            snippets.remark(f, "fingerprint", &fingerprint)?;
        }
        writeln!(f)
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
        let (style, bold) = (looks(styles, &entry.finding), styles.message);
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
        let old = spot(&self.report.old, &entry.old, "was", &change.old, false).map(|it| Spot {
            // A reader of this machine does not find it there any more.
            label: Some(match it.label {
                Some(label) => format!("{label} in {}", self.report.old.label),
                None => format!("in {}", self.report.old.label),
            }),
            ..it
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
        let style = level(&self.options.styles, verdict.level);
        let (word, step) = (verdict.word(), step.word());
        writeln!(f, "verdict: {style}{word}{style:#}; the generated crates need a {step} step")?;
        let is_worst = |it: &&Finding| it.waiver.is_none() && Some(it.level) == verdict.level;
        match self.report.findings().find(is_worst).filter(|it| it.level > Level::Compatible) {
            Some(it) => writeln!(f, "run `cargo xtask explain {}` for more", it.kind().id()),
            None => Ok(()),
        }
    }
}

/// How a finding looks.
fn looks(styles: &Styles, finding: &Finding) -> Style {
    level(styles, finding.waiver.is_none().then_some(finding.level))
}

/// How findings of a level look, and those that are waived.
const fn level(styles: &Styles, level: Option<Level>) -> Style {
    match level {
        Some(Level::Breaking) => styles.error,
        Some(Level::Risk) => styles.warning,
        Some(Level::Compatible) => styles.related,
        Some(Level::Documentation) | None => styles.gutter,
    }
}
