//! What is deprecated and removed: in slices of the model, and in what is
//! generated.

#![cfg(unix)]

use zstack_codegen::emit::emit;
use zstack_model::load::load;
use zstack_model::{DataType, Execution, Field, Model, Place, Type, TypeShape};

use crate::cases::set_up;

fn model() -> Model {
    let (_folder, spec) = set_up("in-order");
    load(&spec).unwrap()
}

fn names(fields: &[Field]) -> Vec<&str> {
    fields.iter().map(|field| field.name.as_str()).collect()
}

#[test]
fn a_release_is_without_what_was_removed() {
    let model = model();
    let types = |version: &str| {
        let slice = model.at(&version.parse().unwrap());
        slice.types.iter().map(|it| it.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(types("0.6"), ["ErrorCode", "Vm", "VmState"]);
    assert_eq!(types("3.10"), ["ErrorCode", "Vm", "VmPhase", "VmState"]);
    assert_eq!(types("3.10.1"), ["ErrorCode", "Vm", "VmPhase"]);

    let slice = |version: &str| model.at(&version.parse().unwrap());
    let vm = |version: &str| {
        let slice = slice(version);
        names(slice.data_type("Vm").unwrap().own_fields()).join(" ")
    };
    assert_eq!(vm("0.6"), "uuid type state cpuNum memorySize createDate");
    assert_eq!(vm("3.3.0"), "uuid type state phase cpuNum memorySize createDate tags");
    assert_eq!(vm("4.0"), "uuid type phase cpuNum memorySize createDate tags extra");

    let states = |version: &str| {
        let slice = slice(version);
        let TypeShape::Enum { values } = &slice.data_type("VmState").unwrap().shape else { panic!() };
        values.iter().map(|value| value.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(states("0.6"), ["Running", "Stopped"]);
    assert_eq!(states("3.3.0"), ["Running", "Stopped", "Halted"]);
    assert_eq!(states("3.10"), ["Running", "Halted"]);

    let operations = |version: &str| slice(version).operations.len();
    assert_eq!((operations("3.10.1"), operations("4.0")), (2, 1));
}

/// Whatever goes, goes with all that needs it.
#[test]
fn no_release_has_a_value_without_its_type() {
    fn named(ty: &Type) -> Option<&str> {
        match ty {
            Type::Named(name) => Some(name),
            Type::List(inner) | Type::Map(inner) => named(inner),
            _ => None,
        }
    }
    let model = model();
    for release in &model.service.releases {
        let slice = model.at(&release.version);
        let of_types = slice.types.iter().flat_map(DataType::own_fields);
        let of_answers = slice.operations.iter().flat_map(|operation| &operation.response);
        let of_calls = slice
            .operations
            .iter()
            .flat_map(|operation| &operation.parameters)
            .map(|parameter| &parameter.field);
        for field in of_types.chain(of_answers).chain(of_calls).chain(&slice.service.envelope) {
            let ty = named(&field.ty);
            let has = ty.is_none_or(|it| slice.data_type(it).is_some());
            assert!(has, "{}: {} has no {ty:?}", release.version, field.name);
        }
    }
}

/// An example with a value that is gone could not happen any more.
#[test]
fn examples_go_with_their_values() {
    let examples = |version: &str| {
        let slice = model().at(&version.parse().unwrap());
        slice.operations[0].examples.iter().map(|example| example.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(examples("0.6").last().unwrap(), "Of an old one");
    assert_eq!(examples("3.10"), ["Of the newest, which needs no state any more"]);
}

#[test]
fn nothing_is_deprecated_before_its_time() {
    let retirement = |version: &str| {
        let slice = model().at(&version.parse().unwrap());
        slice.data_type("VmState").unwrap().retirement.clone()
    };
    let before = retirement("0.6");
    assert_eq!((before.deprecated, before.replacement), (None, None));
    let after = retirement("3.10");
    assert_eq!(after.deprecated.unwrap().text, "3.3.0");
    assert_eq!((after.removed, after.replacement.as_deref()), (None, Some("VmPhase")));
}

/// Older releases have it, so that it stays in the generated code; its
/// documentation tells.
#[test]
fn what_is_removed_is_generated_and_documented() {
    let files = emit(&model());
    let text = |path: &str| &files.iter().find(|file| file.path == path).unwrap().text;
    let vm = text("generated-types/src/types/vm.rs");
    assert!(vm.contains(" Deprecated since 3.3.0, removed in 3.10.1; use `phase`."), "{vm}");
    assert!(vm.contains(" Deprecated; use `cpus`. From 1 to 8."), "{vm}");
    let state = text("generated-types/src/types/vm_state.rs");
    assert!(
        state.contains("/// Since 0.6. Deprecated since 3.3.0, removed in 3.10.1; use `VmPhase`."),
        "{state}"
    );
    let phase = text("generated-types/src/types/vm_phase.rs");
    assert!(
        phase.contains("/// `Off`. Deprecated since 3.10. Use `On` and think of the opposite."),
        "{phase}"
    );
    let reimage = text("generated-types/src/vm/reimage_vm.rs");
    assert!(reimage.contains("/// Deprecated since 3.3.0, removed in 4.0; use `StartVm`."), "{reimage}");
}

/// Each release has what it had, whatever came of it.
#[test]
fn a_release_is_without_what_later_ones_changed() {
    let (_folder, spec) = set_up("history-in-order");
    let model = load(&spec).unwrap();
    let ty = |version: &str| {
        let slice = model.at(&version.parse().unwrap());
        let fields = slice.data_type("Vm").unwrap().own_fields();
        let field = |name: &str| fields.iter().find(|field| field.name == name).unwrap();
        let it = field("type");
        (it.required, it.constraints.max_length, field("state").ty.to_string(), it.history.len())
    };
    assert_eq!(ty("0.6"), (true, None, "VmState".to_owned(), 0));
    assert_eq!(ty("3.3.0"), (false, None, "VmState".to_owned(), 1));
    assert_eq!(ty("3.10"), (false, Some(10), "VmState".to_owned(), 2));
    assert_eq!(ty("4.0"), (false, Some(20), "VmPhase".to_owned(), 3));

    let reimage = |version: &str| {
        let slice = model.at(&version.parse().unwrap());
        let it = slice.operations.iter().find(|operation| operation.name == "ReimageVm").unwrap().clone();
        let message = it.message.unwrap();
        let places = it
            .parameters
            .iter()
            .map(|parameter| (parameter.place, parameter.field.required))
            .collect::<Vec<_>>();
        (it.path, it.execution, message.class, message.reply, places)
    };
    let text = str::to_owned;
    let (body, beside, query) = ((Place::Body, true), (Place::BesideBody, false), (Place::Query, false));
    let path = (Place::Path, true);
    assert_eq!(
        reimage("0.6"),
        (
            text("/vms/reset"),
            Execution::Sync,
            text("org.vm.APIResetVmMsg"),
            text("org.vm.APIResetVmReply"),
            vec![body, (Place::Body, false)]
        )
    );
    assert_eq!(
        reimage("3.3.0"),
        (
            text("/vms/{uuid}/actions"),
            Execution::Sync,
            text("org.vm.APIResetVmMsg"),
            text("org.vm.APIResetVmReply"),
            vec![path, query, beside]
        )
    );
    assert_eq!(
        reimage("3.10"),
        (
            text("/vms/{uuid}/actions"),
            Execution::Async,
            text("org.vm.APIReimageVmMsg"),
            text("org.vm.APIReimageVmEvent"),
            vec![path, body, beside]
        )
    );
}
