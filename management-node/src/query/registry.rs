//! Descriptions of all resources of the catalog, for queries.
//!
//! Most are made of the data type and the resource file. Those of the resources whose records the
//! rules know are written in [`resources`](super::resources); the others give them further relations.

use std::collections::HashMap;
use std::sync::OnceLock;

use zstack_model::{Model, Type, TypeShape};

use super::resource::{Field, FieldKind, Join, Relation, Resource, Visibility};
use super::resources::{ACCESS_KEY, IMAGE, USED_IP, VM_CD_ROM, VM_INSTANCE, VM_NIC, VOLUME};
use crate::catalog::{self, Catalog};

/// The resources whose descriptions are written.
static WRITTEN: [(&str, &Resource); 7] = [
    ("AccessKey", &ACCESS_KEY),
    ("Image", &IMAGE),
    ("UsedIp", &USED_IP),
    ("VmCdRom", &VM_CD_ROM),
    ("VmInstance", &VM_INSTANCE),
    ("VmNic", &VM_NIC),
    ("Volume", &VOLUME),
];

/// The descriptions of resources, by name. They are never freed, like the tables of operations.
#[derive(Debug)]
pub struct Registry(HashMap<String, &'static Resource>);

impl Registry {
    /// Describes the resources of a catalog. Call this once for each catalog.
    #[must_use]
    pub fn new(model: &Model, catalog: &Catalog) -> Self {
        let described = catalog.resources().map(|resource| {
            let written = WRITTEN.iter().find(|(name, _)| *name == resource.name);
            let description =
                written.map_or_else(|| describe(model, catalog, resource), |(_, description)| description);
            (resource.name.clone(), description)
        });
        let registry = Self(described.collect());
        for resource in catalog.resources() {
            if let Some(description) = registry.get(&resource.name) {
                let relations = resource.relations.iter();
                let late = relations.filter_map(|relation| registry.relation(description, relation));
                // A written description may have been filled for another catalog.
                let _ = description.late.set(late.collect());
            }
        }
        registry
    }

    /// Finds the description of a resource.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'static Resource> {
        self.0.get(name).copied()
    }

    /// Describes a relation, unless the written description has the same.
    fn relation(&self, from: &Resource, relation: &catalog::Relation) -> Option<Relation> {
        let to = self.get(&relation.resource)?;
        let has_same =
            from.relations.iter().any(|other| other.name == relation.name && std::ptr::eq(other.to, to));
        if has_same {
            return None;
        }
        let join = Join {
            column: column(&relation.field),
            table: to.table,
            other_column: column(&relation.foreign_field),
        };
        Some(Relation { name: text(&relation.name), joins: vec![join].leak(), to })
    }
}

fn text(text: &str) -> &'static str {
    Box::leak(Box::from(text))
}

/// The expression of a field. The names of fields are identifiers.
fn column(field: &str) -> &'static str {
    if field == "uuid" { "uuid" } else { text(&format!("(body ->> '{field}')")) }
}

fn describe(model: &Model, catalog: &Catalog, resource: &catalog::Resource) -> &'static Resource {
    let fields = model.data_type(&resource.inventory).into_iter().flat_map(|ty| model.fields(ty));
    let fields: Vec<_> = fields
        .filter_map(|field| {
            Some(Field::new(text(&field.name), kind(model, &field.name, &field.ty)?, column(&field.name)))
        })
        .collect();
    let visibility: &[Visibility] = if resource.is_owned {
        &[Visibility::Owner, Visibility::Shared, Visibility::SharedWith]
    } else {
        &[]
    };
    Box::leak(Box::new(Resource {
        name: text(&resource.label),
        table: table(catalog, resource),
        fields: fields.leak(),
        relations: &[],
        late: OnceLock::new(),
        visibility,
    }))
}

/// The documents of a resource and of its subtypes, as a table.
fn table(catalog: &Catalog, resource: &catalog::Resource) -> &'static str {
    let base = catalog.root(&resource.name).map_or(&resource.name, |root| &root.name);
    let condition = if *base == resource.name {
        format!("base = '{base}'")
    } else {
        let kinds = std::iter::once(&resource.name).chain(&resource.subtypes);
        let kinds: Vec<_> = kinds.map(|kind| format!("'{kind}'")).collect();
        format!("base = '{base}' AND kind IN ({})", kinds.join(", "))
    };
    text(&format!(
        "(SELECT uuid, body, body ->> 'createDate' AS create_date, body ->> '_account' AS account_uuid, \
         body ->> '_shared' AS shared FROM document WHERE {condition})"
    ))
}

/// The type of a field; `None` for lists and objects, which conditions cannot compare.
fn kind(model: &Model, name: &str, ty: &Type) -> Option<FieldKind> {
    Some(match ty {
        Type::Uuid => FieldKind::Uuid,
        Type::String if name == "uuid" || name.ends_with("Uuid") => FieldKind::Uuid,
        Type::String => FieldKind::Text,
        Type::Boolean => FieldKind::Flag,
        Type::Integer | Type::Long | Type::Double => FieldKind::Number,
        Type::Timestamp => FieldKind::Time,
        Type::Named(name) => match model.data_type(name)?.shape {
            TypeShape::Enum { .. } => FieldKind::Text,
            TypeShape::Record { .. } => return None,
        },
        Type::Any | Type::List(_) | Type::Map(_) => return None,
    })
}
