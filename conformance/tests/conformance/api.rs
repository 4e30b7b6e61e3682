//! The operations of the spec: each is visited, and each is served.

use std::sync::Arc;

use zstack_client::{Client, InProcess};
use zstack_conformance::Echo;
use zstack_runtime::Request;
use zstack_server::{Api, Call, IdentityApi, ImageApi, Options, Outcome, VmInstanceApi};
use zstack_types::identity::{LogInByAccount, LogInByAccountResponse, LogOut, LogOutResponse};
use zstack_types::image::{GetCandidateVmForAttachingIso, GetCandidateVmForAttachingIsoResponse};
use zstack_types::vm_instance::{
    AttachIsoToVmInstance, AttachIsoToVmInstanceResponse, CreateVmCdRom, CreateVmCdRomResponse,
    DetachIsoFromVmInstance, DetachIsoFromVmInstanceResponse, ReimageVmInstance, ReimageVmInstanceResponse,
};

/// Something to do with every operation.
pub(crate) trait Visit {
    /// Does it with the operation of this request.
    fn visit<R: Request>(&mut self);
}

/// Does something with every operation of the spec.
pub(crate) fn every_operation(visit: &mut impl Visit) {
    visit.visit::<LogInByAccount>();
    visit.visit::<LogOut>();
    visit.visit::<GetCandidateVmForAttachingIso>();
    visit.visit::<AttachIsoToVmInstance>();
    visit.visit::<CreateVmCdRom>();
    visit.visit::<DetachIsoFromVmInstance>();
    visit.visit::<ReimageVmInstance>();
}

/// A client whose transport is a server in this process, with a session; and
/// what serves it.
pub(crate) fn loopback(options: Options) -> (Client, Arc<Echo>) {
    let echo = Arc::new(Echo::default());
    let router = router(&echo, options);
    let client = Client::builder("http://node.test").transport(InProcess::new(router)).build().unwrap();
    (client.with_session("36c27e8ff05c4780bf6d2fa65700f22e"), echo)
}

/// The routes of an [`Echo`].
pub(crate) fn router(echo: &Arc<Echo>, options: Options) -> axum::Router {
    let service = Arc::new(Service(Arc::clone(echo)));
    Api::builder().mount_all(zstack_server::routes(&service)).options(options).build().unwrap().into_router()
}

struct Service(Arc<Echo>);

impl IdentityApi for Service {
    async fn log_in_by_account(&self, _: Call, request: LogInByAccount) -> Outcome<LogInByAccountResponse> {
        self.0.exchange(&request)
    }

    async fn log_out(&self, _: Call, request: LogOut) -> Outcome<LogOutResponse> {
        self.0.exchange(&request)
    }
}

impl ImageApi for Service {
    async fn get_candidate_vm_for_attaching_iso(
        &self,
        _: Call,
        request: GetCandidateVmForAttachingIso,
    ) -> Outcome<GetCandidateVmForAttachingIsoResponse> {
        self.0.exchange(&request)
    }
}

impl VmInstanceApi for Service {
    async fn attach_iso_to_vm_instance(
        &self,
        _: Call,
        request: AttachIsoToVmInstance,
    ) -> Outcome<AttachIsoToVmInstanceResponse> {
        self.0.exchange(&request)
    }

    async fn create_vm_cd_rom(&self, _: Call, request: CreateVmCdRom) -> Outcome<CreateVmCdRomResponse> {
        self.0.exchange(&request)
    }

    async fn detach_iso_from_vm_instance(
        &self,
        _: Call,
        request: DetachIsoFromVmInstance,
    ) -> Outcome<DetachIsoFromVmInstanceResponse> {
        self.0.exchange(&request)
    }

    async fn reimage_vm_instance(
        &self,
        _: Call,
        request: ReimageVmInstance,
    ) -> Outcome<ReimageVmInstanceResponse> {
        self.0.exchange(&request)
    }
}
