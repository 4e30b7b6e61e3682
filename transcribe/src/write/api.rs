//! `api.yaml`.

use zstack_model::{Category, Release, ReleaseState};

use super::edit::{self, Insertion};
use super::element;
use super::operation::list;
use super::value::{Yaml, entry};
use crate::draft::{Draft, ElementKey};

const HEADER: &str = "# yaml-language-server: $schema=schema/api.schema.json\n";

/// The text of the file, if pages change it.
pub(super) fn file(draft: &Draft<'_>) -> Option<String> {
    let Some(spec) = draft.spec else {
        return (!draft.operations.is_empty()).then(|| whole(draft));
    };
    let text = spec.texts.get(camino::Utf8Path::new("api.yaml"))?;
    let mut insertions = Vec::new();
    for (nth, release) in draft.service.releases.iter().enumerate() {
        if !spec.model.service.releases.iter().any(|known| known.version == release.version) {
            insertions.push(Insertion { list: "releases", nth, value: self::release(release) });
        }
    }
    for (nth, category) in draft.categories.iter().enumerate() {
        if !spec.model.categories.iter().any(|known| known.name == category.name) {
            insertions.push(Insertion { list: "categories", nth, value: self::category(category) });
        }
    }
    for (nth, field) in draft.service.envelope.iter().enumerate() {
        if draft.is_new(&ElementKey::EnvelopeField(field.name.clone())) {
            insertions.push(Insertion { list: "envelope", nth, value: element::field(field) });
        }
    }
    (!insertions.is_empty()).then(|| edit::insert(text, insertions))
}

fn whole(draft: &Draft<'_>) -> String {
    let mut text = HEADER.to_owned();
    text.push_str(&entry("title", &Yaml::text(&draft.service.title), 0));
    text.push_str(&entry("basePath", &Yaml::text(&draft.service.base_path), 0));
    text.push_str("\nauth:\n");
    for scheme in &draft.service.auth {
        let mut entries = vec![("header".to_owned(), Yaml::text(&scheme.header))];
        entries.extend(scheme.scheme.as_ref().map(|scheme| ("scheme".to_owned(), Yaml::text(scheme))));
        let description = scheme.description.as_ref();
        entries.extend(description.map(|description| ("description".to_owned(), Yaml::text(description))));
        text.push_str(&entry(&scheme.name, &Yaml::Mapping(entries), 2));
    }
    text.push_str(&list("releases", draft.service.releases.iter().map(release).collect()));
    text.push_str(&list("categories", draft.categories.iter().map(category).collect()));
    if !draft.service.envelope.is_empty() {
        text.push_str(&list("envelope", draft.service.envelope.iter().map(element::field).collect()));
    }
    text
}

fn release(release: &Release) -> Yaml {
    let mut entries = vec![("version".to_owned(), Yaml::version(&release.version.to_string()))];
    if release.state == ReleaseState::Next {
        entries.push(("state".to_owned(), Yaml::word("next")));
    }
    Yaml::Mapping(entries)
}

fn category(category: &Category) -> Yaml {
    let name = ("name".to_owned(), Yaml::text(&category.name));
    Yaml::Mapping(vec![name, ("title".to_owned(), Yaml::text(&category.title))])
}
