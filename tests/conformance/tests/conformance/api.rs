//! The operations of the spec, for tests that visit or serve all of them.

use std::sync::Arc;

use zstack_client::{Client, InProcess};
use zstack_conformance::Echo;
use zstack_runtime::Request;
use zstack_server::{Api, Call, Options, Outcome};

/// An action for every operation.
pub(crate) trait Visit {
    /// Performs it for the operation of this request.
    fn visit<R: Request>(&mut self);
}

/// Creates a client with a session whose transport is a server in the same process; returns the
/// service, too.
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

/// The traits with their methods; a test compares them with the spec.
macro_rules! operations {
    ($($api:ident in $module:ident { $($method:ident: $request:ident -> $response:ident,)+ })+) => {
        /// Visits every operation of the spec.
        pub(crate) fn every_operation(visit: &mut impl Visit) {
            $($(visit.visit::<zstack_types::$module::$request>();)+)+
        }

        $(impl zstack_server::$api for Service {
            $(async fn $method(
                &self,
                _: Call,
                request: zstack_types::$module::$request,
            ) -> Outcome<zstack_types::$module::$response> {
                self.0.exchange(&request)
            })+
        })+
    };
}

operations! {
    AccessKeyApi in access_key {
        create_access_key: CreateAccessKey -> CreateAccessKeyResponse,
        delete_access_key: DeleteAccessKey -> DeleteAccessKeyResponse,
        query_access_key: QueryAccessKey -> QueryAccessKeyResponse,
    }
    IdentityApi in identity {
        log_in_by_account: LogInByAccount -> LogInByAccountResponse,
        log_out: LogOut -> LogOutResponse,
        renew_session: RenewSession -> RenewSessionResponse,
        validate_session: ValidateSession -> ValidateSessionResponse,
    }
    ImageApi in image {
        get_candidate_vm_for_attaching_iso: GetCandidateVmForAttachingIso -> GetCandidateVmForAttachingIsoResponse,
        query_image: QueryImage -> QueryImageResponse,
    }
    ManagementNodeApi in management_node {
        get_current_time: GetCurrentTime -> GetCurrentTimeResponse,
        get_version: GetVersion -> GetVersionResponse,
        is_ready_to_go: IsReadyToGo -> IsReadyToGoResponse,
    }
    VmInstanceApi in vm_instance {
        attach_iso_to_vm_instance: AttachIsoToVmInstance -> AttachIsoToVmInstanceResponse,
        create_vm_cd_rom: CreateVmCdRom -> CreateVmCdRomResponse,
        delete_vm_cd_rom: DeleteVmCdRom -> DeleteVmCdRomResponse,
        destroy_vm_instance: DestroyVmInstance -> DestroyVmInstanceResponse,
        detach_iso_from_vm_instance: DetachIsoFromVmInstance -> DetachIsoFromVmInstanceResponse,
        expunge_vm_instance: ExpungeVmInstance -> ExpungeVmInstanceResponse,
        get_candidate_iso_for_attaching_vm: GetCandidateIsoForAttachingVm -> GetCandidateIsoForAttachingVmResponse,
        pause_vm_instance: PauseVmInstance -> PauseVmInstanceResponse,
        query_vm_cd_rom: QueryVmCdRom -> QueryVmCdRomResponse,
        query_vm_instance: QueryVmInstance -> QueryVmInstanceResponse,
        reboot_vm_instance: RebootVmInstance -> RebootVmInstanceResponse,
        recover_vm_instance: RecoverVmInstance -> RecoverVmInstanceResponse,
        reimage_vm_instance: ReimageVmInstance -> ReimageVmInstanceResponse,
        resume_vm_instance: ResumeVmInstance -> ResumeVmInstanceResponse,
        set_vm_instance_default_cd_rom: SetVmInstanceDefaultCdRom -> SetVmInstanceDefaultCdRomResponse,
        start_vm_instance: StartVmInstance -> StartVmInstanceResponse,
        stop_vm_instance: StopVmInstance -> StopVmInstanceResponse,
        update_vm_cd_rom: UpdateVmCdRom -> UpdateVmCdRomResponse,
    }
}
