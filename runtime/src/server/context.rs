use std::any::Any;
use std::sync::Arc;

/// Data that the hooks of a server attach to a request. The code that receives requests may add it to
/// the [extensions](http::Request::extensions) of a request; [`Call::context`](super::Call::context) returns it.
#[derive(Clone)]
pub struct RequestContext(pub Arc<dyn Any + Send + Sync>);

impl RequestContext {
    /// Returns the data, if it has this type.
    #[must_use]
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}
