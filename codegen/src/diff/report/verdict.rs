//! What all findings come to.

use crate::diff::Finding;
use crate::rules::changes::{Level, Step};

/// What all findings come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The worst level; `None` where nothing changed.
    pub level: Option<Level>,
    /// The greatest step that a finding needs of the generated crates.
    pub step: Option<Step>,
    /// How many there are of each level, the worst first.
    pub counts: [(Level, usize); 4],
}

impl Verdict {
    pub(super) fn of<'a>(findings: impl Iterator<Item = &'a Finding>) -> Self {
        let levels = [Level::Breaking, Level::Risk, Level::Compatible, Level::Documentation];
        let (mut level, mut step, mut counts) = (None, None, levels.map(|it| (it, 0)));
        for it in findings {
            level = level.max(Some(it.level));
            step = step.max(Some(it.step));
            counts.iter_mut().filter(|(level, _)| *level == it.level).for_each(|(_, count)| *count += 1);
        }
        Self { level, step, counts }
    }

    /// Whether something is as bad as a level, or worse: `--fail-on` makes a
    /// command end with 1 then.
    pub fn reaches(&self, level: Level) -> bool {
        self.level >= Some(level)
    }

    /// How many findings there are.
    pub fn total(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// `2 breaking, 1 risk`; empty where nothing changed.
    pub(super) fn counted(&self) -> String {
        let counts = self.counts.iter().filter(|(_, count)| *count > 0);
        counts.map(|(level, count)| format!("{count} {}", level.word())).collect::<Vec<_>>().join(", ")
    }
}
