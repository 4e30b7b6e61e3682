//! Pages that do not describe elements of the spec.

/// The titles and paths of the pages.
pub(crate) const PAGES: [(&str, &str); 17] = [
    ("Overview", "index.html"),
    ("All operations", "operations/index.html"),
    ("All types", "types/index.html"),
    ("Errors", "errors.html"),
    ("Releases", "releases/index.html"),
    ("Conventions", "conventions.html"),
    ("Authentication", "conventions.html#authentication"),
    ("Access keys", "conventions.html#authentication"),
    ("Parameters", "conventions.html#parameters"),
    ("Responses", "conventions.html#responses"),
    ("Jobs", "conventions.html#jobs"),
    ("Webhooks", "conventions.html#jobs"),
    ("Queries", "conventions.html#queries"),
    ("Tags", "conventions.html#tags"),
    ("Built-in types", "conventions.html#types"),
    ("Dates", "conventions.html#dates"),
    ("Error format", "conventions.html#errors"),
];
