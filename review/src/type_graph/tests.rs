use super::*;
use zstack_model::{
    Auth, Body, Constraints, DataType, Execution, Field, Method, Parameter, Place, Retirement, Service,
    Source, Type, TypeShape, Version,
};

/// Choices that follow from a seed (splitmix64).
struct Choices(u64);

impl Choices {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((it ^ (it >> 31)) % bound as u64).unwrap()
    }
}

fn version() -> Version {
    "1".parse().unwrap()
}

fn field(name: String, ty: Type) -> Field {
    Field {
        name,
        ty,
        since: version(),
        retirement: Retirement::NONE,
        required: false,
        description: None,
        constraints: Constraints::default(),
        sensitive: false,
        default: None,
        documented: None,
        renamed_from: None,
        history: Vec::new(),
        source: Source::Document,
    }
}

fn data_type(name: String, extends: Option<String>, fields: Vec<Field>) -> DataType {
    DataType {
        file: format!("types/{name}.yaml").into(),
        name,
        summary: String::new(),
        description: None,
        since: version(),
        retirement: Retirement::NONE,
        extends,
        java_class: None,
        shape: TypeShape::Record { fields, native: None },
        renamed_from: None,
        history: Vec::new(),
        source: Source::Document,
    }
}

fn operation(name: String, request: Vec<Field>, response: Vec<Field>) -> Operation {
    let parameters = request.into_iter().map(|field| Parameter { field, place: Place::Body });
    Operation {
        file: format!("operations/all/{name}.yaml").into(),
        category: "all".to_owned(),
        summary: String::new(),
        description: None,
        since: version(),
        retirement: Retirement::NONE,
        method: Method::Post,
        path: format!("/{name}"),
        name,
        paths: Vec::new(),
        query: false,
        execution: Execution::Sync,
        auth: Auth::None,
        body: Body::Key("params".to_owned()),
        message: None,
        parameters: parameters.collect(),
        response,
        tags: Vec::new(),
        errors: Vec::new(),
        examples: Vec::new(),
        notes: Vec::new(),
        documented: None,
        renamed_from: None,
        history: Vec::new(),
        source: Source::Document,
    }
}

fn model(types: Vec<DataType>, operations: Vec<Operation>, envelope: Vec<Field>) -> Model {
    let service = Service {
        title: String::new(),
        description: None,
        base_path: String::new(),
        auth: Vec::new(),
        releases: Vec::new(),
        deprecation_window: 1,
        envelope,
        reserved: Vec::new(),
    };
    Model { service, categories: Vec::new(), operations, types }
}

/// Data types that lead to each other as they like, but extend only those
/// before them: nothing else is a model.
fn random(seed: u64) -> Model {
    let mut choices = Choices(seed);
    let count = 1 + choices.below(8);
    let name = |nth: usize| format!("T{nth}");
    let ty = |choices: &mut Choices| {
        let named = Type::Named(name(choices.below(count)));
        match choices.below(4) {
            0 => Type::List(Box::new(named)),
            1 => Type::Map(Box::new(Type::List(Box::new(named)))),
            2 => Type::String,
            _ => named,
        }
    };
    let fields = |choices: &mut Choices, most: usize| {
        let fields = (0..choices.below(most + 1)).map(|nth| field(format!("f{nth}"), ty(choices)));
        fields.collect::<Vec<_>>()
    };
    let types = (0..count).map(|nth| {
        let extends = (nth > 0 && choices.below(3) == 0).then(|| name(choices.below(nth)));
        data_type(name(nth), extends, fields(&mut choices, 3))
    });
    let types = types.collect();
    let operations = (0..choices.below(4))
        .map(|nth| operation(format!("O{nth}"), fields(&mut choices, 2), fields(&mut choices, 2)));
    let operations = operations.collect();
    let envelope = if choices.below(4) == 0 { fields(&mut choices, 1) } else { Vec::new() };
    model(types, operations, envelope)
}

/// The data types whose values may be in values of some types, by going
/// through all of them until nothing is new.
fn held<'a>(model: &'a Model, first: impl Iterator<Item = &'a Field>) -> BTreeSet<&'a str> {
    let mut held: BTreeSet<_> = first.filter_map(|it| it.ty.named()).collect();
    loop {
        let mut next = held.clone();
        for it in &model.types {
            let may_stand = model.bases(it).any(|base| held.contains(&*base.name));
            if may_stand || held.contains(&*it.name) {
                next.insert(&it.name);
                next.extend(model.fields(it).iter().filter_map(|field| field.ty.named()));
            }
        }
        if next == held {
            return held;
        }
        held = next;
    }
}

/// Whether the fields of a data type are in one of these.
fn has_fields_of(model: &Model, held: &BTreeSet<&str>, name: &str) -> bool {
    let is_it = |it: &DataType| it.name == name || model.bases(it).any(|base| base.name == name);
    model.types.iter().any(|it| held.contains(&*it.name) && is_it(it))
}

#[test]
fn reach_is_what_going_through_everything_finds() {
    let (mut cycles, mut both) = (0, 0);
    for seed in 0..10_000 {
        let model = random(seed);
        let reach = Reach::new(&model);
        let (sent, received) = (reach.sent(), reach.received());
        for it in &model.types {
            let mut expected = Reached::default();
            for operation in &model.operations {
                let request = held(&model, operation.parameters.iter().map(|parameter| &parameter.field));
                if has_fields_of(&model, &request, &it.name) {
                    expected.requests.insert(&operation.name);
                }
                let answer = held(&model, operation.response.iter().chain(&model.service.envelope));
                if has_fields_of(&model, &answer, &it.name) {
                    expected.responses.insert(&operation.name);
                }
            }
            assert_eq!(reach.reached(&it.name), expected, "seed {seed}, {}", it.name);
            assert_eq!(sent.contains(&*it.name), !expected.requests.is_empty(), "seed {seed}, {}", it.name);
            assert_eq!(
                received.contains(&*it.name),
                !expected.responses.is_empty(),
                "seed {seed}, {}",
                it.name
            );

            let inside = held(&model, model.fields(it).into_iter());
            let expected = has_fields_of(&model, &inside, &it.name);
            assert_eq!(reach.holds_itself(&it.name), expected, "seed {seed}, {}", it.name);
            cycles += usize::from(expected);
            both += usize::from(sent.contains(&*it.name) && received.contains(&*it.name));
        }
    }
    assert!(cycles > 1000 && both > 1000, "{cycles} {both}");
}

#[test]
fn a_sibling_is_not_reached() {
    let named = |name: &str| Type::Named(name.to_owned());
    let extends = |name: &str| data_type(name.to_owned(), Some("Base".to_owned()), Vec::new());
    let types = vec![data_type("Base".to_owned(), None, Vec::new()), extends("One"), extends("Other")];
    let operations =
        vec![operation("Get".to_owned(), Vec::new(), vec![field("it".to_owned(), named("One"))])];
    let model = model(types, operations, Vec::new());
    let reach = Reach::new(&model);
    let reached = |name: &str| reach.reached(name).responses.len();
    assert_eq!((reached("One"), reached("Base"), reached("Other")), (1, 1, 0));
}

/// Each type holds the next one, and the last the first.
#[test]
fn ten_thousand_types_in_a_ring() {
    const COUNT: usize = 10_000;
    let name = |nth: usize| format!("T{:05}", nth % COUNT);
    let types = (0..COUNT)
        .map(|nth| data_type(name(nth), None, vec![field("next".to_owned(), Type::Named(name(nth + 1)))]));
    let first = || vec![field("first".to_owned(), Type::Named(name(0)))];
    let operations = vec![operation("Ask".to_owned(), first(), first())];
    let old = model(types.collect(), operations, Vec::new());
    let reach = Reach::new(&old);
    assert_eq!(reach.reached(&name(COUNT - 1)).requests.len(), 1);
    assert!(reach.holds_itself(&name(5)));
    assert_eq!((reach.sent().len(), reach.received().len()), (COUNT, COUNT));

    let mut new = old.clone();
    let TypeShape::Record { fields, .. } = &mut new.types[COUNT / 2].shape else { panic!() };
    fields.clear();
    let found = crate::diff(&old, &new);
    let [finding] = &found[..] else { panic!("{found:?}") };
    assert_eq!(*finding.operations, ["Ask"]);
    assert!(finding.in_requests && finding.in_responses);
    let back: Vec<_> = crate::diff(&new, &old).iter().map(|diff| diff.kind().id()).collect();
    assert_eq!(back, ["field-added", "type-cycle-introduced"]);
}
