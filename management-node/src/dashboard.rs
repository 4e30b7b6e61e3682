//! `GET /_dashboard/jobs`: the jobs that the dashboard lists, for which the API
//! has no operation. Callers authenticate as for the API: with a session, or by
//! signing the path with an access key.
//!
//! The response is `{"jobs": […]}`, the newest first, at most a hundred: the jobs
//! of the account, or all jobs for an administrator. `state` is `Processing`,
//! `Done` or `Failed`; a failed job has an `errorCode`. An expired job may still
//! be listed for an hour.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use serde::Serialize;
use serde_json::json;
use zstack_server::Api;

use crate::service::Node;
use crate::store::{JobSummary, Store};

/// Serves `/_dashboard/jobs`.
pub(crate) struct Dashboard<S> {
    pub(crate) node: Arc<Node<S>>,
    pub(crate) api: Api,
}

/// A job in the response. Times are UTC.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JobRow {
    uuid: String,
    operation: String,
    submitted: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<String>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<String>,
}

impl From<JobSummary> for JobRow {
    fn from(job: JobSummary) -> Self {
        let state = match &job.end {
            None => "Processing",
            Some(end) if end.is_success => "Done",
            Some(_) => "Failed",
        };
        Self {
            uuid: job.uuid,
            operation: job.operation,
            submitted: job.submitted.to_string(),
            ended: job.end.as_ref().map(|end| end.at.to_string()),
            state,
            error_code: job.end.and_then(|end| end.error_code),
        }
    }
}

impl<S: Store> Dashboard<S> {
    /// Returns true for the path of the list of jobs.
    pub(crate) fn is_for(path: &str) -> bool {
        path == "/_dashboard/jobs"
    }

    pub(crate) async fn answer(&self, request: &Parts) -> Response {
        if request.method != Method::GET {
            let mut response = text(
                StatusCode::METHOD_NOT_ALLOWED,
                "this method is not allowed on /_dashboard/jobs; use GET",
            );
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
            return response;
        }
        let credentials = match self.api.identify(request).await {
            Ok(credentials) => credentials,
            Err(refusal) => return disable_caching(refusal),
        };
        let (status, body) = match self.node.newest_jobs(&credentials).await {
            Ok(jobs) => {
                let jobs: Vec<_> = jobs.into_iter().map(JobRow::from).collect();
                (StatusCode::OK, json!({ "jobs": jobs }))
            }
            // The API also reports its errors with this status.
            Err(error) => (StatusCode::SERVICE_UNAVAILABLE, json!({ "error": &*error })),
        };
        response(status, "application/json", body.to_string())
    }
}

fn text(status: StatusCode, text: &str) -> Response {
    response(status, "text/plain;charset=UTF-8", text.to_owned())
}

fn response(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    disable_caching(response)
}

fn disable_caching(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
