//! Data types whose values are on the wire.

use std::collections::BTreeSet;

use super::{Field, Model};

impl Model {
    /// The data types of which parameters and fields hold values, and the records that may stand in place
    /// of those since they extend them.
    ///
    /// Of a record that is only extended the wire has no value: its fields are those of its extensions.
    #[must_use]
    pub fn held_types(&self) -> BTreeSet<&str> {
        let mut held: BTreeSet<&str> = self.all_fields().filter_map(|field| field.ty.named()).collect();
        let extensions = self.types.iter().filter(|it| it.extends.is_some());
        let stands = |it: &&super::DataType| self.bases(it).any(|base| held.contains(&*base.name));
        let extensions: Vec<_> = extensions.filter(stands).map(|extension| &*extension.name).collect();
        held.extend(extensions);
        held
    }

    /// Whether a record is extended, and nothing holds a value of it. `held` are the types that are
    /// [on the wire](Self::held_types).
    pub fn is_only_extended(&self, name: &str, held: &BTreeSet<&str>) -> bool {
        !held.contains(name) && self.types.iter().any(|it| it.extends.as_deref() == Some(name))
    }

    /// Parameters, fields of responses, of the envelope and of data types.
    fn all_fields(&self) -> impl Iterator<Item = &Field> {
        let operations = self.operations.iter();
        let operations = operations.flat_map(|operation| {
            operation.parameters.iter().map(|parameter| &parameter.field).chain(&operation.response)
        });
        let types = self.types.iter().flat_map(|it| it.own_fields());
        operations.chain(types).chain(&self.service.envelope)
    }
}
