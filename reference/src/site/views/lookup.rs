//! Queries that find the resources for a parameter.

use serde::Serialize;
use zstack_model::{Method, Model, Operation, Parameter, Place, Tag, variables};

/// A query for the resources that fit a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Lookup<'a> {
    pub(crate) operation: &'a str,
    /// Includes the base path.
    pub(crate) path: String,
    pub(crate) conditions: Vec<&'static str>,
    /// The parameters of the operation whose values filter the resources:
    /// `vmInstanceUuid` filters drives.
    #[serde(rename = "filterBy", skip_serializing_if = "Vec::is_empty")]
    pub(crate) filter_by: Vec<&'a str>,
}

/// Variables that are named unlike their queries: the variable, the resource of the
/// query, and a condition.
const OTHER_NAMES: [(&str, &str, &str); 1] = [("iso", "image", "mediaType=ISO")];

impl<'a> Lookup<'a> {
    /// Finds the query for a parameter: that for the resource that it refers to. Without a reference, the query is
    /// guessed by the path before the variable, which lists the resources, or by the name.
    pub(crate) fn of_parameter(
        model: &'a Model,
        operation: &'a Operation,
        parameter: &Parameter,
    ) -> Option<Self> {
        let Parameter { field, place } = parameter;
        let name = field.name.as_str();
        if !field.ty.holds_uuids() {
            return None;
        }
        let by_path = || {
            let paths = operation.all_paths();
            let before =
                paths.filter_map(|path| path.split_once(&format!("/{{{name}}}"))).map(|(before, _)| before);
            let mut lists = before.filter_map(|path| queries(model).find(|query| query.path == path));
            lists.next().map(|list| Self::new(model, list, Vec::new()))
        };
        let found = match &field.refers {
            Some(resource) => Self::of_resource(model, resource, name),
            None => (*place == Place::Path && (name == "uuid" || name.ends_with("Uuid")))
                .then(by_path)
                .flatten()
                .or_else(|| Self::of_name(model, name)),
        }?;
        Some(found.filtered_by_parameters(model, operation, name))
    }

    /// Finds the query that lists the records of a resource. The name of the parameter may restrict them.
    fn of_resource(model: &'a Model, resource: &str, name: &str) -> Option<Self> {
        let record = &model.record_of(resource)?.name;
        let query = queries(model).find(|query| record_name(query) == Some(&**record))?;
        let other = stem(name).and_then(|stem| other_name(&stem));
        Some(Self::new(model, query, other.map(|(.., condition)| condition).into_iter().collect()))
    }

    /// Guesses the query for the variable of a tag.
    pub(crate) fn of_tag(model: &'a Model, operation: &'a Operation, tag: &Tag) -> Option<Self> {
        Some(Self::of_name(model, &tag.variable)?.filtered_by_parameters(model, operation, &tag.variable))
    }

    /// Guesses the query by a name such as `vmInstanceUuid` or `l3NetworkUuids`.
    fn of_name(model: &'a Model, name: &str) -> Option<Self> {
        let stem = stem(name)?;
        // `resourceUuid` is the UUID of a new resource.
        if stem.is_empty() || stem == "resource" {
            return None;
        }
        let (stem, conditions) =
            other_name(&stem).map_or((&*stem, Vec::new()), |(_, stem, only)| (stem, vec![only]));
        let resource = |query: &Operation| query.name.strip_prefix("Query").map(str::to_ascii_lowercase);
        let is_equal = |query: &&Operation| resource(query).is_some_and(|resource| resource == stem);
        let ends = |query: &&Operation| resource(query).is_some_and(|resource| resource.ends_with(stem));
        let found = queries(model).find(is_equal).or_else(|| {
            // `cdRom` is VmCdRom if no other resource ends with it.
            let mut similar = queries(model).filter(ends);
            similar.next().filter(|_| similar.next().is_none())
        });
        found.map(|query| Self::new(model, query, conditions))
    }

    fn new(model: &Model, query: &'a Operation, conditions: Vec<&'static str>) -> Self {
        let path = format!("{}{}", model.service.base_path, query.path);
        Self { operation: &query.name, path, conditions, filter_by: Vec::new() }
    }

    /// Adds the other parameters that filter the resources.
    fn filtered_by_parameters(mut self, model: &'a Model, operation: &'a Operation, own: &str) -> Self {
        let record =
            model.operation(self.operation).and_then(record_name).and_then(|name| model.data_type(name));
        let has = |name: &str| {
            record.is_some_and(|record| model.fields(record).iter().any(|field| field.name == name))
        };
        // Drives belong to a VM instance and may contain an ISO: `/vm-instances/cdroms`
        // is below `/vm-instances`, but not below `/images`.
        let is_below =
            |owner: &Self| self.path.strip_prefix(&*owner.path).is_some_and(|rest| rest.starts_with('/'));
        let is_owner = |name: &str| Self::of_name(model, name).is_some_and(|owner| is_below(&owner));
        let others = operation.parameters.iter().map(|parameter| &*parameter.field.name);
        self.filter_by = others.filter(|name| *name != own && has(name) && is_owner(name)).collect();
        self
    }
}

/// The queries that return lists of resources.
fn queries(model: &Model) -> impl Iterator<Item = &Operation> {
    model.operations.iter().filter(|operation| {
        operation.query && operation.method == Method::Get && variables(&operation.path).next().is_none()
    })
}

/// The record of which a query returns a list.
fn record_name(query: &Operation) -> Option<&str> {
    query.response.iter().find(|field| field.name == "inventories")?.ty.data_type_name()
}

/// The resource in a name such as `vmInstanceUuid` or `l3NetworkUuids`, in lower case.
fn stem(name: &str) -> Option<String> {
    let stem = name.strip_suffix("Uuids").or_else(|| name.strip_suffix("Uuid"))?;
    Some(stem.to_ascii_lowercase())
}

fn other_name(stem: &str) -> Option<(&'static str, &'static str, &'static str)> {
    OTHER_NAMES.into_iter().find(|(name, ..)| *name == stem)
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use zstack_model::load::load;

    use super::*;

    #[test]
    fn references_determine_the_query() {
        let mut model = load(Utf8Path::new("../spec")).unwrap();
        for (parameter, resource, expected) in [
            // The name suggests no query, or another one.
            ("resourceUuid", "Image", Some("QueryImage")),
            ("vmInstanceUuid", "VmCdRom", Some("QueryVmCdRom")),
            ("isoUuid", "Image", Some("QueryImage mediaType=ISO")),
            ("tagUuids", "Image", Some("QueryImage")),
            // No operation queries sessions, and there is no such resource.
            ("vmInstanceUuid", "Session", None),
            ("vmInstanceUuid", "Frobnicator", None),
            ("description", "Image", Some("QueryImage")),
        ] {
            let operation =
                model.operations.iter_mut().find(|operation| operation.name == "CreateVmCdRom").unwrap();
            let named = |other: &&mut Parameter| other.field.name == parameter;
            operation.parameters.iter_mut().find(named).unwrap().field.refers = Some(resource.to_owned());
            let operation = model.operation("CreateVmCdRom").unwrap();
            let parameter = operation.parameters.iter().find(|other| other.field.name == parameter).unwrap();
            let found = Lookup::of_parameter(&model, operation, parameter);
            let found = found.map(|lookup| [&[lookup.operation][..], &lookup.conditions].concat().join(" "));
            assert_eq!(found.as_deref(), expected, "{} refers to {resource}", parameter.field.name);
        }
    }

    #[test]
    fn finds_the_query_for_a_parameter() {
        let model = load(Utf8Path::new("../spec")).unwrap();
        for (operation, parameter, expected) in [
            ("AttachIsoToVmInstance", "vmInstanceUuid", Some("QueryVmInstance")),
            ("AttachIsoToVmInstance", "isoUuid", Some("QueryImage mediaType=ISO")),
            ("AttachIsoToVmInstance", "systemTags", None),
            ("StartVmInstance", "uuid", Some("QueryVmInstance")),
            ("DeleteVmCdRom", "uuid", Some("QueryVmCdRom")),
            ("CreateVmCdRom", "vmInstanceUuid", Some("QueryVmInstance")),
            ("CreateVmCdRom", "resourceUuid", None),
            ("CreateVmCdRom", "name", None),
        ] {
            let operation = model.operation(operation).unwrap();
            let parameter = operation.parameters.iter().find(|other| other.field.name == parameter).unwrap();
            let found = Lookup::of_parameter(&model, operation, parameter);
            let found = found.map(|lookup| [&[lookup.operation][..], &lookup.conditions].concat().join(" "));
            assert_eq!(found.as_deref(), expected, "{} {}", operation.name, parameter.field.name);
        }
        let attach = model.operation("AttachIsoToVmInstance").unwrap();
        let drives = Lookup::of_tag(&model, attach, &attach.tags[0]).unwrap();
        assert_eq!((drives.operation, &drives.filter_by[..]), ("QueryVmCdRom", &["vmInstanceUuid"][..]));
        assert_eq!(Lookup::of_name(&model, "cdromUuid").unwrap().path, "/zstack/v1/vm-instances/cdroms");
        assert_eq!(Lookup::of_name(&model, "frobnicatorUuid"), None);
    }
}
