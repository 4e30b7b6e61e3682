//! BENCHMARKS.md, with the figures of all benchmarks. A benchmark replaces its own.

use std::path::Path;

use crate::Failure;
use crate::figure::{Report, Row, table};

/// Replaces the figures of a report in a page, and adds new ones after the last that it replaces, or at
/// the end.
pub(crate) fn update(page: &Path, report: &Report) -> Result<(), Failure> {
    let text = fs_err::read_to_string(page)?;
    Ok(fs_err::write(page, with_figures(&text, report)?)?)
}

fn with_figures(page: &str, report: &Report) -> Result<String, Failure> {
    let lines: Vec<_> = page.lines().collect();
    let is_row = |line: &&str| line.starts_with('|');
    let start = lines.iter().position(is_row).ok_or("the page has no table of figures")?;
    let end = start + lines[start..].iter().take_while(|line| is_row(line)).count();
    // The first two lines are the head of the table.
    let old = lines.get(start + 2..end).unwrap_or_default().iter().map(|line| cells(line));
    let mut rows: Vec<Row> =
        old.collect::<Option<_>>().ok_or("the table of figures has rows without six cells")?;
    let mut next = rows.len();
    for new in report.figures.iter().map(Row::from) {
        match rows.iter().position(|row| row[0] == new[0]) {
            Some(index) => {
                next = index + 1;
                rows[index] = new;
            }
            None => {
                rows.insert(next, new);
                next += 1;
            }
        }
    }
    let before = lines[..start].iter().map(|line| format!("{line}\n")).collect::<String>();
    let after = lines[end..].iter().map(|line| format!("{line}\n")).collect::<String>();
    Ok(before + &table(rows) + &after)
}

fn cells(line: &str) -> Option<Row> {
    let cells: Vec<_> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    cells.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{Figure, Goal};

    fn figure(name: &str, value: f64) -> Figure {
        Figure::without_reference(name.to_owned(), "s", Goal::None, value)
    }

    #[test]
    fn replaces_figures_and_adds_new_ones_next_to_them() {
        let page = |names: &[(&str, f64)]| {
            let figures: Vec<_> = names.iter().map(|(name, value)| figure(name, *value)).collect();
            format!("# Title\n\n{}\nLeft out: nothing.\n", Report::from(figures))
        };
        let before = page(&[("a", 1.0), ("b", 1.0), ("c", 1.0)]);
        let report =
            Report::from(vec![figure("a", 2.0), figure("a: p99", 2.0), figure("c", 2.0), figure("d", 2.0)]);
        let after = with_figures(&before, &report).unwrap();
        assert_eq!(after, page(&[("a", 2.0), ("a: p99", 2.0), ("b", 1.0), ("c", 2.0), ("d", 2.0)]));
        assert!(with_figures("no table", &report).is_err());
    }
}
