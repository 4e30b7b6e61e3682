//! The query operations, with conditions or with the UUID of a path. The server
//! leaves out the fields that a query does not select.

use zstack_runtime::Query;
use zstack_runtime::record::{Shape, shape};
use zstack_server::{Call, Outcome};
use zstack_types::access_key::{QueryAccessKey, QueryAccessKeyResponse};
use zstack_types::image::{QueryImage, QueryImageResponse};
use zstack_types::types::{AccessKeyInventory, ImageInventory, VmCdRomInventory, VmInstanceInventory};
use zstack_types::vm_instance::{
    GetCandidateIsoForAttachingVm, GetCandidateIsoForAttachingVmResponse, QueryVmCdRom, QueryVmCdRomResponse,
    QueryVmInstance, QueryVmInstanceResponse,
};

use super::{Failure, Node, retry_on_conflict};
use crate::query::resource::Resource;
use crate::query::resources::{ACCESS_KEY, IMAGE, VM_CD_ROM, VM_INSTANCE};
use crate::query::{Page, Selection, resolve};
use crate::rules::iso_candidates;
use crate::store::{Store, StoreResult};

/// A resource, and the shape of its inventories in the response.
struct QueryTarget {
    resource: &'static Resource,
    inventory: &'static Shape,
}

impl<S: Store> Node<S> {
    pub(super) async fn query_vm_instances(
        &self,
        call: &Call,
        request: &QueryVmInstance,
    ) -> Outcome<QueryVmInstanceResponse> {
        let target = QueryTarget { resource: &VM_INSTANCE, inventory: shape::<VmInstanceInventory>() };
        let select = |selection| self.store.select_vms(selection);
        let convert = |vm| self.inventories.vm(vm);
        let mut answer = QueryVmInstanceResponse::default();
        (answer.inventories, answer.total) =
            self.run_query(call, &target, request.uuid.as_deref(), &request.query, select, convert).await?;
        Ok(answer)
    }

    pub(super) async fn query_vm_cd_roms(
        &self,
        call: &Call,
        request: &QueryVmCdRom,
    ) -> Outcome<QueryVmCdRomResponse> {
        let target = QueryTarget { resource: &VM_CD_ROM, inventory: shape::<VmCdRomInventory>() };
        let select = |selection| self.store.select_cd_roms(selection);
        let convert = |cd_rom| self.inventories.cd_rom(cd_rom);
        let mut answer = QueryVmCdRomResponse::default();
        (answer.inventories, answer.total) =
            self.run_query(call, &target, request.uuid.as_deref(), &request.query, select, convert).await?;
        Ok(answer)
    }

    pub(super) async fn query_images(
        &self,
        call: &Call,
        request: &QueryImage,
    ) -> Outcome<QueryImageResponse> {
        let target = QueryTarget { resource: &IMAGE, inventory: shape::<ImageInventory>() };
        let select = |selection| self.store.select_images(selection);
        let convert = |image| self.inventories.image(image);
        let mut answer = QueryImageResponse::default();
        (answer.inventories, answer.total) =
            self.run_query(call, &target, request.uuid.as_deref(), &request.query, select, convert).await?;
        Ok(answer)
    }

    pub(super) async fn query_access_keys(
        &self,
        call: &Call,
        request: &QueryAccessKey,
    ) -> Outcome<QueryAccessKeyResponse> {
        let target = QueryTarget { resource: &ACCESS_KEY, inventory: shape::<AccessKeyInventory>() };
        let select = |selection| self.store.select_access_keys(selection);
        let convert = |key| self.inventories.access_key(key);
        let mut answer = QueryAccessKeyResponse::default();
        (answer.inventories, answer.total) =
            self.run_query(call, &target, None, &request.query, select, convert).await?;
        Ok(answer)
    }

    /// Runs a query. Returns the inventories and the total, each if requested.
    async fn run_query<T, I, F: Future<Output = StoreResult<Page<T>>>>(
        &self,
        call: &Call,
        target: &QueryTarget,
        uuid: Option<&str>,
        query: &Query,
        select: impl Fn(Selection) -> F,
        convert: impl Fn(T) -> I,
    ) -> Outcome<(Option<Vec<I>>, Option<i64>)> {
        retry_on_conflict(|| async {
            let selection = self.selection(call, target, uuid, query).await?;
            let page = select(selection).await?;
            Ok((page.rows.map(|rows| rows.into_iter().map(&convert).collect()), page.total))
        })
        .await
    }

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
            let isos = Selection::all(&IMAGE, admitted.caller).equal("mediaType", "ISO");
            let (cluster, isos) = tokio::try_join!(
                self.store.cluster(&admitted.vm.instance.cluster_uuid),
                self.store.select_images(isos)
            )?;
            let isos =
                admitted.select(isos.rows.unwrap_or_default(), cluster.map(|cluster| cluster.architecture));
            let inventories = isos.into_iter().map(|iso| self.inventories.image(iso)).collect();
            Ok(GetCandidateIsoForAttachingVmResponse::new(inventories))
        })
        .await
    }

    /// The requested rows, among those that the caller may see.
    async fn selection(
        &self,
        call: &Call,
        QueryTarget { resource, inventory }: &QueryTarget,
        uuid: Option<&str>,
        query: &Query,
    ) -> Result<Selection, Failure> {
        let caller = self.caller(call).await??;
        Ok(match uuid {
            Some(uuid) => Selection::by_uuid(resource, &caller, uuid),
            None => resolve(resource, query, inventory, &self.inventories.zone, &caller)?,
        })
    }
}
