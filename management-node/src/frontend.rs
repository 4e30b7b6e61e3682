//! The paths of the node: the API, and next to it `/_node`, `/openapi.json`, the probes and the pages for
//! browsers.

use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use hyper::{Request, StatusCode};
use zstack_server::{Api, RemoteAddress};

use crate::control::Control;
use crate::cors::Cors;
use crate::dashboard::Dashboard;
use crate::hosts::{HostCheck, Hosts};
use crate::openapi::OpenApi;
use crate::pages::{self, Pages};
use crate::probes::Probes;
use crate::serve::Frontend;
use crate::store::sqlite::SqliteStore;
use crate::worlds::{World, Worlds};

/// The handlers of all paths.
#[derive(Clone)]
pub(crate) struct NodeFrontend {
    pub(crate) hosts: Arc<Hosts>,
    pub(crate) host_check: HostCheck,
    /// `None` if no pages of other origins may call the node.
    pub(crate) cors: Option<Cors>,
    pub(crate) probes: Arc<Probes<SqliteStore>>,
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) control: Arc<Control>,
    pub(crate) openapi: OpenApi,
    /// `None` if the node serves no pages.
    pub(crate) pages: Option<&'static Pages>,
}

impl Frontend for NodeFrontend {
    fn api(&self) -> &Api {
        &self.worlds.default.api
    }

    async fn answer(&self, request: Request<Body>) -> Response {
        if let Err((status, text)) = self.hosts.check(&request, self.host_check) {
            tracing::info!(status = status.as_u16(), text, "refused a request because of its host");
            return (status, text).into_response();
        }
        let (mut parts, body) = request.into_parts();
        // Its name is removed from the path, on which everything else depends.
        let world = match self.worlds.of_request(&mut parts).await {
            Ok(world) => world,
            Err(text) => {
                tracing::info!(text, "refused a request for an unknown world");
                return (StatusCode::NOT_FOUND, text).into_response();
            }
        };
        let request = Request::from_parts(parts, body);
        match &self.cors {
            Some(cors) if !Control::is_for(request.uri().path()) => {
                Box::pin(cors.answer(request, |request| self.answer_in(&world, request))).await
            }
            _ => self.answer_in(&world, request).await,
        }
    }
}

impl NodeFrontend {
    async fn answer_in(&self, world: &Arc<World>, request: Request<Body>) -> Response {
        // Nearly every request is for the API.
        if request.uri().path().starts_with("/zstack/") {
            return world.answer(request).await;
        }
        Box::pin(self.answer_other(world, request)).await
    }

    async fn answer_other(&self, world: &Arc<World>, request: Request<Body>) -> Response {
        let path = request.uri().path();
        if Control::is_for(path) {
            let peer = request.extensions().get::<RemoteAddress>().map(|extension| extension.0);
            return self.control.answer(world, request, peer).await;
        }
        if Probes::<SqliteStore>::is_for(path) {
            return self.probes.answer(&request.into_parts().0).await;
        }
        if OpenApi::is_for(path) {
            let (openapi, request) = (self.openapi.clone(), request.into_parts().0);
            return blocking(move || openapi.answer(&request)).await;
        }
        match self.pages {
            Some(_) if Dashboard::<SqliteStore>::is_for(path) => {
                world.dashboard.answer(&request.into_parts().0).await
            }
            Some(pages) if pages::is_for(path) => {
                let request = request.into_parts().0;
                blocking(move || pages::answer(&request, pages)).await
            }
            // Unusual spellings of API paths, and unknown paths.
            _ => world.answer(request).await,
        }
    }
}

/// Makes a response on a thread that may block.
async fn blocking(answer: impl FnOnce() -> Response + Send + 'static) -> Response {
    tokio::task::spawn_blocking(answer).await.unwrap_or_else(|error| {
        tracing::error!(%error, "cannot create a page or document");
        (StatusCode::INTERNAL_SERVER_ERROR, "this page cannot be created; the log has the cause\n")
            .into_response()
    })
}
