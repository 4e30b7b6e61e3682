//! The spec while pages are merged into it: its model, and where each new element comes from.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use camino::Utf8PathBuf;
use zstack_model::load::Loaded;
use zstack_model::names::module_ident;
use zstack_model::positions::{Path, Positions, Spot};
use zstack_model::{
    AuthScheme, Category, DataType, Field, Model, Operation, Parameter, Release, ReleaseState, Service,
    TypeShape, Version,
};

use crate::json::Sample;
use crate::report::SourcePosition;

/// An element of a spec.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum ElementKey {
    Operation(String),
    Parameter(String, String),
    ResponseField(String, String),
    EnvelopeField(String),
    DataType(String),
    Field(String, String),
}

impl fmt::Display for ElementKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation(name) => write!(f, "operation `{name}`"),
            Self::Parameter(owner, name) => write!(f, "parameter `{name}` of `{owner}`"),
            Self::ResponseField(owner, name) => write!(f, "response field `{name}` of `{owner}`"),
            Self::EnvelopeField(name) => write!(f, "envelope field `{name}`"),
            Self::DataType(name) => write!(f, "data type `{name}`"),
            Self::Field(owner, name) => write!(f, "field `{name}` of `{owner}`"),
        }
    }
}

/// The origin of an element that pages added.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Origin {
    /// The row of the page.
    pub(crate) at: SourcePosition,
    /// A page printed its version.
    pub(crate) has_version: bool,
    /// A page printed whether it is required.
    pub(crate) has_requirement: bool,
    /// The type was made up, for a list without elements.
    pub(crate) is_vague: bool,
}

/// The samples of a page, for the example of an operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples {
    pub(crate) operation: String,
    pub(crate) at: Option<SourcePosition>,
    pub(crate) response: Option<Sample>,
    /// Values of parameters, the most trusted first.
    pub(crate) values: Vec<(String, Sample)>,
}

/// An example in the order of the page.
#[derive(Clone, Debug)]
pub(crate) struct DraftExample {
    pub(crate) request: Vec<(String, Sample)>,
    pub(crate) response: Sample,
}

/// A spec under construction.
pub(crate) struct Draft<'s> {
    pub(crate) service: Service,
    pub(crate) categories: Vec<Category>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) types: Vec<DataType>,
    pub(crate) spec: Option<&'s Loaded>,
    /// The elements that pages added.
    pub(crate) origins: HashMap<ElementKey, Origin>,
    /// All elements that pages printed, new or not.
    pub(crate) printed: HashSet<ElementKey>,
    /// The data types that pages of this run name, with the names of their fields.
    pub(crate) named_by_pages: HashMap<String, Vec<String>>,
    /// The data types whose tables are on pages of this run.
    pub(crate) described: HashSet<String>,
    pub(crate) samples: Vec<Samples>,
    pub(crate) examples: BTreeMap<String, DraftExample>,
    operation_index: HashMap<String, usize>,
    type_index: HashMap<String, usize>,
    /// The data types that have a field, by its name.
    field_owners: HashMap<String, Vec<usize>>,
    modules: HashSet<String>,
    positions: RefCell<HashMap<Utf8PathBuf, Positions<'s>>>,
}

impl<'s> Draft<'s> {
    /// The draft that is a spec, or an empty one.
    pub(crate) fn new(spec: Option<&'s Loaded>) -> Self {
        let mut draft = Self {
            service: spec.map_or_else(empty_service, |spec| spec.model.service.clone()),
            categories: Vec::new(),
            operations: Vec::new(),
            types: Vec::new(),
            spec,
            origins: HashMap::new(),
            printed: HashSet::new(),
            named_by_pages: HashMap::new(),
            described: HashSet::new(),
            samples: Vec::new(),
            examples: BTreeMap::new(),
            operation_index: HashMap::new(),
            type_index: HashMap::new(),
            field_owners: HashMap::new(),
            modules: HashSet::new(),
            positions: RefCell::default(),
        };
        if let Some(Model { categories, operations, types, .. }) = spec.map(|spec| &spec.model) {
            draft.categories.clone_from(categories);
            for operation in operations {
                draft.add_operation(operation.clone());
            }
            for ty in types {
                draft.add_type(ty.clone());
            }
        }
        draft
    }

    pub(crate) fn operation(&self, name: &str) -> Option<usize> {
        self.operation_index.get(name).copied()
    }

    pub(crate) fn add_operation(&mut self, operation: Operation) -> usize {
        let nth = self.operations.len();
        self.modules.insert(module_ident(&operation.name));
        self.modules.insert(module_ident(&format!("{}Response", operation.name)));
        self.operation_index.insert(operation.name.clone(), nth);
        self.operations.push(operation);
        nth
    }

    pub(crate) fn data_type(&self, name: &str) -> Option<usize> {
        self.type_index.get(name).copied()
    }

    pub(crate) fn add_type(&mut self, ty: DataType) -> usize {
        let nth = self.types.len();
        self.modules.insert(module_ident(&ty.name));
        self.type_index.insert(ty.name.clone(), nth);
        for field in ty.own_fields() {
            self.field_owners.entry(field.name.clone()).or_default().push(nth);
        }
        self.types.push(ty);
        nth
    }

    pub(crate) fn add_field(&mut self, ty: usize, at: usize, field: Field) {
        self.field_owners.entry(field.name.clone()).or_default().push(ty);
        if let TypeShape::Record { fields, .. } = &mut self.types[ty].shape {
            fields.insert(at.min(fields.len()), field);
        }
    }

    /// Returns whether the name of an operation or a data type is free in the generated code, too.
    pub(crate) fn is_free_name(&self, name: &str) -> bool {
        !self.modules.contains(&module_ident(name))
    }

    /// The data types that have a field of this name.
    pub(crate) fn owners_of(&self, field: &str) -> &[usize] {
        self.field_owners.get(field).map_or(&[], Vec::as_slice)
    }

    /// The type and the place of the field of a record, or of one that it extends.
    pub(crate) fn find_field(&self, ty: usize, name: &str) -> Option<(usize, usize)> {
        let mut next = Some(ty);
        // Bases form no circle in a valid spec; a draft is one.
        for _ in 0..=self.types.len() {
            let ty = next?;
            let found = self.types[ty].own_fields().iter().position(|field| field.name == name);
            if let Some(at) = found {
                return Some((ty, at));
            }
            next = self.types[ty].extends.as_deref().and_then(|base| self.data_type(base));
        }
        None
    }

    /// The field of an element, or the one that a parameter shares with fields.
    pub(crate) fn field_mut(&mut self, key: &ElementKey) -> Option<&mut Field> {
        match key {
            ElementKey::Parameter(..) => self.parameter_mut(key).map(|parameter| &mut parameter.field),
            ElementKey::ResponseField(owner, name) => {
                let nth = self.operation(owner)?;
                self.operations[nth].response.iter_mut().find(|field| field.name == *name)
            }
            ElementKey::EnvelopeField(name) => {
                self.service.envelope.iter_mut().find(|field| field.name == *name)
            }
            ElementKey::Field(owner, name) => {
                let nth = self.data_type(owner)?;
                let TypeShape::Record { fields, .. } = &mut self.types[nth].shape else { return None };
                fields.iter_mut().find(|field| field.name == *name)
            }
            ElementKey::Operation(_) | ElementKey::DataType(_) => None,
        }
    }

    /// The parameter of a key.
    pub(crate) fn parameter_mut(&mut self, key: &ElementKey) -> Option<&mut Parameter> {
        let ElementKey::Parameter(owner, name) = key else { return None };
        let nth = self.operation(owner)?;
        self.operations[nth].parameters.iter_mut().find(|parameter| parameter.field.name == *name)
    }

    /// Returns whether a data type is an enum.
    pub(crate) fn is_enum(&self, name: &str) -> bool {
        self.data_type(name).is_some_and(|nth| matches!(self.types[nth].shape, TypeShape::Enum { .. }))
    }

    /// Keeps the origin of an element that a page added.
    pub(crate) fn record_new(&mut self, key: ElementKey, origin: Origin) {
        self.printed.insert(key.clone());
        self.origins.insert(key, origin);
    }

    /// The names of the fields of a record, with those that it inherits.
    pub(crate) fn field_names(&self, ty: usize) -> Vec<&str> {
        let mut names = Vec::new();
        let mut next = Some(ty);
        while let Some(ty) = next.filter(|_| names.len() < 10_000) {
            names.extend(self.types[ty].own_fields().iter().map(|field| field.name.as_str()));
            next = self.types[ty].extends.as_deref().and_then(|base| self.data_type(base));
        }
        names
    }

    /// Returns whether pages of this run added an element.
    pub(crate) fn is_new(&self, key: &ElementKey) -> bool {
        self.origins.contains_key(key)
    }

    /// The version that a text names, as the list of releases spells it; a missing release is
    /// declared.
    pub(crate) fn version(&mut self, text: &str) -> Version {
        let version = text.parse().unwrap_or(Version::new("0"));
        let releases = &mut self.service.releases;
        match releases.binary_search_by_key(&version, |release| release.version) {
            Ok(at) => releases[at].version,
            Err(at) => {
                // What is newer than all that was released is still being written.
                let is_newest = self.spec.is_some() && at == releases.len();
                let state = if is_newest { ReleaseState::Next } else { ReleaseState::Released };
                releases.insert(at, Release { version, state, description: None });
                version
            }
        }
    }

    /// Returns the position of an element, in the page that added it or in the spec.
    pub(crate) fn position(&self, key: &ElementKey) -> SourcePosition {
        if let Some(origin) = self.origins.get(key) {
            return origin.at.clone();
        }
        let root = Path::root();
        let at = |list: &'static str, names: &mut dyn Iterator<Item = &str>, name: &str| {
            let (nth, _) = names.enumerate().find(|(_, known)| *known == name)?;
            Some(root.key(list).index(nth).key("name"))
        };
        let found = match key {
            ElementKey::Operation(name) => {
                self.operation(name).map(|nth| (self.operations[nth].file.clone(), Some(root.key("name"))))
            }
            ElementKey::Parameter(owner, name) => self.operation(owner).map(|nth| {
                let operation = &self.operations[nth];
                let mut names = operation.parameters.iter().map(|parameter| parameter.field.name.as_str());
                (operation.file.clone(), at("parameters", &mut names, name))
            }),
            ElementKey::ResponseField(owner, name) => self.operation(owner).map(|nth| {
                let operation = &self.operations[nth];
                let mut names = operation.response.iter().map(|field| field.name.as_str());
                (operation.file.clone(), at("response", &mut names, name))
            }),
            ElementKey::EnvelopeField(name) => {
                let mut names = self.service.envelope.iter().map(|field| field.name.as_str());
                Some(("api.yaml".into(), at("envelope", &mut names, name)))
            }
            ElementKey::DataType(name) => {
                self.data_type(name).map(|nth| (self.types[nth].file.clone(), Some(root.key("name"))))
            }
            ElementKey::Field(owner, name) => self.data_type(owner).map(|nth| {
                let ty = &self.types[nth];
                let mut names = ty.own_fields().iter().map(|field| field.name.as_str());
                (ty.file.clone(), at("fields", &mut names, name))
            }),
        };
        match found {
            Some((file, Some(path))) => self.spec_position(file, &path),
            _ => SourcePosition { file: key.to_string(), line: 0 },
        }
    }

    fn spec_position(&self, file: Utf8PathBuf, path: &Path) -> SourcePosition {
        let Some(spec) = self.spec else { return SourcePosition { file: file.into(), line: 0 } };
        let name = spec.name.join(&file).into_string();
        let Some(text) = spec.texts.get(&file) else { return SourcePosition { file: name, line: 0 } };
        let mut positions = self.positions.borrow_mut();
        let positions = positions.entry(file).or_insert_with(|| Positions::new(text));
        let line = positions.find(path, &Spot::Value).map_or(0, |position| position.line);
        SourcePosition { file: name, line }
    }
}

/// The service of the platform, as an empty folder has it after the first page.
fn empty_service() -> Service {
    let session = AuthScheme {
        name: "session".to_owned(),
        header: "Authorization".to_owned(),
        scheme: Some("OAuth".to_owned()),
        description: Some("The word OAuth, a space, and the UUID of a session.".to_owned()),
    };
    Service {
        title: "ZStack Cloud API".to_owned(),
        description: None,
        base_path: "/zstack/v1".to_owned(),
        auth: vec![session],
        releases: Vec::new(),
        deprecation_window: 1,
        envelope: Vec::new(),
        reserved: Vec::new(),
    }
}
