//! What has to hold of every document.

use std::collections::HashSet;

use boon::{Compiler, Schemas};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// What a JSON pointer has in a fragment, and a fragment need not escape.
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

    /// Panics where something does not hold; says how many examples and
    /// defaults there are.
    pub(crate) fn check(&self, what: &str) -> usize {
        self.is_openapi(what);
        self.references_resolve(what);
        self.ids_are_unique(what);
        self.variables_are_parameters(what);
        self.values_fit(what)
    }

    /// OpenAPI's own schema.
    fn is_openapi(&self, what: &str) {
        let mut compiler = Compiler::new();
        compiler.add_resource("meta.json", serde_json::from_str(META).unwrap()).unwrap();
        let mut schemas = Schemas::new();
        let schema = compiler.compile("meta.json", &mut schemas).unwrap();
        if let Err(error) = schemas.validate(&self.json, schema) {
            panic!("{what}: {error:#}");
        }
    }

    fn references_resolve(&self, what: &str) {
        self.visit(&mut |pointer, value| {
            if let Some(to) = value.get("$ref").and_then(Value::as_str) {
                let found = to.strip_prefix('#').and_then(|it| self.json.pointer(it));
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

    fn ids_are_unique(&self, what: &str) {
        let mut seen = HashSet::new();
        for (path, operation) in self.operations() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{what}: {id}");
            assert!(seen.insert(id), "{what}: {path}: another operation is called {id}");
        }
    }

    /// Each path has the parameters that it names, and no two paths differ in
    /// those names alone.
    fn variables_are_parameters(&self, what: &str) {
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
            assert!(shapes.insert(shape), "{what}: {path} is there twice");
        }
    }

    /// Every schema is one, every example fits the schema beside it, and every
    /// default the schema that it is part of.
    fn values_fit(&self, what: &str) -> usize {
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
        let mut compiled = |pointer: &str| {
            let fragment = utf8_percent_encode(pointer, ESCAPED);
            let schema = compiler.compile(&format!("document.json#{fragment}"), &mut schemas);
            schema.unwrap_or_else(|error| panic!("{what}: {pointer}: {error:#}"))
        };
        let components = self.json["components"].get("schemas").and_then(Value::as_object);
        for name in components.into_iter().flatten().map(|component| component.0) {
            compiled(&format!("/components/schemas/{name}"));
        }
        let with_schemas: Vec<_> = values.iter().map(|(schema, ..)| compiled(schema)).collect();
        for ((_, name, value), schema) in values.iter().zip(with_schemas) {
            if let Err(error) = schemas.validate(value, schema) {
                panic!("{what}: {name}: {error:#}");
            }
        }
        values.len()
    }

    /// Calls `see` with every object and its pointer; what is in examples and
    /// lists of facts is no part of the document.
    fn visit<'a>(&'a self, see: &mut dyn FnMut(&str, &'a Value)) {
        visit(&self.json, "", see);
    }
}

fn visit<'a>(value: &'a Value, pointer: &str, see: &mut dyn FnMut(&str, &'a Value)) {
    match value {
        Value::Object(members) => {
            // Names that the spec gave are no keywords.
            let is_named = ["/properties", "/schemas", "/examples", "/parameters"]
                .iter()
                .any(|it| pointer.ends_with(it));
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
            for (nth, item) in items.iter().enumerate() {
                visit(item, &format!("{pointer}/{nth}"), see);
            }
        }
        _ => {}
    }
}
