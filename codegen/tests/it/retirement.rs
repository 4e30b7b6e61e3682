//! Tests of deprecated and removed elements, in slices of the model and in generated code.

#![cfg(unix)]

use zstack_codegen::emit::{GeneratedFile, emit};
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
fn slices_do_not_contain_removed_elements() {
    let model = model();
    let types = |version: &str| {
        let slice = model.at(&version.parse().unwrap());
        slice.types.iter().map(|ty| ty.name.clone()).collect::<Vec<_>>()
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

#[test]
fn slices_contain_the_types_of_all_fields() {
    fn data_type_name(ty: &Type) -> Option<&str> {
        match ty {
            Type::Named(name) => Some(name),
            Type::List(inner) | Type::Map(inner) => data_type_name(inner),
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
            let ty = data_type_name(&field.ty);
            let has = ty.is_none_or(|name| slice.data_type(name).is_some());
            assert!(has, "{}: {} has no {ty:?}", release.version, field.name);
        }
    }
}

/// An example with a removed value is impossible.
#[test]
fn slices_do_not_contain_examples_with_removed_values() {
    let examples = |version: &str| {
        let slice = model().at(&version.parse().unwrap());
        slice.operations[0].examples.iter().map(|example| example.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(examples("0.6").last().unwrap(), "Of an old one");
    assert_eq!(examples("3.10"), ["Of the newest release, without a state"]);
}

#[test]
fn slices_contain_only_earlier_deprecations() {
    let retirement = |version: &str| {
        let slice = model().at(&version.parse().unwrap());
        slice.data_type("VmState").unwrap().retirement.clone()
    };
    let before = retirement("0.6");
    assert_eq!((before.deprecated, before.replacement), (None, None));
    let after = retirement("3.10");
    assert_eq!(after.deprecated.unwrap().to_string(), "3.3.0");
    assert_eq!((after.removed, after.replacement.as_deref()), (None, Some("VmPhase")));
}

/// Generated code contains removed elements, for older releases.
#[test]
fn removed_elements_are_generated_and_documented() {
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
    assert!(phase.contains("/// Deprecated since 3.10. Use `On` and think of the opposite."), "{phase}");
    let reimage = text("generated-types/src/vm/reimage_vm.rs");
    assert!(reimage.contains("/// Deprecated since 3.3.0, removed in 4.0; use `StartVm`."), "{reimage}");
}

/// Returns a generated file without whitespace.
fn dense(files: &[GeneratedFile], path: &str) -> String {
    let file = files.iter().find(|file| file.path == path).unwrap();
    file.text.split_whitespace().collect()
}

#[track_caller]
fn assert_contains(text: &str, part: &str) {
    let part: String = part.split_whitespace().collect();
    assert!(text.contains(&part), "{part} is not in {text}");
}

/// A removed field is optional in Rust; the attribute states that it was required.
#[test]
fn removals_are_arguments() {
    let files = emit(&model());
    let vm = dense(&files, "generated-types/src/types/vm.rs");
    assert_contains(
        &vm,
        r#"#[field(removed = "3.10.1", replacement = "phase", required)] pub state: Option<VmState>,"#,
    );
    let state = dense(&files, "generated-types/src/types/vm_state.rs");
    assert_contains(&state, r#"#[value(removed = "3.10", replacement = "Halted")] Stopped,"#);
    let phase = dense(&files, "generated-types/src/types/vm_phase.rs");
    assert!(!phase.contains("replacement"), "{phase}");
    let reimage = dense(&files, "generated-types/src/vm/reimage_vm.rs");
    assert_contains(&reimage, r#"since = "0.6", removed = "4.0", replacement = "StartVm","#);
}

#[test]
fn histories_are_arguments() {
    let (_folder, spec) = set_up("history-in-order");
    let files = emit(&load(&spec).unwrap());
    let vm = dense(&files, "generated-types/src/types/vm.rs");
    assert_contains(
        &vm,
        r#"#[field(
            max_length = 20,
            history(until = "3.3.0", required = true),
            history(until = "3.10", max_length = None),
            history(until = "4.0", max_length = 10),
        )]"#,
    );
    assert_contains(&vm, r#"#[field(history(until = "4.0", type = crate::types::VmState))]"#);
    let reimage = dense(&files, "generated-types/src/vm/reimage_vm.rs");
    for part in [
        r#"history(until = "3.3.0", PUT = "/v1/vms/reset"),"#,
        r#"history(
            until = "3.10",
            job = false,
            message = "org.vm.APIResetVmMsg",
            reply = "org.vm.APIResetVmReply"
        ),"#,
        r#"#[param(path, uuid, history(until = "3.3.0", body))]"#,
        r#"history(until = "3.10", query, required = false)"#,
        r#"#[param(system(beside, history(until = "3.3.0", body)))] pub tags: Tags,"#,
    ] {
        assert_contains(&reimage, part);
    }
}

#[test]
fn slices_do_not_contain_later_changes() {
    let (_folder, spec) = set_up("history-in-order");
    let model = load(&spec).unwrap();
    let ty = |version: &str| {
        let slice = model.at(&version.parse().unwrap());
        let fields = slice.data_type("Vm").unwrap().own_fields();
        let field = |name: &str| fields.iter().find(|field| field.name == name).unwrap();
        let ty = field("type");
        (ty.required, ty.constraints.max_length, field("state").ty.to_string(), ty.history.len())
    };
    assert_eq!(ty("0.6"), (true, None, "VmState".to_owned(), 0));
    assert_eq!(ty("3.3.0"), (false, None, "VmState".to_owned(), 1));
    assert_eq!(ty("3.10"), (false, Some(10), "VmState".to_owned(), 2));
    assert_eq!(ty("4.0"), (false, Some(20), "VmPhase".to_owned(), 3));

    let reimage = |version: &str| {
        let slice = model.at(&version.parse().unwrap());
        let reimage = slice.operations.iter().find(|operation| operation.name == "ReimageVm").unwrap();
        let reimage = reimage.clone();
        let message = reimage.message.unwrap();
        let places = reimage
            .parameters
            .iter()
            .map(|parameter| (parameter.place, parameter.field.required))
            .collect::<Vec<_>>();
        (reimage.path, reimage.execution, message.class, message.reply, places)
    };
    let text = str::to_owned;
    let (body, top_level, query) = ((Place::Body, true), (Place::BesideBody, false), (Place::Query, false));
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
            vec![path, query, top_level]
        )
    );
    assert_eq!(
        reimage("3.10"),
        (
            text("/vms/{uuid}/actions"),
            Execution::Async,
            text("org.vm.APIReimageVmMsg"),
            text("org.vm.APIReimageVmEvent"),
            vec![path, body, top_level]
        )
    );
}
