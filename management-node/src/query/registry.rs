//! Descriptions of all resources of the catalog, for queries. They follow from the data types and the
//! resource files; tables in this module have the exceptions.

use std::collections::HashMap;
use std::sync::OnceLock;

use zstack_model::{Model, Type, TypeShape};

use super::indexed::expression;
use super::resource::{Field, FieldKind, Join, Relation, Resource, Visibility};
use crate::catalog::{self, Catalog};
use crate::model::OWNER;

/// The first address of a NIC, whose fields the NIC has.
const ADDRESS: Option<Join> =
    Some(Join { column: "uuid", table: "vm_nic_address", other_column: "vmNicUuid" });

/// The expressions of fields that documents do not have, by resource and field. An alias is the name of
/// the resource.
const COMPUTED: &[(&str, &str, &str, Option<Join>)] = &[
    // An account is its own user.
    ("AccessKey", "userUuid", "accountUuid", None),
    ("UsedIp", "ipInLong", "ip_in_long(ip)", None),
    ("UsedIp", "ipVersion", "CASE WHEN instr(ip, ':') THEN 6 ELSE 4 END", None),
    ("VmNic", "usedIpUuid", "uuid", ADDRESS),
    ("VmNic", "ip", "ip", ADDRESS),
    ("VmNic", "netmask", "netmask", ADDRESS),
    ("VmNic", "gateway", "gateway", ADDRESS),
    ("VmNic", "ipVersion", "CASE WHEN instr(ip, ':') THEN 6 ELSE 4 END", ADDRESS),
    (
        "VmNic",
        "hypervisorType",
        "(SELECT vm.body ->> 'hypervisorType' FROM document AS vm WHERE vm.uuid = VmNic.vmInstanceUuid)",
        None,
    ),
];

/// Resources whose documents an account sees with the document in a field, and its resource.
const PARTS: &[(&str, &str, &str)] = &[
    ("UsedIp", "vmNicUuid", "VmNic"),
    ("VmCdRom", "vmInstanceUuid", "VmInstance"),
    ("VmNic", "vmInstanceUuid", "VmInstance"),
    ("Volume", "vmInstanceUuid", "VmInstance"),
];

/// The resource whose owner is in a field that clients see.
const KEY: &str = "AccessKey";

/// The descriptions of resources, by name. They are never freed, like the tables of operations.
#[derive(Debug)]
pub struct Registry(HashMap<String, &'static Resource>);

impl Registry {
    /// Describes the resources of a catalog. Call this once for each catalog.
    #[must_use]
    pub fn new(model: &Model, catalog: &Catalog) -> Self {
        let described = catalog
            .resources()
            .map(|resource| (resource.name.clone(), describe_resource(model, catalog, resource)));
        let registry = Self(described.collect());
        for resource in catalog.resources() {
            let Some(description) = registry.get(&resource.name) else { continue };
            let builder = Builder { model, catalog, registry: &registry, resource, description };
            // Nothing has set them.
            let _ = description.relations.set(builder.relations());
            let _ = description.visibility.set(builder.visibility());
        }
        registry
    }

    /// Finds the description of a resource.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'static Resource> {
        self.0.get(name).copied()
    }
}

fn text(text: &str) -> &'static str {
    Box::leak(Box::from(text))
}

/// The expression of a field of a document.
fn column(field: &str) -> &'static str {
    text(&expression(field))
}

/// The expression of a field of a record in a list.
fn of_item(field: &str) -> &'static str {
    if field == "uuid" { "uuid" } else { text(&format!("(body ->> '{field}')")) }
}

fn describe_resource(model: &Model, catalog: &Catalog, resource: &catalog::Resource) -> &'static Resource {
    let table = format!("(SELECT * FROM document WHERE {})", condition(catalog, resource));
    describe(model, &resource.inventory, (&resource.name, &resource.label), &table, column)
}

/// Describes the records of a data type in a table.
fn describe(
    model: &Model,
    data_type: &str,
    (name, label): (&str, &str),
    table: &str,
    column: fn(&str) -> &'static str,
) -> &'static Resource {
    let fields = model.data_type(data_type).into_iter().flat_map(|ty| model.fields(ty));
    let fields = fields.filter_map(|field| {
        let kind = kind(model, &field.name, &field.ty)?;
        let computed = COMPUTED.iter().find(|(of, computed, ..)| *of == name && *computed == field.name);
        let (sql, join) =
            computed.map_or_else(|| (column(&field.name), None), |(.., sql, join)| (*sql, *join));
        Some(Field { name: text(&field.name), kind, sql, join })
    });
    let fields: Vec<_> = fields.collect();
    Box::leak(Box::new(Resource {
        name: text(label),
        table: text(&format!("{table} AS {name}")),
        alias: text(name),
        fields: fields.leak(),
        relations: OnceLock::new(),
        visibility: OnceLock::new(),
    }))
}

/// The condition that a document is one of a resource or of its subtypes.
fn condition(catalog: &Catalog, resource: &catalog::Resource) -> String {
    let base = catalog.root(&resource.name).map_or(&resource.name, |root| &root.name);
    let kinds = std::iter::once(&resource.name).chain(&resource.subtypes);
    let kinds: Vec<_> = kinds.map(|kind| format!("'{kind}'")).collect();
    match kinds.as_slice() {
        // Indexes have this condition.
        _ if *base == resource.name => format!("base = '{base}'"),
        _ => format!("base = '{base}' AND kind IN ({})", kinds.join(", ")),
    }
}

/// The relations and the visibility of a resource, which refer to the descriptions of others.
struct Builder<'a> {
    model: &'a Model,
    catalog: &'a Catalog,
    registry: &'a Registry,
    resource: &'a catalog::Resource,
    description: &'static Resource,
}

impl Builder<'_> {
    fn visibility(&self) -> Vec<Visibility> {
        let mut visibility = Vec::new();
        if self.resource.is_owned {
            visibility.extend([Visibility::Owner(OWNER), Visibility::Shared, Visibility::SharedWith]);
        } else if self.resource.name == KEY {
            visibility.push(Visibility::Owner("accountUuid"));
        }
        let with = PARTS.iter().filter(|(part, ..)| *part == self.resource.name);
        visibility.extend(with.filter_map(|(_, field, whole)| {
            Some(Visibility::With { column: column(field), resource: self.registry.get(whole)? })
        }));
        visibility
    }

    fn relations(&self) -> Vec<Relation> {
        let declared = self.resource.relations.iter().filter_map(|relation| self.relation(relation));
        let mut relations: Vec<_> = declared.collect();
        let mut of_records = self.relations_to_records();
        of_records.extend(self.relations_through_references());
        for other in of_records {
            if relations.iter().all(|relation| relation.name != other.name) {
                relations.push(other);
            }
        }
        relations
    }

    /// The relations through documents that only connect two others: `vmNicRef` of a security group
    /// leads to the references of its NICs, so that `vmNic` leads to these NICs.
    fn relations_through_references(&self) -> Vec<Relation> {
        let through = |declared: &catalog::Relation| {
            let name = declared.name.strip_suffix("Ref")?;
            let to_reference = self.relation(declared)?;
            let reference = self.catalog.resource(&declared.resource)?;
            let builder = Self { resource: reference, description: to_reference.to, ..*self };
            let onward = reference.relations.iter().find(|relation| relation.name == name)?;
            let onward = builder.relation(onward)?;
            let joins = to_reference.joins.into_iter().chain(onward.joins).collect();
            Some(Relation { joins, ..onward })
        };
        self.resource.relations.iter().filter_map(through).collect()
    }

    fn relation(&self, relation: &catalog::Relation) -> Option<Relation> {
        let to = self.registry.get(&relation.resource)?;
        let other = self.catalog.resource(&relation.resource)?;
        let mut joins = Vec::new();
        let mut from = column(&relation.field);
        if self.is_list(self.resource, &relation.field) {
            joins.push(self.items(&relation.field));
            from = "body";
        }
        joins.push(if self.is_list(other, &relation.foreign_field) {
            let condition = condition(self.catalog, other);
            let table = format!(
                "(SELECT document.*, item.value AS item \
                 FROM document, json_each(document.body, '$.{}') AS item WHERE {condition}) AS {}",
                relation.foreign_field, to.alias
            );
            Join { column: from, table: text(&table), other_column: "item" }
        } else {
            Join { column: from, table: to.table, other_column: column(&relation.foreign_field) }
        });
        Some(Relation { name: text(&relation.name), joins, to })
    }

    fn is_list(&self, resource: &catalog::Resource, field: &str) -> bool {
        let fields = self.model.data_type(&resource.inventory).map(|ty| self.model.fields(ty));
        let mut fields = fields.into_iter().flatten();
        fields.any(|other| other.name == field && matches!(other.ty, Type::List(_)))
    }

    /// The table of the items of a list, with the UUIDs of the documents that have them.
    fn items(&self, field: &str) -> Join {
        let condition = condition(self.catalog, self.resource);
        let table = format!(
            "(SELECT document.uuid AS owner, item.value ->> 'uuid' AS uuid, item.value AS body FROM document, json_each(document.body, '$.{field}') AS item \
             WHERE {condition}) AS items"
        );
        Join { column: "uuid", table: text(&table), other_column: "owner" }
    }

    /// The relations to records in lists, such as `backupStorageRefs` of an image, and through them to
    /// the documents to which they refer.
    fn relations_to_records(&self) -> Vec<Relation> {
        let mut relations = Vec::new();
        let fields = self.model.data_type(&self.resource.inventory).map(|ty| self.model.fields(ty));
        for field in fields.into_iter().flatten() {
            let Type::List(item) = &field.ty else { continue };
            let Type::Named(name) = &**item else { continue };
            let Some(record) = self.model.data_type(name) else { continue };
            let is_resource = self.catalog.resources().any(|other| other.inventory == *name);
            if is_resource || matches!(record.shape, TypeShape::Enum { .. }) {
                continue;
            }
            let items = self.items(&field.name);
            let table = items.table.trim_end_matches(" AS items");
            let to = describe(self.model, name, (name, &self.resource.label), table, of_item);
            let join = Join { table: to.table, ..items };
            let mut of_record = Vec::new();
            for reference in self.model.fields(record) {
                let target = reference.refers.as_deref().and_then(|target| self.registry.get(target));
                let name = reference.name.strip_suffix("Uuid").filter(|name| !name.is_empty());
                let (Some(target), Some(name)) = (target, name) else { continue };
                let column = of_item(&reference.name);
                let to_target = Join { column, table: target.table, other_column: "uuid" };
                of_record.push(Relation { name: text(name), joins: vec![to_target], to: target });
                if !std::ptr::eq(target, self.description) {
                    let joins = vec![join, to_target];
                    relations.push(Relation { name: text(name), joins, to: target });
                }
            }
            // Nothing has set them.
            let _ = to.relations.set(of_record);
            relations.push(Relation { name: text(&field.name), joins: vec![join], to });
        }
        relations
    }
}

/// The type of a field; `None` for lists and objects, which conditions cannot compare.
fn kind(model: &Model, name: &str, ty: &Type) -> Option<FieldKind> {
    Some(match ty {
        Type::Uuid => FieldKind::Uuid,
        Type::String if name == "uuid" || name.ends_with("Uuid") => FieldKind::Uuid,
        Type::String => FieldKind::Text,
        Type::Boolean => FieldKind::Flag,
        Type::Integer | Type::Long => FieldKind::Number,
        Type::Double => FieldKind::Decimal,
        Type::Timestamp => FieldKind::Time,
        Type::Named(name) => match model.data_type(name)?.shape {
            TypeShape::Enum { .. } => FieldKind::Text,
            TypeShape::Record { .. } => return None,
        },
        Type::Any | Type::List(_) | Type::Map(_) => return None,
    })
}
