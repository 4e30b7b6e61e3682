//! Random models: specs of this workspace with other releases, and with attributes that changed.
//!
//! The tests of slices and those of the review share them.

use std::sync::LazyLock;

use camino::Utf8Path;
use proptest::prelude::*;
use zstack_model::load::load;
use zstack_model::{
    DataType, Historic, HistoryEntry, Model, Place, Release, ReleaseState, Retirement, Type, TypeShape,
    Version, Was, variables,
};

/// The platform's, one of names and types of every kind, and one of what a slice
/// has to look at.
const SPECS: [&str; 3] = ["../spec", "../xtask/tests/obstacles/spec", "../model/tests/slice/spec"];

pub(crate) static MODELS: LazyLock<[Model; 3]> = LazyLock::new(|| {
    SPECS.map(|spec| {
        let spec = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(spec);
        load(&spec).unwrap_or_else(|problems| panic!("{problems}"))
    })
});

/// Draws releases, one after the other.
struct Dice {
    releases: Vec<Version>,
    draws: Box<dyn Iterator<Item = u8>>,
}

impl Dice {
    /// A release that is no older than any of these.
    fn no_older<'a>(&mut self, than: impl IntoIterator<Item = &'a Version>) -> Version {
        let draw = usize::from(self.draws.next().unwrap_or_default());
        let drawn = self.releases[draw % self.releases.len()].clone();
        than.into_iter().cloned().fold(drawn, Ord::max)
    }
}

/// The spec with other releases.
pub(crate) fn redated((spec, draws): (usize, Vec<u8>)) -> Model {
    let mut model = MODELS[spec].clone();
    let releases = model.service.releases.iter().map(|release| release.version.clone()).collect();
    let mut dice = Dice { releases, draws: Box::new(draws.into_iter().cycle()) };

    let drawn: Vec<_> = model.types.iter().map(|_| dice.no_older([])).collect();
    let of = |name: &str| model.types.iter().position(|it| it.name == name).unwrap();
    let since: Vec<_> = model
        .types
        .iter()
        .map(|it| {
            let line = std::iter::once(it).chain(model.bases(it));
            line.map(|line| drawn[of(&line.name)].clone()).max().unwrap()
        })
        .collect();
    for (it, since) in model.types.iter_mut().zip(since) {
        it.since = since;
    }
    let types: Vec<_> = model.types.iter().map(|it| (it.name.clone(), it.since.clone())).collect();
    let named = |ty: &Type| {
        let name = ty.named()?.to_owned();
        types.iter().find(|(it, _)| *it == name).map(|(_, since)| since.clone())
    };

    for it in &mut model.types {
        match &mut it.shape {
            TypeShape::Record { fields, .. } => {
                for field in fields {
                    // The one that is written down fits the release before.
                    field.retirement = Retirement::NONE;
                    field.since = dice.no_older(named(&field.ty).iter().chain([&it.since]));
                }
            }
            TypeShape::Enum { values } => {
                for (nth, value) in values.iter_mut().enumerate() {
                    // An enum has a value from the beginning.
                    value.since = if nth == 0 { it.since.clone() } else { dice.no_older([&it.since]) };
                }
            }
        }
    }
    for it in &mut model.operations {
        let required = it.parameters.iter().filter(|parameter| parameter.field.required);
        let needed: Vec<_> = required.filter_map(|it| named(&it.field.ty)).collect();
        it.since = dice.no_older(&needed);
        // An operation has a path from the beginning.
        let first = it.all_paths().min_by_key(|path| variables(path).count());
        let first: Vec<_> = first.into_iter().flat_map(variables).map(str::to_owned).collect();
        for field in it.parameters.iter_mut().map(|parameter| &mut parameter.field) {
            let old = field.required || first.contains(&field.name);
            let drawn = dice.no_older(named(&field.ty).iter().chain([&it.since]));
            field.since = if old { it.since.clone() } else { drawn };
        }
        for field in &mut it.response {
            field.since = dice.no_older(named(&field.ty).iter().chain([&it.since]));
        }
        for tag in &mut it.tags {
            tag.since = dice.no_older([&it.since]);
        }
    }
    for field in &mut model.service.envelope {
        field.since = dice.no_older(&named(&field.ty));
    }
    model
}

/// A spec and its draws, which say more when a test fails than the model would.
pub(crate) fn any_spec() -> impl Strategy<Value = (usize, Vec<u8>)> {
    (0..SPECS.len(), prop::collection::vec(any::<u8>(), 1..400))
}

/// A declared release, or what lies before or behind it.
pub(crate) fn any_version() -> impl Strategy<Value = Version> {
    let releases =
        MODELS.iter().flat_map(|model| &model.service.releases).map(|release| release.version.numbers);
    let releases: Vec<_> = releases.collect();
    (prop::sample::select(releases), 0..2_u16).prop_map(|(numbers, behind)| {
        let [a, b, c, d] = numbers;
        format!("{a}.{b}.{c}.{}", d.saturating_add(behind)).parse().unwrap()
    })
}

/// Changes attributes of a model in a release, each to what another element
/// has, and writes down what they were.
pub(crate) fn edited(model: &Model, release: &Version, draws: &[u8]) -> Model {
    let mut model = model.clone();
    let mut draws = draws.iter().copied().cycle().map(usize::from);
    let mut draw = |of: usize| draws.next().unwrap_or_default() * 31 % of.max(1);
    let fields: Vec<_> = model.types.iter().flat_map(DataType::own_fields).cloned().collect();
    let operations = model.operations.clone();
    let parameters: Vec<_> = operations.iter().flat_map(|operation| operation.parameters.clone()).collect();
    let bases: Vec<_> = model.types.iter().filter(|it| it.extends.is_some()).cloned().collect();
    for _ in 0..1 + draw(12) {
        let nth = draw(model.operations.len());
        match draw(5) {
            0 => {
                let it = &mut model.operations[nth];
                let mut facts = operations[draw(operations.len())].facts();
                facts.retain(|fact| !matches!(fact, Was::Path(_) | Was::Paths(_)));
                // The variables are those of the parameters.
                facts.push(Was::Path(it.path.clone() + "/more"));
                change(it, facts, draw(usize::MAX), release);
            }
            1 => {
                let parameters_of = &mut model.operations[nth].parameters;
                let Some(it) = (!parameters_of.is_empty()).then(|| draw(parameters_of.len())) else {
                    continue;
                };
                let mut facts = parameters[draw(parameters.len())].facts();
                // What a path has must be given, in the path.
                if parameters_of[it].place == Place::Path {
                    facts.retain(|fact| !matches!(fact, Was::Required(_) | Was::In(_) | Was::Enclosed(_)));
                }
                change(&mut parameters_of[it], facts, draw(usize::MAX), release);
            }
            2 => {
                let fields_of = &mut model.operations[nth].response;
                let Some(it) = (!fields_of.is_empty()).then(|| draw(fields_of.len())) else { continue };
                change(&mut fields_of[it], fields[draw(fields.len())].facts(), draw(usize::MAX), release);
            }
            3 => {
                let ty = draw(model.types.len());
                let facts = bases.get(draw(bases.len())).map(Historic::facts).unwrap_or_default();
                // Nothing extends itself, by however many steps.
                let name = &model.types[ty].name;
                let is_circle = facts.iter().any(|it| match it {
                    Was::Extends(Some(base)) => {
                        let base = model.data_type(base).unwrap();
                        base.name == *name || model.bases(base).any(|it| it.name == *name)
                    }
                    _ => false,
                });
                if matches!(model.types[ty].shape, TypeShape::Record { .. })
                    && !facts.is_empty()
                    && !is_circle
                {
                    change(&mut model.types[ty], facts, draw(usize::MAX), release);
                }
            }
            _ => {
                let ty = draw(model.types.len());
                if let TypeShape::Record { fields: fields_of, .. } = &mut model.types[ty].shape
                    && !fields_of.is_empty()
                {
                    let it = draw(fields_of.len());
                    change(&mut fields_of[it], fields[draw(fields.len())].facts(), draw(usize::MAX), release);
                }
            }
        }
    }
    model
}

/// Gives an element one of these facts, and writes down what there was.
fn change(it: &mut impl Historic, mut facts: Vec<Was>, nth: usize, release: &Version) {
    let nth = nth % facts.len();
    let mut was = facts.swap_remove(nth);
    it.exchange(&mut was);
    it.history_mut().push(HistoryEntry { release: release.clone(), was });
}

/// The model with one more release, which is being written.
pub(crate) fn with_next(mut model: Model) -> (Model, Version) {
    let version: Version = "60000".parse().unwrap();
    let release = Release { version: version.clone(), state: ReleaseState::Next, description: None };
    model.service.releases.push(release);
    (model, version)
}
