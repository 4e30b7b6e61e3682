//! Which query finds what may be given for a parameter.

use serde::Serialize;
use zstack_model::{Method, Model, Operation, Parameter, Place, Tag, Type, variables};

/// A query, and the conditions that leave what fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FoundBy<'a> {
    pub(crate) operation: &'a str,
    /// With the base path.
    pub(crate) path: String,
    pub(crate) conditions: Vec<&'static str>,
    /// The parameters of the operation that are fields of what is found as well:
    /// `vmInstanceUuid` of a drive. What is given for them leaves what belongs
    /// to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) within: Vec<&'a str>,
}

/// What the spec calls by another name than its query: the variable, the query's
/// resource, and what tells it from others of that.
const OTHER_NAMES: [(&str, &str, &str); 1] = [("iso", "image", "mediaType=ISO")];

impl<'a> FoundBy<'a> {
    /// The spec does not say what a UUID is of. A path does: what stands before
    /// the variable is where things of its kind are listed. Else the name has to
    /// do.
    pub(crate) fn of_parameter(model: &'a Model, operation: &'a Operation, it: &Parameter) -> Option<Self> {
        let name = it.field.name.as_str();
        let is_text = |ty: &Type| matches!(ty, Type::String | Type::Uuid);
        if !(is_text(&it.field.ty) || matches!(&it.field.ty, Type::List(inner) if is_text(inner))) {
            return None;
        }
        let by_path = || {
            let paths = operation.all_paths();
            let before =
                paths.filter_map(|path| path.split_once(&format!("/{{{name}}}"))).map(|(before, _)| before);
            let mut lists = before.filter_map(|path| queries(model).find(|query| query.path == path));
            lists.next().map(|list| Self::new(model, list, Vec::new()))
        };
        let by_path = (it.place == Place::Path && (name == "uuid" || name.ends_with("Uuid"))).then(by_path);
        let found = by_path.flatten().or_else(|| Self::of_name(model, name))?;
        Some(found.within(model, operation, name))
    }

    /// By the variable of a tag.
    pub(crate) fn of_tag(model: &'a Model, operation: &'a Operation, it: &Tag) -> Option<Self> {
        Some(Self::of_name(model, &it.variable)?.within(model, operation, &it.variable))
    }

    /// By a name alone: `vmInstanceUuid`, `l3NetworkUuids`.
    fn of_name(model: &'a Model, name: &str) -> Option<Self> {
        let stem = name.strip_suffix("Uuids").or_else(|| name.strip_suffix("Uuid"))?.to_ascii_lowercase();
        // The new thing's own, which nothing has yet.
        if stem.is_empty() || stem == "resource" {
            return None;
        }
        let other = OTHER_NAMES.iter().find(|(name, ..)| *name == stem);
        let (stem, conditions) =
            other.map_or((stem.as_str(), Vec::new()), |(_, stem, only)| (*stem, vec![*only]));
        let resource = |it: &Operation| it.name.strip_prefix("Query").map(str::to_ascii_lowercase);
        let is_it = |it: &&Operation| resource(it).is_some_and(|resource| resource == stem);
        let ends = |it: &&Operation| resource(it).is_some_and(|resource| resource.ends_with(stem));
        let found = queries(model).find(is_it).or_else(|| {
            // `cdRom` is VmCdRom, as long as there is one such thing.
            let mut alike = queries(model).filter(ends);
            alike.next().filter(|_| alike.next().is_none())
        });
        found.map(|it| Self::new(model, it, conditions))
    }

    fn new(model: &Model, it: &'a Operation, conditions: Vec<&'static str>) -> Self {
        let path = format!("{}{}", model.service.base_path, it.path);
        Self { operation: &it.name, path, conditions, within: Vec::new() }
    }

    /// Leaves what belongs to what is given for other parameters.
    fn within(mut self, model: &'a Model, operation: &'a Operation, own: &str) -> Self {
        let query = model.operation(self.operation);
        let record =
            query.and_then(|query| query.response.iter().find(|response| response.name == "inventories"));
        let record = record.and_then(|record| model.data_type(record.ty.named()?));
        let has = |name: &str| {
            record.is_some_and(|record| model.fields(record).iter().any(|field| field.name == name))
        };
        // Drives belong to a VM instance and may hold an ISO: `/vm-instances/cdroms`
        // is below `/vm-instances`, and not below `/images`.
        let is_below =
            |owner: &Self| self.path.strip_prefix(&*owner.path).is_some_and(|rest| rest.starts_with('/'));
        let is_owner = |name: &str| Self::of_name(model, name).is_some_and(|of_name| is_below(&of_name));
        let others = operation.parameters.iter().map(|parameter| &*parameter.field.name);
        self.within = others.filter(|it| *it != own && has(it) && is_owner(it)).collect();
        self
    }
}

/// The queries that take nothing but conditions.
fn queries(model: &Model) -> impl Iterator<Item = &Operation> {
    let is_list =
        |it: &&Operation| it.query && it.method == Method::Get && variables(&it.path).next().is_none();
    model.operations.iter().filter(is_list)
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use zstack_model::load::load;

    use super::*;

    #[test]
    fn what_finds_what() {
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
            let parameter = operation.parameters.iter().find(|it| it.field.name == parameter).unwrap();
            let found = FoundBy::of_parameter(&model, operation, parameter);
            let found = found.map(|it| [&[it.operation][..], &it.conditions].concat().join(" "));
            assert_eq!(found.as_deref(), expected, "{} {}", operation.name, parameter.field.name);
        }
        let attach = model.operation("AttachIsoToVmInstance").unwrap();
        let drives = FoundBy::of_tag(&model, attach, &attach.tags[0]).unwrap();
        assert_eq!((drives.operation, &drives.within[..]), ("QueryVmCdRom", &["vmInstanceUuid"][..]));
        assert_eq!(FoundBy::of_name(&model, "cdromUuid").unwrap().path, "/zstack/v1/vm-instances/cdroms");
        assert_eq!(FoundBy::of_name(&model, "hostUuid"), None);
    }
}
