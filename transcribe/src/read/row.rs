//! The cells of a row, in tables with bars and in text whose columns are separated by spaces.

use zstack_model::names::{is_upper_camel, is_wire_name};

use super::is_version;
use crate::page::PrintedPlace;
use crate::punctuation::{ascii_parentheses, ascii_punctuation};
use crate::words::{Column, OPTIONAL_MARKS, PLACES, spec_type};

/// The beginning of a row: what is in its first cells, and the text of the others.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RowStart {
    pub(super) name: String,
    /// The name is marked as optional.
    pub(super) is_optional: bool,
    pub(super) ty: String,
    pub(super) place: Option<PrintedPlace>,
    /// The text of the other cells, with its bars.
    pub(super) rest: String,
}

/// Why a line does not begin a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoRow {
    /// It is part of something else.
    Other,
    /// It is a row, but its first cell is not a name.
    BadName(String),
}

/// Reads the beginning of a row of a table with bars.
pub(super) fn with_bars(text: &str, columns: &[Column]) -> Result<RowStart, NoRow> {
    let inner = text.strip_prefix('|').unwrap_or(text);
    let mut cells = inner.splitn(4, '|').map(str::trim);
    let (Some(name), Some(ty)) = (cells.next(), cells.next()) else { return Err(NoRow::Other) };
    let (third, fourth) = (cells.next().unwrap_or_default(), cells.next());
    if !is_type(ty) {
        return Err(NoRow::Other);
    }
    let has_place = columns.contains(&Column::Location);
    let place = if has_place { place(third).map(|(place, _)| place) } else { None };
    let (name, is_optional) = without_mark(name);
    if !is_wire_name(&name) {
        let is_row = (place.is_some() || !has_place) && spec_type(ty).is_some() && !name.is_empty();
        return Err(if is_row { NoRow::BadName(name) } else { NoRow::Other });
    }
    // A text in which the third cell is not a place has lost that cell.
    let skips_place = has_place && (place.is_some() || third.is_empty());
    let rest = match (skips_place, fourth) {
        (true, rest) => rest.unwrap_or_default().to_owned(),
        (false, Some(rest)) => format!("{third}|{rest}"),
        (false, None) => third.to_owned(),
    };
    Ok(RowStart { name, is_optional, ty: ty.to_owned(), place, rest })
}

/// Reads the beginning of a row whose cells are separated by spaces.
pub(super) fn with_spaces(text: &str, columns: &[Column]) -> Result<RowStart, NoRow> {
    let text = ascii_parentheses(text);
    let (first, rest) = text.split_once(' ').ok_or(NoRow::Other)?;
    let (name, mut is_optional) = without_mark(first);
    let mut rest = rest.trim_start();
    if let Some(after) = OPTIONAL_MARKS.iter().find_map(|mark| rest.strip_prefix(mark)) {
        is_optional = true;
        rest = after.trim_start();
    }
    let (ty, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let rest = rest.trim_start();
    let has_place = columns.contains(&Column::Location);
    let ends_with_version = rest.rsplit(' ').next().is_some_and(is_version);
    let place = if has_place { place(rest) } else { None };
    let is_row = is_type(ty)
        && if has_place {
            place.is_some() || ends_with_version && is_certain_type(ty)
        } else {
            ends_with_version
                || name.starts_with(|first: char| first.is_ascii_lowercase())
                    && (is_certain_type(ty) || is_compound(ty) && (rest.is_empty() || is_reference(rest)))
        };
    if !is_row {
        return Err(NoRow::Other);
    }
    if !is_wire_name(&name) {
        let is_certain = is_certain_type(ty) && (place.is_some() || ends_with_version);
        return Err(if is_certain { NoRow::BadName(name) } else { NoRow::Other });
    }
    let (place, rest) = match place {
        Some((place, length)) => (Some(place), rest[length..].trim_start()),
        None => (None, rest),
    };
    Ok(RowStart { name, is_optional, ty: ty.to_owned(), place, rest: rest.to_owned() })
}

/// A name without a mark that says that it is optional.
fn without_mark(cell: &str) -> (String, bool) {
    let cell = ascii_punctuation(cell);
    let name = OPTIONAL_MARKS.iter().find_map(|mark| cell.trim_end().strip_suffix(mark));
    (name.unwrap_or(&cell).trim().to_owned(), name.is_some())
}

/// Returns whether a word may be a type: one that all pages use, or the name of a data type.
fn is_type(word: &str) -> bool {
    spec_type(word).is_some() || is_compound(word) || is_generic(word)
}

/// Returns whether a word is a type, and not a word of a sentence.
fn is_certain_type(word: &str) -> bool {
    let is_vague =
        matches!(word, "list" | "set" | "array" | "object" | "map" | "Any" | "Number" | "Date" | "Short");
    spec_type(word).is_some() && !is_vague || is_generic(word)
}

/// Returns whether a word is upper camel case with several humps, as the names of data types are.
fn is_compound(word: &str) -> bool {
    let word = word.rsplit(['.', '$']).next().unwrap_or(word);
    is_upper_camel(word) && word.chars().any(|letter| letter.is_ascii_lowercase())
}

fn is_generic(word: &str) -> bool {
    word.split_once('<').is_some_and(|(outer, rest)| spec_type(outer).is_some() && rest.ends_with('>'))
}

fn is_reference(text: &str) -> bool {
    ["See ", "For ", "参考", "详情"].iter().any(|start| text.starts_with(start))
}

/// The place at the beginning of a text, and how many bytes it takes up:
/// `body (contained in the params structure)`.
pub(super) fn place(text: &str) -> Option<(PrintedPlace, usize)> {
    let lower = text.get(..6).unwrap_or(text).to_lowercase();
    let (printed, word) = PLACES.iter().find(|(printed, _)| lower.starts_with(printed))?;
    let after = &text[printed.len()..];
    if after.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
        return None;
    }
    let remark = after.trim_start();
    // `body (可选)` is a place, and a description that has only the mark.
    let is_mark = |inner: &str| {
        let end = inner.find([')', '）']).unwrap_or(0);
        OPTIONAL_MARKS.contains(&&*format!("({})", &inner[..end]))
    };
    let Some(inner) = remark.strip_prefix(['(', '（']).filter(|inner| !is_mark(inner)) else {
        let place = PrintedPlace { word, structure: None, is_next_to_key: false };
        return Some((place, printed.len()));
    };
    let (inner, _) = inner.split_once([')', '）'])?;
    let structure = structure(inner);
    let close = text.find([')', '）'])?;
    let length = close + text[close..].chars().next().map_or(0, char::len_utf8);
    Some((PrintedPlace { word, structure, is_next_to_key: false }, length))
}

/// The structure that a remark names: `contained in the params structure`, `包含在params结构中`.
fn structure(remark: &str) -> Option<String> {
    let before = remark.split_once("structure").or_else(|| remark.split_once("结构"))?.0;
    let name = before.trim_end().rsplit([' ', '在', '于']).next()?;
    let name = name.trim_matches(['`', '"', '\'', '“', '”']);
    is_wire_name(name).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMETERS: &[Column] =
        &[Column::Name, Column::Type, Column::Location, Column::Description, Column::Since];
    const FIELDS: &[Column] = &[Column::Name, Column::Type, Column::Description, Column::Since];

    #[test]
    fn rows_with_bars() {
        let row = with_bars(
            "| state (optional) | String | body (contained in params structure) | The state |",
            PARAMETERS,
        );
        let row = row.unwrap();
        assert_eq!((&*row.name, row.is_optional, &*row.rest), ("state", true, "The state |"));
        assert_eq!(row.place.unwrap().structure.as_deref(), Some("params"));
        assert_eq!(with_bars("0.6 | |", PARAMETERS), Err(NoRow::Other));
        let bad = with_bars("| 2nd | String | url | A name. | 0.6 |", PARAMETERS);
        assert_eq!(bad, Err(NoRow::BadName("2nd".to_owned())));
    }

    #[test]
    fn rows_with_spaces() {
        let row =
            with_spaces("name（可选） String body（包含在params结构中） 资源名称 0.6", PARAMETERS).unwrap();
        assert_eq!((&*row.name, row.is_optional, &*row.rest), ("name", true, "资源名称 0.6"));
        assert_eq!(row.place.unwrap().structure.as_deref(), Some("params"));
        // The description has only the mark.
        let row = with_spaces("userTags List body（可选） 0.6", PARAMETERS).unwrap();
        assert_eq!((row.place.unwrap().structure, &*row.rest), (None, "(可选) 0.6"));
        let row = with_spaces("inventory ZoneInventory See inventory.", FIELDS).unwrap();
        assert_eq!((&*row.ty, &*row.rest), ("ZoneInventory", "See inventory."));
        for text in ["The VM instance is stopped.", "0.6", "a list of zones", "state"] {
            assert_eq!(with_spaces(text, FIELDS), Err(NoRow::Other), "{text}");
        }
    }
}
