//! What each release changed: its slice, against that of the release before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::change::Change;
use super::compare::compare_parts;
use super::element::{Element, Part};
use super::report;
use zstack_model::{AttributeValue, Bases, DataType, Field, Model, Operation, Version};

/// What a release changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The release.
    pub release: Version,
    /// What is different from the release before.
    pub change: Change,
}

impl Event {
    /// What changed in one sentence, without the full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        report::of_release(&self.change).to_string()
    }
}

/// The changes of each element, in the order of releases: what
/// [`compare`](super::compare) finds between the slices of one release and the next. Something
/// that comes or goes does so as a whole, with its parts.
///
/// Releases, categories and examples are about the spec, and have no history.
///
/// Only what names a release is looked at for it, which is much faster than to
/// compare whole slices.
#[must_use]
pub fn history(model: &Model) -> BTreeMap<Element, Vec<Event>> {
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

/// The changes of a part of a model, whose bases are those of the whole.
fn history_of_part(model: &Model, bases: &Bases<'_>) -> BTreeMap<Element, Vec<Event>> {
    let releases = releases(model);
    let index = Index::new(model);
    let mut touched = vec![index.always.clone(); releases.len()];
    let mut touch = |versions: Vec<&Version>, add: &dyn Fn(&mut Chosen)| {
        let places =
            versions.into_iter().map(|version| releases.partition_point(|release| *release < version));
        for place in places.collect::<BTreeSet<_>>() {
            touched.get_mut(place).into_iter().for_each(add);
        }
    };
    for (nth, it) in model.operations.iter().enumerate() {
        touch(it.releases().collect(), &|chosen| {
            chosen.operations.insert(nth);
        });
    }
    for (nth, it) in model.types.iter().enumerate() {
        touch(it.releases().collect(), &|chosen| {
            chosen.types.insert(nth);
        });
    }
    let mut history: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (nth, (pair, chosen)) in releases.windows(2).zip(touched.into_iter().skip(1)).enumerate() {
        let [before, release] = pair else { continue };
        let part = index.part(chosen);
        let held = [&bases.on_wire(nth), &bases.on_wire(nth + 1)];
        for change in compare_parts(&part.at(before), &part.at(release), held) {
            if is_historic(&change.element) {
                let event = Event { release: (*release).clone(), change };
                history.entry(event.change.element.clone()).or_default().push(event);
            }
        }
    }
    history
}

/// The changes of an operation or a data type and of its parts, in the order
/// of releases.
#[must_use]
pub fn history_of(model: &Model, name: &str) -> Vec<Event> {
    let index = Index::new(model);
    let mut chosen = Chosen::default();
    chosen.operations.extend(model.operations.iter().position(|operation| operation.name == name));
    chosen.types.extend(model.types.iter().position(|it| it.name == name));
    let is_it = |it: &Element| it.operation().or_else(|| it.data_type()) == Some(name);
    let releases = releases(model);
    let all = history_of_part(&index.part(chosen), &bases(model, &releases))
        .into_iter()
        .filter(|(element, _)| is_it(element));
    let mut events: Vec<_> = all.flat_map(|(_, events)| events).collect();
    // Those of one release stay in the order of the elements.
    events.sort_by(|a, b| a.release.cmp(&b.release));
    events
}

/// Whether an element is part of the API, and not of what is said about it.
fn is_historic(it: &Element) -> bool {
    !matches!(it, Element::Release(_) | Element::Category(_) | Element::OfOperation(_, Part::Example, _))
}

/// Some operations and data types of a model, by their places.
#[derive(Clone, Default)]
struct Chosen {
    operations: BTreeSet<usize>,
    types: BTreeSet<usize>,
}

/// A model whose elements are found by their names.
struct Index<'m> {
    model: &'m Model,
    operations: HashMap<&'m str, usize>,
    types: HashMap<&'m str, usize>,
    /// Whoever has a default that came when a value of its type did: the release
    /// is named elsewhere.
    always: Chosen,
}

impl<'m> Index<'m> {
    fn new(model: &'m Model) -> Self {
        let operations = model.operations.iter().enumerate().filter(|(_, it)| it.depends_on_values());
        let types = model.types.iter().enumerate().filter(|(_, it)| it.depends_on_values());
        let always = Chosen {
            operations: operations.map(|(nth, _)| nth).collect(),
            types: types.map(|(nth, _)| nth).collect(),
        };
        Self {
            model,
            operations: model.operations.iter().enumerate().map(|(nth, it)| (&*it.name, nth)).collect(),
            types: model.types.iter().enumerate().map(|(nth, it)| (&*it.name, nth)).collect(),
            always,
        }
    }

    /// A model of these alone, with what a comparison of them looks at: what
    /// they were called before, the data types that they name with their bases,
    /// and all that a default leads to.
    fn part(&self, chosen: Chosen) -> Model {
        let Chosen { mut operations, mut types } = chosen;
        let operation = |nth: &usize| &self.model.operations[*nth];
        let former = operations.iter().filter_map(|nth| operation(nth).renamed_from.as_deref());
        let former: Vec<_> = former.filter_map(|it| self.operations.get(it).copied()).collect();
        operations.extend(former);

        let mut fields: Vec<&Field> = self.model.service.envelope.iter().collect();
        for it in operations.iter().map(operation) {
            fields.extend(it.parameters.iter().map(|parameter| &parameter.field).chain(&it.response));
        }
        for nth in &types {
            fields.extend(self.model.types[*nth].own_fields());
        }
        let mut deep = BTreeSet::new();
        let mut open: Vec<(&str, bool)> = Vec::new();
        for it in fields {
            open.extend(it.types().map(|name| (name, it.ever_had_default())));
        }
        open.extend(
            types.iter().flat_map(|nth| leads_to(&self.model.types[*nth])).map(|leads_to| (leads_to, false)),
        );
        while let Some((name, is_value)) = open.pop() {
            let Some(nth) = self.types.get(name).copied() else { continue };
            let it = &self.model.types[nth];
            if types.insert(nth) {
                open.extend(leads_to(it).map(|name| (name, false)));
            }
            // A value of it has values of its fields.
            if is_value && deep.insert(nth) {
                let fields = it.own_fields().iter().flat_map(Field::types);
                open.extend(leads_to(it).chain(fields).map(|name| (name, true)));
            }
        }
        Model {
            service: self.model.service.clone(),
            categories: Vec::new(),
            operations: operations.iter().map(operation).map(Operation::without_examples).collect(),
            types: types.into_iter().map(|nth| self.model.types[nth].clone()).collect(),
        }
    }
}

/// The bases of a data type, those of before, and its former name.
fn leads_to(it: &DataType) -> impl Iterator<Item = &str> {
    let was = it.history.iter().filter_map(|history| match &history.was {
        AttributeValue::Extends(base) => base.as_deref(),
        _ => None,
    });
    it.extends.as_deref().into_iter().chain(it.renamed_from.as_deref()).chain(was)
}
