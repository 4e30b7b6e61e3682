//! Parameters and fields.

use zstack_model::{Documented, Field, Parameter, Place};

use super::value::Yaml;

/// A field of a data type or a response.
pub(super) fn field(field: &Field) -> Yaml {
    Yaml::Mapping(entries(field, None))
}

/// A parameter, whose requirement is always written.
pub(super) fn parameter(parameter: &Parameter) -> Yaml {
    Yaml::Mapping(entries(&parameter.field, Some(parameter.place)))
}

fn entries(field: &Field, place: Option<Place>) -> Vec<(String, Yaml)> {
    let mut entries = vec![("name", Yaml::text(&field.name))];
    if let Some(place) = place {
        entries.push(("in", Yaml::word(place.word())));
    }
    entries.push(("type", Yaml::text(&field.ty.to_string())));
    entries.extend(field.refers.as_ref().map(|resource| ("refers", Yaml::text(resource))));
    if place.is_some() || field.required {
        entries.push(("required", Yaml::word(field.required)));
    }
    entries.push(("since", Yaml::version(&field.since.to_string())));
    if place == Some(Place::BesideBody) {
        entries.push(("enclosed", Yaml::word(false)));
    }
    if !field.constraints.values.is_empty() {
        entries.push((
            "values",
            Yaml::List(field.constraints.values.iter().map(|value| Yaml::text(value)).collect()),
        ));
    }
    if let Some(description) = &field.description {
        entries.push(("description", Yaml::text(description)));
    }
    if let Some(documented) = field.documented.as_ref().map(document_facts) {
        entries.push(("documented", documented));
    }
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Returns the facts that the document prints differently.
pub(super) fn document_facts(documented: &Documented) -> Yaml {
    let Documented { place, ty, since, required, execution } = documented;
    let entries = [
        ("in", place.as_deref().map(Yaml::text)),
        ("type", ty.as_deref().map(Yaml::text)),
        ("since", since.as_deref().map(Yaml::version)),
        ("required", required.map(Yaml::word)),
        ("execution", execution.map(|execution| Yaml::word(execution.word()))),
    ];
    Yaml::Mapping(entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_follow_the_type() {
        let mut field = zstack_model::query_parameters().remove(0);
        field.refers = Some("Book".to_owned());
        let keys: Vec<_> = entries(&field, Some(Place::Query)).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["name", "in", "type", "refers", "required", "since", "description"]);
    }
}
