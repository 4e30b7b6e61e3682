//! A spec as JSON values that a test can change and write in any style.

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use camino::Utf8Path;
use serde_json::Value;
use zstack_model::Model;
use zstack_model::diagnostics::Diagnostics;
use zstack_model::load::{Memory, load_tree};

/// The files of a spec by their paths.
#[derive(Clone, Debug)]
pub(crate) struct Spec(pub(crate) BTreeMap<String, Value>);

/// The folder of the repository. Tests of another package include this file, too.
fn repository() -> &'static Utf8Path {
    let package = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().find(|dir| dir.join("spec/api.yaml").exists()).unwrap()
}

impl Spec {
    /// The spec of these tests, which uses every key of the language.
    pub(crate) fn base() -> Self {
        static BASE: LazyLock<Spec> = LazyLock::new(|| Spec::read(&repository().join("review/tests/spec")));
        BASE.clone()
    }

    /// The spec of the repository.
    pub(crate) fn of_repository() -> Self {
        Self::read(&repository().join("spec"))
    }

    fn read(dir: &Utf8Path) -> Self {
        let mut files = BTreeMap::new();
        let mut open = vec![dir.to_owned()];
        while let Some(folder) = open.pop() {
            for entry in folder.read_dir_utf8().unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    open.push(entry.path().to_owned());
                } else if entry.path().extension() == Some("yaml") {
                    let value = serde_yaml::from_str(&fs::read_to_string(entry.path()).unwrap()).unwrap();
                    files.insert(entry.path().strip_prefix(dir).unwrap().to_string(), value);
                }
            }
        }
        Self(files)
    }

    /// Loads the model from files that `write` makes of the values.
    pub(crate) fn load_as(&self, mut write: impl FnMut(&Value) -> String) -> Result<Model, Diagnostics> {
        let files = self.0.iter().map(|(path, value)| (path.into(), write(value).into_bytes()));
        load_tree(&files.collect::<Memory>(), Utf8Path::new("spec")).map(|loaded| loaded.model)
    }

    /// Loads the model. JSON is valid YAML.
    pub(crate) fn model(&self) -> Model {
        self.load_as(Value::to_string).unwrap_or_else(|problems| panic!("{problems}"))
    }

    /// The path of a file by its name, such as `api`, `Vm` or `CreateVm`.
    fn path(&self, file: &str) -> Option<String> {
        let has_name = |path: &&String| path.rsplit('/').next() == Some(&format!("{file}.yaml"));
        self.0.keys().find(has_name).cloned()
    }

    /// Writes a value at a place such as `CreateVm/parameters/note/maxLength`; null removes it. List items are named by
    /// their names; `+` and an index insert a new item.
    pub(crate) fn set(&mut self, place: &str, value: Value) {
        self.try_set(place, value).unwrap_or_else(|| panic!("{place} does not exist"));
    }

    /// Writes a value if the place exists.
    pub(crate) fn try_set(&mut self, place: &str, value: Value) -> Option<()> {
        let (file, rest) = place.split_once('/')?;
        let path = self.path(file)?;
        let mut steps: Vec<_> = rest.split('/').collect();
        let last = steps.pop()?;
        let mut target = self.0.get_mut(&path)?;
        for step in steps {
            target = match target {
                Value::Array(items) => items.iter_mut().find(|item| is_named(item, step))?,
                Value::Object(object) => object.get_mut(step)?,
                _ => return None,
            };
        }
        match (target, last.strip_prefix('+')) {
            (Value::Array(items), Some(nth)) => items.insert(nth.parse().unwrap_or(items.len()), value),
            (Value::Array(items), None) if value.is_null() => {
                items.remove(items.iter().position(|item| is_named(item, last))?);
            }
            (Value::Object(object), _) if value.is_null() => drop(object.remove(last)?),
            (Value::Object(object), _) => drop(object.insert(last.to_owned(), value)),
            _ => return None,
        }
        Some(())
    }

    /// The spec without examples.
    pub(crate) fn without_examples(mut self) -> Self {
        for (path, file) in &mut self.0 {
            if path.starts_with("operations/") {
                file.as_object_mut().unwrap().remove("examples");
            }
        }
        self
    }

    /// Adds a record that is as old as the API.
    pub(crate) fn add_type(&mut self, name: &str, fields: Value) {
        let file =
            serde_json::json!({"name": name, "summary": "A record.", "since": "0.6", "fields": fields});
        self.0.insert(format!("types/{name}.yaml"), file);
    }

    /// The value at a place, as [`set`](Self::set) writes it.
    pub(crate) fn get(&self, place: &str) -> Option<&Value> {
        let (file, rest) = place.split_once('/')?;
        rest.split('/').try_fold(self.0.get(&self.path(file)?)?, |value, step| match value {
            Value::Array(items) => items.iter().find(|item| is_named(item, step)),
            Value::Object(object) => object.get(step),
            _ => None,
        })
    }

    /// Renames an operation or a data type.
    pub(crate) fn rename(&mut self, old: &str, new: &str) {
        let path = self.path(old).unwrap();
        let mut value = self.0.remove(&path).unwrap();
        value["name"] = new.into();
        self.0.insert(path.replace(&format!("/{old}.yaml"), &format!("/{new}.yaml")), value);
    }
}

fn is_named(item: &Value, name: &str) -> bool {
    ["name", "pattern", "code", "version"].iter().any(|key| item.get(key).is_some_and(|item| item == name))
}
