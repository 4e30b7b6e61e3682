//! What the benchmarks report: a figure against its reference.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::turns;

/// Something measured, beside what it is measured against.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    /// Ours.
    pub(crate) value: f64,
    /// What ours is compared with, from the same run.
    pub(crate) reference: f64,
    /// `value` to `reference`. The median of the ratios of all turns, which
    /// is not the ratio of the two medians.
    pub(crate) ratio: f64,
    pub(crate) goal: Goal,
}

/// What benchmarks found.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) figures: Vec<Figure>,
    /// What would have been measured too, and why it was not.
    pub(crate) left_out: Vec<String>,
}

impl From<Vec<Figure>> for Report {
    fn from(figures: Vec<Figure>) -> Self {
        Self { figures, left_out: Vec::new() }
    }
}

impl Report {
    /// Nothing, and why.
    pub(crate) fn left_out(what: String) -> Self {
        Self { figures: Vec::new(), left_out: vec![what] }
    }

    pub(crate) fn extend(&mut self, other: impl Into<Self>) {
        let Self { figures, left_out } = other.into();
        self.figures.extend(figures);
        self.left_out.extend(left_out);
    }
}

/// The table of the figures, and below it what was left out.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&table(&self.figures))?;
        for what in &self.left_out {
            write!(f, "\nLeft out: {what}.\n")?;
        }
        Ok(())
    }
}

/// What the ratio is to be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase", tag = "is", content = "ratio")]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
    /// Of the value, not of the ratio: what a person waits for, or pays.
    ValueAtMost(f64),
    /// Nothing: the figure explains others.
    None,
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(ratio) => write!(f, "≥ {ratio}"),
            Self::AtMost(ratio) => write!(f, "≤ {ratio}"),
            Self::ValueAtMost(value) => write!(f, "≤ {value} in value"),
            Self::None => Ok(()),
        }
    }
}

impl Figure {
    /// The medians of what was taken in turns, ours first.
    pub(crate) fn of<T>(
        name: String,
        unit: &'static str,
        goal: Goal,
        taken: &[(T, T)],
        of: impl Fn(&T) -> f64,
    ) -> Self {
        let (value, reference, ratio) = turns::medians(taken, of);
        Self { name, unit, value, reference, ratio, goal }
    }

    /// What is the same in every run, and beside nothing.
    pub(crate) fn alone(name: String, unit: &'static str, goal: Goal, value: f64) -> Self {
        Self { name, unit, value, reference: value, ratio: 1.0, goal }
    }

    /// Whether the goal is met; `None` where there is none.
    pub(crate) fn is_met(&self) -> Option<bool> {
        match self.goal {
            Goal::AtLeast(goal) => Some(self.ratio >= goal),
            Goal::AtMost(goal) => Some(self.ratio <= goal),
            Goal::ValueAtMost(goal) => Some(self.value <= goal),
            Goal::None => None,
        }
    }
}

/// The figures as a table of Markdown, which reads well on a terminal, too.
fn table(figures: &[Figure]) -> String {
    let mut rows = vec![["figure", "value", "reference", "ratio", "goal", "met"].map(str::to_owned)];
    rows.extend(figures.iter().map(|figure| {
        [
            figure.name.clone(),
            format!("{} {}", number(figure.value), figure.unit),
            format!("{} {}", number(figure.reference), figure.unit),
            format!("{:.3}", figure.ratio),
            figure.goal.to_string(),
            figure.is_met().map_or("", |met| if met { "yes" } else { "no" }).to_owned(),
        ]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    let mut table = String::new();
    for (line, row) in rows.iter().enumerate() {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // Texts to the left, numbers to the right. A String takes all.
            let _ = match column {
                0 => write!(table, "| {cell:<width$} "),
                _ => write!(table, "| {cell:>width$} "),
            };
        }
        table.push_str("|\n");
        if line == 0 {
            for (column, width) in widths.iter().enumerate() {
                let (dashes, end) = ("-".repeat(width + 1), if column == 0 { '-' } else { ':' });
                let _ = write!(table, "|{dashes}{end}");
            }
            table.push_str("|\n");
        }
    }
    table
}

/// Three digits or a little more, whatever the size.
fn number(value: f64) -> String {
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.digits$}")
}
