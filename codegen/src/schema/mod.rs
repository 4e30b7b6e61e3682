//! The shape of spec files as JSON Schema, derived from the structs that read
//! them: for editors, and for telling all that is wrong with a file's shape.

mod expect;
mod walk;

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::emit::MARKER;
use crate::source::{Api, DataType, Operation, Waivers};

pub(crate) use walk::{Misshapen, walk};

/// The kinds of spec files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Api,
    Type,
    Operation,
    Waivers,
}

/// The JSON Schemas for editors: file names and contents.
pub fn schemas() -> Vec<(&'static str, String)> {
    let file = |name, kind: Kind| {
        let mut schema = kind.schema().clone();
        schema["$comment"] = format!("{MARKER} from the structs in codegen/src/source.").into();
        (name, format!("{schema:#}\n"))
    };
    vec![
        file("api.schema.json", Kind::Api),
        file("operation.schema.json", Kind::Operation),
        file("type.schema.json", Kind::Type),
        file("waivers.schema.json", Kind::Waivers),
    ]
}

impl Kind {
    /// The schema of this kind of file.
    pub(crate) fn schema(self) -> &'static Value {
        static API: LazyLock<Value> = LazyLock::new(|| derive::<Api>().to_value());
        static TYPE: LazyLock<Value> = LazyLock::new(|| derive::<DataType>().to_value());
        static OPERATION: LazyLock<Value> = LazyLock::new(|| derive::<Operation>().to_value());
        static WAIVERS: LazyLock<Value> = LazyLock::new(|| derive::<Waivers>().to_value());
        match self {
            Self::Api => &API,
            Self::Type => &TYPE,
            Self::Operation => &OPERATION,
            Self::Waivers => &WAIVERS,
        }
    }
}

fn derive<T: JsonSchema>() -> Schema {
    // The draft that the YAML language servers know best.
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_refuses_unknown_keys() {
        for (name, text) in schemas() {
            let schema: Value = serde_json::from_str(&text).unwrap();
            let definitions = schema["definitions"].as_object().unwrap();
            for (nested, it) in definitions.iter().chain([(&name.to_owned(), &schema)]) {
                if it["type"] == "object" {
                    assert_eq!(it["additionalProperties"], false, "{name}: {nested}");
                }
            }
        }
    }

    /// A keyword that [`walk`] does not know would hold in editors only.
    #[test]
    fn the_walk_knows_every_keyword() {
        const OBEYED: &[&str] = &[
            "$ref",
            "additionalProperties",
            "allOf",
            "anyOf",
            "const",
            "definitions",
            "format",
            "items",
            "maxItems",
            "minItems",
            "oneOf",
            "properties",
            "required",
            "type",
        ];
        // Without a meaning of their own, or obeyed with better words elsewhere.
        const IGNORED: &[&str] =
            &["$schema", "default", "description", "examples", "maximum", "minimum", "pattern", "title"];

        fn look(schema: &Value) {
            let Some(keywords) = schema.as_object() else { return };
            for (keyword, value) in keywords {
                let keyword = keyword.as_str();
                assert!(OBEYED.contains(&keyword) || IGNORED.contains(&keyword), "{keyword}");
                match (keyword, value) {
                    ("definitions" | "properties", Value::Object(nested)) => {
                        nested.values().for_each(look);
                    }
                    ("allOf" | "anyOf" | "oneOf", Value::Array(nested)) => {
                        nested.iter().for_each(look);
                    }
                    ("additionalProperties" | "items", nested) => look(nested),
                    _ => {}
                }
            }
        }
        for kind in [Kind::Api, Kind::Type, Kind::Operation, Kind::Waivers] {
            look(kind.schema());
        }
    }
}
