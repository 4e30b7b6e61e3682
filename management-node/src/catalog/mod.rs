//! The catalog: the resources of the cloud, and what operations do to their documents.
//!
//! A resource exists for each data type of the spec with `resource:`. Most of what it does follows from
//! conventions; a file in `resources/` declares the rest. `docs/resources.md` describes the files.
//!
//! | module | contents |
//! |---|---|
//! | `resource`, `action`, `timing` | the contents of the catalog |
//! | `reader`, `file` | resource files, as written |
//! | `index`, `values` | the spec, indexed; values of its types |
//! | `resolve`, `relations`, `effects` | files and conventions, resolved |
//! | `conventions`, `label` | the conventions of operations and names |
//! | `assignments` | the parameters that become fields |
//! | `cycles`, `problem` | checks; problems with positions |

mod action;
mod assignments;
mod conventions;
mod cycles;
mod effects;
mod file;
mod index;
mod label;
mod problem;
mod reader;
mod relations;
mod resolve;
mod resource;
mod timing;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use zstack_model::Model;
use zstack_model::diagnostics::{Place, Related};

pub use action::{Action, Assignment, Conversion, Effect, Layer, RelatedStates, Transitions};
pub use problem::{CatalogProblems, Problem};
pub use resource::{ANY_RESOURCE, Fill, OnDelete, Reference, Relation, Resource};
pub use timing::Timing;

use file::{EffectForm, NormalForm, ResourceFile};
use index::Spec;
use problem::{Problems, Spanned, position};

/// The resource files that are built into the node, by their paths in `resources/`.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/resources.rs"));

/// The resources and actions of a spec.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    resources: BTreeMap<String, Resource>,
    actions: BTreeMap<String, Action>,
    timings: BTreeMap<String, Timing>,
}

/// An error of loading the built-in catalog.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuiltInError {
    /// The built-in spec is invalid; the log has its problems.
    #[error("the spec that is built into this node is invalid; the log has the problems")]
    Spec,
    /// A resource file is not UTF-8.
    #[error("the resource file {0} is not UTF-8")]
    Encoding(&'static str),
    /// The resource files have problems.
    #[error("the resource files that are built into this node are invalid:\n{0}")]
    Resources(CatalogProblems),
}

impl Catalog {
    /// Builds the catalog of a model from resource files, given by path and text.
    ///
    /// # Errors
    ///
    /// If the files have problems; all of them are reported.
    pub fn load(model: &Model, files: &[(&str, &str)]) -> Result<Self, CatalogProblems> {
        let problems = Problems::default();
        let read = files.iter().filter_map(|(path, text)| file::read(text, problems.of_file(path)));
        let catalog = Self::resolve(&Spec::new(model), &read.collect::<Vec<_>>());
        problems.into_result(files)?;
        Ok(catalog)
    }

    /// Builds the catalog of a model from resource files of its own, and from the files of another spec
    /// as far as they fit. A file of its own replaces the other one of the same resource. `is_shared`
    /// returns whether the other spec has the same operation: its declarations of others are ignored.
    ///
    /// Returns the catalog, and the problems of the files of the other spec.
    ///
    /// # Errors
    ///
    /// If the files of its own have problems; all of them are reported.
    pub(crate) fn load_adapted(
        model: &Model,
        own: &[(&str, &str)],
        other: &[(&str, &str)],
        is_shared: impl Fn(&str) -> bool,
    ) -> Result<(Self, Option<CatalogProblems>), CatalogProblems> {
        let (problems, misfits) = (Problems::default(), Problems::default());
        let spec = Spec::new(model);
        let own_files = own.iter().filter_map(|(path, text)| file::read(text, problems.of_file(path)));
        let mut files: Vec<_> = own_files.collect();
        let is_replaced = |name: &str| files.iter().any(|file| file.name.value == name);
        let is_declared =
            |name: &str| files.iter().flat_map(|file| &file.operations).any(|form| form.name.value == name);
        let adapted = other.iter().filter_map(|(path, text)| {
            let mut file = file::read(text, misfits.of_file(path))?;
            let name = &*file.name.value;
            if !spec.records.contains_key(name) || is_replaced(name) {
                return None;
            }
            file.operations.retain(|form| {
                let name = &*form.name.value;
                !is_declared(name) && (is_shared(name) || !spec.operations.contains_key(name))
            });
            Some(file)
        });
        let adapted: Vec<_> = adapted.collect();
        files.extend(adapted);
        let catalog = Self::resolve(&spec, &files);
        problems.into_result(own)?;
        Ok((catalog, misfits.into_result(other).err()))
    }

    /// Resolves resource files. Parts with problems are left out.
    fn resolve(spec: &Spec<'_>, files: &[ResourceFile<'_>]) -> Self {
        let by_resource = by_resource(files, spec);
        let resources = resolve::resources(spec, &by_resource);
        cycles::check(&resources, &by_resource);
        let actions = actions(spec, &resources, &by_resource);
        let timings = timings(spec, &by_resource);
        Self { resources, actions, timings }
    }

    /// Finds a resource by name.
    #[must_use]
    pub fn resource(&self, name: &str) -> Option<&Resource> {
        self.resources.get(name)
    }

    /// All resources, sorted by name.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.resources.values()
    }

    /// Finds the farthest base of a resource, or the resource itself if it has no base. Its documents and
    /// those of its subtypes share sets of unique fields.
    #[must_use]
    pub fn root(&self, name: &str) -> Option<&Resource> {
        self.with_bases(name).last()
    }

    /// A resource and its bases, the nearest first.
    pub fn with_bases(&self, name: &str) -> impl Iterator<Item = &Resource> {
        let base = |resource: &&Resource| self.resource(resource.base.as_deref()?);
        std::iter::successors(self.resource(name), base)
    }

    /// Returns whether a resource is another one, or a subtype of it.
    #[must_use]
    pub fn is_a(&self, name: &str, other: &str) -> bool {
        name == other
            || self.resource(other).is_some_and(|other| other.subtypes.iter().any(|subtype| subtype == name))
    }

    /// The references that can point to documents of a resource, with the resources that have them.
    /// Subtypes repeat the references of their bases.
    pub fn references_to(&self, name: &str) -> impl Iterator<Item = (&Resource, &Reference)> {
        self.resources().flat_map(move |holder| {
            let references = holder.references.iter().filter(move |reference| {
                reference.resource == ANY_RESOURCE || self.is_a(name, &reference.resource)
            });
            references.map(move |reference| (holder, reference))
        })
    }

    /// The documents whose states follow those of a resource.
    #[must_use]
    pub fn related_states(&self, resource: &str) -> &[RelatedStates] {
        let of_resource = self.actions.values().filter(|action| action.resource == resource);
        let mut found = of_resource.filter_map(|action| match &action.effect {
            Effect::ChangeState { related, .. } => Some(&**related),
            _ => None,
        });
        found.next().unwrap_or_default()
    }

    /// Finds the action of an operation. Operations without an action are not performed.
    #[must_use]
    pub fn action(&self, operation: &str) -> Option<&Action> {
        self.actions.get(operation)
    }

    /// All actions with the names of their operations, sorted by name.
    pub fn actions(&self) -> impl Iterator<Item = (&str, &Action)> {
        self.actions.iter().map(|(operation, action)| (&**operation, action))
    }

    /// The time that an operation takes on the platform, if it is known.
    #[must_use]
    pub fn timing(&self, operation: &str) -> Option<&Timing> {
        self.timings.get(operation)
    }

    /// The origin of the effect of an operation.
    #[must_use]
    pub fn layer(&self, operation: &str) -> Layer {
        self.action(operation).map_or(Layer::None, |action| action.layer)
    }
}

/// Returns the catalog of the built-in spec and resource files. It is loaded once, for the first caller,
/// which must be on a thread that may block.
///
/// # Errors
///
/// If the spec or the files are invalid.
pub fn built_in() -> Result<&'static Catalog, &'static BuiltInError> {
    static CATALOG: LazyLock<Result<Catalog, BuiltInError>> = LazyLock::new(|| {
        let model = crate::reference::model().map_err(|_| BuiltInError::Spec)?;
        Catalog::load(model, &built_in_files()?).map_err(BuiltInError::Resources)
    });
    CATALOG.as_ref()
}

/// The built-in resource files, by path and text.
pub(crate) fn built_in_files() -> Result<Vec<(&'static str, &'static str)>, BuiltInError> {
    let text = |(path, bytes): &(&'static str, &'static [u8])| {
        let text = std::str::from_utf8(bytes).map_err(|_| BuiltInError::Encoding(path))?;
        Ok((*path, text))
    };
    FILES.iter().map(text).collect()
}

/// Sorts files by their resources. Reports unknown resources, and files with the wrong name.
fn by_resource<'f, 'a>(
    files: &'f [ResourceFile<'a>],
    spec: &Spec<'f>,
) -> BTreeMap<&'f str, &'f ResourceFile<'a>> {
    let mut found: BTreeMap<&str, &ResourceFile<'_>> = BTreeMap::new();
    for file in files {
        let ResourceFile { name, reporter, .. } = file;
        if values::find_resource(name, spec, *reporter).is_none() {
            continue;
        }
        let stem = reporter.file.rsplit(['/', '\\']).next().and_then(|file| file.strip_suffix(".yaml"));
        if let Some(first) = found.get(&*name.value) {
            let place = Place { file: first.reporter.file.into(), position: Some(position(first.name.span)) };
            let message = format!("the resource `{}` has two files", name.value);
            let related = Related { place, label: "the first file".to_owned() };
            reporter.add_with("duplicate-resource", name.span, message, "merge the files", related);
            continue;
        }
        if stem != Some(&*name.value) {
            let message = format!("the file of the resource `{}` has another name", name.value);
            reporter.add(
                "wrong-file-name",
                name.span,
                message,
                format!("rename it to `{}.yaml`", name.value),
            );
        }
        found.insert(&name.value, file);
    }
    found
}

/// Creates the actions: the declared ones, and those of the conventions for other operations.
fn actions(
    spec: &Spec<'_>,
    resources: &BTreeMap<String, Resource>,
    files: &BTreeMap<&str, &ResourceFile<'_>>,
) -> BTreeMap<String, Action> {
    let mut actions = BTreeMap::new();
    let mut misfits = BTreeSet::new();
    let mut claims = Claims::new();
    for (resource, file) in files {
        for form in &file.operations {
            let Some(operation) = find_operation(&form.name, spec, file) else { continue };
            if !claim(&mut claims, file, &form.name, "the operation") {
                continue;
            }
            let Some((resource, record)) = spec.records.get_key_value(resource) else { continue };
            let relations = resources.get(*resource).map(|resource| &*resource.relations).unwrap_or_default();
            let target = effects::Target { resource, record, relations };
            let effect = effects::resolve(form, operation, target, spec, file.reporter);
            let Some(effect) = effect else {
                if !matches!(form.effect, EffectForm::None) {
                    misfits.insert(&*operation.name);
                }
                continue;
            };
            let layer = if effect == Effect::Written { Layer::Written } else { Layer::Declared };
            let when = effects::conditions(form, &effect, record, spec, file.reporter);
            let action = Action { when, ..action(resource, effect, layer) };
            actions.insert(operation.name.clone(), action);
        }
        if let Some(NormalForm::Operations(names)) = &file.normal {
            for name in names {
                find_operation(name, spec, file);
            }
        }
    }
    let is_undeclared = |operation: &&&zstack_model::Operation| {
        let name = &*operation.name;
        !claims.contains_key(name) || misfits.contains(name)
    };
    for operation in spec.operations.values().filter(is_undeclared) {
        if let Some((resource, effect)) = conventions::derive(operation, spec) {
            actions.insert(operation.name.clone(), action(resource, effect, Layer::Derived));
        }
    }
    for (operation, action) in &mut actions {
        if let (Some(operation), Some(record)) =
            (spec.operations.get(&**operation), spec.records.get(&*action.resource))
        {
            action.assignments = assignments::find(&action.effect, operation, record, spec);
        }
        let normal = files.get(&*action.resource).and_then(|file| file.normal.as_ref());
        action.is_normal = match normal {
            Some(NormalForm::All) => true,
            Some(NormalForm::Operations(names)) => names.iter().any(|name| name.value == *operation),
            None => resources.get(&action.resource).is_some_and(|resource| resource.is_owned),
        };
    }
    actions
}

/// Resolves the times of operations.
fn timings(spec: &Spec<'_>, files: &BTreeMap<&str, &ResourceFile<'_>>) -> BTreeMap<String, Timing> {
    let mut timings = BTreeMap::new();
    let mut claims = Claims::new();
    for (resource, file) in files {
        let Some(record) = spec.records.get(resource) else { continue };
        for form in &file.timings {
            let Some(operation) = find_operation(&form.operation, spec, file) else { continue };
            if claim(&mut claims, file, &form.operation, "the time of") {
                let timing = timing::resolve(form, operation, (resource, record), spec, file.reporter);
                timings.insert(operation.name.clone(), timing);
            }
        }
    }
    timings
}

/// The files that declare operations, with the positions.
type Claims<'f, 'a> = BTreeMap<&'f str, (&'f ResourceFile<'a>, &'f Spanned<String>)>;

/// Adds the declaration of an operation. Reports a second one, and returns false.
fn claim<'f, 'a>(
    claims: &mut Claims<'f, 'a>,
    file: &'f ResourceFile<'a>,
    name: &'f Spanned<String>,
    subject: &str,
) -> bool {
    let Some((first, claim)) = claims.get(&*name.value) else {
        claims.insert(&name.value, (file, name));
        return true;
    };
    let place = Place { file: first.reporter.file.into(), position: Some(position(claim.span)) };
    let message = format!("two resources declare {subject} `{}`", name.value);
    let related = Related { place, label: format!("declared for {}", first.name.value) };
    let help = "remove one of the declarations";
    file.reporter.add_with("operation-claimed-twice", name.span, message, help, related);
    false
}

/// Creates an action that normal accounts may not call.
fn action(resource: &str, effect: Effect, layer: Layer) -> Action {
    let (assignments, when) = (Vec::new(), Vec::new());
    Action { resource: resource.to_owned(), effect, when, assignments, is_normal: false, layer }
}

/// Finds an operation that a file names, or reports that there is none.
fn find_operation<'m>(
    name: &Spanned<String>,
    spec: &Spec<'m>,
    file: &ResourceFile<'_>,
) -> Option<&'m zstack_model::Operation> {
    let found = spec.operations.get(&*name.value).copied();
    if found.is_none() {
        let message = format!("the spec has no operation `{}`", name.value);
        file.reporter.unknown("unknown-operation", name, message, spec.operations.keys().copied());
    }
    found
}

#[cfg(test)]
mod tests;
