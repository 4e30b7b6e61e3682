//! What all findings come to.

use crate::Finding;
use zstack_model::changes::{Level, Step};

/// What all findings come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The worst level of those that are not waived; `None` where there are
    /// none.
    pub level: Option<Level>,
    /// The greatest step that a finding needs of the generated crates, waived or
    /// not: a waiver does not make code build.
    pub step: Option<Step>,
    /// How many there are of each level, the worst first, without those that
    /// are waived.
    pub counts: [(Level, usize); 4],
    /// How many are waived.
    pub waived: usize,
}

impl Verdict {
    pub(super) fn of<'a>(findings: impl Iterator<Item = &'a Finding>) -> Self {
        let levels = [Level::Breaking, Level::Risk, Level::Compatible, Level::Documentation];
        let (mut level, mut step, mut counts) = (None, None, levels.map(|level| (level, 0)));
        let mut waived = 0;
        for it in findings {
            step = step.max(Some(it.step));
            if it.waiver.is_some() {
                waived += 1;
                continue;
            }
            level = level.max(Some(it.level));
            counts.iter_mut().filter(|(level, _)| *level == it.level).for_each(|(_, count)| *count += 1);
        }
        Self { level, step, counts, waived }
    }

    /// Whether something is as bad as a level, or worse: `--fail-on` makes a
    /// command end with 1 then.
    pub fn reaches(&self, level: Level) -> bool {
        self.level >= Some(level)
    }

    /// How many findings there are, waived or not.
    pub fn total(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum::<usize>() + self.waived
    }

    /// The word for it: the worst level, or `waived` where all is.
    pub(super) fn word(&self) -> &'static str {
        self.level.map_or("waived", Level::word)
    }

    /// `2 breaking, 1 risk, 1 waived`; empty where nothing changed.
    pub(super) fn counted(&self) -> String {
        let counts = self.counts.iter().map(|(level, count)| (level.word(), *count));
        let counts = counts.chain([("waived", self.waived)]).filter(|(_, count)| *count > 0);
        counts.map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    }
}
