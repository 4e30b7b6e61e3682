//! The measured server: an implementation of the generated traits.

use std::sync::Arc;

use axum::Router;
use zstack_client::ErrorCode;
use zstack_runtime::Version;
use zstack_server::{Api, Call, Credentials, ImageApi, Options, Outcome, VmInstanceApi};
use zstack_types::image::{GetCandidateVmForAttachingIso, GetCandidateVmForAttachingIsoResponse};
use zstack_types::types::VmInstanceInventory;
use zstack_types::vm_instance::{ReimageVmInstance, ReimageVmInstanceResponse};

use super::scenario::{ISO_OF_MANY, inventories};
use crate::Failure;
use crate::raw_http::SESSION;

/// Creates a server that emulates a release.
pub(crate) fn router(release: Version) -> Result<Router, Failure> {
    let (one, many) = inventories()?;
    let service = Arc::new(Service { one, many });
    let images = zstack_server::image(Arc::clone(&service));
    let vm_instances = zstack_server::vm_instance(service);
    let options = Options::default().version(release);
    Ok(Api::builder().mount(images).mount(vm_instances).options(options).build()?.into_router())
}

struct Service {
    one: VmInstanceInventory,
    many: Vec<VmInstanceInventory>,
}

impl ImageApi for Service {
    async fn get_candidate_vm_for_attaching_iso(
        &self,
        call: Call,
        request: GetCandidateVmForAttachingIso,
    ) -> Outcome<GetCandidateVmForAttachingIsoResponse> {
        check(&call)?;
        let many = request.iso_uuid == ISO_OF_MANY;
        let inventories = if many { self.many.clone() } else { vec![self.one.clone()] };
        Ok(GetCandidateVmForAttachingIsoResponse::new(inventories))
    }
}

impl VmInstanceApi for Service {
    async fn reimage_vm_instance(
        &self,
        call: Call,
        _: ReimageVmInstance,
    ) -> Outcome<ReimageVmInstanceResponse> {
        check(&call)?;
        Ok(ReimageVmInstanceResponse::new(self.one.clone()))
    }
}

fn check(call: &Call) -> Outcome<()> {
    match call.credentials() {
        Credentials::Session(session) if session == SESSION => Ok(()),
        _ => Err(ErrorCode::new("ID.1001", "The session is invalid", "Session expired").into()),
    }
}
