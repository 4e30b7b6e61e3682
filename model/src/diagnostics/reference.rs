//! Problems with resources and with references to them.

use super::rule::problems;
use super::{ProblemText, Rule};

problems! {
    /// A problem with the resource of a data type, or with a reference to a resource.
    pub enum ReferenceProblem {
        Unknown { resource: String, suggestion: Option<String> } =
            Error "unknown-resource": "Reference to an undeclared resource",
            "A reference leads to the record that describes the resource, and no record has this `resource`.",
            wrong "- {name: imageUuid, type: String, refers: Imgae, since: \"0.6\"}",
            right "- {name: imageUuid, type: String, refers: Image, since: \"0.6\"}";
        DataType {
            name: String,
            /// The resource of the data type, if it has one.
            resource: Option<String>
        } =
            Error "reference-to-data-type": "Reference to a data type instead of a resource",
            "A reference names a resource with the platform's word for it, which the record of the resource \
             declares as `resource`.",
            wrong "- {name: imageUuid, type: String, refers: ImageInventory, since: \"0.6\"}",
            right "- {name: imageUuid, type: String, refers: Image, since: \"0.6\"}";
        TypeMismatch { ty: String } =
            Error "reference-type-mismatch": "Reference of a type that cannot contain UUIDs",
            "Resources are identified by their UUIDs, which are texts.",
            wrong "- {name: image, type: Long, refers: Image, since: \"0.6\"}",
            right "- {name: image, type: String, refers: Image, since: \"0.6\"}";
        NotARecord { name: String } =
            Error "resource-not-a-record": "Enum with a `resource`",
            "A record describes a resource with its fields; enums have no fields.";
        Duplicate { resource: String, other: String } =
            Error "resource-duplicate": "Resource of two records",
            "A reference leads to one record, so a resource has one record.";
    }
}

impl ReferenceProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::Unknown { resource, suggestion } => {
                let text = ProblemText::new(format!("unknown resource `{resource}`"))
                    .label("no record has this `resource`");
                match suggestion {
                    Some(_) => text.did_you_mean(suggestion.as_deref()),
                    None => text.help(format!(
                        "write `resource: {resource}` in the record that describes it, or remove `refers`"
                    )),
                }
            }
            Self::DataType { name, resource: Some(resource) } => {
                ProblemText::new(format!("`{name}` is a data type, not a resource"))
                    .note(format!("`{name}` is the record of the resource `{resource}`"))
                    .help(format!("write `refers: {resource}`"))
            }
            Self::DataType { name, resource: None } => {
                ProblemText::new(format!("`{name}` is a data type, not a resource"))
                    .note(format!("`{name}` has no `resource`"))
                    .help(format!("if `{name}` is the record of a resource, write `resource` in it"))
            }
            Self::TypeMismatch { ty } => {
                ProblemText::new(format!("`refers` does not apply to the type `{ty}`"))
                    .help("`refers` applies to `String`, `Uuid`, `List<String>` and `List<Uuid>`")
            }
            Self::NotARecord { name } => {
                ProblemText::new(format!("`{name}` is an enum and cannot have a `resource`"))
                    .note("only a record can describe a resource; enums have no fields")
            }
            Self::Duplicate { resource, other } => {
                ProblemText::new(format!("`{resource}` is already the resource of `{other}`"))
                    .label("the second one")
                    .help("keep `resource` in one of the two records")
            }
        }
    }
}
