//! Places in a report that `annotate-snippets` draws: the line of a file with a mark below it.

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Snippet};

use super::text::{is_invisible, tame};
use super::{Place, Position};

/// The maximum width of a line in a report, in columns.
pub(super) const WIDTH: usize = 160;

/// The last column of a line that is drawn. The library takes a microsecond for each character of a
/// line, and a file of one line can have a problem in each word.
const LAST_COLUMN: usize = 4000;

/// Points at a place of a file: `line` is its line, and `label` is written next to the mark.
pub fn excerpt(
    place: &Place,
    line: &str,
    kind: AnnotationKind,
    label: Option<&str>,
) -> Vec<Element<'static>> {
    let path = tame(place.file.as_str());
    let label = label.map(tame);
    let Some(Position { line: number, column, length }) = place.position else {
        return vec![Origin::path(path).into()];
    };
    if column > LAST_COLUMN {
        let origin = Origin::path(path).line(number).char_column(column).into();
        let remark = label.map(|label| Level::NOTE.no_name().message(label).into());
        return [origin].into_iter().chain(remark).collect();
    }
    let start = column.saturating_sub(1);
    let end = start + length.min(WIDTH);
    let shown: String = line.chars().take(end + WIDTH).map(show).collect();
    let byte = |index| shown.char_indices().nth(index).map_or(shown.len(), |(byte, _)| byte);
    let annotation = kind.span(byte(start)..byte(end)).label(label);
    vec![Snippet::source(shown.clone()).line_start(number).path(path).annotation(annotation).into()]
}

/// A character as it is drawn. The library expands tabs, and replaces most control characters.
fn show(character: char) -> char {
    if character != '\t' && is_invisible(character) { char::REPLACEMENT_CHARACTER } else { character }
}

/// `1 file`, `2 files`.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
