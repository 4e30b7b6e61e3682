//! Operations.

use super::document::{ErrorCase, Message, More, Operation, Sharing, SystemTag, known};
use super::losses::LossKind;
use super::routes::{Route, Stop};
use super::types::history;
use super::writer::Writer;
use zstack_model::prose::{code, line, prose};
use zstack_model::words;
use zstack_model::{Body, Execution};

impl<'a> Writer<'a> {
    pub(super) fn operation(&mut self, route: &Route<'a>) -> Operation<'a> {
        for it in route.operations() {
            self.lose(it);
        }
        let mut tags: Vec<_> = route.operations().map(|operation| operation.category.as_str()).collect();
        tags.dedup();
        let lone = route.lone();
        let summary = match lone {
            Some(stop) => stop.operation.summary.as_str().into(),
            None => format!("One of {} operations, by the key of the body.", route.stops.len()).into(),
        };
        let description = match lone {
            Some(stop) => {
                let alike = route.alike.map(|alike| format!("Servers accept {} as well.", alike.as_str()));
                let text = [Some(description(stop.operation)).filter(|it| !it.is_empty()), alike];
                text.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
            }
            None => listed(route),
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
            more: lone.map(|lone| self.more(lone.operation)),
            operations: match lone {
                Some(_) => Vec::new(),
                None => route.stops.iter().map(|it| self.sharing(it)).collect(),
            },
        }
    }

    fn sharing(&mut self, stop: &Stop<'a>) -> Sharing<'a> {
        let operation = stop.operation;
        Sharing {
            name: &operation.name,
            key: match &operation.body {
                Body::Action(key) => Some(key),
                Body::Key(_) | Body::None => None,
            },
            summary: &operation.summary,
            description: description(operation),
            deprecated: is_deprecated(operation),
            request: self.request(stop).map(|(reference, _)| reference),
            response: self.result(operation),
            more: self.more(operation),
        }
    }

    fn more(&mut self, it: &'a zstack_model::Operation) -> More<'a> {
        let is_job = it.execution == Execution::Async;
        let system_tags = it.tags.iter().map(|tag| SystemTag {
            pattern: &tag.pattern,
            description: prose(&tag.description),
            since: known(&tag.since),
        });
        let errors = it.errors.iter().map(|error| ErrorCase {
            code: &error.code,
            cause: error.cause.as_deref(),
            when: &error.when,
        });
        let mut history = history(&it.since, &it.retirement, it.source);
        history.documented = it.documented.as_ref().and_then(words::documented);
        More {
            execution: if is_job { "async" } else { "sync" },
            job_result: is_job.then(|| self.result(it)),
            system_tags: system_tags.collect(),
            errors: errors.collect(),
            message: it
                .message
                .as_ref()
                .map(|message| Message { class: &message.class, reply: &message.reply }),
            history,
        }
    }

    fn lose(&mut self, it: &zstack_model::Operation) {
        let kinds = [
            (LossKind::JobResult, it.execution == Execution::Async),
            (LossKind::QueryLanguage, it.query),
            (LossKind::PartialRecords, it.query),
            (LossKind::ErrorCodes, !it.errors.is_empty()),
            (LossKind::OlderChannel, it.message.is_some()),
        ];
        for (kind, _) in kinds.into_iter().filter(|kind| kind.1) {
            self.losses.add(kind, &it.name);
        }
        for tag in &it.tags {
            self.losses.add(LossKind::SystemTag, format!("{}: {}", it.name, tag.pattern));
        }
    }
}

fn is_deprecated(it: &zstack_model::Operation) -> bool {
    it.retirement.deprecated.is_some()
}

/// What the summary does not say, a paragraph each.
fn description(it: &zstack_model::Operation) -> String {
    let text = it.description.iter().map(|description| prose(description));
    let text = text.chain(words::retirement(&it.retirement, prose));
    text.chain(it.notes.iter().map(|it| prose(it))).collect::<Vec<_>>().join("\n\n")
}

/// The operations of a route, by their keys.
fn listed(route: &Route<'_>) -> String {
    let row = |it: &zstack_model::Operation| {
        let key = match &it.body {
            Body::Action(key) | Body::Key(key) => key,
            Body::None => &it.name,
        };
        format!("* {}: {}", line(&code(key)), line(&it.summary))
    };
    route.operations().map(row).collect::<Vec<_>>().join("\n")
}
