//! Operations on images.

use zstack_server::{Call, ImageApi, Outcome};
use zstack_types::image::{GetCandidateVmForAttachingIso, GetCandidateVmForAttachingIsoResponse};
use zstack_types::vm_instance::{GetCandidateIsoForAttachingVm, GetCandidateIsoForAttachingVmResponse};

use super::{Node, built_in_operations, retry_on_conflict};
use crate::query::Selection;
use crate::rules::vm_candidates::{self, STATES, VmCandidatesFacts};
use crate::rules::{errors, iso_candidates};
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
}

impl<S: Store> Node<S> {
    pub(super) async fn iso_candidates(
        &self,
        call: &Call,
        request: &GetCandidateIsoForAttachingVm,
    ) -> Outcome<GetCandidateIsoForAttachingVmResponse> {
        retry_on_conflict(|| async {
            let (caller, vm, storages) = tokio::try_join!(
                self.caller(call),
                self.store.vm(&request.vm_instance_uuid),
                self.store.storages()
            )?;
            let vm_uuid = request.vm_instance_uuid.clone();
            let facts = iso_candidates::IsoCandidatesFacts { vm_uuid, caller, vm, storages };
            let admitted = iso_candidates::admit(&facts)?;
            if call.is_dry_run() {
                return Ok(GetCandidateIsoForAttachingVmResponse::default());
            }
            let registry = &built_in_operations().map_err(|error| errors::internal(error.to_string()))?.plans.registry;
            let image = registry.get("Image").ok_or_else(|| errors::internal("Images have no description."))?;
            let isos = Selection::all(image, admitted.caller).equal("mediaType", "ISO");
            let (cluster, found) = tokio::try_join!(
                self.store.cluster(&admitted.vm.instance.cluster_uuid),
                self.store.select_documents(isos)
            )?;
            let mut isos = Vec::new();
            for iso in found.rows.unwrap_or_default() {
                isos.extend(self.store.image(&iso.uuid).await?);
            }
            let isos = admitted.select(isos, cluster.map(|cluster| cluster.architecture));
            let inventories = isos.into_iter().map(|iso| self.inventories.image(iso)).collect();
            Ok(GetCandidateIsoForAttachingVmResponse::new(inventories))
        })
        .await
    }
}
