//! Excerpts of files in a report, drawn by `annotate-snippets`: a line with a mark below it.

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Snippet};

use super::text::{is_invisible, tame};
use super::{Place, Position};

/// The maximum width of a line in a report, in columns.
pub(super) const WIDTH: usize = 160;

/// The last column that is drawn. The library takes a microsecond for each character of a
/// line, and a file of one line can have a problem in each word.
const LAST_COLUMN: usize = 4000;

/// Marks a position of a file: `line` is the text of its line, and `label` is printed next to the mark.
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

/// Replaces an invisible character. The library expands tabs, and replaces most control characters.
fn show(character: char) -> char {
    if character != '\t' && is_invisible(character) { char::REPLACEMENT_CHARACTER } else { character }
}

#[cfg(test)]
mod tests {
    use annotate_snippets::Group;

    use super::*;
    use crate::diagnostics::Styles;

    /// The lines below the first position, without their line numbers.
    fn draw(line: &str, column: usize, length: usize) -> Vec<String> {
        let place = Place { file: "a.yaml".into(), position: Some(Position { line: 1, column, length }) };
        let elements = excerpt(&place, line, AnnotationKind::Primary, Some("label"));
        let group = Group::with_title(Level::ERROR.primary_title("message")).elements(elements);
        let report = Styles::plain().renderer().render(&[group]);
        let lines = report.lines().skip(3);
        lines.map(|line| line.split_once("| ").map_or(line, |(_, line)| line).to_owned()).collect()
    }

    #[test]
    fn places_mark_below_its_characters() {
        assert_eq!(draw("name: value", 7, 5), ["name: value", "      ^^^^^ label"]);
        assert_eq!(draw("\tkey: v", 7, 1), ["    key: v", "         ^ label"]);
        assert_eq!(draw("说明: v", 5, 1), ["说明: v", "      ^ label"]);
        assert_eq!(draw("é: ü", 4, 1), ["é: ü", "   ^ label"]);
        assert_eq!(draw("key:", 5, 1), ["key:", "    ^ label"]);
    }

    #[test]
    fn shortens_long_line_around_mark() {
        let line = "x".repeat(3_000) + "HERE" + &"y".repeat(500_000);
        let [text, mark] = &*draw(&line, 3_001, 4) else { panic!() };
        assert!(text.starts_with("...") && text.ends_with("...") && text.len() <= WIDTH, "{text}");
        assert_eq!(text.find("HERE"), mark.find("^^^^"));
    }

    #[test]
    fn shortens_long_mark() {
        let [text, mark] = &*draw(&"x".repeat(10_000), 1, 10_000) else { panic!() };
        assert!(text.len() < WIDTH + 10 && mark.len() < WIDTH + 10, "{text}\n{mark}");
    }

    #[test]
    fn omits_excerpt_for_far_columns() {
        let line = "x".repeat(500_000) + "HERE";
        assert_eq!(draw(&line, 500_001, 4), [] as [&str; 0]);
    }

    #[test]
    fn replaces_terminal_controls() {
        assert_eq!(draw("a\u{1b}[31mb\u{202e}\u{85}c", 1, 1)[0], "a\u{fffd}[31mb\u{fffd}\u{fffd}c");
    }
}
