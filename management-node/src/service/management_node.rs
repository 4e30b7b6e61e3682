//! The operations that return properties of the node.

use zstack_runtime::Version;
use zstack_server::{Call, ManagementNodeApi, Outcome};
use zstack_types::management_node::{
    GetCurrentTime, GetCurrentTimeResponse, GetVersion, GetVersionResponse, IsReadyToGo, IsReadyToGoResponse,
};

use super::Node;
use crate::cloud::built_in;
use crate::rules::errors;
use crate::store::Store;

/// The version of the platform that the node reports, unless it emulates an older
/// release.
const RELEASE: Version = Version::new("5.2.1");

impl<S: Store> ManagementNodeApi for Node<S> {
    async fn get_version(&self, call: Call, _: GetVersion) -> Outcome<GetVersionResponse> {
        let mut answer = GetVersionResponse::new(call.version().min(RELEASE).to_string());
        answer.success = Some(true);
        Ok(answer)
    }

    async fn get_current_time(&self, _: Call, _: GetCurrentTime) -> Outcome<GetCurrentTimeResponse> {
        let millis = self.clock.now().millis();
        let time = [("MillionSeconds", millis), ("Seconds", millis.div_euclid(1000))];
        let time = time.map(|(unit, value)| (unit.to_owned(), value));
        let mut answer = GetCurrentTimeResponse::new(time.into());
        answer.success = Some(true);
        Ok(answer)
    }

    async fn is_ready_to_go(&self, _: Call, request: IsReadyToGo) -> Outcome<IsReadyToGoResponse> {
        match request.management_node_id {
            Some(uuid) if uuid != built_in::management_node() => {
                Err(errors::not_found("managementNodeId", "management node", &uuid))
            }
            _ => Ok(IsReadyToGoResponse::default()),
        }
    }
}
