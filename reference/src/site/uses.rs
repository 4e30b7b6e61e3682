//! Who uses which data type.

use std::collections::{BTreeMap, BTreeSet};

use zstack_model::{DataType, Model};

/// What names a data type itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Users<'a> {
    /// Operations, by a parameter or a field of the answer.
    pub(crate) operations: BTreeSet<&'a str>,
    /// Fields of data types: the type, and the field.
    pub(crate) fields: Vec<(&'a str, &'a str)>,
    /// Fields of every answer.
    pub(crate) envelope: Vec<&'a str>,
    /// Records that have its fields besides their own.
    pub(crate) extensions: Vec<&'a str>,
}

/// The users of all data types.
#[derive(Debug)]
pub(crate) struct Uses<'a> {
    users: BTreeMap<&'a str, Users<'a>>,
    /// What an extension stands in for.
    bases: BTreeMap<&'a str, &'a str>,
    empty: Users<'a>,
}

impl<'a> Uses<'a> {
    pub(crate) fn new(model: &'a Model) -> Self {
        let mut users: BTreeMap<&str, Users<'_>> = BTreeMap::new();
        for operation in &model.operations {
            let fields =
                operation.parameters.iter().map(|parameter| &parameter.field).chain(&operation.response);
            for ty in fields.filter_map(|field| field.ty.named()) {
                users.entry(ty).or_default().operations.insert(&operation.name);
            }
        }
        for owner in &model.types {
            for field in owner.own_fields() {
                if let Some(ty) = field.ty.named() {
                    users.entry(ty).or_default().fields.push((&owner.name, &field.name));
                }
            }
            if let Some(base) = &owner.extends {
                users.entry(base).or_default().extensions.push(&owner.name);
            }
        }
        for field in &model.service.envelope {
            if let Some(ty) = field.ty.named() {
                users.entry(ty).or_default().envelope.push(&field.name);
            }
        }
        let base = |it: &'a DataType| Some((it.name.as_str(), it.extends.as_deref()?));
        Self { users, bases: model.types.iter().filter_map(base).collect(), empty: Users::default() }
    }

    /// What names a data type itself.
    pub(crate) fn of(&self, ty: &str) -> &Users<'a> {
        self.users.get(ty).unwrap_or(&self.empty)
    }

    /// The operations that lead to a data type by way of others: by a field
    /// of a record, or because it stands where what it extends is expected.
    pub(crate) fn by_way_of_others(&self, ty: &'a str) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::from([ty]);
        let mut open = vec![ty];
        let mut operations = BTreeSet::new();
        while let Some(next) = open.pop() {
            let users = self.of(next);
            if next != ty {
                operations.extend(&users.operations);
            }
            let holders = users.fields.iter().map(|(owner, _)| *owner);
            // Who has a record's fields leads to what these hold.
            let heirs = holders.clone().flat_map(|holder| self.of(holder).extensions.iter().copied());
            let base = self.bases.get(next).copied();
            open.extend(
                holders.chain(heirs).chain(base).filter(|holder| seen.insert(holder)).collect::<Vec<_>>(),
            );
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
    fn who_uses_what() {
        let model = load(Utf8Path::new("../spec")).unwrap();
        let uses = Uses::new(&model);
        let nic = uses.of("VmNicInventory");
        assert!(nic.operations.is_empty());
        assert_eq!(nic.fields, [("VmInstanceInventory", "vmNics")]);
        let indirect = uses.by_way_of_others("VmNicInventory");
        assert!(indirect.contains("AttachIsoToVmInstance"));
        assert!(!indirect.contains("LogOut"));
        // By way of the NIC, which is by way of the VM.
        assert!(uses.by_way_of_others("UsedIpInventory").contains("ReimageVmInstance"));
        // Directly, so not by way of others.
        assert!(uses.of("VmInstanceInventory").operations.contains("ReimageVmInstance"));
        assert!(!uses.by_way_of_others("VmInstanceInventory").contains("ReimageVmInstance"));
        assert_eq!(uses.of("ErrorCode").envelope, ["error"]);
        assert!(uses.of("ErrorCode").fields.contains(&("ErrorCode", "cause")));
    }
}
