//! The specification as a whole.

use super::{Category, DataType, Field, Operation, Service, Type, TypeShape};

/// A valid specification.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The service, from `api.yaml`.
    pub service: Service,
    /// The categories in the order of `api.yaml`. Each has an operation.
    pub categories: Vec<Category>,
    /// The operations, sorted by category, then by name.
    pub operations: Vec<Operation>,
    /// The data types, sorted by name.
    pub types: Vec<DataType>,
}

impl Model {
    /// Finds an operation by name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.name == name)
    }

    /// Finds a data type by name.
    pub fn data_type(&self, name: &str) -> Option<&DataType> {
        self.types.binary_search_by(|ty| ty.name.as_str().cmp(name)).ok().map(|index| &self.types[index])
    }

    /// Finds the record that describes a resource.
    pub fn record_of(&self, resource: &str) -> Option<&DataType> {
        self.types.iter().find(|ty| ty.resource.as_deref() == Some(resource))
    }

    /// The records that a record extends, the nearest first.
    pub fn bases<'a>(&'a self, ty: &'a DataType) -> impl Iterator<Item = &'a DataType> {
        std::iter::successors(Some(ty), |ty| self.data_type(ty.extends.as_deref()?)).skip(1)
    }

    /// The fields of a record: inherited ones, those of the farthest base first, then its own. An enum
    /// has none.
    pub fn fields<'a>(&'a self, ty: &'a DataType) -> Vec<&'a Field> {
        let mut line: Vec<_> = std::iter::once(ty).chain(self.bases(ty)).collect();
        line.reverse();
        line.into_iter().flat_map(DataType::own_fields).collect()
    }

    /// Returns whether the values of a type are texts, numbers or booleans.
    pub fn is_scalar(&self, ty: &Type) -> bool {
        match ty {
            Type::String
            | Type::Uuid
            | Type::Boolean
            | Type::Integer
            | Type::Long
            | Type::Double
            | Type::Timestamp => true,
            Type::Named(name) => {
                self.data_type(name).is_some_and(|ty| matches!(ty.shape, TypeShape::Enum { .. }))
            }
            Type::Any | Type::List(_) | Type::Map(_) => false,
        }
    }

    /// The operations of a category.
    pub fn operations_of<'a>(&'a self, category: &'a str) -> impl Iterator<Item = &'a Operation> {
        self.operations.iter().filter(move |operation| operation.category == category)
    }
}
