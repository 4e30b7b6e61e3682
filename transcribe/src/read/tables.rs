//! Tables: their heads, and their rows, which bullets and vanished cells break into several lines.

use super::cells::Cells;
use super::is_version;
use super::row::{NoRow, RowStart, with_bars, with_spaces};
use super::table_head::{Head, head};
use crate::endpoint;
use crate::line::Line;
use crate::page::{Field, Parameter, Printed};
use crate::punctuation::ascii_parentheses;
use crate::report::{NoteKind, PageNotes};
use crate::words::{Column, NOTE_STARTS, OPTIONAL_MARKS, OPTIONAL_STARTS, PRODUCTS, section};

/// The maximum number of lines of a row.
const ROW_LIMIT: usize = 80;

/// Reads the rows below a head, and returns them with the number of lines.
pub(super) fn read(lines: &[Line], head: &Head, notes: &mut PageNotes) -> (Vec<Parameter>, usize) {
    let mut rows = Vec::new();
    let mut open: Option<OpenRow> = None;
    let mut used = 0;
    for line in lines {
        let text = line.text.as_str();
        if text.is_empty() || is_separator(text) {
            used += 1;
            continue;
        }
        if ends_table(text) {
            break;
        }
        let remark = version_remark(text);
        let text = remark.as_ref().map_or(text, |remark| &*remark.text);
        let start =
            if head.has_bars() { with_bars(text, &head.columns) } else { with_spaces(text, &head.columns) };
        match start {
            Ok(start) => {
                rows.extend(open.take().map(|row| row.close(head, notes)));
                open = Some(OpenRow::new(start, line.number));
            }
            Err(NoRow::BadName(name)) => {
                rows.extend(open.take().map(|row| row.close(head, notes)));
                let message = format!("`{name}` is not a name of letters and digits; the row was left out");
                notes.add(NoteKind::Unreadable, line.number, message);
            }
            Err(NoRow::Other) => match &mut open {
                Some(row) if row.goes_on_with(text) => row.lines.push((line.number, text.to_owned())),
                None if is_remainder(text) => {}
                _ if text.starts_with('|') => {
                    let message = format!("this row has no type that is known: {}", shorten(text));
                    notes.add(NoteKind::Unreadable, line.number, message);
                }
                _ => break,
            },
        }
        if let (Some(remark), Some(row)) = (remark, &mut open) {
            row.remark = Some(remark);
        }
        used += 1;
    }
    rows.extend(open.map(|row| row.close(head, notes)));
    (rows, used)
}

/// Shortens a text for messages.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn is_separator(text: &str) -> bool {
    text.bytes().all(|byte| b"|-: ".contains(&byte)) && text.contains('-')
}

/// Returns whether a line begins something other than a row.
fn ends_table(text: &str) -> bool {
    section(text).is_some()
        || text.starts_with(['#', '{'])
        || text.starts_with("curl ")
        || text.contains("Action action = ")
        || NOTE_STARTS.iter().any(|start| text.starts_with(start))
        || endpoint::read(text).is_some()
        || head(text).is_some()
}

/// Returns whether a line is the rest of a row whose beginning was not understood.
fn is_remainder(text: &str) -> bool {
    text.starts_with('•') || text.split('|').all(|cell| cell.trim().is_empty() || is_version(cell.trim()))
}

/// A row whose last line is not known yet.
struct OpenRow {
    start: RowStart,
    line: usize,
    lines: Vec<(usize, String)>,
    /// A remark at its version.
    remark: Option<VersionRemark>,
}

impl OpenRow {
    fn new(start: RowStart, line: usize) -> Self {
        let rest = start.rest.clone();
        Self { start, line, lines: vec![(line, rest)], remark: None }
    }

    /// Returns whether a line that begins no row belongs to this one.
    fn goes_on_with(&self, text: &str) -> bool {
        let is_complete = self.lines.iter().any(|(_, text)| {
            let text = text.trim_matches(['|', ' ']);
            text.rsplit([' ', '|']).next().is_some_and(is_version)
        });
        let is_bare = text.trim_matches(['|', ' ']);
        self.lines.len() < ROW_LIMIT
            && (!is_complete
                || text.starts_with(['|', '•', '-', '*'])
                || is_version(is_bare)
                || is_bare.is_empty())
    }

    fn close(self, head: &Head, notes: &mut PageNotes) -> Parameter {
        let Self { start: RowStart { name, is_optional, ty, place, rest: _ }, line, mut lines, remark } =
            self;
        let mut cells = Cells::default();
        if head.has_bars() {
            cells.read_bars(&lines, head);
        } else {
            if let Some((line, last)) = lines.last_mut() {
                let (before, word) = last.rsplit_once(' ').unwrap_or(("", &**last));
                if is_version(word) {
                    cells.since = Some(Printed::new(word.to_owned(), *line));
                    *last = before.to_owned();
                }
            }
            cells.text = lines.into_iter().map(|(_, text)| text).collect();
        }
        if let Some(VersionRemark { cell, is_of_product, .. }) = remark {
            let message = if is_of_product {
                cells.since = None;
                format!("`{name}` is dated `{cell}`, which is the version of a product, not of the API")
            } else {
                format!("the version of `{name}` has a remark: `{cell}`; the number is taken")
            };
            notes.add(NoteKind::Guessed, line, message);
        }
        if cells.since.is_none() && head.columns.contains(&Column::Since) {
            notes.add(
                NoteKind::Guessed,
                line,
                format!("the row of `{name}` has no version; that of its whole is taken"),
            );
        }
        let (mut description, mut values, remarks) = cells.description();
        let mut is_marked = is_optional;
        let mut unmarked = ascii_parentheses(&description);
        for mark in OPTIONAL_MARKS {
            while let Some(at) = unmarked.find(mark) {
                unmarked.replace_range(at..at + mark.len(), "");
                description.clone_from(&unmarked);
                is_marked = true;
            }
        }
        is_marked |= OPTIONAL_STARTS.iter().any(|start| description.trim_start().starts_with(start));
        for remark in remarks {
            description.push(' ');
            description.push_str(&remark);
        }
        values.retain(|value| !value.is_empty());
        let required = Some(cells.required.unwrap_or(!is_marked));
        let description = Some(description.split_whitespace().collect::<Vec<_>>().join(" "));
        let description = description.filter(|text| !text.is_empty());
        let field = Field {
            name,
            ty,
            description,
            values,
            since: cells.since,
            required,
            fields: None,
            is_doubtful: false,
            line,
        };
        Parameter { field, place }
    }
}

/// A version with a remark at the end of a line.
struct VersionRemark {
    /// The line with a plain version at its end.
    text: String,
    /// The version as it is printed.
    cell: String,
    /// The version is that of a product, such as `zsv 4`.
    is_of_product: bool,
}

/// Finds a version such as `4.7.0(zsv)` or `zsv 4` at the end of a line.
fn version_remark(text: &str) -> Option<VersionRemark> {
    let row = text.trim_end_matches(['|', ' ']);
    let end = &text[row.len()..];
    let start_of_word = |text: &str| text.rfind([' ', '|']).map_or(0, |at| at + 1);
    if let Some(before) = row.strip_suffix([')', '）']) {
        let open = before.rfind(['(', '（'])?;
        let version = before[..open].trim_end();
        let start = start_of_word(version);
        let remark = before[open..].trim_start_matches(['(', '（']);
        let is_remark = remark.chars().all(|letter| letter.is_alphanumeric() || letter == '-');
        return (is_remark && is_version(&version[start..])).then(|| VersionRemark {
            text: format!("{version}{end}"),
            cell: row[start..].to_owned(),
            is_of_product: false,
        });
    }
    let (before, number) = row.rsplit_once(' ')?;
    let start = start_of_word(before);
    let is_product = PRODUCTS.iter().any(|product| product.eq_ignore_ascii_case(&before[start..]));
    let is_number = number.split('.').all(|part| part.parse::<u32>().is_ok());
    (is_product && is_number).then(|| VersionRemark {
        // The version is left out later; it marks the end of the row until then.
        text: format!("{}0.0{end}", &row[..start]),
        cell: row[start..].to_owned(),
        is_of_product: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::lines;

    /// Name, description, values and version.
    type Row = (String, Option<String>, Vec<String>, Option<String>);

    fn rows(text: &str) -> Vec<Row> {
        let lines = lines(text);
        let head = head(&lines[0].text).unwrap();
        let mut notes = PageNotes::default();
        let (rows, used) = read(&lines[1..], &head, &mut notes);
        assert_eq!(used, lines.len() - 1);
        let row = |Parameter { field, .. }| {
            let Field { name, description, values, since, .. } = field;
            (name, description, values, since.map(|since| since.value))
        };
        rows.into_iter().map(row).collect()
    }

    fn row(name: &str, description: &str, values: &[&str], since: &str) -> Row {
        let description = (!description.is_empty()).then(|| description.to_owned());
        let values = values.iter().map(|&value| value.to_owned()).collect();
        (name.to_owned(), description, values, Some(since.to_owned()))
    }

    #[test]
    fn cells_vanish() {
        let text = "| Name | Type | Location | Description | Optional Value | Starting Version |\n\
                    |---|---|---|---|---|---|\n\
                    | a | String | url | The a. | 0.6 | |\n\
                    | b | String | url | 0.6 | | |\n\
                    | c | String | body | The c. | {A,B} | 3.1 |\n\
                    | d | String | body | P | Q. | 2.3.1 |\n\
                    | e | String | body | The e.\n|\n4.0.0 | |\n\
                    | f | String | body | The f |\n| 4.3.0 |\n";
        assert_eq!(
            rows(text),
            [
                row("a", "The a.", &[], "0.6"),
                row("b", "", &[], "0.6"),
                row("c", "The c.", &["A", "B"], "3.1"),
                row("d", "P Q.", &[], "2.3.1"),
                row("e", "The e.", &[], "4.0.0"),
                row("f", "The f", &[], "4.3.0"),
            ]
        );
    }

    #[test]
    fn bullets_are_values_or_remarks() {
        let text = "Name Type Location Description Optional Value Starting Version\n\
                    mode String body Optional. The mode.\n• Permissive\n• Enforcing\n4.0.0\n\
                    size Long body The size.\n• In bytes, at least 1.\n0.6\n\
                    state String body (contained in the params structure) The state. {on,off} 0.6\n";
        assert_eq!(
            rows(text),
            [
                row("mode", "Optional. The mode.", &["Permissive", "Enforcing"], "4.0.0"),
                row("size", "The size. In bytes, at least 1.", &[], "0.6"),
                row("state", "The state.", &["on", "off"], "0.6"),
            ]
        );
    }

    #[test]
    fn a_remark_at_a_version_with_bars() {
        let text = "| Name | Type | Description | Starting Version |\n\
                    | a | String | The a. | 4.7.0（zsv） |\n\
                    | b | String | 4.8.0(zsv) | |\n";
        assert_eq!(rows(text), [row("a", "The a.", &[], "4.7.0"), row("b", "", &[], "4.8.0")]);
    }

    #[test]
    fn heads_in_all_forms() {
        for text in [
            "| 名字 | 类型 | 描述 | 起始版本 |",
            "名字 类型 描述 起始版本",
            "Name | Type | Description | Starting Version |",
        ] {
            assert_eq!(head(text).unwrap().columns.len(), 4, "{text}");
        }
        assert_eq!(head("Name and type"), None);
    }
    #[test]
    fn versions_with_remarks() {
        let text = "Name Type Description Starting Version\n\
                    a String The a. 4.7.0(zsv)\n\
                    b String The b. zsv 4\n\
                    c String The c, as of zsv 4.\n0.6\n\
                    d String The d.\n• One remark.\nzsv 4.2.0\n";
        let lines = lines(text);
        let head = head(&lines[0].text).unwrap();
        let mut notes = PageNotes::default();
        let (rows, _) = read(&lines[1..], &head, &mut notes);
        let found = rows.iter().map(|Parameter { field, .. }| {
            (&*field.name, field.description.as_deref(), field.since.as_ref().map(|since| &*since.value))
        });
        let expected = [
            ("a", Some("The a."), Some("4.7.0")),
            ("b", Some("The b."), None),
            ("c", Some("The c, as of zsv 4."), Some("0.6")),
            ("d", Some("The d. One remark."), None),
        ];
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }
}
