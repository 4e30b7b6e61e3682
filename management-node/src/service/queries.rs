//! Queries: by a query, or by the one UUID of a path. The fields that a query
//! leaves out are left out where the answer is written.

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

use super::{Failure, Node, settle};
use crate::query::resource::Resource;
use crate::query::resources::{ACCESS_KEY, IMAGE, VM_CD_ROM, VM_INSTANCE};
use crate::query::{Page, Selection, resolve};
use crate::rules::iso_candidates;
use crate::store::{Loaded, Store};

/// What is queried: the resource, and the record that the answer lists.
struct Queried {
    resource: &'static Resource,
    inventory: &'static Shape,
}

impl<S: Store> Node<S> {
    pub(super) async fn query_vm_instances(
        &self,
        call: &Call,
        request: &QueryVmInstance,
    ) -> Outcome<QueryVmInstanceResponse> {
        let queried = Queried { resource: &VM_INSTANCE, inventory: shape::<VmInstanceInventory>() };
        let select = |it| self.store.select_vms(it);
        let show = |it| self.inventories.vm(it);
        let mut answer = QueryVmInstanceResponse::default();
        (answer.inventories, answer.total) =
            self.found(call, &queried, request.uuid.as_deref(), &request.query, select, show).await?;
        Ok(answer)
    }

    pub(super) async fn query_vm_cd_roms(
        &self,
        call: &Call,
        request: &QueryVmCdRom,
    ) -> Outcome<QueryVmCdRomResponse> {
        let queried = Queried { resource: &VM_CD_ROM, inventory: shape::<VmCdRomInventory>() };
        let select = |it| self.store.select_cd_roms(it);
        let show = |it| self.inventories.cd_rom(it);
        let mut answer = QueryVmCdRomResponse::default();
        (answer.inventories, answer.total) =
            self.found(call, &queried, request.uuid.as_deref(), &request.query, select, show).await?;
        Ok(answer)
    }

    pub(super) async fn query_images(
        &self,
        call: &Call,
        request: &QueryImage,
    ) -> Outcome<QueryImageResponse> {
        let queried = Queried { resource: &IMAGE, inventory: shape::<ImageInventory>() };
        let select = |it| self.store.select_images(it);
        let show = |it| self.inventories.image(it);
        let mut answer = QueryImageResponse::default();
        (answer.inventories, answer.total) =
            self.found(call, &queried, request.uuid.as_deref(), &request.query, select, show).await?;
        Ok(answer)
    }

    pub(super) async fn query_access_keys(
        &self,
        call: &Call,
        request: &QueryAccessKey,
    ) -> Outcome<QueryAccessKeyResponse> {
        let queried = Queried { resource: &ACCESS_KEY, inventory: shape::<AccessKeyInventory>() };
        let select = |it| self.store.select_access_keys(it);
        let show = |it| self.inventories.access_key(it);
        let mut answer = QueryAccessKeyResponse::default();
        (answer.inventories, answer.total) =
            self.found(call, &queried, None, &request.query, select, show).await?;
        Ok(answer)
    }

    /// What is asked for, shown, and how many there are in all: each if it is
    /// asked for.
    async fn found<T, I, F: Future<Output = Loaded<Page<T>>>>(
        &self,
        call: &Call,
        queried: &Queried,
        uuid: Option<&str>,
        query: &Query,
        select: impl Fn(Selection) -> F,
        show: impl Fn(T) -> I,
    ) -> Outcome<(Option<Vec<I>>, Option<i64>)> {
        settle(|| async {
            let selection = self.selection(call, queried, uuid, query).await?;
            let page = select(selection).await?;
            Ok((page.rows.map(|rows| rows.into_iter().map(&show).collect()), page.total))
        })
        .await
    }

    pub(super) async fn iso_candidates(
        &self,
        call: &Call,
        request: &GetCandidateIsoForAttachingVm,
    ) -> Outcome<GetCandidateIsoForAttachingVmResponse> {
        settle(|| async {
            let (caller, vm, storages) = tokio::try_join!(
                self.caller(call),
                self.store.vm(&request.vm_instance_uuid),
                self.store.storages()
            )?;
            let vm_uuid = request.vm_instance_uuid.clone();
            let facts = iso_candidates::Facts { vm_uuid, caller, vm, storages };
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

    /// What is asked for, of what the caller sees.
    async fn selection(
        &self,
        call: &Call,
        Queried { resource, inventory }: &Queried,
        uuid: Option<&str>,
        query: &Query,
    ) -> Result<Selection, Failure> {
        let caller = self.caller(call).await??;
        Ok(match uuid {
            Some(uuid) => Selection::one(resource, &caller, uuid),
            None => resolve(resource, query, inventory, &self.inventories.zone, &caller)?,
        })
    }
}
