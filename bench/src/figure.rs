//! Figures of the benchmarks, each with its reference.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::turns::{self, Turn};

/// A measured value and the value that it is compared with.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) value: f64,
    /// The value of the reference, measured in the same run.
    pub(crate) reference: f64,
    /// The median of the ratios of all rounds, which is not the ratio of the two medians.
    pub(crate) ratio: f64,
    pub(crate) goal: Goal,
}

/// The result of a benchmark.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) figures: Vec<Figure>,
    /// The measurements that were skipped, with the reasons.
    pub(crate) skipped: Vec<String>,
}

impl From<Vec<Figure>> for Report {
    fn from(figures: Vec<Figure>) -> Self {
        Self { figures, skipped: Vec::new() }
    }
}

impl Report {
    /// A report of a single skipped measurement.
    pub(crate) fn of_skipped(measurement: String) -> Self {
        Self { figures: Vec::new(), skipped: vec![measurement] }
    }

    pub(crate) fn extend(&mut self, other: impl Into<Self>) {
        let Self { figures, skipped } = other.into();
        self.figures.extend(figures);
        self.skipped.extend(skipped);
    }
}

/// Shows the table of the figures and the skipped measurements.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&table(self.figures.iter().map(Row::from)))?;
        for measurement in &self.skipped {
            write!(f, "\nLeft out: {measurement}.\n")?;
        }
        Ok(())
    }
}

/// The goal of a figure, as a limit of its ratio or value.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase", tag = "is", content = "ratio")]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
    /// A limit of the value instead of the ratio.
    ValueAtMost(f64),
    /// No goal: the figure explains others.
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
    /// Creates a figure from the medians of measured pairs.
    pub(crate) fn new<T>(
        name: String,
        unit: &'static str,
        goal: Goal,
        pairs: &[(T, T)],
        value: impl Fn(&T) -> f64,
    ) -> Self {
        let (value, reference, ratio) = turns::medians(pairs, value);
        Self { name, unit, value, reference, ratio, goal }
    }

    /// Creates the figure of the processor time per call, if it is known.
    pub(crate) fn processor(name: &str, pairs: &[(Turn, Turn)]) -> Option<Self> {
        let is_known = pairs.iter().all(|(ours, reference)| ours.cpu > 0.0 && reference.cpu > 0.0);
        let name = format!("{name}: processor");
        is_known.then(|| Self::new(name, "µs/call", Goal::None, pairs, |turn| turn.cpu))
    }

    /// Creates a figure without a reference.
    pub(crate) fn without_reference(name: String, unit: &'static str, goal: Goal, value: f64) -> Self {
        Self { name, unit, value, reference: value, ratio: 1.0, goal }
    }

    /// Reports whether the goal is met; `None` without a goal.
    pub(crate) fn is_met(&self) -> Option<bool> {
        match self.goal {
            Goal::AtLeast(goal) => Some(self.ratio >= goal),
            Goal::AtMost(goal) => Some(self.ratio <= goal),
            Goal::ValueAtMost(goal) => Some(self.value <= goal),
            Goal::None => None,
        }
    }
}

/// The cells of a figure in a table.
pub(crate) type Row = [String; 6];

impl From<&Figure> for Row {
    fn from(figure: &Figure) -> Self {
        [
            figure.name.clone(),
            format!("{} {}", number(figure.value), figure.unit),
            format!("{} {}", number(figure.reference), figure.unit),
            format!("{:.3}", figure.ratio),
            figure.goal.to_string(),
            figure.is_met().map_or("", |met| if met { "yes" } else { "no" }).to_owned(),
        ]
    }
}

/// Formats figures as a Markdown table, with columns aligned for terminals.
pub(crate) fn table(figures: impl IntoIterator<Item = Row>) -> String {
    let mut rows = vec![["figure", "value", "reference", "ratio", "goal", "met"].map(str::to_owned)];
    rows.extend(figures);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    let mut table = String::new();
    for (line, row) in rows.iter().enumerate() {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // Writing to a String cannot fail.
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

/// Formats a number with about three significant digits.
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
