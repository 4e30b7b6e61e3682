//! Finds the places for texts in a spec by its schemas.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use zstack_model::schema::schemas;

/// A place for a text.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The file.
    file: String,
    /// The path, as keys and indices.
    path: Vec<String>,
    /// The part that is replaced.
    pub(crate) spot: Spot,
    /// The key of the language, such as `Field.description`.
    pub(crate) key: String,
}

/// The part that a text replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Spot {
    /// The value.
    Value,
    /// A key of a mapping with arbitrary keys.
    Key,
}

impl Place {
    /// Puts a text into the place.
    pub(crate) fn put(&self, files: &mut BTreeMap<String, Value>, text: &str) {
        let (last, before) = self.path.split_last().unwrap();
        let mut target = files.get_mut(&self.file).unwrap();
        for step in before {
            target = match target {
                Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
                Value::Object(members) => &mut members[step],
                other => panic!("{step} in {other}"),
            };
        }
        match (target, self.spot) {
            (Value::Array(items), _) => items[last.parse::<usize>().unwrap()] = text.into(),
            (Value::Object(members), Spot::Value) => drop(members.insert(last.clone(), text.into())),
            (Value::Object(members), Spot::Key) => {
                let value = members.remove(last).unwrap();
                members.insert(text.to_owned(), value);
            }
            (other, _) => panic!("{last} in {other}"),
        }
    }

    /// Returns whether the text becomes an identifier, or decides what is generated.
    pub(crate) fn names_something(&self) -> bool {
        let of_values = ["name", "rustName", "body", "pattern"].contains(&self.last());
        self.spot == Spot::Key || of_values
    }

    fn last(&self) -> &str {
        self.path.last().unwrap()
    }

    pub(crate) fn shown(&self) -> String {
        format!("{}: {} ({:?})", self.file, self.path.join("/"), self.spot)
    }
}

/// All places of a spec, and all keys of the language.
pub(crate) fn places(files: &BTreeMap<String, Value>) -> (Vec<Place>, BTreeSet<String>) {
    let schemas: BTreeMap<_, Value> =
        schemas().into_iter().map(|(name, text)| (name, serde_json::from_str(&text).unwrap())).collect();
    let mut known = BTreeSet::new();
    for (file, schema) in &schemas {
        let root = root_name(file);
        let mut add = |name: &str, of: &Value| {
            let keys = of["properties"].as_object().into_iter().flatten();
            known.extend(keys.map(|(key, _)| format!("{name}.{key}")));
        };
        add(root, schema);
        schema["definitions"].as_object().unwrap().iter().for_each(|(name, it)| add(name, it));
    }
    let mut places = Vec::new();
    for (file, value) in files {
        let kind = match file.split('/').next().unwrap() {
            "api.yaml" => "api.schema.json",
            "waivers.yaml" => "waivers.schema.json",
            "operations" => "operation.schema.json",
            _ => "type.schema.json",
        };
        let mut walk = Walk { file, root: &schemas[kind], places: &mut places };
        walk.value(Some(value), &schemas[kind], &mut Vec::new(), root_name(kind), root_name(kind));
    }
    (places, known)
}

fn root_name(file: &str) -> &'static str {
    match file {
        "api.schema.json" => "Api",
        "waivers.schema.json" => "Waivers",
        "operation.schema.json" => "Operation",
        _ => "DataType",
    }
}

struct Walk<'a> {
    file: &'a str,
    root: &'a Value,
    places: &'a mut Vec<Place>,
}

impl<'a> Walk<'a> {
    /// Visits a value, present or possible. `owner` is the definition with the key `key`.
    fn value(
        &mut self,
        value: Option<&Value>,
        schema: &'a Value,
        path: &mut Vec<String>,
        owner: &str,
        key: &str,
    ) {
        let (name, schema) = self.resolve(schema);
        let branch = ["anyOf", "oneOf"].into_iter().find_map(|key| schema[key].as_array());
        match (value, branch) {
            (Some(Value::Object(members)), Some(branches)) => {
                let attribute = members.get("attribute");
                let fits = |it: &&Value| {
                    let it = self.resolve(it).1;
                    it["properties"].is_object()
                        && attribute
                            .is_none_or(|attribute| it["properties"]["attribute"]["const"] == *attribute)
                };
                if let Some(branch) = branches.iter().find(fits) {
                    let name = name.unwrap_or(owner).to_owned();
                    self.value(value, branch, path, &name, key);
                }
            }
            (Some(Value::Array(_)), Some(branches)) => {
                let list = branches.iter().find(|branch| self.resolve(branch).1["items"].is_object());
                if let Some(branch) = list {
                    self.value(value, branch, path, owner, key);
                }
                // A single text instead of a list.
                self.add(path, Spot::Value, key);
            }
            (Some(Value::Object(members)), None) => {
                let owner = name.unwrap_or(owner).to_owned();
                let known = schema["properties"].as_object();
                for (key, inner) in known.into_iter().flatten() {
                    path.push(key.clone());
                    let named = format!("{owner}.{key}");
                    self.value(members.get(key), inner, path, &owner, &named);
                    path.pop();
                }
                for (member, value) in
                    members.iter().filter(|(it, _)| known.is_none_or(|known| !known.contains_key(*it)))
                {
                    path.push(member.clone());
                    self.add(path, Spot::Key, key);
                    let inner = Some(&schema["additionalProperties"]).filter(|schema| schema.is_object());
                    self.value(Some(value), inner.unwrap_or(&Value::Null), path, &owner, key);
                    path.pop();
                }
                if !path.is_empty() {
                    self.add(path, Spot::Value, key);
                }
            }
            (Some(Value::Array(items)), None) => {
                let inner =
                    Some(&schema["items"]).filter(|schema| schema.is_object()).unwrap_or(&Value::Null);
                for (nth, item) in items.iter().enumerate() {
                    path.push(nth.to_string());
                    self.value(Some(item), inner, path, owner, key);
                    path.pop();
                }
                self.add(path, Spot::Value, key);
            }
            // A scalar or nothing, which a text may replace.
            _ => self.add(path, Spot::Value, key),
        }
    }

    fn add(&mut self, path: &[String], spot: Spot, key: &str) {
        self.places.push(Place {
            file: self.file.to_owned(),
            path: path.to_vec(),
            spot,
            key: key.to_owned(),
        });
    }

    /// Follows a reference; returns the name of the definition and the schema.
    fn resolve(&self, schema: &'a Value) -> (Option<&'a str>, &'a Value) {
        let only = schema["allOf"].as_array().and_then(|schema| schema.first()).unwrap_or(schema);
        let reference = only["$ref"].as_str().or_else(|| {
            // The schema of an optional value.
            schema["anyOf"]
                .as_array()
                .filter(|schema| schema.len() == 2)?
                .iter()
                .find_map(|schema| schema["$ref"].as_str())
        });
        match reference.and_then(|reference| reference.strip_prefix('#')) {
            Some(pointer) => (pointer.rsplit('/').next(), self.root.pointer(pointer).unwrap()),
            None => (None, schema),
        }
    }
}
