//! Names that stay, whatever the release, and whatever the spec has taken.

use serde_json::Value;
use zstack_model::Type;

use super::document::Document;
use super::{KINDS, document, exported, spec};

fn id<'a>(document: &'a Value, path: &str, method: &str) -> &'a str {
    document["paths"][path][method]["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path}"))
}

/// At 1.0 one operation is alone on a route that two have later.
#[test]
fn a_route_that_is_shared_later_has_its_name_before() {
    let model = spec(KINDS);
    for at in [Some("1.0"), Some("2.0"), None] {
        let document = document(&model, at);
        assert_eq!(id(&document, "/vms/{uuid}/actions", "put"), "PutVmsItemActions");
        assert_eq!(id(&document, "/vms/{uuid}", "get"), "QueryVm_2");
    }
}

/// Names that are made here make room for those of the spec.
#[test]
fn names_of_the_spec_come_first() {
    const RENAMED: [(&str, &str); 3] =
        [("Vm", "JobResult"), ("Disk", "CreateVmRequest"), ("BigVm", "ErrorResponse")];
    let mut model = spec(KINDS);
    let renamed = |old: &str| RENAMED.iter().find(|it| it.0 == old).map(|it| it.1.to_owned());
    for ty in &mut model.types {
        ty.name = renamed(&ty.name).unwrap_or_else(|| ty.name.clone());
        ty.extends = None;
    }
    model.types.sort_by(|a, b| a.name.cmp(&b.name));
    for it in &mut model.operations {
        let parameters = it.parameters.iter_mut().map(|parameter| &mut parameter.field);
        for field in parameters.chain(&mut it.response) {
            if let Some(name) = field.ty.named().and_then(renamed) {
                field.ty = Type::Named(name);
            }
        }
    }
    for it in &mut model.operations {
        it.examples.clear();
        if it.name == "LogOut" {
            it.name = "GetApiJob".to_owned();
        }
    }
    let document = document(&model, None);
    Document::new(document.clone()).check("taken names");
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in
        ["JobResult", "JobResult_", "CreateVmRequest", "CreateVmRequest_", "ErrorResponse", "ErrorResponse_"]
    {
        assert!(schemas.contains_key(name), "{name}");
    }
    assert_eq!(id(&document, "/api-jobs/{uuid}", "get"), "GetApiJob_");
}

/// A server looks for a job there, whatever the spec says.
#[test]
fn the_path_of_jobs_is_theirs() {
    let mut model = spec(KINDS);
    let it = model.operations.iter_mut().find(|operation| operation.name == "LogOut").unwrap();
    it.path = "/api-jobs/{uuid}".to_owned();
    let document = document(&model, None);
    Document::new(document.clone()).check("jobs");
    assert_eq!(id(&document, "/api-jobs/{uuid}", "get"), "GetApiJob");
    assert!(document["paths"]["/api-jobs/{uuid}"]["delete"].is_null());
    let losses = exported(&model, None).losses.to_string();
    assert!(losses.contains("LogOut: DELETE /api-jobs/{uuid}"), "{losses}");
}
