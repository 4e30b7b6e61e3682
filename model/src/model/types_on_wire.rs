//! Data types with values on the wire.

use std::collections::BTreeSet;

use super::{Field, Model};

impl Model {
    /// The data types of parameters and fields, and the extensions of these types, whose values may
    /// occur instead.
    ///
    /// A record that is only extended has no values on the wire; its fields occur in its extensions.
    #[must_use]
    pub fn types_on_wire(&self) -> BTreeSet<&str> {
        let mut on_wire: BTreeSet<&str> =
            self.all_fields().filter_map(|field| field.ty.data_type_name()).collect();
        let extensions = self.types.iter().filter(|ty| ty.extends.is_some());
        let may_replace_base =
            |ty: &&super::DataType| self.bases(ty).any(|base| on_wire.contains(&*base.name));
        let extensions: Vec<_> =
            extensions.filter(may_replace_base).map(|extension| &*extension.name).collect();
        on_wire.extend(extensions);
        on_wire
    }

    /// Returns whether a record is extended but has no values of its own. `on_wire` are the
    /// [types on the wire](Self::types_on_wire).
    pub fn is_only_extended(&self, name: &str, on_wire: &BTreeSet<&str>) -> bool {
        !on_wire.contains(name) && self.types.iter().any(|ty| ty.extends.as_deref() == Some(name))
    }

    /// All parameters and the fields of responses, data types and the envelope.
    fn all_fields(&self) -> impl Iterator<Item = &Field> {
        let operations = self.operations.iter();
        let operations = operations.flat_map(|operation| {
            operation.parameters.iter().map(|parameter| &parameter.field).chain(&operation.response)
        });
        let types = self.types.iter().flat_map(|ty| ty.own_fields());
        operations.chain(types).chain(&self.service.envelope)
    }
}
