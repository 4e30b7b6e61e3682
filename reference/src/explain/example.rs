//! The examples of an operation: requests and responses.

use super::page::Page;
use crate::http_example;
use zstack_model::examples::examples;
use zstack_model::{Example, Execution, Model, Operation};

pub(super) fn write_examples(model: &Model, operation: &Operation, page: &mut Page<'_>) {
    for (index, example) in examples(model, operation).iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        page.lines(&example.name);
        page.indent(|page| write_example(model, operation, example, page));
    }
}

fn write_example(model: &Model, operation: &Operation, example: &Example, page: &mut Page<'_>) {
    let request = http_example::request(model, operation, example);
    page.verbatim(&format!("{} {}", request.method.as_str(), request.target));
    if let Some(body) = &request.body {
        page.verbatim(body);
    }
    page.label(&match operation.execution {
        Execution::Sync => format!("response {}", example.status),
        Execution::Async => format!("response 202; job result {}", example.status),
    });
    page.verbatim(&http_example::response(model, operation, example));
}
