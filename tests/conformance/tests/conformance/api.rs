//! A selection of operations that has every form of operation, parameter, constraint and response
//! field of the spec, for tests that visit or serve all of them.

use std::sync::Arc;

use zstack_client::{Client, InProcess};
use zstack_conformance::Echo;
use zstack_runtime::Request;
use zstack_server::{Api, Call, Options, Outcome, Routes};

/// An action for each operation.
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
    Api::builder().mount_all(routes(&service)).options(options).build().unwrap().into_router()
}

struct Service(Arc<Echo>);

/// The traits with their methods; a test compares the forms of these operations with the spec.
macro_rules! operations {
    ($($api:ident in $module:ident { $($method:ident: $request:ident -> $response:ident,)+ })+) => {
        /// Visits the selected operations.
        pub(crate) fn selected_operations(visit: &mut impl Visit) {
            $($(visit.visit::<zstack_types::$module::$request>();)+)+
        }

        fn routes(service: &Arc<Service>) -> Vec<Routes> {
            vec![$(zstack_server::$module(Arc::clone(service))),+]
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
    BackupStorageApi in backup_storage {
        get_backup_storage_types: GetBackupStorageTypes -> GetBackupStorageTypesResponse,
    }
    BillingApi in billing {
        calculate_account_spending: CalculateAccountSpending -> CalculateAccountSpendingResponse,
        query_price_table: QueryPriceTable -> QueryPriceTableResponse,
    }
    CephApi in ceph {
        add_ceph_backup_storage: AddCephBackupStorage -> AddCephBackupStorageResponse,
    }
    ClusterApi in cluster {
        update_cluster_os: UpdateClusterOS -> UpdateClusterOSResponse,
    }
    ConfigurationApi in configuration {
        get_resource_bindable_config: GetResourceBindableConfig -> GetResourceBindableConfigResponse,
    }
    GuestApi in guest {
        change_vm_password: ChangeVmPassword -> ChangeVmPasswordResponse,
        get_vm_guest_tools_info: GetVmGuestToolsInfo -> GetVmGuestToolsInfoResponse,
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
        set_image_qga: SetImageQga -> SetImageQgaResponse,
    }
    IpRangeApi in ip_range {
        check_ip_availability: CheckIpAvailability -> CheckIpAvailabilityResponse,
    }
    L2NetworkApi in l2_network {
        attach_l2_network_to_cluster: AttachL2NetworkToCluster -> AttachL2NetworkToClusterResponse,
    }
    L3NetworkApi in l3_network {
        attach_network_service_to_l3_network: AttachNetworkServiceToL3Network -> AttachNetworkServiceToL3NetworkResponse,
        detach_network_service_from_l3_network: DetachNetworkServiceFromL3Network -> DetachNetworkServiceFromL3NetworkResponse,
    }
    LoadBalancerApi in load_balancer {
        add_backend_server_to_server_group: AddBackendServerToServerGroup -> AddBackendServerToServerGroupResponse,
        change_load_balancer_listener: ChangeLoadBalancerListener -> ChangeLoadBalancerListenerResponse,
    }
    LongJobApi in long_job {
        get_chain_task: GetChainTask -> GetChainTaskResponse,
    }
    ManagementNodeApi in management_node {
        check_elaboration_content: CheckElaborationContent -> CheckElaborationContentResponse,
        get_current_time: GetCurrentTime -> GetCurrentTimeResponse,
        get_version: GetVersion -> GetVersionResponse,
        is_ready_to_go: IsReadyToGo -> IsReadyToGoResponse,
    }
    MonitoringApi in monitoring {
        create_alarm: CreateAlarm -> CreateAlarmResponse,
        update_alarm: UpdateAlarm -> UpdateAlarmResponse,
    }
    OfferingApi in offering {
        create_instance_offering: CreateInstanceOffering -> CreateInstanceOfferingResponse,
    }
    PrimaryStorageApi in primary_storage {
        clean_up_storage_trash_on_primary_storage: CleanUpStorageTrashOnPrimaryStorage -> CleanUpStorageTrashOnPrimaryStorageResponse,
    }
    ProjectApi in project {
        create_iam2_organization: CreateIAM2Organization -> CreateIAM2OrganizationResponse,
        update_iam2_organization: UpdateIAM2Organization -> UpdateIAM2OrganizationResponse,
    }
    RbacApi in rbac {
        check_api_permission: CheckApiPermission -> CheckApiPermissionResponse,
        create_policy: CreatePolicy -> CreatePolicyResponse,
    }
    TagApi in tag {
        attach_tag_to_resources: AttachTagToResources -> AttachTagToResourcesResponse,
    }
    VipApi in vip {
        check_vip_port_availability: CheckVipPortAvailability -> CheckVipPortAvailabilityResponse,
        get_vip_available_port: GetVipAvailablePort -> GetVipAvailablePortResponse,
    }
    VmInstanceApi in vm_instance {
        attach_iso_to_vm_instance: AttachIsoToVmInstance -> AttachIsoToVmInstanceResponse,
        clone_vm_instance: CloneVmInstance -> CloneVmInstanceResponse,
        create_vm_cd_rom: CreateVmCdRom -> CreateVmCdRomResponse,
        create_vm_instance: CreateVmInstance -> CreateVmInstanceResponse,
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
    VmPlacementApi in vm_placement {
        get_candidate_primary_storages_for_creating_vm: GetCandidatePrimaryStoragesForCreatingVm -> GetCandidatePrimaryStoragesForCreatingVmResponse,
    }
    VmSettingApi in vm_setting {
        get_vm_device_address: GetVmDeviceAddress -> GetVmDeviceAddressResponse,
    }
    VolumeApi in volume {
        batch_sync_volume_size: BatchSyncVolumeSize -> BatchSyncVolumeSizeResponse,
    }
}
