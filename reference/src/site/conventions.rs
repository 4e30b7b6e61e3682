//! The conventions page, written in Markdown with facts from the model.

use askama::Template;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use zstack_model::{AuthScheme, Model, Source};

use crate::site::frame::Head;
use crate::site::text::{Anchors, slug};
use crate::site::views::{PageSection, Row, RowBuilder, RowsMd};

/// The Markdown template.
#[derive(Template)]
#[template(path = "conventions.md")]
struct Text<'a> {
    base_path: &'a str,
    schemes: &'a [AuthScheme],
    envelope: &'a [Row<'a>],
}

/// The HTML page.
#[derive(Template)]
#[template(path = "conventions.html")]
pub(crate) struct Page<'a> {
    pub(crate) head: Head<'a>,
    pub(crate) text: String,
}

/// The sections of the page.
pub(crate) const SECTIONS: [PageSection; 10] = [
    PageSection::new("authentication", "Authentication"),
    PageSection::new("parameters", "Parameters"),
    PageSection::new("responses", "Responses"),
    PageSection::new("jobs", "Jobs"),
    PageSection::new("queries", "Queries"),
    PageSection::new("tags", "Tags"),
    PageSection::new("types", "Types"),
    PageSection::new("dates", "Dates"),
    PageSection::new("errors", "Errors"),
    PageSection::new("releases", "Releases"),
];

/// Renders the Markdown.
pub(crate) fn markdown(model: &Model) -> askama::Result<String> {
    let mut anchors = Anchors::default();
    let service = &model.service;
    let envelope = RowBuilder::new(model, &mut anchors, Source::Document).flat("", &service.envelope);
    Text { base_path: &service.base_path, schemes: &service.auth, envelope: &envelope }.render()
}

/// Renders the HTML, with an anchor for each section.
pub(crate) fn html(markdown: &str) -> String {
    let mut anchor = None;
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let events: Vec<_> = events.collect();
    let mut out = Vec::with_capacity(events.len() + 32);
    for (index, event) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                let title = match events.get(index + 1) {
                    Some(Event::Text(text)) => text.as_ref(),
                    _ => "",
                };
                let id = slug(&title.to_lowercase());
                out.push(raw(format!("<h2 id=\"{id}\"><a href=\"#{id}\">")));
                anchor = Some(id);
            }
            Event::End(TagEnd::Heading(HeadingLevel::H2)) if anchor.take().is_some() => {
                out.push(raw("</a></h2>\n".to_owned()));
            }
            Event::Start(Tag::CodeBlock(_)) => out.push(raw("<pre tabindex=\"0\"><code>".to_owned())),
            Event::End(TagEnd::CodeBlock) => out.push(raw("</code></pre>\n".to_owned())),
            other => out.push(other.clone()),
        }
    }
    let mut text = String::new();
    html::push_html(&mut text, out.into_iter());
    // For screen readers.
    text.replace("<th>", "<th scope=\"col\">")
}

fn raw(html: String) -> Event<'static> {
    Event::Html(CowStr::from(html))
}
