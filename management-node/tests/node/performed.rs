//! The operations that the node performs.
//!
//! The spec has written examples of those whose rules work on generated types, so that tests can run them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use camino::Utf8Path;
use zstack_model::load::load;
use zstack_model::{Model, Operation, examples};
use zstack_node::catalog::Layer;
use zstack_node::coverage;
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

fn has_examples(operation: &Operation) -> bool {
    !operation.examples.is_empty()
}

/// Returns the operations with written examples, all of which the node performs.
pub(crate) fn performed_operations() -> impl Iterator<Item = &'static Operation> {
    model().operations.iter().filter(|operation| has_examples(operation))
}

/// An operation that the table does not list as performed fails with `SYS.1014`, on its own path and method.
#[tokio::test]
async fn operations_that_are_not_performed_fail_with_a_code() {
    let local = Local::sample().await;
    let rows = coverage::rows().unwrap();
    let layers: BTreeMap<_, _> = rows.iter().map(|row| (row.operation, row.layer)).collect();
    assert!(performed_operations().all(|operation| layers[&*operation.name] != Layer::None));
    let mut expected = BTreeSet::new();
    for operation in model().operations.iter().filter(|operation| layers[&*operation.name] == Layer::None) {
        let mut example = examples::generate(model(), operation).unwrap().example;
        if operation.name == "ZQLQuery" {
            // Its only parameter is a text in a language.
            example.request.insert("zql".to_owned(), "query zone".into());
        }
        let request = http_example::request(model(), operation, &example);
        let method = format!("{:?}", request.method).to_uppercase();
        let answer = local.send(&method, &request.target, &request.body.unwrap_or_default()).await;
        let context = format!("{}: {method} {}: {answer:?}", operation.name, request.target);
        assert!(answer.0 == 503 && code(&answer) == "SYS.1014", "{context}");
        expected.insert(&*operation.name);
    }
    let calls = local.app.api().unimplemented_calls();
    assert_eq!(calls.into_keys().collect::<BTreeSet<_>>(), expected);
    assert!(!expected.is_empty());
}

/// Every other operation can be called: with the UUIDs of resources that do not exist, it refuses them.
#[tokio::test]
async fn performed_operations_answer_an_example() {
    let local = Local::sample().await;
    for row in coverage::rows().unwrap() {
        let operation = model().operation(row.operation).unwrap();
        if row.layer == Layer::None || has_examples(operation) {
            continue;
        }
        let mut example = examples::generate(model(), operation).unwrap().example;
        if operation.name == "ZQLQuery" {
            // Its only parameter is a text in a language.
            example.request.insert("zql".to_owned(), "query zone".into());
        }
        let request = http_example::request(model(), operation, &example);
        let method = format!("{:?}", request.method).to_uppercase();
        let body = request.body.unwrap_or_default();
        let answer = local.send(&method, &request.target, &body).await;
        let context = format!("{}: {method} {}: {answer:?}\n{body}", operation.name, request.target);
        assert!(answer.0 == 200 || !matches!(code(&answer), "SYS.1014" | "SYS.1000"), "{context}");
    }
}

/// The page `docs/coverage.md`; `BLESS=1` writes it.
#[test]
fn the_page_of_coverage_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/coverage.md");
    let page = coverage::markdown(&coverage::rows().unwrap());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    assert!(found == page, "docs/coverage.md differs from `zstack-node coverage`; BLESS=1 rewrites it");
}
