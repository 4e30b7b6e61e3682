//! What the node tells about itself.

use zstack_server::ManagementNodeApi;

use super::Node;
use crate::store::Store;

impl<S: Store> ManagementNodeApi for Node<S> {}
