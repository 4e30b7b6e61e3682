//! Operations on access keys.

use zstack_server::AccessKeyApi;

use super::Node;
use crate::store::Store;

impl<S: Store> AccessKeyApi for Node<S> {}
