//! Operations that the node itself runs, through the same stages as those of clients.

use serde_json::{Map, Value};
use zstack_runtime::ErrorCode;
use zstack_runtime::decode::Decode as _;
use zstack_runtime::server::WeakApi;
use zstack_server::{Credentials, Outcome};

use super::Node;
use crate::rules::errors;
use crate::store::Store;

impl<S: Store> Node<S> {
    /// Sets the API that runs operations of the node itself. It keeps the node, so the node does not
    /// keep it.
    pub(crate) fn set_api(&self, api: WeakApi) {
        // It is set once, before the first request.
        let _ = self.api.set(api);
    }

    /// Runs an operation with all parameters in one object, and returns its response.
    pub(super) async fn run_operation(
        &self,
        operation: &str,
        parameters: &Map<String, Value>,
        credentials: Credentials,
    ) -> Outcome<Map<String, Value>> {
        let api = self.api.get().and_then(WeakApi::upgrade);
        let api = api.ok_or_else(|| errors::internal("The node is shutting down; try again later."))?;
        let answer = api.perform(operation, parameters, credentials).await;
        let answer = answer.ok_or_else(|| errors::internal(format!("There is no operation {operation}.")))?;
        let mut fields: Map<String, Value> = serde_json::from_slice(&answer.body)
            .map_err(|error| errors::internal(format!("The response of {operation} is invalid: {error}.")))?;
        if answer.is_success() {
            return Ok(fields);
        }
        let error = fields.remove("error").and_then(|error| ErrorCode::decode(error).ok().flatten());
        Err(error.map_or_else(
            || errors::internal(format!("{operation} failed without an error; the log has the cause.")),
            Box::new,
        ))
    }
}
