//! Random models for the tests of slices and of the review: specs of this workspace with other releases
//! and with changed attributes.

#[path = "../sample/mod.rs"]
pub(crate) mod sample;

use std::sync::LazyLock;

use camino::Utf8Path;
use proptest::prelude::*;
use zstack_model::load::load;
use zstack_model::{
    AttributeValue, DataType, Historic, HistoryEntry, Model, Place, Release, ReleaseState, Retirement, Type,
    TypeShape, Version, variables,
};

/// The committed spec, one with all kinds of names and types, and one for slices.
const SPECS: [&str; 3] = ["../spec", "../xtask/tests/obstacles/spec", "../model/tests/slice/spec"];

pub(crate) static MODELS: LazyLock<[Model; 3]> = LazyLock::new(|| {
    SPECS.map(|spec| {
        let spec = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(spec);
        let model = load(&spec).unwrap_or_else(|problems| panic!("{problems}"));
        sample::part_of(model, 12, &[])
    })
});

/// Draws releases one by one.
struct Dice {
    releases: Vec<Version>,
    draws: Box<dyn Iterator<Item = u8>>,
}

impl Dice {
    /// Draws a release that is not older than any of the given ones.
    fn draw_not_older<'a>(&mut self, than: impl IntoIterator<Item = &'a Version>) -> Version {
        let draw = usize::from(self.draws.next().unwrap_or_default());
        let drawn = self.releases[draw % self.releases.len()];
        than.into_iter().cloned().fold(drawn, Ord::max)
    }
}

/// Creates a model with other releases.
pub(crate) fn with_drawn_releases((spec, draws): (usize, Vec<u8>)) -> Model {
    let mut model = MODELS[spec].clone();
    // The retirements and histories in the files refer to other releases.
    for operation in &mut model.operations {
        operation.retirement = Retirement::NONE;
        operation.history.clear();
        let parameters = operation.parameters.iter_mut().map(|parameter| &mut parameter.field);
        for field in parameters.chain(&mut operation.response) {
            field.retirement = Retirement::NONE;
            field.history.clear();
        }
    }
    let releases = model.service.releases.iter().map(|release| release.version).collect();
    let mut dice = Dice { releases, draws: Box::new(draws.into_iter().cycle()) };

    let drawn: Vec<_> = model.types.iter().map(|_| dice.draw_not_older([])).collect();
    let of = |name: &str| model.types.iter().position(|ty| ty.name == name).unwrap();
    let since: Vec<_> = model
        .types
        .iter()
        .map(|ty| {
            let line = std::iter::once(ty).chain(model.bases(ty));
            line.map(|line| drawn[of(&line.name)]).max().unwrap()
        })
        .collect();
    for (it, since) in model.types.iter_mut().zip(since) {
        it.since = since;
    }
    let types: Vec<_> = model.types.iter().map(|ty| (ty.name.clone(), ty.since)).collect();
    let named = |ty: &Type| {
        let name = ty.data_type_name()?.to_owned();
        types.iter().find(|(known, _)| *known == name).map(|(_, since)| *since)
    };

    for it in &mut model.types {
        match &mut it.shape {
            TypeShape::Record { fields, .. } => {
                for field in fields {
                    // The retirement in the file refers to other releases.
                    field.retirement = Retirement::NONE;
                    field.since = dice.draw_not_older(named(&field.ty).iter().chain([&it.since]));
                }
            }
            TypeShape::Enum { values } => {
                for (nth, value) in values.iter_mut().enumerate() {
                    // The first value is as old as its enum.
                    value.since = if nth == 0 { it.since } else { dice.draw_not_older([&it.since]) };
                }
            }
        }
    }
    for it in &mut model.operations {
        let required = it.parameters.iter().filter(|parameter| parameter.field.required);
        let needed: Vec<_> = required.filter_map(|parameter| named(&parameter.field.ty)).collect();
        it.since = dice.draw_not_older(&needed);
        // One path is as old as its operation.
        let first = it.all_paths().min_by_key(|path| variables(path).count());
        let first: Vec<_> = first.into_iter().flat_map(variables).map(str::to_owned).collect();
        for field in it.parameters.iter_mut().map(|parameter| &mut parameter.field) {
            let old = field.required || first.contains(&field.name);
            let drawn = dice.draw_not_older(named(&field.ty).iter().chain([&it.since]));
            field.since = if old { it.since } else { drawn };
        }
        for field in &mut it.response {
            field.since = dice.draw_not_older(named(&field.ty).iter().chain([&it.since]));
        }
        for tag in &mut it.tags {
            tag.since = dice.draw_not_older([&it.since]);
        }
    }
    for field in &mut model.service.envelope {
        field.since = dice.draw_not_older(&named(&field.ty));
    }
    model
}

/// Generates a spec with draws, which are shorter in a failure than the model.
pub(crate) fn any_spec() -> impl Strategy<Value = (usize, Vec<u8>)> {
    (0..SPECS.len(), prop::collection::vec(any::<u8>(), 1..400))
}

/// Generates a declared release or a version close to it.
pub(crate) fn any_version() -> impl Strategy<Value = Version> {
    let releases =
        MODELS.iter().flat_map(|model| &model.service.releases).map(|release| release.version.numbers());
    let releases: Vec<_> = releases.collect();
    (prop::sample::select(releases), 0..2_u16).prop_map(|(numbers, behind)| {
        let [a, b, c, d] = numbers;
        format!("{a}.{b}.{c}.{}", d.saturating_add(behind)).parse().unwrap()
    })
}

/// Changes attributes of a model in a release, each to the value of another element, and adds history
/// entries.
pub(crate) fn with_changes(model: &Model, release: &Version, draws: &[u8]) -> Model {
    let mut model = model.clone();
    let mut draws = draws.iter().copied().cycle().map(usize::from);
    let mut draw = |of: usize| draws.next().unwrap_or_default() * 31 % of.max(1);
    let fields: Vec<_> = model.types.iter().flat_map(DataType::own_fields).cloned().collect();
    let operations = model.operations.clone();
    let parameters: Vec<_> = operations.iter().flat_map(|operation| operation.parameters.clone()).collect();
    let bases: Vec<_> = model.types.iter().filter(|ty| ty.extends.is_some()).cloned().collect();
    for _ in 0..1 + draw(12) {
        let nth = draw(model.operations.len());
        match draw(5) {
            0 => {
                let it = &mut model.operations[nth];
                let mut attributes = operations[draw(operations.len())].attributes();
                attributes.retain(|attribute| {
                    !matches!(attribute, AttributeValue::Path(_) | AttributeValue::Paths(_))
                });
                // The variables must match the parameters.
                attributes.push(AttributeValue::Path(it.path.clone() + "/more"));
                change(it, attributes, draw(usize::MAX), release);
            }
            1 => {
                let parameters_of = &mut model.operations[nth].parameters;
                let Some(it) = (!parameters_of.is_empty()).then(|| draw(parameters_of.len())) else {
                    continue;
                };
                let mut attributes = parameters[draw(parameters.len())].attributes();
                // Path parameters must stay required and in the path.
                if parameters_of[it].place == Place::Path {
                    attributes.retain(|attribute| {
                        !matches!(
                            attribute,
                            AttributeValue::Required(_) | AttributeValue::In(_) | AttributeValue::Enclosed(_)
                        )
                    });
                }
                change(&mut parameters_of[it], attributes, draw(usize::MAX), release);
            }
            2 => {
                let fields_of = &mut model.operations[nth].response;
                let Some(it) = (!fields_of.is_empty()).then(|| draw(fields_of.len())) else { continue };
                change(
                    &mut fields_of[it],
                    fields[draw(fields.len())].attributes(),
                    draw(usize::MAX),
                    release,
                );
            }
            3 => {
                let ty = draw(model.types.len());
                let attributes = bases.get(draw(bases.len())).map(Historic::attributes).unwrap_or_default();
                // Records must not extend themselves, directly or indirectly. A field of the same name in another
                // base would need an entry of its own, which records cannot have for inherited fields.
                let name = &model.types[ty].name;
                let fields = model.fields(&model.types[ty]);
                let is_impossible = attributes.iter().any(|attribute| match attribute {
                    AttributeValue::Extends(Some(base)) => {
                        let base = model.data_type(base).unwrap();
                        let has =
                            |field: &&zstack_model::Field| fields.iter().any(|own| own.name == field.name);
                        base.name == *name
                            || model.bases(base).any(|ancestor| ancestor.name == *name)
                            || model.fields(base).iter().any(has)
                    }
                    _ => false,
                });
                if matches!(model.types[ty].shape, TypeShape::Record { .. })
                    && !attributes.is_empty()
                    && !is_impossible
                {
                    change(&mut model.types[ty], attributes, draw(usize::MAX), release);
                }
            }
            _ => {
                let ty = draw(model.types.len());
                if let TypeShape::Record { fields: fields_of, .. } = &mut model.types[ty].shape
                    && !fields_of.is_empty()
                {
                    let it = draw(fields_of.len());
                    change(
                        &mut fields_of[it],
                        fields[draw(fields.len())].attributes(),
                        draw(usize::MAX),
                        release,
                    );
                }
            }
        }
    }
    model
}

/// Changes one of the attributes of an element, and adds a history entry.
fn change(it: &mut impl Historic, mut attributes: Vec<AttributeValue>, nth: usize, release: &Version) {
    let nth = nth % attributes.len();
    let mut was = attributes.swap_remove(nth);
    it.exchange(&mut was);
    it.history_mut().push(HistoryEntry { release: *release, was });
}

/// Adds an unpublished release to the model.
pub(crate) fn with_next(mut model: Model) -> (Model, Version) {
    let version: Version = "60000".parse().unwrap();
    let release = Release { version, state: ReleaseState::Next, description: None };
    model.service.releases.push(release);
    (model, version)
}
