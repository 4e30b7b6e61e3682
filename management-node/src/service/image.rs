//! Operations on images.

use zstack_server::{Call, ImageApi, Outcome};
use zstack_types::image::{
    GetCandidateVmForAttachingIso, GetCandidateVmForAttachingIsoResponse, QueryImage, QueryImageResponse,
};

use super::{Node, retry_on_conflict};
use crate::rules::vm_candidates::{self, STATES, VmCandidatesFacts};
use crate::store::Store;

impl<S: Store> ImageApi for Node<S> {
    async fn get_candidate_vm_for_attaching_iso(
        &self,
        call: Call,
        request: GetCandidateVmForAttachingIso,
    ) -> Outcome<GetCandidateVmForAttachingIsoResponse> {
        retry_on_conflict(|| async {
            let (caller, iso, storages) = tokio::try_join!(
                self.caller(&call),
                self.store.image(&request.iso_uuid),
                self.store.storages()
            )?;
            let facts = VmCandidatesFacts { iso_uuid: request.iso_uuid.clone(), caller, iso, storages };
            let admitted = vm_candidates::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(GetCandidateVmForAttachingIsoResponse::default());
            }
            let vms = self.store.vms_on(&admitted.primary_storages, STATES).await?;
            let vms = admitted.select(vms);
            let inventories = vms.into_iter().map(|vm| self.inventories.vm(vm)).collect();
            Ok(GetCandidateVmForAttachingIsoResponse::new(inventories))
        })
        .await
    }

    async fn query_image(&self, call: Call, request: QueryImage) -> Outcome<QueryImageResponse> {
        self.query_images(&call, &request).await
    }
}
