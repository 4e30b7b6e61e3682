//! Resources: the kinds of documents that the node stores.

use serde_json::{Map, Value};

/// A kind of document, such as `Zone`. Its documents have the fields of its inventory.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// The name, such as `L2VlanNetwork`.
    pub name: String,
    /// The name in messages, such as `L2 VLAN network`.
    pub label: String,
    /// The data type of the spec, such as `L2VlanNetworkInventory`.
    pub inventory: String,
    /// The resource whose fields, references, defaults and relations it inherits.
    pub base: Option<String>,
    /// All direct and indirect subtypes, sorted by name.
    pub subtypes: Vec<String>,
    /// True if documents belong to an account.
    pub is_owned: bool,
    /// The references to other documents, including inherited ones.
    pub references: Vec<Reference>,
    /// The fields that are copied from the target of a reference, including inherited ones.
    pub fills: Vec<Fill>,
    /// The values of fields in a new document that no parameter gives, including inherited ones.
    pub defaults: Map<String, Value>,
    /// Sets of fields whose values are unique among the documents of the base and all its subtypes.
    pub unique: Vec<Vec<String>>,
    /// The relations that queries can follow, including inherited ones.
    pub relations: Vec<Relation>,
}

/// The name that means all resources in references.
pub const ANY_RESOURCE: &str = "Resource";

/// A field with the UUID, or a list of UUIDs, of other documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The field.
    pub field: String,
    /// The resource of the target; documents of its subtypes are targets, too. [`ANY_RESOURCE`] means
    /// all resources.
    pub resource: String,
    /// The effect of the deletion of a target.
    pub on_delete: OnDelete,
    /// True if the field is a list.
    pub is_list: bool,
}

/// A field that is copied from the target of a reference. When an operation sets the reference but not
/// the field, the field gets the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The field that gets the value, such as `zoneUuid`.
    pub field: String,
    /// The reference, such as `clusterUuid`.
    pub reference: String,
    /// The field of the target, such as `zoneUuid` of the cluster.
    pub source: String,
}

/// The effect of the deletion of a document on a document that refers to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OnDelete {
    /// The document is deleted as well.
    Delete,
    /// The deletion is refused.
    Forbid,
    /// The field is removed, or the UUID is removed from its list.
    Clear,
    /// Nothing changes: the field records history.
    Keep,
}

/// A connection between documents that conditions of queries can follow, such as `cluster.zoneUuid=…`.
/// A document is related to those whose `foreign_field` has the value of its `field`. A field that is a
/// list has the values of all its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The name before the dot.
    pub name: String,
    /// The resource of the related documents.
    pub resource: String,
    /// The field of this resource.
    pub field: String,
    /// The field of the related resource.
    pub foreign_field: String,
    /// True if the inventory has a field of the same name with the inventories of the related documents,
    /// such as `vmNics` of a VM instance, or with the inventory of the only one.
    pub is_embedded: bool,
}

impl OnDelete {
    /// The words of resource files.
    pub(super) const WORDS: [(&'static str, Self); 4] =
        [("delete", Self::Delete), ("forbid", Self::Forbid), ("clear", Self::Clear), ("keep", Self::Keep)];
}

impl Resource {
    /// Finds the reference in a field.
    #[must_use]
    pub fn reference(&self, field: &str) -> Option<&Reference> {
        self.references.iter().find(|reference| reference.field == field)
    }

    /// Finds a relation by name.
    #[must_use]
    pub fn relation(&self, name: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.name == name)
    }
}
