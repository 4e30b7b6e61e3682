//! Titles of pages: what names an operation, and what begins a page of the portal.

use zstack_model::names::is_upper_camel;

use crate::line::Line;
use crate::punctuation::ascii_punctuation;
use crate::words::{Section, section};

/// The name in a title: the title itself, or what is in parentheses at its end.
pub(crate) fn title(text: &str) -> Option<String> {
    if text.len() > 200 {
        return None;
    }
    let text = ascii_punctuation(text.trim());
    let name =
        text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map_or(&*text, |(_, name)| name.trim());
    let humps = name.chars().filter(char::is_ascii_uppercase).count();
    let is_name =
        is_upper_camel(name) && humps > 1 && name.chars().any(|character| character.is_ascii_lowercase());
    (is_name && section(name).is_none()).then(|| name.to_owned())
}

/// Returns whether a line is the badge of a page of the portal:
/// `POSTZone OperationsSince 0.6Synchronous…`.
pub(crate) fn is_badge(text: &str) -> bool {
    let auth = text.ends_with("Auth Required")
        || text.ends_with("需要认证")
        || text.ends_with("No Auth")
        || text.ends_with("无需认证");
    auth && (text.contains("Since ") || text.contains("起始版本"))
}

/// Returns whether lines are a page of the portal: they have its badge, or its labels if the badge
/// was lost.
pub(crate) fn is_portal(lines: &[Line]) -> bool {
    let is_label =
        |text: &str| matches!(section(text), Some(Section::Inputs(Some(_)))) || text == "Request Inputs";
    lines.iter().any(|line| is_badge(&line.text) || is_label(&line.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_in_all_forms() {
        assert_eq!(title("CreateZone").as_deref(), Some("CreateZone"));
        assert_eq!(title("创建区域（CreateZone）").as_deref(), Some("CreateZone"));
        assert_eq!(title("Create Zone (CreateZone)").as_deref(), Some("CreateZone"));
        for text in ["Sample", "Create Zone", "createZone", "UUID", "(a)"] {
            assert_eq!(title(text), None, "{text}");
        }
    }
}
