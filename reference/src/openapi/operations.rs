//! Operations and their extensions.

use super::document::{
    ErrorCase, Extensions, LegacyMessage, Operation, SharedOperation, SystemTag, known_version,
};
use super::losses::LossKind;
use super::parts::Lifecycle;
use super::routes::{Endpoint, Route};
use super::types::lifecycle;
use super::writer::Writer;
use zstack_model::prose::{code, line, prose};
use zstack_model::words;
use zstack_model::{Body, Execution};

impl<'a> Writer<'a> {
    pub(super) fn operation(&mut self, route: &Route<'a>) -> Operation<'a> {
        for operation in route.operations() {
            self.add_losses(operation);
        }
        let mut tags: Vec<_> = route.operations().map(|operation| operation.category.as_str()).collect();
        tags.dedup();
        let single = route.single();
        let summary = match single {
            Some(endpoint) => endpoint.operation.summary.as_str().into(),
            None => format!("One of {} operations, selected by the key of the body.", route.endpoints.len())
                .into(),
        };
        let description = match single {
            Some(endpoint) => {
                let method =
                    route.other_method.map(|method| format!("Servers accept {} as well.", method.as_str()));
                let text = [Some(description(endpoint.operation)).filter(|text| !text.is_empty()), method];
                text.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
            }
            None => operation_list(route),
        };
        Operation {
            tags,
            summary,
            description,
            operation_id: route.id.clone(),
            parameters: self.parameters(route),
            request_body: self.body(route),
            responses: self.responses(route),
            deprecated: route.operations().all(is_deprecated),
            security: self.security(route.operations()),
            extensions: single.map(|single| self.extensions(single.operation)),
            operations: match single {
                Some(_) => Vec::new(),
                None => route.endpoints.iter().map(|endpoint| self.shared_operation(endpoint)).collect(),
            },
        }
    }

    fn shared_operation(&mut self, endpoint: &Endpoint<'a>) -> SharedOperation<'a> {
        let operation = endpoint.operation;
        SharedOperation {
            name: &operation.name,
            key: match &operation.body {
                Body::Action(key) => Some(key),
                Body::Key(_) | Body::None => None,
            },
            summary: &operation.summary,
            description: description(operation),
            deprecated: is_deprecated(operation),
            request: self.request(endpoint).map(|(reference, _)| reference),
            response: self.result(operation),
            extensions: self.extensions(operation),
        }
    }

    fn extensions(&mut self, operation: &'a zstack_model::Operation) -> Extensions<'a> {
        let is_job = operation.execution == Execution::Async;
        let system_tags = operation.tags.iter().map(|tag| SystemTag {
            pattern: &tag.pattern,
            description: prose(&tag.description),
            since: known_version(&tag.since),
        });
        let errors = operation.errors.iter().map(|error| ErrorCase {
            code: &error.code,
            cause: error.cause.as_deref(),
            when: &error.when,
        });
        let message = operation.message.as_ref();
        Extensions {
            execution: if is_job { "async" } else { "sync" },
            job_result: is_job.then(|| self.result(operation)),
            system_tags: system_tags.collect(),
            errors: errors.collect(),
            message: message.map(|message| LegacyMessage { class: &message.class, reply: &message.reply }),
            lifecycle: Lifecycle {
                documented: operation.documented.as_ref().and_then(words::describe_documented),
                ..lifecycle(&operation.since, &operation.retirement, operation.source)
            },
        }
    }

    fn add_losses(&mut self, operation: &zstack_model::Operation) {
        let kinds = [
            (LossKind::JobResult, operation.execution == Execution::Async),
            (LossKind::QueryLanguage, operation.query),
            (LossKind::PartialRecords, operation.query),
            (LossKind::ErrorCodes, !operation.errors.is_empty()),
            (LossKind::LegacyChannel, operation.message.is_some()),
        ];
        for (kind, _) in kinds.into_iter().filter(|(_, applies)| *applies) {
            self.losses.add(kind, &operation.name);
        }
        for tag in &operation.tags {
            self.losses.add(LossKind::SystemTag, format!("{}: {}", operation.name, tag.pattern));
        }
    }
}

fn is_deprecated(operation: &zstack_model::Operation) -> bool {
    operation.retirement.deprecated.is_some()
}

/// The description, deprecation and notes, a paragraph each.
fn description(operation: &zstack_model::Operation) -> String {
    let text = operation.description.iter().map(|description| prose(description));
    let text = text.chain(words::retirement(&operation.retirement, prose));
    text.chain(operation.notes.iter().map(|note| prose(note))).collect::<Vec<_>>().join("\n\n")
}

/// A list of the operations of a route, with their keys.
fn operation_list(route: &Route<'_>) -> String {
    let line_of = |operation: &zstack_model::Operation| {
        let key = match &operation.body {
            Body::Action(key) | Body::Key(key) => key,
            Body::None => &operation.name,
        };
        format!("* {}: {}", line(&code(key)), line(&operation.summary))
    };
    route.operations().map(line_of).collect::<Vec<_>>().join("\n")
}
