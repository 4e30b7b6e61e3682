//! Checks that every document passes.

use std::collections::HashSet;

use boon::{Compiler, Schemas};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// The characters of a JSON pointer that a URL fragment escapes.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'~');

const META: &str = include_str!("../../openapi/openapi-3.1.schema.json");
const METHODS: [&str; 4] = ["get", "put", "post", "delete"];

pub(crate) struct Document {
    json: Value,
}

impl Document {
    pub(crate) fn new(json: Value) -> Self {
        Self { json }
    }

    /// Panics if a check fails; returns the number of examples and defaults.
    pub(crate) fn check(&self, what: &str) -> usize {
        self.check_schema(what);
        self.check_references(what);
        self.check_ids(what);
        self.check_variables(what);
        self.check_values(what)
    }

    /// The document matches the schema of OpenAPI.
    fn check_schema(&self, what: &str) {
        let mut compiler = Compiler::new();
        compiler.add_resource("meta.json", serde_json::from_str(META).unwrap()).unwrap();
        let mut schemas = Schemas::new();
        let schema = compiler.compile("meta.json", &mut schemas).unwrap();
        if let Err(error) = schemas.validate(&self.json, schema) {
            panic!("{what}: {error:#}");
        }
    }

    fn check_references(&self, what: &str) {
        self.visit(&mut |pointer, value| {
            if let Some(to) = value.get("$ref").and_then(Value::as_str) {
                let found = to.strip_prefix('#').and_then(|pointer| self.json.pointer(pointer));
                assert!(found.is_some(), "{what}: {pointer} refers to {to}");
            }
        });
    }

    fn operations(&self) -> impl Iterator<Item = (&String, &Value)> {
        let paths = self.json["paths"].as_object().unwrap().iter();
        let hooks = self.json.get("webhooks").and_then(Value::as_object).into_iter().flatten();
        paths
            .chain(hooks)
            .flat_map(|(path, item)| METHODS.iter().filter_map(move |method| Some((path, item.get(method)?))))
    }

    fn check_ids(&self, what: &str) {
        let mut seen = HashSet::new();
        for (path, operation) in self.operations() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{what}: {id}");
            assert!(seen.insert(id), "{what}: {path}: another operation is called {id}");
        }
    }

    /// Each path has parameters for its variables, and no two paths differ only in the
    /// names of variables.
    fn check_variables(&self, what: &str) {
        let variables = |path: &str| -> HashSet<String> {
            path.split('/')
                .filter_map(|part| Some(part.strip_prefix('{')?.strip_suffix('}')?.to_owned()))
                .collect()
        };
        for (path, operation) in self.operations().filter(|(path, _)| path.starts_with('/')) {
            let parameters = operation["parameters"].as_array().unwrap().iter();
            let in_path = parameters
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| parameter["name"].as_str().unwrap().to_owned());
            assert_eq!(in_path.collect::<HashSet<_>>(), variables(path), "{what}: {path}");
        }
        let mut shapes = HashSet::new();
        for path in self.json["paths"].as_object().unwrap().keys() {
            let shape: Vec<_> =
                path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect();
            assert!(shapes.insert(shape), "{what}: {path} is duplicated");
        }
    }

    /// Every schema compiles, and examples and defaults match their schemas.
    fn check_values(&self, what: &str) -> usize {
        let mut values = Vec::new();
        self.visit(&mut |pointer, value| {
            let examples = value.get("examples").and_then(Value::as_object);
            for (name, example) in examples.into_iter().flatten() {
                values.push((
                    format!("{pointer}/schema"),
                    format!("{pointer}, example {name}"),
                    &example["value"],
                ));
            }
            if let Some(default) = value.get("default").filter(|_| !pointer.starts_with("/servers")) {
                values.push((pointer.to_owned(), format!("{pointer}, default"), default));
            }
        });
        let mut compiler = Compiler::new();
        compiler.add_resource("document.json", self.json.clone()).unwrap();
        let mut schemas = Schemas::new();
        let mut compile = |pointer: &str| {
            let fragment = utf8_percent_encode(pointer, ESCAPED);
            let schema = compiler.compile(&format!("document.json#{fragment}"), &mut schemas);
            schema.unwrap_or_else(|error| panic!("{what}: {pointer}: {error:#}"))
        };
        let components = self.json["components"].get("schemas").and_then(Value::as_object);
        for name in components.into_iter().flatten().map(|component| component.0) {
            compile(&format!("/components/schemas/{name}"));
        }
        let with_schemas: Vec<_> = values.iter().map(|(schema, ..)| compile(schema)).collect();
        for ((_, name, value), schema) in values.iter().zip(with_schemas) {
            if let Err(error) = schemas.validate(value, schema) {
                panic!("{what}: {name}: {error:#}");
            }
        }
        values.len()
    }

    /// Calls `see` with every object and its pointer, without values such as examples.
    fn visit<'a>(&'a self, see: &mut dyn FnMut(&str, &'a Value)) {
        visit(&self.json, "", see);
    }
}

fn visit<'a>(value: &'a Value, pointer: &str, see: &mut dyn FnMut(&str, &'a Value)) {
    match value {
        Value::Object(members) => {
            // Names of the spec are not keywords.
            let is_named = ["/properties", "/schemas", "/examples", "/parameters"]
                .iter()
                .any(|suffix| pointer.ends_with(suffix));
            if !is_named {
                see(pointer, value);
            }
            for (name, member) in members {
                let is_value = !is_named
                    && matches!(name.as_str(), "examples" | "default" | "x-default" | "enum" | "x-losses");
                if !is_value {
                    visit(member, &format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), see);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, &format!("{pointer}/{index}"), see);
            }
        }
        _ => {}
    }
}
