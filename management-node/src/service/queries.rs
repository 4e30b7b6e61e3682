//! Queries of documents.

use serde_json::Value;
use zstack_dynamic::Dynamic;
use zstack_runtime::Query;
use zstack_server::Call;

use super::{Failure, Node};
use crate::cloud::Parameters;
use crate::cloud::plan::{Plan, Plans};
use crate::model::AccountKind;
use crate::query::{Selection, resolve};
use crate::rules::errors;
use crate::store::Store;

/// The standard parameters, in the order of [`Query::set`].
const PARAMETERS: [&str; 9] =
    ["q", "limit", "start", "count", "groupBy", "replyWithCount", "sort", "fields", "filterName"];

impl<S: Store> Node<S> {
    pub(super) async fn query_documents(
        &self,
        plans: &Plans,
        plan: &Plan,
        call: &Call,
        parameters: &Parameters,
    ) -> Result<Dynamic, Failure> {
        let caller = self.caller(call).await??;
        if caller.kind == AccountKind::Normal && !plan.action.is_normal {
            return Err(errors::admin_only(plan.operation.name).into());
        }
        let Some(resource) = plans.registry.get(&plan.resource.name) else {
            return Err(errors::internal("The resource has no description.").into());
        };
        let selection = match parameters.get("uuid").and_then(Value::as_str) {
            Some(uuid) => Selection::by_uuid(resource, &caller, uuid),
            None => {
                let query = query(parameters)?;
                let shape = plans.shape(&plan.resource.inventory);
                resolve(resource, &query, shape, &self.zone, &caller)?
            }
        };
        let page = self.store.select_documents(selection).await?;
        if call.is_dry_run() {
            return Ok(Dynamic::new(plan.operation.response));
        }
        let mut response = Dynamic::new(plan.operation.response);
        if let Some(rows) = page.rows {
            response.set_records("inventories", self.records_of(plans, rows, &[]).await?);
        }
        response.set("total", page.total.into()).map_err(errors::internal)?;
        Ok(response)
    }
}

/// Reads the standard parameters.
fn query(parameters: &Parameters) -> Result<Query, Failure> {
    let mut query = Query::new();
    for (index, name) in PARAMETERS.iter().enumerate() {
        if let Some(value) = parameters.get(*name) {
            let set = query.set(index, value.clone());
            set.map_err(|error| errors::invalid_argument(format!("[{name}] {error}")))?;
        }
    }
    Ok(query)
}
