//! `types/<Type>.yaml`.

use zstack_model::{DataType, EnumValue, TypeShape};

use super::edit::{self, Insertion};
use super::element;
use super::operation::list;
use super::value::{Yaml, entry};
use crate::draft::{Draft, ElementKey};

const HEADER: &str = "# yaml-language-server: $schema=../schema/type.schema.json\n";

/// The text of the file, if pages change it.
pub(super) fn file(draft: &Draft<'_>, ty: &DataType) -> Option<String> {
    if draft.is_new(&ElementKey::DataType(ty.name.clone())) {
        return Some(whole(ty));
    }
    let text = draft.spec?.texts.get(&ty.file)?;
    let mut insertions = Vec::new();
    for (nth, field) in ty.own_fields().iter().enumerate() {
        if draft.is_new(&ElementKey::Field(ty.name.clone(), field.name.clone())) {
            insertions.push(Insertion { list: "fields", nth, value: element::field(field) });
        }
    }
    (!insertions.is_empty()).then(|| edit::insert(text, insertions))
}

fn whole(ty: &DataType) -> String {
    let mut text = HEADER.to_owned();
    let mut add = |key: &str, value: Yaml| text.push_str(&entry(key, &value, 0));
    add("name", Yaml::text(&ty.name));
    add("summary", Yaml::text(&ty.summary));
    add("since", Yaml::version(&ty.since.to_string()));
    if let Some(resource) = &ty.resource {
        add("resource", Yaml::text(resource));
    }
    match &ty.shape {
        TypeShape::Record { fields, native } => {
            if let Some(native) = native {
                add("native", Yaml::text(native));
            }
            text.push_str(&list("fields", fields.iter().map(element::field).collect()));
        }
        TypeShape::Enum { values } => text.push_str(&list("values", values.iter().map(value).collect())),
    }
    text
}

fn value(value: &EnumValue) -> Yaml {
    let mut entries = vec![
        ("name".to_owned(), Yaml::text(&value.name)),
        ("since".to_owned(), Yaml::version(&value.since.to_string())),
    ];
    if let Some(description) = &value.description {
        entries.push(("description".to_owned(), Yaml::text(description)));
    }
    Yaml::Mapping(entries)
}
