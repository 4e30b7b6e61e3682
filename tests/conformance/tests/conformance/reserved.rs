//! Paths that variables of other operations would match.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use zstack_model::{Model, Operation};
use zstack_server::{Api, RESERVED_PATHS, ReservedPath};

use crate::spec::model;

/// A server without an operation of its own.
struct Nothing;

/// A new category has to be added here.
macro_rules! implement {
    ($($api:ident),+) => {
        $(impl zstack_server::$api for Nothing {})+
    };
}

implement!(
    AccessKeyApi,
    AccountApi,
    IdentityApi,
    RbacApi,
    ResourceSharingApi,
    LdapApi,
    ProjectApi,
    ZoneApi,
    ClusterApi,
    HostApi,
    PrimaryStorageApi,
    BackupStorageApi,
    CephApi,
    StorageDeviceApi,
    ImageApi,
    OfferingApi,
    VmInstanceApi,
    VmSettingApi,
    VmNicApi,
    VmConsoleApi,
    VmPlacementApi,
    GuestApi,
    AffinityGroupApi,
    AutoScalingApi,
    VolumeApi,
    VolumeSnapshotApi,
    BackupApi,
    L2NetworkApi,
    VxlanApi,
    SdnApi,
    L3NetworkApi,
    IpRangeApi,
    VipApi,
    EipApi,
    PortForwardingApi,
    SecurityGroupApi,
    LoadBalancerApi,
    AccessControlListApi,
    VirtualRouterApi,
    VpcApi,
    RoutingApi,
    TrafficApi,
    TagApi,
    DirectoryApi,
    ConfigurationApi,
    LongJobApi,
    SchedulerApi,
    NotificationApi,
    MonitoringApi,
    ManagementNodeApi,
    BillingApi,
    VcenterApi,
    BaremetalApi,
    PciDeviceApi,
    HybridApi,
    QueryApi
);

/// The routes of all categories.
fn complete() -> Router {
    Api::builder().mount_all(zstack_server::routes(&Arc::new(Nothing))).build().unwrap().into_router()
}

/// A variable of a described path would accept the literal as a UUID: a query would return an empty
/// success, and a deletion would affect another resource.
#[tokio::test]
async fn reserved_paths_answer_404_and_name_their_operations() {
    let model = model();
    let described: HashSet<String> =
        model.operations.iter().flat_map(|operation| operation.all_paths()).map(whole_path(&model)).collect();
    let undescribed = |reserved: &&ReservedPath| !described.contains(reserved.path());
    expect_404(complete(), RESERVED_PATHS.iter().filter(undescribed)).await;
}

/// A server may have only some of the categories.
#[tokio::test]
async fn paths_of_missing_categories_answer_404_and_name_their_operations() {
    let model = model();
    let category = |operation: &Operation| operation.category != "vm-instance";
    let others: HashSet<String> = model
        .operations
        .iter()
        .filter(|operation| category(operation))
        .flat_map(|operation| operation.all_paths())
        .map(whole_path(&model))
        .collect();
    let routes = zstack_server::vm_instance(Arc::new(Nothing));
    let router = Api::builder().mount(routes).build().unwrap().into_router();
    let nics = "/zstack/v1/vm-instances/nics";
    assert!(RESERVED_PATHS.iter().any(|reserved| reserved.path() == nics && others.contains(nics)));
    expect_404(router, RESERVED_PATHS.iter().filter(|reserved| others.contains(reserved.path()))).await;
}

fn whole_path(model: &Model) -> impl Fn(&str) -> String {
    let base = model.service.base_path.clone();
    move |path| format!("{base}{path}")
}

async fn expect_404<'a>(router: Router, reserved: impl Iterator<Item = &'a ReservedPath>) {
    for reserved in reserved {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let what = format!("{method} {}", reserved.path());
            let request = Request::builder()
                .method(method)
                .uri(reserved.path())
                .header("authorization", "OAuth 36c27e8ff05c4780bf6d2fa65700f22e")
                .body(Body::empty())
                .unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{what}");
            let text = response.into_body().collect().await.unwrap().to_bytes();
            let text = String::from_utf8_lossy(&text);
            for operation in reserved.operations() {
                assert!(text.contains(operation), "{what}: {text}");
            }
        }
    }
}

/// Each entry exists because a variable would match its path.
#[tokio::test]
async fn reserved_paths_would_match_variables() {
    let router = complete();
    for reserved in RESERVED_PATHS {
        let segments: Vec<&str> = reserved.path().split('/').collect();
        let mut is_matched = false;
        for (nth, literal) in segments.iter().enumerate().filter(|(_, segment)| !segment.is_empty()) {
            let mut other = segments.clone();
            let changed = format!("{literal}x");
            other[nth] = &changed;
            let uri = other.join("/").replace(['{', '}'], "");
            let request = Request::builder().method(Method::PATCH).uri(&uri).body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            is_matched |= response.status() == StatusCode::METHOD_NOT_ALLOWED;
        }
        assert!(is_matched, "{}", reserved.path());
    }
}
