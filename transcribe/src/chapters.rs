//! Cuts a file with many operations into one page each.

use crate::endpoint;
use crate::line::Line;
use crate::titles::{is_badge, title};
use crate::words::{Section, section};

/// The number of lines above the method and path in which the name of the operation is searched.
const TITLE_DISTANCE: usize = 12;

/// The lines of each operation.
pub(crate) fn split(lines: &[Line]) -> Vec<&[Line]> {
    let badges: Vec<usize> = (0..lines.len()).filter(|nth| is_badge(&lines[*nth].text)).collect();
    let starts = if badges.is_empty() { manual_starts(lines) } else { badges };
    let mut chapters = Vec::with_capacity(starts.len());
    for (nth, start) in starts.iter().enumerate() {
        // The first one includes the lines above it: a title, or the path to the page.
        let start = if nth == 0 { 0 } else { *start };
        let end = starts.get(nth + 1).copied().unwrap_or(lines.len());
        chapters.push(&lines[start..end]);
    }
    chapters
}

fn manual_starts(lines: &[Line]) -> Vec<usize> {
    let mut starts: Vec<usize> = Vec::new();
    // A second path follows the first one at once.
    let mut has_content = true;
    let mut floor = 0;
    for (nth, line) in lines.iter().enumerate() {
        let text = line.text.as_str();
        let begins_request =
            matches!(section(text), Some(Section::Urls)) && text.to_lowercase().starts_with("api");
        if begins_request || endpoint::read(text).is_some() {
            if has_content {
                let start = title_above(lines, nth, floor).unwrap_or(nth);
                starts.push(start);
                has_content = false;
            }
            floor = nth;
        } else if is_content(text) {
            has_content = true;
            floor = nth;
        }
    }
    starts
}

fn title_above(lines: &[Line], below: usize, floor: usize) -> Option<usize> {
    let above = (floor..below).rev().filter(|nth| !lines[*nth].text.is_empty());
    above.take(TITLE_DISTANCE).find(|nth| title(&lines[*nth].text).is_some())
}

/// Returns whether a line belongs to the description of an operation, below its paths.
fn is_content(text: &str) -> bool {
    text.starts_with(['|', '{', '#'])
        || text.starts_with("curl ")
        || text.contains("action.")
        || text.contains(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::lines;

    #[test]
    fn a_chapter_is_cut_at_titles() {
        let text = "Zones\nCreateZone\nPOST zstack/v1/zones\ncurl -X POST\nQueryZone\nAPI Request\nURLs\n\
                    GET zstack/v1/zones\nGET zstack/v1/zones/{uuid}\ncurl -X GET\n";
        let lines = lines(text);
        let firsts: Vec<_> = split(&lines).iter().map(|page| (page[0].number, page.len())).collect();
        assert_eq!(firsts, [(1, 4), (5, 6)]);
    }
}
