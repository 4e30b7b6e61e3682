//! The feed of changes, and the sitemap.

use askama::Template;

use crate::site::views::ReleaseView;

#[derive(Template)]
#[template(path = "changes.xml")]
struct Feed<'a> {
    title: &'a str,
    id: String,
    updated: String,
    base: &'a str,
    entries: Vec<FeedEntry<'a>>,
}

struct FeedEntry<'a> {
    id: String,
    updated: String,
    release: &'a ReleaseView<'a>,
}

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct Map<'a> {
    base: &'a str,
    pages: &'a [String],
}

/// The releases as an Atom feed, newest first.
///
/// Atom requires dates, which the spec does not have. Each release gets a second of
/// the year 1970, so that readers sort correctly and the dates are obviously not
/// real.
pub(crate) fn changes<'a>(
    title: &str,
    base_url: Option<&str>,
    releases: &'a [ReleaseView<'a>],
) -> askama::Result<String> {
    let base = base_url.unwrap_or_default();
    let id = |path: &str| match base_url {
        Some(base) => format!("{base}{path}"),
        None => format!("urn:zstack-api:{path}"),
    };
    let entry = |(index, release): (usize, &'a ReleaseView<'a>)| FeedEntry {
        id: id(&format!("releases/{}.html", release.version)),
        updated: instant(index),
        release,
    };
    let entries: Vec<_> = releases.iter().enumerate().map(entry).rev().collect();
    let updated = instant(releases.len().saturating_sub(1));
    Feed { title, id: id("changes.xml"), updated, base, entries }.render()
}

/// A time in 1970, in seconds from its beginning.
fn instant(seconds: usize) -> String {
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let (hours, minutes) = (minutes / 60 % 24, minutes % 60);
    format!("1970-01-01T{hours:02}:{minutes:02}:{seconds:02}Z")
}

/// The sitemap; without a base URL, its paths are relative.
pub(crate) fn sitemap(base_url: Option<&str>, pages: &[String]) -> askama::Result<String> {
    Map { base: base_url.unwrap_or_default(), pages }.render()
}
