//! Queries that find the resources for a parameter.

use serde::Serialize;
use zstack_model::{Method, Model, Operation, Parameter, Place, Tag, Type, variables};

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
    /// Guesses the query for a parameter, since the spec does not say which resource a
    /// UUID identifies: by the path before the variable, which lists the resources, or
    /// by the name.
    pub(crate) fn of_parameter(
        model: &'a Model,
        operation: &'a Operation,
        parameter: &Parameter,
    ) -> Option<Self> {
        let Parameter { field, place } = parameter;
        let name = field.name.as_str();
        let is_text = |ty: &Type| matches!(ty, Type::String | Type::Uuid);
        if !(is_text(&field.ty) || matches!(&field.ty, Type::List(inner) if is_text(inner))) {
            return None;
        }
        let by_path = || {
            let paths = operation.all_paths();
            let before =
                paths.filter_map(|path| path.split_once(&format!("/{{{name}}}"))).map(|(before, _)| before);
            let mut lists = before.filter_map(|path| queries(model).find(|query| query.path == path));
            lists.next().map(|list| Self::new(model, list, Vec::new()))
        };
        let by_path = (*place == Place::Path && (name == "uuid" || name.ends_with("Uuid"))).then(by_path);
        let found = by_path.flatten().or_else(|| Self::of_name(model, name))?;
        Some(found.filtered_by_parameters(model, operation, name))
    }

    /// Guesses the query for the variable of a tag.
    pub(crate) fn of_tag(model: &'a Model, operation: &'a Operation, tag: &Tag) -> Option<Self> {
        Some(Self::of_name(model, &tag.variable)?.filtered_by_parameters(model, operation, &tag.variable))
    }

    /// Guesses the query by a name such as `vmInstanceUuid` or `l3NetworkUuids`.
    fn of_name(model: &'a Model, name: &str) -> Option<Self> {
        let stem = name.strip_suffix("Uuids").or_else(|| name.strip_suffix("Uuid"))?.to_ascii_lowercase();
        // `resourceUuid` is the UUID of a new resource.
        if stem.is_empty() || stem == "resource" {
            return None;
        }
        let other = OTHER_NAMES.iter().find(|(name, ..)| *name == stem);
        let (stem, conditions) =
            other.map_or((stem.as_str(), Vec::new()), |(_, stem, only)| (*stem, vec![*only]));
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
        let query = model.operation(self.operation);
        let record = query.and_then(|query| query.response.iter().find(|field| field.name == "inventories"));
        let record = record.and_then(|record| model.data_type(record.ty.data_type_name()?));
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

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use zstack_model::load::load;

    use super::*;

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
        assert_eq!(Lookup::of_name(&model, "hostUuid"), None);
    }
}
