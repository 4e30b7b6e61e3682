//! The hooks of the API, with which the node observes requests and faults affect calls.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use hyper::StatusCode;
use zstack_runtime::server::{Admission, Arrival, Intercept, RequestContext};
use zstack_runtime::{Execution, Operation};
use zstack_server::{BoxFuture, Call, Credentials, Outcome};

use super::fault::CallFacts;
use super::{Faults, Plan, run};
use crate::exchange::{Effects, Exchange};
use crate::service::Node;
use crate::store::Store;

/// The hooks of the API.
pub(crate) struct Hooks<S> {
    pub(crate) faults: Arc<Faults>,
    pub(crate) node: Arc<Node<S>>,
    pub(crate) store: Arc<S>,
}

impl<S: Store> Hooks<S> {
    async fn admit(&self, arrival: Arrival<'_>) -> Result<Admission, Response> {
        let operation = arrival.operation();
        let needs = self.faults.needs(operation.name);
        let account =
            if needs.account { self.names_of_caller(arrival.credentials()).await } else { Vec::new() };
        let resources = if needs.resource { self.with_names(arrival.texts()).await } else { Vec::new() };
        let plan = self.faults.plan(&CallFacts {
            operation: operation.name,
            is_long: operation.execution == Execution::Async,
            headers: arrival.request().map(|request| &request.headers),
            account: &account,
            resources: &resources,
        });
        if plan.effects.faults.is_empty() {
            return Ok(Admission::default());
        }
        let context = arrival.request().and_then(|request| request.extensions.get::<RequestContext>());
        let context = context.cloned().unwrap_or_else(|| Arc::new(Exchange::default()).context());
        if let Some(exchange) = Exchange::of(Some(&context)) {
            // An affected call may end before the node looks for its account.
            if let Some(account) = self.node.account_of(arrival.credentials()).await {
                exchange.set_account(&account);
            }
            return apply(plan, exchange, context.clone()).await;
        }
        Ok(Admission::default())
    }

    /// The UUID and the name of the account of a caller.
    async fn names_of_caller(&self, credentials: &Credentials) -> Vec<String> {
        match self.node.account_of(credentials).await {
            Some(account) => self.with_names(vec![account]).await,
            None => Vec::new(),
        }
    }

    /// Adds the names of the resources with these UUIDs.
    async fn with_names(&self, mut texts: Vec<String>) -> Vec<String> {
        let documents = self.store.documents(&texts).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot load the resources of a call, so faults cannot select it by name");
            Vec::new()
        });
        texts.extend(documents.iter().filter_map(|document| document.text("name").map(str::to_owned)));
        texts
    }
}

/// Attaches the effects of faults to a call, or waits and answers instead of it.
async fn apply(plan: Plan, exchange: &Exchange, context: RequestContext) -> Result<Admission, Response> {
    let Plan { effects, steps, as_job, response } = plan;
    let Some((status, body)) = response else {
        let before = run(steps);
        exchange.set_effects(Effects { before: Some(Box::pin(before) as _).into(), ..effects });
        return Ok(Admission { context: Some(context), as_job });
    };
    exchange.set_effects(effects);
    // An error comes after a status only in another fault, which does not affect the call.
    let _ = run(steps).await;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    Err((status, Body::from(body)).into_response())
}

impl<S: Store> Intercept for Hooks<S> {
    fn observe_body(&self, request: &Parts, body: &Bytes) {
        if let Some(exchange) = Exchange::of(request.extensions.get()) {
            exchange.set_body(body);
        }
    }

    fn observe_operation(&self, request: &Parts, operation: &'static Operation) {
        if let Some(exchange) = Exchange::of(request.extensions.get()) {
            exchange.set_operation(operation.name);
        }
    }

    fn arrive<'a>(&'a self, arrival: Arrival<'a>) -> Option<BoxFuture<'a, Result<Admission, Response>>> {
        self.faults.count(arrival.operation().name).then(|| Box::pin(self.admit(arrival)) as _)
    }

    fn before<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Outcome<()>> {
        let effects = Exchange::of(call.context()).and_then(Exchange::effects);
        if effects.is_some_and(|effects| effects.loses_webhook) {
            self.faults.lose_webhook(call.job_uuid());
        }
        effects.and_then(Effects::take_before).unwrap_or_else(|| Box::pin(std::future::ready(Ok(()))))
    }
}
