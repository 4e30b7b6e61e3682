//! Draws the figures that have a peer as an SVG, from the table in BENCHMARKS.md.

use std::fmt::Write as _;

use crate::Failure;

/// A group of rows on one scale.
struct Panel {
    title: &'static str,
    higher_is_better: bool,
    rows: &'static [Row],
}

/// A bar of the chart.
struct Row {
    label: &'static str,
    /// The work that the figure is compared with.
    reference: &'static str,
    /// The name of the figure in BENCHMARKS.md.
    figure: &'static str,
}

const PANELS: &[Panel] = &[
    Panel {
        title: "Throughput relative to the reference: higher is better",
        higher_is_better: true,
        rows: &[
            Row {
                label: "Server, inventory of 2 KB",
                reference: "hand-written axum with serde",
                figure: "server, 2 KB inventory, 64 at a time",
            },
            Row {
                label: "Server, list of 100",
                reference: "hand-written axum with serde",
                figure: "server, list of 100, 64 at a time",
            },
            Row {
                label: "Client, inventory of 2 KB",
                reference: "hand-written reqwest with serde",
                figure: "client, 2 KB inventory, 64 at a time",
            },
            Row {
                label: "Client, list of 100",
                reference: "hand-written reqwest with serde",
                figure: "client, list of 100, 64 at a time",
            },
            Row {
                label: "Node, attach and detach",
                reference: "same SQL behind hyper, by hand",
                figure: "attach and detach, 64 at a time, to by hand behind hyper",
            },
            Row {
                label: "Node, list of 8 candidates",
                reference: "same SQL behind hyper, by hand",
                figure: "8 candidates, 64 at a time, to by hand behind hyper",
            },
        ],
    },
    Panel {
        title: "Cost relative to the reference: lower is better",
        higher_is_better: false,
        rows: &[
            Row {
                label: "Check 1,891 operations: time",
                reference: "same structs, serde derives",
                figure: "check types and client: clock, the corpus",
            },
            Row {
                label: "Check 1,891 operations: memory",
                reference: "same structs, serde derives",
                figure: "check types and client: memory, the corpus",
            },
            Row {
                label: "Generate 1,891 operations",
                reference: "parse and print the files",
                figure: "regen, all written: processor, the corpus",
            },
            Row {
                label: "Client, processor time per call",
                reference: "hand-written reqwest with serde",
                figure: "client, 2 KB inventory, 64 at a time: processor",
            },
            Row {
                label: "Node, memory when idle",
                reference: "same SQL behind hyper, by hand",
                figure: "memory, idle, to by hand behind hyper",
            },
        ],
    },
];

/// The bars begin here, in pixels.
const LEFT: f64 = 455.0;
/// The length of a ratio of 1.
const UNIT: f64 = 150.0;
/// Larger ratios are cut.
const LARGEST: f64 = 1.8;
const ROW: f64 = 26.0;
const WIDTH: f64 = 780.0;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1f2328}
.title{font-weight:600;font-size:14px}
.reference{fill:#59636e;font-size:12px}
.better{fill:#0969da}
.worse{fill:#8c959f}
line{stroke:#59636e;stroke-dasharray:3 3}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.reference{fill:#9198a1}.better{fill:#4493f8}.worse{fill:#6e7681}line{stroke:#9198a1}}";

/// Renders the chart of the table in BENCHMARKS.md. Figures that were not measured are omitted.
///
/// # Errors
///
/// The table has none of the figures of a panel.
pub(crate) fn render(table: &str) -> Result<String, Failure> {
    let mut body = String::new();
    let mut y = 0.0;
    for Panel { title, higher_is_better, rows } in PANELS {
        let rows: Vec<_> =
            rows.iter().filter_map(|row| ratio(table, row.figure).map(|ratio| (row, ratio))).collect();
        if rows.is_empty() {
            return Err(format!(
                "there are no figures for the panel \"{title}\"; run `cargo xtask bench all`"
            )
            .into());
        }
        y += 24.0;
        writeln!(body, r#"<text class="title" x="0" y="{y}">{title}</text>"#)?;
        let top = y + 8.0;
        for (Row { label, reference, .. }, ratio) in rows {
            y += ROW;
            let length = ratio.min(LARGEST) * UNIT;
            let class = if (ratio >= 1.0) == *higher_is_better { "better" } else { "worse" };
            writeln!(body, r#"<text x="0" y="{y}">{label}</text>"#)?;
            writeln!(body, r#"<text class="reference" x="235" y="{y}">{reference}</text>"#)?;
            writeln!(
                body,
                r#"<rect class="{class}" x="{LEFT}" y="{}" width="{length:.1}" height="16" rx="2"/>"#,
                y - 13.0
            )?;
            writeln!(body, r#"<text x="{:.1}" y="{y}">{ratio:.2}</text>"#, LEFT + length + 6.0)?;
        }
        writeln!(body, r#"<line x1="{0}" y1="{top}" x2="{0}" y2="{1}"/>"#, LEFT + UNIT, y + 6.0)?;
        y += 18.0;
    }
    let mut svg = String::new();
    writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img">"#
    )?;
    writeln!(
        svg,
        "<title>Figures of BENCHMARKS.md relative to their references; the dashed line is 1</title>"
    )?;
    writeln!(svg, "<style>{STYLE}</style>\n{body}</svg>")?;
    Ok(svg)
}

/// Returns the ratio of a figure.
fn ratio(table: &str, figure: &str) -> Option<f64> {
    let cells = table.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let row = cells.into_iter().find(|cells| cells.get(1) == Some(&figure))?;
    row.get(4)?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test is to fail there")]

    use super::{PANELS, ratio, render};

    const SVG: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/images/benchmarks.svg");
    const TABLE: &str = include_str!("../../BENCHMARKS.md");

    #[test]
    fn committed_table_has_every_figure() {
        let rows = PANELS.iter().flat_map(|panel| panel.rows);
        let missing: Vec<_> =
            rows.map(|row| row.figure).filter(|figure| ratio(TABLE, figure).is_none()).collect();
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn committed_chart_is_current() {
        let chart = render(TABLE).unwrap();
        let committed = std::fs::read_to_string(SVG).unwrap_or_default();
        assert!(committed == chart, "run `cargo xtask bench chart`");
    }

    #[test]
    fn rejects_table_without_figures() {
        assert!(render("| figure | value |").is_err());
    }
}
