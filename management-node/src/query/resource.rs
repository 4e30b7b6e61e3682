//! What can be queried, as data: which column a field is kept in, and how to
//! get from one resource to another.

/// A resource that can be queried, or that conditions lead to. The table of
/// one that can be queried has the columns `uuid` and `create_date`.
#[derive(Debug)]
pub struct Resource {
    /// What messages call it: `VM instance`.
    pub name: &'static str,
    /// The table it is kept in.
    pub table: &'static str,
    /// What can be compared.
    pub fields: &'static [Field],
    /// Where conditions can go on: `vmNics`, `zone`.
    pub relations: &'static [Relation],
    /// Who sees a row: whom one of these lets. Everybody, if there is none.
    pub visible: &'static [Visible],
}

/// A field of a resource.
#[derive(Debug)]
pub struct Field {
    /// As the API has it: `hostUuid`.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Its value in SQL: a column, or what stands for one.
    pub sql: &'static str,
    /// The row of another table that has that value; there may be none.
    pub row: Option<Join>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A UUID: kept in lower case.
    Uuid,
    /// Any text.
    Text,
    /// A whole number.
    Number,
    /// True or false.
    Flag,
    /// A date and time, kept in milliseconds since the Unix epoch.
    Time,
}

/// From a row to those of another table.
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// A column of this table …
    pub ours: &'static str,
    /// … has the same value, in that table …
    pub table: &'static str,
    /// … as this column.
    pub theirs: &'static str,
}

/// Other resources that a resource has to do with.
#[derive(Debug)]
pub struct Relation {
    /// As the API has it: `vmNics`.
    pub name: &'static str,
    /// The way there, table by table.
    pub joins: &'static [Join],
    /// What is there.
    pub to: &'static Resource,
}

/// Whom a row is visible to, who is no administrator.
#[derive(Debug)]
pub enum Visible {
    /// The account that owns it: `account_uuid`.
    ToOwner,
    /// Everybody, if it is shared: `shared`.
    IfShared,
    /// Who sees what the column `ours` refers to by UUID.
    With {
        /// The column.
        ours: &'static str,
        /// What it refers to.
        resource: &'static Resource,
    },
}

impl Resource {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The relation of this name.
    #[must_use]
    pub fn relation(&self, name: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.name == name)
    }
}

impl Field {
    const fn new(name: &'static str, kind: Kind, sql: &'static str) -> Self {
        Self { name, kind, sql, row: None }
    }

    pub(super) const fn uuid(name: &'static str, sql: &'static str) -> Self {
        Self::new(name, Kind::Uuid, sql)
    }

    pub(super) const fn text(name: &'static str, sql: &'static str) -> Self {
        Self::new(name, Kind::Text, sql)
    }

    pub(super) const fn number(name: &'static str, sql: &'static str) -> Self {
        Self::new(name, Kind::Number, sql)
    }

    pub(super) const fn flag(name: &'static str, sql: &'static str) -> Self {
        Self::new(name, Kind::Flag, sql)
    }

    pub(super) const fn time(name: &'static str, sql: &'static str) -> Self {
        Self::new(name, Kind::Time, sql)
    }

    /// The same, in the row of another table.
    pub(super) const fn in_row(mut self, row: Join) -> Self {
        self.row = Some(row);
        self
    }
}

impl Join {
    pub(super) const fn new(ours: &'static str, table: &'static str, theirs: &'static str) -> Self {
        Self { ours, table, theirs }
    }
}

impl Relation {
    pub(super) const fn new(name: &'static str, joins: &'static [Join], to: &'static Resource) -> Self {
        Self { name, joins, to }
    }
}
