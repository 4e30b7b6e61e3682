//! Calls from within the process. They pass the same stages as requests, from `bind` on.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::answer::Answer;
use super::authenticate::Credentials;
use super::bind::bind;
use super::errors;
use super::headers::JobHeaders;
use super::intercept::Arrival;
use super::parameters::Input;
use super::run::run;
use super::shared::Shared;
use crate::new_uuid;

/// Runs an operation with all parameters in one object. Returns `None` if there is no such operation.
pub(crate) async fn perform(
    shared: &Arc<Shared>,
    operation: &str,
    parameters: &Map<String, Value>,
    credentials: Credentials,
) -> Option<Answer> {
    let route = shared.table.operation(operation)?;
    let parameters = serde_json::to_vec(parameters).unwrap_or_default();
    let input = Input { parameters: Some(parameters.into()), is_message: true, ..Input::default() };
    let request = http::Request::new(()).into_parts().0;
    // The caller waits, however long it takes.
    let headers = JobHeaders { timeout: Some(shared.options.api_timeout), ..JobHeaders::default() };
    let arrival =
        Arrival { operation: route.operation, credentials: &credentials, request: None, input: &input };
    let admission = shared.admit(arrival).await;
    let bound = admission.and_then(|admission| {
        bind(shared, &request, &new_uuid(), route, input, credentials, Ok(headers), admission)
    });
    let replied = match bound {
        Ok(mut call) => {
            call.running = None;
            call.with_schema = false;
            run(shared, call).await
        }
        Err(rejection) => Err(rejection),
    };
    Some(match replied {
        Ok(reply) => Answer { status: reply.status, body: reply.body, schema: None },
        Err(rejection) => {
            let error = errors::invalid_arguments(rejection.to_string());
            Answer::error(&error, shared.options.version)
        }
    })
}
