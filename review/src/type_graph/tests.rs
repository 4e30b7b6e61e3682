use super::*;
use zstack_model::{
    Auth, Body, Constraints, DataType, Execution, Field, Method, Parameter, Place, Retirement, Service,
    Source, Type, TypeShape, Version,
};

/// Pseudo-random choices from a seed (splitmix64).
struct Choices(u64);

impl Choices {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }
}

fn version() -> Version {
    "1".parse().unwrap()
}

fn field(name: String, ty: Type) -> Field {
    Field {
        name,
        ty,
        refers: None,
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
        resource: None,
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

/// A model whose data types refer to each other at random, but extend only earlier ones.
fn random_model(seed: u64) -> Model {
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

/// The data types whose values may be in values of these fields, found by iterating until nothing is new.
fn types_on_wire<'a>(model: &'a Model, first: impl Iterator<Item = &'a Field>) -> BTreeSet<&'a str> {
    let mut held: BTreeSet<_> = first.filter_map(|field| field.ty.data_type_name()).collect();
    loop {
        let mut next = held.clone();
        for ty in &model.types {
            let may_replace_base = model.bases(ty).any(|base| held.contains(&*base.name));
            if may_replace_base || held.contains(&*ty.name) {
                next.insert(&ty.name);
                next.extend(model.fields(ty).iter().filter_map(|field| field.ty.data_type_name()));
            }
        }
        if next == held {
            return held;
        }
        held = next;
    }
}

/// Returns whether the fields of a data type are in values of one of these.
fn has_fields_of(model: &Model, held: &BTreeSet<&str>, name: &str) -> bool {
    let has_fields = |ty: &DataType| ty.name == name || model.bases(ty).any(|base| base.name == name);
    model.types.iter().any(|ty| held.contains(&*ty.name) && has_fields(ty))
}

#[test]
fn graph_agrees_with_an_exhaustive_search() {
    let (mut cycles, mut both) = (0, 0);
    for seed in 0..10_000 {
        let model = random_model(seed);
        let graph = TypeGraph::new(&model);
        let (sent, received) = (graph.sent_types(), graph.received_types());
        for ty in &model.types {
            let mut expected = Users::default();
            for operation in &model.operations {
                let request =
                    types_on_wire(&model, operation.parameters.iter().map(|parameter| &parameter.field));
                if has_fields_of(&model, &request, &ty.name) {
                    expected.requests.insert(&operation.name);
                }
                let response =
                    types_on_wire(&model, operation.response.iter().chain(&model.service.envelope));
                if has_fields_of(&model, &response, &ty.name) {
                    expected.responses.insert(&operation.name);
                }
            }
            assert_eq!(graph.users(&ty.name), expected, "seed {seed}, {}", ty.name);
            assert_eq!(sent.contains(&*ty.name), !expected.requests.is_empty(), "seed {seed}, {}", ty.name);
            assert_eq!(
                received.contains(&*ty.name),
                !expected.responses.is_empty(),
                "seed {seed}, {}",
                ty.name
            );

            let inside = types_on_wire(&model, model.fields(ty).into_iter());
            let expected = has_fields_of(&model, &inside, &ty.name);
            assert_eq!(graph.contains_itself(&ty.name), expected, "seed {seed}, {}", ty.name);
            cycles += usize::from(expected);
            both += usize::from(sent.contains(&*ty.name) && received.contains(&*ty.name));
        }
    }
    assert!(cycles > 1000 && both > 1000, "{cycles} {both}");
}

#[test]
fn a_sibling_is_not_used() {
    let named = |name: &str| Type::Named(name.to_owned());
    let extends = |name: &str| data_type(name.to_owned(), Some("Base".to_owned()), Vec::new());
    let types = vec![data_type("Base".to_owned(), None, Vec::new()), extends("One"), extends("Other")];
    let operations =
        vec![operation("Get".to_owned(), Vec::new(), vec![field("it".to_owned(), named("One"))])];
    let model = model(types, operations, Vec::new());
    let graph = TypeGraph::new(&model);
    let users = |name: &str| graph.users(name).responses.len();
    assert_eq!((users("One"), users("Base"), users("Other")), (1, 1, 0));
}

/// Each type contains the next one, and the last one contains the first.
#[test]
fn handles_a_cycle_of_ten_thousand_types() {
    const COUNT: usize = 10_000;
    let name = |nth: usize| format!("T{:05}", nth % COUNT);
    let types = (0..COUNT)
        .map(|nth| data_type(name(nth), None, vec![field("next".to_owned(), Type::Named(name(nth + 1)))]));
    let first = || vec![field("first".to_owned(), Type::Named(name(0)))];
    let operations = vec![operation("Ask".to_owned(), first(), first())];
    let old = model(types.collect(), operations, Vec::new());
    let graph = TypeGraph::new(&old);
    assert_eq!(graph.users(&name(COUNT - 1)).requests.len(), 1);
    assert!(graph.contains_itself(&name(5)));
    assert_eq!((graph.sent_types().len(), graph.received_types().len()), (COUNT, COUNT));

    let mut new = old.clone();
    let TypeShape::Record { fields, .. } = &mut new.types[COUNT / 2].shape else { panic!() };
    fields.clear();
    let found = crate::diff(&old, &new);
    let [finding] = &found[..] else { panic!("{found:?}") };
    assert_eq!(*finding.operations, ["Ask"]);
    assert!(finding.in_requests && finding.in_responses);
    let back: Vec<_> = crate::diff(&new, &old).iter().map(|finding| finding.kind().id()).collect();
    assert_eq!(back, ["field-added", "type-cycle-introduced"]);
}
