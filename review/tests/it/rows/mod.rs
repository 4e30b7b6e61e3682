//! A table of changes, with the expected findings of each change and of its reverse.

mod api;
mod history;
mod operations;
mod parameters;
mod releases;
mod renames;
mod types;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::spec::Spec;

/// A change of the base spec, and the expected findings.
pub(crate) struct Row {
    /// The name for failure messages.
    pub(crate) name: String,
    edits: Vec<Edit>,
    /// The findings of the change, separated by semicolons: `level rule`, or `level rule element` for another element than
    /// that of the first place.
    there: &'static str,
    /// The findings of the reverse change.
    back: &'static str,
    /// The default element of `there` and `back`.
    element: String,
    /// The element whose change on the wire its history explains, in both directions.
    explained: [&'static str; 2],
    /// The elements that changed in published releases only, in both directions.
    silent: [&'static str; 2],
    /// The keys of the language that the change affects, such as `Parameter.maxLength`.
    pub(crate) keys: Vec<String>,
}

enum Edit {
    Set(String, Value),
    Any(Box<dyn Fn(&mut Spec)>),
}

/// Creates a row that writes a value at a place of [`Spec::set`].
fn row(place: &str, value: impl Into<Value>, there: &'static str, back: &'static str) -> Row {
    let value = value.into();
    Row {
        name: format!("{place}: {value}"),
        there,
        back,
        explained: [""; 2],
        silent: [""; 2],
        element: element(place, &value),
        keys: vec![key(place)],
        edits: vec![Edit::Set(place.to_owned(), value)],
    }
}

/// Creates a row with any other edit.
fn special(name: &str, key: &str, edit: impl Fn(&mut Spec) + 'static) -> Row {
    Row {
        name: name.to_owned(),
        there: "",
        back: "",
        explained: [""; 2],
        silent: [""; 2],
        element: String::new(),
        keys: vec![key.to_owned()],
        edits: vec![Edit::Any(Box::new(edit))],
    }
}

impl Row {
    /// Adds another edit.
    fn and(mut self, place: &str, value: impl Into<Value>) -> Self {
        self.edits.push(Edit::Set(place.to_owned(), value.into()));
        self
    }

    /// Sets the expected findings.
    fn finds(self, there: &'static str, back: &'static str) -> Self {
        Self { there, back, ..self }
    }

    /// Sets the elements that histories explain.
    fn explains(self, there: &'static str, back: &'static str) -> Self {
        Self { explained: [there, back], ..self }
    }

    fn silent(self, there: &'static str, back: &'static str) -> Self {
        Self { silent: [there, back], ..self }
    }

    /// The elements that changed silently, of those that changed on the wire.
    pub(crate) fn unexplained_changes(&self, changed: [BTreeSet<String>; 2]) -> [BTreeSet<String>; 2] {
        let mut sets = changed;
        for ((set, explained), silent) in sets.iter_mut().zip(self.explained).zip(self.silent) {
            set.retain(|element| element != explained);
            set.extend(Some(silent.to_owned()).filter(|element| !element.is_empty()));
        }
        sets
    }

    pub(crate) fn apply(&self, spec: &mut Spec) {
        for edit in &self.edits {
            match edit {
                Edit::Set(place, value) => spec.set(place, value.clone()),
                Edit::Any(edit) => edit(spec),
            }
        }
    }

    /// Applies the row, unless it has other edits or its places do not exist.
    pub(crate) fn try_apply(&self, spec: &mut Spec) -> Option<()> {
        self.edits.iter().try_for_each(|edit| match edit {
            Edit::Set(place, value) => spec.try_set(place, value.clone()),
            Edit::Any(_) => None,
        })
    }

    /// The values that the row writes, with their places.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.edits.iter().filter_map(|edit| match edit {
            Edit::Set(place, value) => Some((&**place, value)),
            Edit::Any(_) => None,
        })
    }

    /// `level rule element` for each finding, in both directions.
    pub(crate) fn expected_findings(&self) -> [Vec<String>; 2] {
        [self.there, self.back].map(|findings| {
            let findings = findings.split("; ").filter(|part| !part.is_empty());
            findings
                .map(|finding| match finding.split(' ').count() {
                    2 => format!("{finding} {}", self.element),
                    _ => finding.to_owned(),
                })
                .collect()
        })
    }
}

/// All rows.
pub(crate) fn all() -> Vec<Row> {
    [
        api::rows(),
        operations::rows(),
        parameters::rows(),
        types::rows(),
        releases::rows(),
        renames::rows(),
        history::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The struct of the language for the items of a list.
fn inner(outer: &str, key: &str) -> Option<&'static str> {
    Some(match (outer, key) {
        ("Api", "auth") => "AuthScheme",
        ("Api", "releases") => "Release",
        ("Api", "categories") => "Category",
        ("Api", "envelope") | ("Operation", "response") | ("DataType", "fields") => "Field",
        ("DataType", "values") => "EnumValue",
        ("Operation", "parameters") => "Parameter",
        ("Operation", "tags") => "Tag",
        ("Operation", "errors") => "ErrorCase",
        ("Operation", "examples") => "Example",
        _ => return None,
    })
}

/// The struct of the language for a file.
fn outer(file: &str) -> &'static str {
    match file {
        "api" => "Api",
        "CreateVm" | "GetVms" | "StopVm" | "GetZone" | "MoveZone" => "Operation",
        _ => "DataType",
    }
}

/// The key of a place: `Parameter.maxLength` for `CreateVm/parameters/note/maxLength`.
fn key(place: &str) -> String {
    let mut steps = place.split('/');
    let mut holder = outer(steps.next().unwrap());
    let mut key = steps.next().unwrap();
    while let Some(step) = steps.next() {
        if key == "documented" {
            holder = "Documented";
            key = step;
        } else if let Some(inner) = inner(holder, key)
            && let Some(next) = steps.next()
        {
            holder = inner;
            key = next;
        } else {
            break;
        }
    }
    format!("{holder}.{key}")
}

/// The element of a place: `CreateVm/note` for `CreateVm/parameters/note/maxLength`.
fn element(place: &str, value: &Value) -> String {
    let steps: Vec<_> = place.split('/').collect();
    let (file, list) = (steps[0], steps[1]);
    let added = ["name", "pattern", "code", "version"].iter().find_map(|key| value.get(key)?.as_str());
    let item = steps.get(2).filter(|_| inner(outer(file), list).is_some());
    match (item.map(|item| if item.starts_with('+') { added.unwrap() } else { *item }), list) {
        (None, _) => file.to_owned(),
        (Some(item), "envelope" | "auth" | "releases" | "categories") => format!("api/{list}/{item}"),
        (Some(item), "parameters" | "fields" | "values") => format!("{file}/{item}"),
        (Some("SYS.1006"), "errors") => format!("{file}/errors/SYS.1006 < VM.1010"),
        (Some(item), _) => format!("{file}/{list}/{item}"),
    }
}
