//! `operations/<category>/<Operation>.yaml`.

use zstack_model::yaml::write;
use zstack_model::{Body, Operation};

use super::edit::{self, Insertion};
use super::element;
use super::value::{Yaml, entry, item, sample};
use crate::draft::{Draft, ElementKey};

const HEADER: &str = "# yaml-language-server: $schema=../../schema/operation.schema.json\n";

/// The text of the file, if pages change it.
pub(super) fn file(draft: &Draft<'_>, operation: &Operation) -> Option<String> {
    if draft.is_new(&ElementKey::Operation(operation.name.clone())) {
        return Some(whole(draft, operation));
    }
    let text = draft.spec?.texts.get(&operation.file)?;
    let mut insertions = Vec::new();
    for (nth, parameter) in operation.parameters.iter().enumerate() {
        let key = ElementKey::Parameter(operation.name.clone(), parameter.field.name.clone());
        if draft.is_new(&key) {
            insertions.push(Insertion { list: "parameters", nth, value: element::parameter(parameter) });
        }
    }
    for (nth, field) in operation.response.iter().enumerate() {
        let key = ElementKey::ResponseField(operation.name.clone(), field.name.clone());
        if draft.is_new(&key) {
            insertions.push(Insertion { list: "response", nth, value: element::field(field) });
        }
    }
    (!insertions.is_empty()).then(|| edit::insert(text, insertions))
}

fn whole(draft: &Draft<'_>, operation: &Operation) -> String {
    let mut text = HEADER.to_owned();
    let mut add = |key: &str, value: Yaml| text.push_str(&entry(key, &value, 0));
    add("name", Yaml::text(&operation.name));
    add("category", Yaml::text(&operation.category));
    add("summary", Yaml::text(&operation.summary));
    add("since", Yaml::version(&operation.since.to_string()));
    add("method", Yaml::word(operation.method));
    add("path", Yaml::text(&operation.path));
    if !operation.paths.is_empty() {
        add("paths", Yaml::texts(&operation.paths));
    }
    if operation.query {
        add("query", Yaml::word(true));
    }
    add("execution", Yaml::word(operation.execution.word()));
    add("auth", Yaml::word(operation.auth.word()));
    let body = match &operation.body {
        Body::None => "none",
        Body::Action(_) => "action",
        Body::Key(key) => key,
    };
    add("body", Yaml::text(body));
    if let Some(documented) = &operation.documented {
        add("documented", element::document_facts(documented));
    }
    let parameters = operation.parameters.iter().map(element::parameter).collect();
    text.push_str(&list("parameters", parameters));
    text.push_str(&list("response", operation.response.iter().map(element::field).collect()));
    if let Some(example) = draft.examples.get(&operation.name) {
        text.push_str("\nexamples:\n");
        text.push_str("  - name: The samples of the document\n");
        let request = example.request.iter().map(|(name, value)| (name, sample(value)));
        text.push_str(&entry("request", &Yaml::mapping(request), 4));
        text.push_str(&entry("response", &sample(&example.response), 4));
    }
    if !operation.notes.is_empty() {
        text.push_str("\nnotes:\n");
        operation.notes.iter().for_each(|note| text.push_str(&item(&Yaml::text(note), 2)));
    }
    text
}

/// A list with a blank line above it.
pub(super) fn list(key: &str, items: Vec<Yaml>) -> String {
    format!("\n{}", write::list(key, items))
}
