//! Takes labels apart from the text that they are glued to: `…/vm-candidatesHeaders`.

use crate::endpoint;
use crate::line::Line;
use crate::titles::title;
use crate::words::{GLUED_ANYWHERE, GLUED_AT_END, SAMPLE_LABELS, TABLE_HEADS};

/// The lines, each glued one as several with the same number.
pub(super) fn unglue(lines: Vec<Line>) -> Vec<Line> {
    let mut apart = Vec::with_capacity(lines.len());
    for line in lines {
        match cut(&line.text) {
            None => apart.push(line),
            Some(mut at) => {
                let mut rest = line.text.as_str();
                loop {
                    apart.push(line.with_text(&rest[..at]));
                    rest = rest[at..].trim_start();
                    match cut(rest) {
                        Some(next) => at = next,
                        None => break,
                    }
                }
                apart.push(line.with_text(rest));
            }
        }
    }
    apart
}

/// Returns the position at which the second part of a glued line begins.
fn cut(text: &str) -> Option<usize> {
    if text.starts_with('|') {
        return None;
    }
    // A longer marker wins over its own end.
    let mut cuts = [at_table(text), after_label(text), anywhere(text)].into_iter().flatten();
    let first = cuts.next();
    let first = cuts.fold(first, |first, cut| first.map(|first: usize| first.min(cut)));
    // The name of an operation may end with any word.
    let is_title = title(text).is_some();
    first.or_else(|| at_end(text).filter(|_| !is_title)).filter(|at| *at > 0 && *at < text.len())
}

/// A table that begins behind another text.
fn at_table(text: &str) -> Option<usize> {
    if !text.contains('|') {
        return None;
    }
    TABLE_HEADS.iter().filter_map(|head| text.find(head)).filter(|at| *at > 0).min()
}

/// A sample behind its label: `Response Example {`, `200{`.
fn after_label(text: &str) -> Option<usize> {
    let brace = text.find('{')?;
    let label = text[..brace].trim();
    (SAMPLE_LABELS.contains(&label) || label.starts_with("Authorization: ")).then_some(brace)
}

fn anywhere(text: &str) -> Option<usize> {
    let at = |marker: &&str| text.match_indices(*marker).map(|(at, _)| at).find(|at| is_glued(text, *at));
    GLUED_ANYWHERE.iter().filter_map(at).min()
}

fn at_end(text: &str) -> Option<usize> {
    let at = |marker: &&str| text.strip_suffix(*marker).map(str::len).filter(|at| is_glued(text, *at));
    GLUED_AT_END.iter().filter_map(at).min()
}

fn is_glued(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    // A path may end with a slash.
    let is_path = || endpoint::read(&text[..at]).is_some();
    before.is_some_and(|before| {
        before.is_alphanumeric()
            || matches!(before, '}' | ')' | ';' | '.' | '。' | '\'' | '-')
            || before == '/' && is_path()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(text: &str) -> Vec<String> {
        unglue(vec![Line::new(1, text)]).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn labels_are_taken_apart() {
        for (text, parts) in [
            (
                "GET zstack/v1/isos/{uuid}/vm-candidatesHeaders",
                &["GET zstack/v1/isos/{uuid}/vm-candidates", "Headers"][..],
            ),
            ("POST zstack/v1/cas/login/Headers", &["POST zstack/v1/cas/login/", "Headers"]),
            ("Authorization: OAuth the-session-uuidCurl", &["Authorization: OAuth the-session-uuid", "Curl"]),
            ("}Sample Response", &["}", "Sample Response"]),
            ("}| Name | Type |", &["}", "| Name | Type |"]),
            ("Zone.Result res = action.call();Python", &["Zone.Result res = action.call();", "Python"]),
            ("http://localhost/zstack/v1/zones参数列表", &["http://localhost/zstack/v1/zones", "参数列表"]),
            ("200{}", &["200", "{}"]),
            (
                "POST zstack/v1/zonesAuthorization: OAuth the-session-uuid{ \"params\": {} }",
                &["POST zstack/v1/zones", "Authorization: OAuth the-session-uuid", "{ \"params\": {} }"],
            ),
        ] {
            assert_eq!(apart(text), parts, "{text}");
        }
    }

    #[test]
    fn other_lines_stay_whole() {
        for text in [
            "| Curl | Body |",
            "\"Headers\": \"Python\"",
            "The request Body",
            "requestBodyStringRequired",
            "CreateSnsEndpoint",
        ] {
            assert_eq!(apart(text), [text]);
        }
    }
}
