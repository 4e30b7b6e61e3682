//! The operations that the node performs: those with examples in the spec.
//!
//! The node serves whole categories, of which it performs some operations; others fail with `SYS.1014`. The examples
//! of an operation are written when the node performs it, so that tests can run them. A test below compares this
//! with the node.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::http::StatusCode;
use camino::Utf8Path;
use zstack_model::load::load;
use zstack_model::{Model, Operation, examples};
use zstack_reference::http_example;

use crate::local::{Local, code};

/// Returns the spec.
pub(crate) fn model() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(|| {
        let spec = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
        load(spec).unwrap_or_else(|diagnostics| panic!("{:?}", diagnostics.problems()))
    });
    &MODEL
}

fn is_performed(operation: &Operation) -> bool {
    !operation.examples.is_empty()
}

/// Returns the operations that the node performs.
pub(crate) fn performed_operations() -> impl Iterator<Item = &'static Operation> {
    model().operations.iter().filter(|operation| is_performed(operation))
}

/// The node does not perform any operation without examples: in the categories that it serves, the error is
/// `SYS.1014`; in others, the path or the action does not exist.
#[tokio::test]
async fn operations_without_examples_are_not_performed() {
    let local = Local::sample().await;
    let categories: BTreeSet<_> = performed_operations().map(|operation| &operation.category).collect();
    let mut unimplemented = BTreeSet::new();
    for operation in model().operations.iter().filter(|operation| !is_performed(operation)) {
        let example = examples::generate(model(), operation).unwrap().example;
        let request = http_example::request(model(), operation, &example);
        let method = format!("{:?}", request.method).to_uppercase();
        let answer = local.send(&method, &request.target, &request.body.unwrap_or_default()).await;
        let context = format!("{}: {method} {}: {answer:?}", operation.name, request.target);
        if categories.contains(&operation.category) {
            assert!(answer.0 == 503 && code(&answer) == "SYS.1014", "{context}");
            unimplemented.insert(&*operation.name);
        } else {
            let status = StatusCode::from_u16(answer.0).unwrap();
            assert!(status.is_client_error() && answer.1.is_string(), "{context}");
        }
    }
    let calls = local.app.api().unimplemented_calls();
    assert_eq!(calls.into_keys().collect::<BTreeSet<_>>(), unimplemented);
    assert!(!unimplemented.is_empty());
}
