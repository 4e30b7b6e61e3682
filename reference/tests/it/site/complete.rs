//! Pages contain everything in the spec, without scripts.

use zstack_model::examples::examples;
use zstack_model::{Field, TypeShape};
use zstack_reference::http_example;

use super::{BuiltSite, PLATFORM, all, both, normalize_spaces, page, words};
use crate::html::{Html, Selector};

/// The visible text of a description: without backticks, and without "Optional.",
/// which a flag replaces.
fn prose(text: &str) -> String {
    let text = text.trim();
    normalize_spaces(&text.strip_prefix("Optional.").unwrap_or(text).replace('`', ""))
}

struct Page {
    path: String,
    html: Html,
    words: String,
}

impl Page {
    fn has(&self, text: &str) {
        assert!(self.words.contains(text), "{}: {text:?} is missing", self.path);
    }

    /// Checks that the row of a parameter or a field has all its facts.
    fn has_field(&self, anchor: &str, field: &Field) {
        let row = all(&self.html, &format!("tr[id='{anchor}']"));
        let [row] = &row[..] else { panic!("{}: no {anchor}", self.path) };
        let text = normalize_spaces(row.text());
        let has =
            |part: &str| assert!(text.contains(part), "{}#{anchor}: {part:?} is not in {text:?}", self.path);
        has(&field.name);
        has(&field.ty.to_string());
        if !field.since.is_unknown() {
            has(&field.since.to_string());
            assert_eq!(row.attribute("data-since"), Some(field.since.to_string().as_str()));
        }
        let removed = field.retirement.removed.as_ref().map(ToString::to_string);
        assert_eq!(row.attribute("data-removed"), removed.as_deref());
        if let Some(removed) = removed {
            has(&format!("removed in {removed}"));
        }
        let flags = Selector::parse("th .must").select_in(*row).len();
        assert_eq!(flags, usize::from(field.required), "{anchor}: {text}");
        field.description.iter().for_each(|description| has(&prose(description)));
        field.constraints.values.iter().for_each(|value| has(value));
        field.constraints.pattern.iter().for_each(|pattern| has(&normalize_spaces(pattern)));
        if let Some((low, high)) = field.constraints.range {
            has(&format!("From {low} to {high}"));
        }
        field.constraints.max_length.iter().for_each(|max_length| has(&format!("At most {max_length}")));
        field.default.iter().for_each(|default| has(&default.to_string()));
        if field.refers.is_some() {
            has("Refers to ");
            let links = Selector::parse("a").select_in(*row);
            let mut targets = links.iter().filter_map(|link| link.attribute("href"));
            assert!(
                targets.any(|target| target.starts_with("../types/")),
                "{}#{anchor}: no link to the record",
                self.path
            );
        }
        assert!(!text.contains("Optional."), "{anchor}: {text}");
    }
}

#[test]
fn operation_pages_are_complete() {
    for BuiltSite { model, site } in both() {
        for operation in &model.operations {
            let path = format!("operations/{}.html", operation.name);
            let html = page(site, &path);
            let page = Page { words: words(&html), html, path };
            page.has(&operation.name);
            page.has(&prose(&operation.summary));
            operation.notes.iter().for_each(|note| page.has(&prose(note)));
            let paths = std::iter::once(&operation.path).chain(&operation.paths);
            paths.for_each(|path| page.has(&format!("{}{path}", model.service.base_path)));
            for it in &operation.parameters {
                page.has_field(&format!("param-{}", it.field.name), &it.field);
            }
            for it in operation.response.iter().chain(&model.service.envelope) {
                page.has_field(&format!("response-{}", it.name), it);
                // Nested fields have rows, too.
                let Some(ty) = it.ty.data_type_name().and_then(|name| model.data_type(name)) else {
                    continue;
                };
                for inner in model.fields(ty) {
                    page.has_field(&format!("response-{}.{}", it.name, inner.name), inner);
                }
            }
            for it in &operation.tags {
                page.has(&it.pattern);
                page.has(&prose(&it.description));
            }
            for it in &operation.errors {
                page.has(&it.code);
                page.has(&prose(&it.when));
                it.cause.iter().for_each(|cause| page.has(cause));
            }
            assert_eq!(all(&page.html, "tr[id^='error-']").len(), operation.errors.len());
            let examples = examples(model, operation);
            assert!(!examples.is_empty(), "{}", operation.name);
            assert_eq!(all(&page.html, ".example h3[id]").len(), examples.len());
            for it in examples.iter() {
                page.has(&prose(&it.name));
                page.has(&http_example::request(model, operation, it).target);
                page.has(&normalize_spaces(&http_example::response(model, operation, it)));
            }
        }
    }
}

#[test]
fn type_pages_are_complete() {
    for BuiltSite { model, site } in both() {
        for ty in &model.types {
            let path = format!("types/{}.html", ty.name);
            let html = page(site, &path);
            let page = Page { words: words(&html), html, path };
            page.has(&prose(&ty.summary));
            ty.resource.iter().for_each(|resource| page.has(&format!("Resource{resource}")));
            for it in model.fields(ty) {
                page.has_field(&format!("field-{}", it.name), it);
            }
            let TypeShape::Enum { values } = &ty.shape else { continue };
            for it in values {
                let row = all(&page.html, "tbody tr").into_iter();
                let mut rows = row.map(|row| normalize_spaces(row.text()));
                let row =
                    rows.find(|row| row.starts_with(&it.name)).unwrap_or_else(|| panic!("no {}", it.name));
                it.description.iter().for_each(|text| assert!(row.contains(&prose(text)), "{row}"));
                assert!(it.since.is_unknown() || row.contains(&it.since.to_string()), "{row}");
            }
        }
    }
}

#[test]
fn error_page_has_every_code_and_reason() {
    let BuiltSite { model, site } = &*PLATFORM;
    let html = page(site, "errors.html");
    let words = words(&html);
    let mut codes: Vec<_> =
        model.operations.iter().flat_map(|operation| &operation.errors).map(|error| &error.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert!(codes.len() > 5);
    for code in codes {
        assert_eq!(all(&html, &format!("h2[id='{code}']")).len(), 1, "{code}");
    }
    for operation in &model.operations {
        for error in &operation.errors {
            assert!(words.contains(&prose(&error.when)), "{}: {}", operation.name, error.when);
        }
    }
}

#[test]
fn lists_are_complete() {
    let BuiltSite { model, site } = &*PLATFORM;
    let [all_operations, types, index] =
        ["operations/index.html", "types/index.html", "index.html"].map(|path| words(&page(site, path)));
    for it in &model.operations {
        assert!(
            all_operations.contains(&it.name) && all_operations.contains(&prose(&it.summary)),
            "{}",
            it.name
        );
        let category = words(&page(site, &format!("categories/{}.html", it.category)));
        assert!(category.contains(&it.name));
    }
    assert!(model.types.iter().all(|ty| types.contains(&ty.name)));
    assert!(model.categories.iter().all(|category| index.contains(&category.title)));
}
