//! The types that describe resources for queries: the columns of fields, and the
//! relations between resources.

use std::sync::OnceLock;

/// A resource that can be queried, or to which conditions lead. The table of one
/// that can be queried has the columns `uuid` and `createDate`.
#[derive(Debug)]
pub struct Resource {
    /// The name in messages, such as `VM instance`.
    pub name: &'static str,
    /// The table, with its alias.
    pub table: &'static str,
    /// The alias of the table.
    pub alias: &'static str,
    /// The fields that can be compared.
    pub fields: &'static [Field],
    /// The relations to other resources, such as `vmNics`; they are set when all resources are described.
    pub relations: OnceLock<Vec<Relation>>,
    /// The rules by which an account sees a row; one of them is enough. Without
    /// rules, all accounts see all rows. They are set with the relations.
    pub visibility: OnceLock<Vec<Visibility>>,
}

/// A field of a resource.
#[derive(Debug)]
pub struct Field {
    /// The name in the API, such as `hostUuid`.
    pub name: &'static str,
    /// The type of the value.
    pub kind: FieldKind,
    /// The SQL expression of the value, mostly a column.
    pub sql: &'static str,
    /// A join to the table that has the value, unless it is that of the resource.
    pub join: Option<Join>,
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A UUID, stored in lower case.
    Uuid,
    /// Any text.
    Text,
    /// An integer.
    Number,
    /// A number that may have decimals.
    Decimal,
    /// A boolean.
    Flag,
    /// A date and time, stored in milliseconds since the Unix epoch.
    Time,
}

/// A join of a table with another table.
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// The column of the first table.
    pub column: &'static str,
    /// The other table.
    pub table: &'static str,
    /// The column of the other table that has the same value.
    pub other_column: &'static str,
}

/// A relation of a resource to another one.
#[derive(Clone, Debug)]
pub struct Relation {
    /// The name in the API, such as `vmNics`.
    pub name: &'static str,
    /// The joins, from table to table.
    pub joins: Vec<Join>,
    /// The other resource.
    pub to: &'static Resource,
}

/// A rule by which normal accounts see a row.
#[derive(Debug)]
pub enum Visibility {
    /// The account in this column sees the row.
    Owner(&'static str),
    /// All accounts see the row, if the column `_shared` is true.
    Shared,
    /// The accounts with which the row is shared see it; a share may be with all.
    SharedWith,
    /// Accounts see the row together with another one.
    With {
        /// The column with the UUID of the other row.
        column: &'static str,
        /// The resource of the other row.
        resource: &'static Resource,
    },
}

impl Resource {
    /// The field with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The relation with this name.
    #[must_use]
    pub fn relation(&self, name: &str) -> Option<&Relation> {
        self.relations().iter().find(|relation| relation.name == name)
    }

    /// The relations.
    #[must_use]
    pub fn relations(&self) -> &[Relation] {
        self.relations.get().map_or(&[], Vec::as_slice)
    }

    /// The rules by which an account sees a row.
    #[must_use]
    pub fn visibility(&self) -> &[Visibility] {
        self.visibility.get().map_or(&[], Vec::as_slice)
    }
}
