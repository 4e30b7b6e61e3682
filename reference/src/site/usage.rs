//! The operations and fields that use each data type.

use std::collections::{BTreeMap, BTreeSet};

use zstack_model::{DataType, Model};

/// The direct uses of a data type.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypeUsers<'a> {
    /// Operations with a parameter or a response field of the type.
    pub(crate) operations: BTreeSet<&'a str>,
    /// Fields of data types, as pairs of data type and field.
    pub(crate) fields: Vec<(&'a str, &'a str)>,
    /// Fields of every response.
    pub(crate) envelope: Vec<&'a str>,
    /// Records that extend the type.
    pub(crate) extensions: Vec<&'a str>,
}

/// The uses of all data types.
#[derive(Debug)]
pub(crate) struct UsageIndex<'a> {
    users: BTreeMap<&'a str, TypeUsers<'a>>,
    /// The bases of records that extend others.
    bases: BTreeMap<&'a str, &'a str>,
    empty: TypeUsers<'a>,
}

impl<'a> UsageIndex<'a> {
    pub(crate) fn new(model: &'a Model) -> Self {
        let mut users: BTreeMap<&str, TypeUsers<'_>> = BTreeMap::new();
        for operation in &model.operations {
            let fields =
                operation.parameters.iter().map(|parameter| &parameter.field).chain(&operation.response);
            for ty in fields.filter_map(|field| field.ty.data_type_name()) {
                users.entry(ty).or_default().operations.insert(&operation.name);
            }
        }
        for owner in &model.types {
            for field in owner.own_fields() {
                if let Some(ty) = field.ty.data_type_name() {
                    users.entry(ty).or_default().fields.push((&owner.name, &field.name));
                }
            }
            if let Some(base) = &owner.extends {
                users.entry(base).or_default().extensions.push(&owner.name);
            }
        }
        for field in &model.service.envelope {
            if let Some(ty) = field.ty.data_type_name() {
                users.entry(ty).or_default().envelope.push(&field.name);
            }
        }
        let base = |ty: &'a DataType| Some((ty.name.as_str(), ty.extends.as_deref()?));
        Self { users, bases: model.types.iter().filter_map(base).collect(), empty: TypeUsers::default() }
    }

    /// The direct uses of a data type.
    pub(crate) fn of(&self, ty: &str) -> &TypeUsers<'a> {
        self.users.get(ty).unwrap_or(&self.empty)
    }

    /// The operations that use a data type only through others: through a field of a
    /// record, or in place of its base.
    pub(crate) fn indirect_operations(&self, ty: &'a str) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::from([ty]);
        let mut open = vec![ty];
        let mut operations = BTreeSet::new();
        while let Some(next) = open.pop() {
            let users = self.of(next);
            if next != ty {
                operations.extend(&users.operations);
            }
            let owners = users.fields.iter().map(|(owner, _)| *owner);
            // Extensions inherit the fields of the owners.
            let extensions = owners.clone().flat_map(|owner| self.of(owner).extensions.iter().copied());
            let base = self.bases.get(next).copied();
            open.extend(owners.chain(extensions).chain(base).filter(|name| seen.insert(name)));
        }
        for direct in &self.of(ty).operations {
            operations.remove(direct);
        }
        operations
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use zstack_model::load::load;

    use super::*;

    #[test]
    fn finds_direct_and_indirect_users() {
        let model = load(Utf8Path::new("../spec")).unwrap();
        let uses = UsageIndex::new(&model);
        let nic = uses.of("VmNicInventory");
        assert!(nic.operations.contains("QueryVmNic"));
        assert!(!nic.operations.contains("AttachIsoToVmInstance"));
        assert!(nic.fields.contains(&("VmInstanceInventory", "vmNics")));
        let indirect = uses.indirect_operations("VmNicInventory");
        assert!(indirect.contains("AttachIsoToVmInstance"));
        assert!(!indirect.contains("LogOut"));
        // Through the NIC of the VM instance.
        assert!(uses.indirect_operations("UsedIpInventory").contains("ReimageVmInstance"));
        // Direct users are not indirect ones.
        assert!(uses.of("VmInstanceInventory").operations.contains("ReimageVmInstance"));
        assert!(!uses.indirect_operations("VmInstanceInventory").contains("ReimageVmInstance"));
        assert_eq!(uses.of("ErrorCode").envelope, ["error"]);
        assert!(uses.of("ErrorCode").fields.contains(&("ErrorCode", "cause")));
    }
}
