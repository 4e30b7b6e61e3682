//! The changes that each release made: the differences of its slice from that of the release before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::change::Change;
use super::compare::compare_parts;
use super::element::{OperationPart, SpecElement};
use super::report;
use zstack_model::{AttributeValue, Bases, DataType, Field, Model, Operation, Version};

/// A change that a release made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseChange {
    /// The release.
    pub release: Version,
    /// The difference from the release before.
    pub change: Change,
}

impl ReleaseChange {
    /// Describes the change in one sentence without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        report::release_sentence(&self.change).to_string()
    }
}

/// Finds the changes of each element, in the order of releases: those that [`compare`](super::compare) finds between
/// the slices of two successive releases. An element that is added or removed has one change for itself and its parts.
///
/// Releases, categories, examples and references are not part of the API and have no history.
///
/// For each release, only the elements that name it are compared, which is much faster than comparing whole slices.
#[must_use]
pub fn history(model: &Model) -> BTreeMap<SpecElement, Vec<ReleaseChange>> {
    let releases = releases(model);
    history_of_part(model, &bases(model, &releases))
}

fn releases(model: &Model) -> Vec<&Version> {
    model.service.releases.iter().map(|release| &release.version).collect()
}

fn bases<'m>(model: &'m Model, releases: &'m [&'m Version]) -> Bases<'m> {
    Bases::new(model, releases, |operation, release| {
        model.operation_on_wire(&model.operations[operation], releases[release]).is_some()
    })
}

/// Finds the changes in a part of a model. `bases` are those of the whole model.
fn history_of_part(model: &Model, bases: &Bases<'_>) -> BTreeMap<SpecElement, Vec<ReleaseChange>> {
    let releases = releases(model);
    let index = ModelIndex::new(model);
    // The elements that each release may have changed.
    let mut selections = vec![index.always.clone(); releases.len()];
    let mut select = |versions: Vec<&Version>, add: &dyn Fn(&mut Selection)| {
        let positions =
            versions.into_iter().map(|version| releases.partition_point(|release| *release < version));
        for position in positions.collect::<BTreeSet<_>>() {
            selections.get_mut(position).into_iter().for_each(add);
        }
    };
    for (position, operation) in model.operations.iter().enumerate() {
        select(operation.releases().collect(), &|selection| {
            selection.operations.insert(position);
        });
    }
    for (position, ty) in model.types.iter().enumerate() {
        // A base that appears or disappears changes the fields of the types that extend it.
        select(index.with_bases(ty).into_iter().flat_map(DataType::releases).collect(), &|selection| {
            selection.types.insert(position);
        });
    }
    let mut history: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (position, (pair, selection)) in releases.windows(2).zip(selections.into_iter().skip(1)).enumerate() {
        let [before, release] = pair else { continue };
        let part = index.part(selection);
        let held = [&bases.on_wire(position), &bases.on_wire(position + 1)];
        for change in compare_parts(&part.at(before), &part.at(release), held) {
            if is_historic(&change) {
                let element = change.element.clone();
                let change = ReleaseChange { release: *(*release), change };
                history.entry(element).or_default().push(change);
            }
        }
    }
    history
}

/// Finds the changes of an operation or a data type and its parts, in the order of releases.
#[must_use]
pub fn history_of(model: &Model, name: &str) -> Vec<ReleaseChange> {
    let index = ModelIndex::new(model);
    let mut selection = Selection::default();
    selection.operations.extend(model.operations.iter().position(|operation| operation.name == name));
    selection.types.extend(model.types.iter().position(|ty| ty.name == name));
    let is_subject =
        |element: &SpecElement| element.operation().or_else(|| element.data_type()) == Some(name);
    let releases = releases(model);
    let history = history_of_part(&index.part(selection), &bases(model, &releases)).into_iter();
    let own = history.filter(|(element, _)| is_subject(element));
    let mut changes: Vec<_> = own.flat_map(|(_, changes)| changes).collect();
    // The sort is stable: changes of one release stay in the order of the elements.
    changes.sort_by_key(|change| change.release);
    changes
}

/// Returns whether a change is part of the history: a change of an element of the API.
fn is_historic(change: &Change) -> bool {
    let is_of_api = !matches!(
        change.element,
        SpecElement::Release(_)
            | SpecElement::Category(_)
            | SpecElement::OfOperation(_, OperationPart::Example, _)
    );
    is_of_api && !change.kind.is_about_references()
}

/// Selected operations and data types of a model, by position.
#[derive(Clone, Default)]
struct Selection {
    operations: BTreeSet<usize>,
    types: BTreeSet<usize>,
}

/// A model with its operations and data types indexed by name.
struct ModelIndex<'m> {
    model: &'m Model,
    operations: HashMap<&'m str, usize>,
    types: HashMap<&'m str, usize>,
    /// Elements with a default that depends on values of other data types. Their releases are named there.
    always: Selection,
}

impl<'m> ModelIndex<'m> {
    fn new(model: &'m Model) -> Self {
        let (operations, types) = (model.operations.iter().enumerate(), model.types.iter().enumerate());
        let depending_operations = operations.clone().filter(|(_, operation)| operation.depends_on_values());
        let depending_types = types.clone().filter(|(_, ty)| ty.depends_on_values());
        let always = Selection {
            operations: depending_operations.map(|(position, _)| position).collect(),
            types: depending_types.map(|(position, _)| position).collect(),
        };
        Self {
            model,
            operations: operations.map(|(position, operation)| (&*operation.name, position)).collect(),
            types: types.map(|(position, ty)| (&*ty.name, position)).collect(),
            always,
        }
    }

    /// Returns a data type with its current and former bases, direct and indirect.
    fn with_bases<'t>(&'t self, ty: &'t DataType) -> Vec<&'t DataType> {
        let mut all = vec![ty];
        let mut next = 0;
        while let Some(ty) = all.get(next).copied() {
            next += 1;
            for position in related_names(ty).filter_map(|name| self.types.get(name)) {
                let base = &self.model.types[*position];
                if !all.iter().any(|known| known.name == base.name) {
                    all.push(base);
                }
            }
        }
        all
    }

    /// The part of the model that a comparison of the selected elements needs: the elements under their former names,
    /// the data types that they name with their bases, and all data types that affect a default.
    fn part(&self, selection: Selection) -> Model {
        let Selection { mut operations, mut types } = selection;
        let operation = |position: &usize| &self.model.operations[*position];
        let former = operations.iter().filter_map(|position| operation(position).renamed_from.as_deref());
        let former: Vec<_> = former.filter_map(|name| self.operations.get(name).copied()).collect();
        operations.extend(former);

        let mut fields: Vec<&Field> = self.model.service.envelope.iter().collect();
        for operation in operations.iter().map(operation) {
            fields.extend(operation.parameters.iter().map(|parameter| &parameter.field));
            fields.extend(&operation.response);
        }
        for position in &types {
            fields.extend(self.model.types[*position].own_fields());
        }
        // Data types to visit, and whether their values affect a default.
        let mut open: Vec<(&str, bool)> = Vec::new();
        for field in fields {
            open.extend(field.types().map(|name| (name, field.ever_had_default())));
        }
        for position in &types {
            open.extend(related_names(&self.model.types[*position]).map(|name| (name, false)));
        }
        let mut visited_values = BTreeSet::new();
        while let Some((name, affects_default)) = open.pop() {
            let Some(position) = self.types.get(name).copied() else { continue };
            let ty = &self.model.types[position];
            if types.insert(position) {
                open.extend(related_names(ty).map(|name| (name, false)));
            }
            // A value contains values of the fields.
            if affects_default && visited_values.insert(position) {
                let fields = ty.own_fields().iter().flat_map(Field::types);
                open.extend(related_names(ty).chain(fields).map(|name| (name, true)));
            }
        }
        Model {
            service: self.model.service.clone(),
            categories: Vec::new(),
            operations: operations.iter().map(operation).map(Operation::without_examples).collect(),
            types: types.into_iter().map(|position| self.model.types[position].clone()).collect(),
        }
    }
}

/// The base of a data type, its former bases, and its former name.
fn related_names(ty: &DataType) -> impl Iterator<Item = &str> {
    let former_bases = ty.history.iter().filter_map(|entry| match &entry.was {
        AttributeValue::Extends(base) => base.as_deref(),
        _ => None,
    });
    ty.extends.as_deref().into_iter().chain(ty.renamed_from.as_deref()).chain(former_bases)
}
