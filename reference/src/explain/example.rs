//! Examples: what is sent, and what is answered.

use super::page::Page;
use crate::http_example;
use zstack_model::{Example, Execution, Model, Operation};

pub(super) fn all(model: &Model, operation: &Operation, page: &mut Page<'_>) {
    for (nth, example) in operation.examples.iter().enumerate() {
        if nth > 0 {
            page.blank();
        }
        page.lines(&example.name);
        page.indented(|page| one(model, operation, example, page));
    }
}

fn one(model: &Model, operation: &Operation, example: &Example, page: &mut Page<'_>) {
    let request = http_example::request(model, operation, example);
    page.verbatim(&format!("{} {}", request.method.as_str(), request.target));
    if let Some(body) = &request.body {
        page.verbatim(body);
    }
    page.label(&match operation.execution {
        Execution::Sync => format!("answered {}", example.status),
        Execution::Async => format!("answered 202; the job ends with {}", example.status),
    });
    page.verbatim(&http_example::answer(model, operation, example));
}
