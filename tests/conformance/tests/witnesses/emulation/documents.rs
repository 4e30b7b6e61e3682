//! The OpenAPI document of each release, compared with the routes of a server that emulates it.

use std::collections::BTreeSet;

use serde_json::Value;
use zstack_model::{Model, Version};
use zstack_reference::openapi::{Layout, export};
use zstack_runtime::server::Options;

use super::{cases, model};

/// Returns the methods and paths in the document of a release.
fn document_routes(model: &Model, release: &Version) -> BTreeSet<(String, String)> {
    let document: Value = serde_json::from_str(&export(model, Some(release), Layout::Compact).text).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let methods = ["get", "post", "put", "delete"];
    let operations = paths.iter().filter(|(path, _)| !path.contains("/api-jobs/"));
    let routes = operations.flat_map(|(path, item)| {
        let methods = methods.iter().filter(|method| item[**method].is_object());
        methods.map(|method| {
            (method.to_uppercase(), format!("{}{}", model.service.base_path, path.replace(['{', '}'], "")))
        })
    });
    routes.collect()
}

#[tokio::test]
async fn servers_have_the_documented_routes() {
    let model = model();
    let cases = cases(&model, &Options::default());
    let of_release: Vec<_> = cases.iter().map(|case| document_routes(&model, &case.release)).collect();
    let all: BTreeSet<_> = of_release.iter().flatten().cloned().collect();
    for (case, documented) in cases.iter().zip(&of_release) {
        for (method, path) in &all {
            let reaction = case.emulating.send_json(method, path, "").await;
            let is_known = !matches!(reaction.status, 404 | 405);
            let has = |method: &str| documented.contains(&(method.to_owned(), path.clone()));
            let should = has(method);
            // A single operation with a body takes POST and PUT.
            let alike = has(if method == "POST" { "PUT" } else { "POST" });
            assert!(
                is_known == should || is_known && alike,
                "{method} {path} in {}: {reaction:?}",
                case.release
            );
        }
    }
}
