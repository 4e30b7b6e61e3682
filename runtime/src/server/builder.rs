use std::sync::Arc;

use super::api::Api;
use super::authenticate::{AccessKeys, Sessions};
use super::build_error::BuildError;
use super::intercept::Intercept;
use super::options::Options;
use super::route::Table;
use super::routes::Routes;
use super::shared::{Extensions, Shared};

/// Builds an [`Api`].
#[derive(Default)]
#[must_use]
pub struct ApiBuilder {
    services: Vec<Routes>,
    options: Options,
    extensions: Extensions,
    table: Option<Arc<Table>>,
}

impl Api {
    /// Starts building a server, without operations.
    pub fn builder() -> ApiBuilder {
        ApiBuilder::default()
    }
}

impl ApiBuilder {
    /// Adds operations.
    pub fn mount(mut self, routes: Routes) -> Self {
        self.services.push(routes);
        self
    }

    /// Adds the operations of several services.
    pub fn mount_all(mut self, routes: impl IntoIterator<Item = Routes>) -> Self {
        self.services.extend(routes);
        self
    }

    /// Sets the options. Default: [`Options::default`].
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Sets the look-up of access keys. Without it, requests signed with an access key are refused.
    pub fn access_keys(mut self, keys: Arc<dyn AccessKeys>) -> Self {
        self.extensions.access_keys = Some(keys);
        self
    }

    /// Sets the check of sessions. Without it, jobs of callers without a valid session are stored
    /// and posted like all others.
    pub fn sessions(mut self, sessions: Arc<dyn Sessions>) -> Self {
        self.extensions.sessions = Some(sessions);
        self
    }

    /// Sets a hook that runs before every call.
    pub fn intercept(mut self, intercept: Arc<dyn Intercept>) -> Self {
        self.extensions.intercept = Some(intercept);
        self
    }

    /// Shares the table of paths of another server, which has the same routes in the same order and
    /// emulates the same release. It takes some megabytes for a large API.
    pub fn share_table(mut self, other: &Api) -> Self {
        self.table = Some(other.table());
        self
    }

    /// Builds the server.
    ///
    /// # Errors
    ///
    /// When two operations have the same method, path and body key, when a path cannot be matched,
    /// or when an option is invalid.
    pub fn build(self) -> Result<Api, BuildError> {
        Ok(Api::new(Shared::new(self.services, self.options, self.extensions, self.table)?))
    }
}
