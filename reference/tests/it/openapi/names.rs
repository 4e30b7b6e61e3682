//! Names that do not depend on the release, and do not collide with the spec.

use serde_json::Value;
use zstack_model::Type;

use super::document::Document;
use super::{KINDS, document, export_indented, spec};

fn id<'a>(document: &'a Value, path: &str, method: &str) -> &'a str {
    document["paths"][path][method]["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path}"))
}

/// In 1.0, one operation has a route to itself that two share later.
#[test]
fn ids_do_not_depend_on_the_release() {
    let model = spec(KINDS);
    for at in [Some("1.0"), Some("2.0"), None] {
        let document = document(&model, at);
        assert_eq!(id(&document, "/vms/{uuid}/actions", "put"), "PutVmsItemActions");
        assert_eq!(id(&document, "/vms/{uuid}", "get"), "QueryVm_2");
    }
}

#[test]
fn added_names_avoid_names_of_the_spec() {
    const RENAMED: [(&str, &str); 3] =
        [("Vm", "JobResult"), ("Disk", "CreateVmRequest"), ("BigVm", "ErrorResponse")];
    let mut model = spec(KINDS);
    let renamed = |old: &str| RENAMED.iter().find(|(name, _)| *name == old).map(|(_, new)| (*new).to_owned());
    for ty in &mut model.types {
        ty.name = renamed(&ty.name).unwrap_or_else(|| ty.name.clone());
        ty.extends = None;
    }
    model.types.sort_by(|a, b| a.name.cmp(&b.name));
    for operation in &mut model.operations {
        let parameters = operation.parameters.iter_mut().map(|parameter| &mut parameter.field);
        for field in parameters.chain(&mut operation.response) {
            if let Some(name) = field.ty.data_type_name().and_then(renamed) {
                field.ty = Type::Named(name);
            }
        }
    }
    for operation in &mut model.operations {
        operation.examples.clear();
        if operation.name == "LogOut" {
            operation.name = "GetApiJob".to_owned();
        }
    }
    let document = document(&model, None);
    Document::new(document.clone()).check("used names");
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in
        ["JobResult", "JobResult_", "CreateVmRequest", "CreateVmRequest_", "ErrorResponse", "ErrorResponse_"]
    {
        assert!(schemas.contains_key(name), "{name}");
    }
    assert_eq!(id(&document, "/api-jobs/{uuid}", "get"), "GetApiJob_");
}

/// Servers look for jobs there, even if the spec has an operation.
#[test]
fn path_of_jobs_hides_operations() {
    let mut model = spec(KINDS);
    let operation = model.operations.iter_mut().find(|operation| operation.name == "LogOut").unwrap();
    operation.path = "/api-jobs/{uuid}".to_owned();
    let document = document(&model, None);
    Document::new(document.clone()).check("jobs");
    assert_eq!(id(&document, "/api-jobs/{uuid}", "get"), "GetApiJob");
    assert!(document["paths"]["/api-jobs/{uuid}"]["delete"].is_null());
    let losses = export_indented(&model, None).losses.to_string();
    assert!(losses.contains("LogOut: DELETE /api-jobs/{uuid}"), "{losses}");
}
