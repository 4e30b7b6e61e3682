//! Pages that describe no element of the spec.

/// Titles and addresses.
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
    ("Answers", "conventions.html#answers"),
    ("Jobs", "conventions.html#jobs"),
    ("Webhooks", "conventions.html#jobs"),
    ("Queries", "conventions.html#queries"),
    ("Tags", "conventions.html#tags"),
    ("Types on the wire", "conventions.html#types"),
    ("Dates", "conventions.html#dates"),
    ("How errors travel", "conventions.html#errors"),
];
