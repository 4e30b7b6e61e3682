//! A spec whose texts imitate markup, scripts and links.

use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;
use zstack_model::{Field, Model, TypeShape};

use zstack_reference::site::Site;

use super::{PLATFORM, all, pages, text};
use crate::html::Html;

const HOSTILE: &str = "</script><script>alert(1)</script><img src=x onerror=alert(1)> \" onclick=\"x ' `</code><b>` \
                       ``` [x](javascript:alert(1)) ]]> &lt; <!-- --> {{ 7*7 }} \u{202e}gnp.exe\u{200f} \u{7} \
                       <javascript:alert(2)> https://example.org ${1} # 1\n\n# heading\n\n<script>alert(3)</script>\n* list";

const SPOILT: [&str; 4] = ["AttachIsoToVmInstance", "CreateVmCdRom", "LogInByAccount", "QueryVmCdRom"];

fn spoil(text: &mut String) {
    text.push_str(HOSTILE);
}

fn spoil_option(text: &mut Option<String>) {
    *text = Some(text.take().unwrap_or_default() + HOSTILE);
}

fn spoil_field(field: &mut Field) {
    spoil_option(&mut field.description);
    if field.constraints.values.is_empty() {
        spoil_option(&mut field.constraints.pattern);
        spoil_option(&mut field.constraints.unit);
        field.default = Some(Value::String(HOSTILE.to_owned()));
    } else {
        field.constraints.values.push(HOSTILE.to_owned());
    }
    field.retirement.deprecated = Some(field.since);
    spoil_option(&mut field.retirement.replacement);
    let documented = field.documented.get_or_insert_default();
    spoil_option(&mut documented.place);
    spoil_option(&mut documented.ty);
}

fn spoil_value(value: &mut Value) {
    match value {
        Value::String(text) => spoil(text),
        Value::Array(items) => items.iter_mut().for_each(spoil_value),
        Value::Object(members) => members.values_mut().for_each(spoil_value),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The committed spec, with hostile additions to all texts.
fn hostile() -> Model {
    let mut model = PLATFORM.model.clone();
    // A job, a query, an operation without a session, and one with a body.
    model.operations.retain(|operation| SPOILT.contains(&operation.name.as_str()));
    model
        .categories
        .retain(|category| model.operations.iter().any(|operation| operation.category == category.name));
    spoil(&mut model.service.title);
    spoil_option(&mut model.service.description);
    model.service.auth.iter_mut().for_each(|auth| {
        spoil(&mut auth.header);
        spoil_option(&mut auth.description);
    });
    model.service.releases.iter_mut().for_each(|release| spoil_option(&mut release.description));
    model.service.envelope.iter_mut().for_each(spoil_field);
    for it in &mut model.categories {
        spoil(&mut it.title);
        spoil_option(&mut it.description);
    }
    for it in &mut model.operations {
        spoil(&mut it.summary);
        spoil_option(&mut it.description);
        it.notes.iter_mut().for_each(spoil);
        it.parameters.iter_mut().for_each(|parameter| spoil_field(&mut parameter.field));
        it.response.iter_mut().for_each(spoil_field);
        it.retirement.deprecated = Some(it.since);
        spoil_option(&mut it.retirement.replacement);
        if let Some(message) = &mut it.message {
            spoil(&mut message.class);
        }
        for tag in &mut it.tags {
            spoil(&mut tag.pattern);
            spoil(&mut tag.description);
        }
        for error in &mut it.errors {
            spoil(&mut error.code);
            spoil(&mut error.when);
            spoil_option(&mut error.cause);
        }
        for example in &mut it.examples {
            spoil(&mut example.name);
            example.request.values_mut().for_each(spoil_value);
            spoil_value(&mut example.response);
        }
    }
    for it in &mut model.types {
        spoil(&mut it.summary);
        spoil_option(&mut it.description);
        spoil_option(&mut it.java_class);
        match &mut it.shape {
            TypeShape::Record { fields, .. } => fields.iter_mut().for_each(spoil_field),
            TypeShape::Enum { values } => {
                for value in values {
                    spoil(&mut value.name);
                    spoil_option(&mut value.description);
                }
            }
        }
    }
    model
}

/// Its site, without pages of older releases, which have the same templates.
static SITE: LazyLock<Site> = LazyLock::new(|| {
    let options = zstack_reference::site::Options { older_releases: false, ..Default::default() };
    zstack_reference::site::build(&hostile(), options).unwrap()
});

fn is_harmless(path: &str, page: &Html) {
    for script in all(page, "script") {
        let source = script.attribute("src").unwrap_or_else(|| panic!("{path}: an inline script"));
        assert!(
            source.ends_with("assets/site.js") || source.ends_with("assets/theme.js"),
            "{path}: {source}"
        );
    }
    assert_eq!(all(page, "img, iframe, style, object, embed").len(), 0, "{path}");
    // The only `b` elements have a class.
    assert_eq!(all(page, "b:not([class])").len(), 0, "{path}");
    for element in page.elements() {
        for (name, value) in element.attributes() {
            assert!(!name.starts_with("on"), "{path}: {name}");
            let is_link = matches!(name, "href" | "src");
            assert!(!is_link || !value.contains(':'), "{path}: {value}");
        }
    }
}

#[test]
fn hostile_text_does_not_become_markup() {
    for (path, page) in pages(&SITE) {
        is_harmless(path.as_str(), &page);
        assert_eq!(page.errors.len(), 0, "{path}: {:?}", page.errors);
    }
    // All of it is shown.
    let page = super::page(&SITE, "operations/AttachIsoToVmInstance.html");
    let words = super::words(&page);
    for it in [
        "</script><script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "{{ 7*7 }}",
        "]]>",
        "\" onclick=\"x",
    ] {
        assert!(words.contains(it), "{it}");
    }
    let lead = all(&page, "p.lead")[0];
    assert!(lead.text().contains("\u{fffd}gnp.exe"));
}

#[test]
fn files_have_no_invisible_characters() {
    for path in SITE.files.keys() {
        let found = text(&SITE, path.as_str()).chars().find(|character| {
            matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
                || character.is_control() && !matches!(character, '\n' | '\t')
        });
        assert_eq!(found, None, "{path}");
    }
}

#[test]
fn markdown_has_no_html_and_no_foreign_links() {
    for path in SITE.files.keys().filter(|key| key.extension() == Some("md") || *key == "llms.txt") {
        for event in Parser::new_ext(text(&SITE, path.as_str()), Options::all()) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => panic!("{path}: {html}"),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    assert!(!dest_url.contains(':'), "{path}: {dest_url}");
                }
                Event::Start(Tag::Image { dest_url, .. }) => panic!("{path}: {dest_url}"),
                _ => {}
            }
        }
    }
}

#[test]
fn xml_and_json_stay_well_formed() {
    for path in ["changes.xml", "sitemap.xml"] {
        let text = text(&SITE, path);
        assert!(!text.contains("<script") && !text.contains("<img") && !text.contains("<!--"), "{path}");
    }
    let title = Html::parse(text(&SITE, "changes.xml"));
    assert!(all(&title, "author name")[0].text().contains("</script>"));
    for path in SITE.files.keys().filter(|key| key.extension() == Some("json")) {
        serde_json::from_str::<Value>(text(&SITE, path.as_str()))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}
