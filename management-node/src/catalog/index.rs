//! The spec, indexed for the catalog: operations, and the records of resources.

use std::collections::{BTreeMap, BTreeSet};

use zstack_model::{DataType, Field, Model, Operation, Parameter, Type, TypeShape};

/// The record of a resource, or the response of an operation.
pub(super) struct Record<'m> {
    /// The name of its data type, or that of the operation.
    pub(super) name: &'m str,
    /// The fields without inherited ones.
    pub(super) own_fields: &'m [Field],
    /// The resources of its bases, the nearest first.
    pub(super) bases: Vec<&'m str>,
    /// The fields by name, including inherited ones.
    pub(super) fields: BTreeMap<&'m str, &'m Field>,
}

/// The parts of a spec that the catalog uses.
pub(super) struct Spec<'m> {
    pub(super) model: &'m Model,
    pub(super) operations: BTreeMap<&'m str, &'m Operation>,
    /// The records by the names of their resources.
    pub(super) records: BTreeMap<&'m str, Record<'m>>,
    /// The resources by the names of their data types.
    resources: BTreeMap<&'m str, &'m str>,
}

impl<'m> Spec<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let operations = model.operations.iter().map(|operation| (&*operation.name, operation)).collect();
        let types = model.types.iter().filter_map(|ty| Some((ty.resource.as_deref()?, ty)));
        let records: BTreeMap<_, _> =
            types.map(|(resource, ty)| (resource, Record::new(model, ty))).collect();
        let resources = records.iter().map(|(resource, record)| (record.name, *resource)).collect();
        Self { model, operations, records, resources }
    }

    /// Finds the resource of a data type.
    pub(super) fn resource_of(&self, ty: &Type) -> Option<&'m str> {
        match ty {
            Type::Named(name) => self.resources.get(&**name).copied(),
            _ => None,
        }
    }

    /// Returns whether a resource is another one, or a subtype of it.
    pub(super) fn is_a(&self, resource: &str, other: &str) -> bool {
        resource == other || self.records.get(resource).is_some_and(|record| record.bases.contains(&other))
    }

    /// Returns whether documents of one resource can be documents of the other one.
    pub(super) fn is_related(&self, one: &str, other: &str) -> bool {
        self.is_a(one, other) || self.is_a(other, one)
    }

    /// Finds the parameter with the UUID of a document: `uuid`, or one that is named for the resource
    /// or a base of it, or the only parameter in the path that refers to such a document.
    pub(super) fn key(
        &self,
        operation: &'m Operation,
        resource: &str,
        except: Option<&str>,
    ) -> Option<&'m str> {
        let record = self.records.get(resource)?;
        let is_uuid = |parameter: &&Parameter| {
            !matches!(parameter.field.ty, Type::List(_)) && except != Some(&*parameter.field.name)
        };
        let refers = |parameter: &Parameter| {
            parameter.field.refers.as_deref().map(|target| self.is_related(target, resource))
        };
        let named = |name: &str| {
            let mut found = operation.parameters.iter().filter(is_uuid);
            found.find(|parameter| parameter.field.name == name && refers(parameter) != Some(false))
        };
        let names = std::iter::once(resource).chain(record.bases.iter().copied());
        let names = names.map(|name| format!("{}Uuid", zstack_model::names::lower_first(name)));
        let by_name = std::iter::once("uuid".to_owned()).chain(names).find_map(|name| named(&name));
        let by_reference = || {
            let in_path = |parameter: &&Parameter| parameter.place == zstack_model::Place::Path;
            let mut found = operation.parameters.iter().filter(is_uuid).filter(in_path);
            let mut found = found.by_ref().filter(|parameter| refers(parameter) == Some(true));
            found.next().filter(|_| found.next().is_none())
        };
        by_name.or_else(by_reference).map(|parameter| &*parameter.field.name)
    }

    /// The texts that a type allows, if it limits them.
    pub(super) fn allowed_texts(&self, field: &'m Field) -> Option<Vec<&'m str>> {
        if let Type::Named(name) = &field.ty
            && let Some(TypeShape::Enum { values }) = self.model.data_type(name).map(|ty| &ty.shape)
        {
            return Some(values.iter().map(|value| &*value.name).collect());
        }
        let values = &field.constraints.values;
        (!values.is_empty()).then(|| values.iter().map(String::as_str).collect())
    }

    /// The direct and indirect subtypes of a resource, sorted by name.
    pub(super) fn subtypes(&self, resource: &str) -> BTreeSet<&'m str> {
        let subtypes = self.records.iter().filter(|(_, record)| record.bases.contains(&resource));
        subtypes.map(|(name, _)| *name).collect()
    }
}

impl<'m> Record<'m> {
    fn new(model: &'m Model, ty: &'m DataType) -> Self {
        let bases = model.bases(ty).filter_map(|base| base.resource.as_deref()).collect();
        let fields = model.fields(ty).into_iter().map(|field| (&*field.name, field)).collect();
        Self { name: &ty.name, own_fields: ty.own_fields(), bases, fields }
    }

    /// The response of an operation.
    pub(super) fn of_response(operation: &'m Operation) -> Self {
        let fields = operation.response.iter().map(|field| (&*field.name, field)).collect();
        Self { name: &operation.name, own_fields: &operation.response, bases: Vec::new(), fields }
    }

    /// Finds a field by name.
    pub(super) fn field(&self, name: &str) -> Option<&'m Field> {
        self.fields.get(name).copied()
    }

    /// The names of the fields.
    pub(super) fn field_names(&self) -> impl Iterator<Item = &'m str> {
        self.fields.keys().copied()
    }
}

/// Finds a parameter of an operation by name.
pub(super) fn parameter<'m>(operation: &'m Operation, name: &str) -> Option<&'m Parameter> {
    operation.parameters.iter().find(|parameter| parameter.field.name == name)
}

/// Finds a field of the response of an operation by name.
pub(super) fn response<'m>(operation: &'m Operation, name: &str) -> Option<&'m Field> {
    operation.response.iter().find(|field| field.name == name)
}
