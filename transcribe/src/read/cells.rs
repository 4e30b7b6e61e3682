//! The cells of a row behind its first ones: description, values, version, and requirement.

use super::is_version;
use super::table_head::Head;
use crate::page::Printed;
use crate::words::Column;

/// The cells behind the first ones.
#[derive(Default)]
pub(super) struct Cells {
    /// The lines of the description.
    pub(super) text: Vec<String>,
    values: Vec<String>,
    pub(super) since: Option<Printed<String>>,
    pub(super) required: Option<bool>,
}

impl Cells {
    pub(super) fn read_bars(&mut self, lines: &[(usize, String)], head: &Head) {
        let mut cells: Vec<(usize, Vec<String>)> = Vec::new();
        for (number, text) in lines {
            for (nth, part) in text.split('|').enumerate() {
                let part = part.trim().to_owned();
                match cells.last_mut() {
                    // The first part of a line goes on with the cell of the line before.
                    Some((_, cell)) if nth == 0 && !is_version(&part) => cell.push(part),
                    _ => cells.push((*number, vec![part])),
                }
            }
        }
        let is_empty = |(_, cell): &(usize, Vec<String>)| cell.iter().all(String::is_empty);
        let count = cells.len();
        // A row that lost no cell has one for each column, and a bar at its end.
        let first = 2 + usize::from(head.has_places());
        let is_whole = [head.columns.len() - first, head.columns.len() - first + 1].contains(&count);
        cells.retain({
            let mut nth = 0;
            move |cell| {
                nth += 1;
                !is_empty(cell) || nth < count && is_whole
            }
        });
        while cells.last().is_some_and(is_empty) {
            cells.pop();
        }
        if let Some((line, cell)) = cells.last()
            && let [version] = &cell[..]
            && is_version(version)
        {
            self.since = Some(Printed::new(version.clone(), *line));
            cells.pop();
        }
        let columns = &head.columns[first.min(head.columns.len())..];
        let is_exact = self.since.is_some() && cells.len() + 1 == columns.len();
        for (nth, (_, cell)) in cells.into_iter().enumerate() {
            match columns.get(nth) {
                Some(Column::Required) if is_exact => {
                    let text = cell.join(" ");
                    self.required =
                        Some(matches!(&*text, "Yes" | "yes" | "是" | "Required" | "true" | "必填"));
                }
                Some(Column::Values) if is_exact => match values(&cell.join("\n"), false) {
                    Some(values) => self.values = values,
                    None => self.text.extend(cell),
                },
                _ => {
                    // A bar in a description is part of it.
                    if nth > 0
                        && !is_exact
                        && self.text.iter().any(|text| !text.is_empty())
                        && !has_braces(&cell)
                    {
                        self.text.push("|".to_owned());
                    }
                    self.text.extend(cell);
                }
            }
        }
    }

    /// The description without bullets, the values that it lists, and the bullets that are remarks.
    pub(super) fn description(&mut self) -> (String, Vec<String>, Vec<String>) {
        let mut description = Vec::new();
        let mut bullets = Vec::new();
        for line in std::mem::take(&mut self.text) {
            let is_bullet = line.starts_with("- ") || line.starts_with("* ");
            let line = if is_bullet { format!("•{}", &line[1..]) } else { line };
            for (nth, part) in line.split('•').enumerate() {
                let part = part.trim();
                if nth > 0 {
                    bullets.push(part.to_owned());
                } else if !bullets.is_empty() && !part.is_empty() {
                    // A bullet that goes on in the next line.
                    if let Some(last) = bullets.last_mut() {
                        last.push(' ');
                        last.push_str(part);
                    }
                } else {
                    description.push(part.to_owned());
                }
            }
        }
        bullets.retain(|bullet| !bullet.is_empty());
        let mut text = description.join(" ").trim().to_owned();
        let mut found = std::mem::take(&mut self.values);
        if let Some(start) = text.rfind('{').or_else(|| text.rfind('｛'))
            && text.ends_with(['}', '｝'])
            && let Some(listed) = values(&text[start..], true)
        {
            text.truncate(start);
            found.extend(listed);
        }
        let are_values = !bullets.is_empty() && bullets.iter().all(|bullet| is_value(bullet));
        if are_values {
            found.append(&mut bullets);
        }
        (text.trim().trim_end_matches('|').trim().to_owned(), found, bullets)
    }
}

fn has_braces(cell: &[String]) -> bool {
    cell.first().is_some_and(|text| text.starts_with(['{', '｛'])) || cell.iter().all(String::is_empty)
}

/// The values in a cell: `{A,B}`, or one on each line.
fn values(cell: &str, needs_braces: bool) -> Option<Vec<String>> {
    let cell = cell.trim();
    let inner = cell.strip_prefix(['{', '｛']).and_then(|inner| inner.strip_suffix(['}', '｝']));
    if inner.is_none() && needs_braces {
        return None;
    }
    let parts = inner.unwrap_or(cell).split([',', '，', '、', '\n', '•', '|', ';', '；']).map(str::trim);
    let values: Vec<String> = parts.filter(|part| !part.is_empty()).map(str::to_owned).collect();
    values.iter().all(|value| is_value(value)).then_some(values)
}

/// Returns whether a text can be a value, not a sentence.
fn is_value(text: &str) -> bool {
    text.len() <= 64
        && !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:/+<>=".contains(&byte))
        && !text.ends_with(['.', ':'])
}
