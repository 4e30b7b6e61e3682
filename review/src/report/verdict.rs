//! The overall result of a report.

use crate::Finding;
use zstack_model::changes::{Level, Step};

/// The overall result of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The worst level of the findings that are not waived; `None` if there are none.
    pub level: Option<Level>,
    /// The largest version step that a finding requires of the generated crates. Waived findings count: a waiver does
    /// not make code compile.
    pub step: Option<Step>,
    /// The number of findings of each level that are not waived, the worst level first.
    pub counts: [(Level, usize); 4],
    /// The number of waived findings.
    pub waived: usize,
}

impl Verdict {
    pub(super) fn of<'a>(findings: impl Iterator<Item = &'a Finding>) -> Self {
        let levels = [Level::Breaking, Level::Risk, Level::Compatible, Level::Documentation];
        let (mut level, mut step, mut counts) = (None, None, levels.map(|level| (level, 0)));
        let mut waived = 0;
        for finding in findings {
            step = step.max(Some(finding.step));
            if finding.waiver.is_some() {
                waived += 1;
                continue;
            }
            level = level.max(Some(finding.level));
            counts.iter_mut().filter(|(level, _)| *level == finding.level).for_each(|(_, count)| *count += 1);
        }
        Self { level, step, counts, waived }
    }

    /// Returns whether a finding has this level or a worse one. `cargo xtask diff --fail-on` then exits with 1.
    pub fn reaches(&self, level: Level) -> bool {
        self.level >= Some(level)
    }

    /// The number of findings, waived or not.
    pub fn total(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum::<usize>() + self.waived
    }

    /// The worst level, or `waived` if all findings are waived.
    pub(super) fn level_word(&self) -> &'static str {
        self.level.map_or("waived", Level::word)
    }

    /// The counts as text, such as `2 breaking, 1 risk, 1 waived`; empty if nothing changed.
    pub(super) fn counts_text(&self) -> String {
        let counts = self.counts.iter().map(|(level, count)| (level.word(), *count));
        let counts = counts.chain([("waived", self.waived)]).filter(|(_, count)| *count > 0);
        counts.map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    }
}
