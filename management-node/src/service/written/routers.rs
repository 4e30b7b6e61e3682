//! Virtual routers, their offerings and route tables.

use serde_json::{Value, json};

use super::nics::{allocate, nics_of};
use super::storages::object;
use super::{Answer, Context, Done, hosts, missing};
use crate::cloud::places::Requirements;
use crate::cloud::plan::Written;
use crate::cloud::routers::{self, NewRouter};
use crate::cloud::{self, nics, volumes};
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::rules::vms::mac;
use crate::service::Failure;
use crate::store::Store;
use crate::uuids;

/// The operations.
pub(super) const OPERATIONS: &[Written] = &[
    Written::normal("CreateVirtualRouterOffering", "VirtualRouterOffering"),
    Written::normal("UpdateVirtualRouterOffering", "VirtualRouterOffering"),
    Written::normal("CreateVpcVRouter", "VpcRouterVm"),
    Written::normal("UpdateVirtualRouter", "VirtualRouterVm"),
    Written::normal("GetAttachablePublicL3ForVRouter", "VirtualRouterVm"),
    Written::normal("AttachVRouterRouteTableToVRouter", "VRouterRouteTable"),
    Written::normal("DetachVRouterRouteTableFromVRouter", "VRouterRouteTable"),
];

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    match context.plan.operation.name {
        "CreateVirtualRouterOffering" => create_offering(context).await,
        "UpdateVirtualRouterOffering" => update_offering(context).await,
        "CreateVpcVRouter" => create(context).await,
        "UpdateVirtualRouter" => change_route(context).await,
        "GetAttachablePublicL3ForVRouter" => network_candidates(context).await,
        "AttachVRouterRouteTableToVRouter" => attach_table(context),
        "DetachVRouterRouteTableFromVRouter" => detach_table(context),
        _ => Err(missing(context)),
    }
}

/// Makes other offerings of a zone no longer the default one.
async fn clear_defaults<S: Store>(
    context: &Context<'_, S>,
    offering: &Document,
) -> Result<Vec<DocumentEdit>, Failure> {
    let is_default =
        |document: &Document| document.fields.get("isDefault").and_then(Value::as_bool) == Some(true);
    if !is_default(offering) {
        return Ok(Vec::new());
    }
    let all = context.node.store.documents_of("InstanceOffering").await?.into_iter();
    let is_former = |other: &Document| {
        other.uuid != offering.uuid
            && is_default(other)
            && other.text("zoneUuid") == offering.text("zoneUuid")
    };
    let clear = |mut other: Document| {
        other.set("isDefault", false);
        context.replace(other)
    };
    Ok(all.filter(is_former).map(clear).collect())
}

/// Only administrators choose the default offering.
fn check_default<S: Store>(context: &Context<'_, S>) -> Result<(), Failure> {
    let is_normal = context.caller.kind == crate::model::AccountKind::Normal;
    if is_normal && context.parameters.contains_key("isDefault") {
        return Err(errors::admin_only("this operation with [isDefault]").into());
    }
    Ok(())
}

async fn create_offering<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    check_default(context)?;
    let parameters = ["managementNetworkUuid", "publicNetworkUuid"];
    let named = |name: &&'static str| {
        let name = *name;
        context.targets(name).into_iter().map(move |network| (name, network))
    };
    let networks: Vec<_> = parameters.iter().flat_map(named).collect();
    let networks: Vec<_> = networks.iter().map(|(name, network)| (*name, network)).collect();
    let services = context.node.store.documents_of("NetworkServiceL3NetworkRef").await?;
    let image = context.targets("imageUuid").pop();
    let zone = context.text("zoneUuid").unwrap_or_default();
    routers::check_offering(zone, &networks, image.as_ref(), &services)?;
    let mut offering = context.draft()?;
    offering.set("type", "VirtualRouter");
    let defaults = clear_defaults(context, &offering).await?;
    let mut done = context.create(offering);
    done.edits.extend(defaults);
    Ok(done)
}

async fn update_offering<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    check_default(context)?;
    let mut offering = context.target("uuid")?;
    routers::check_offering("", &[], context.targets("imageUuid").first(), &[])?;
    for value in cloud::field_values(&context.plan.action, context.parameters) {
        let (field, value) = value?;
        offering.set(field, value);
    }
    let defaults = clear_defaults(context, &offering).await?;
    let mut done = context.finish_change(offering);
    done.edits.extend(defaults);
    Ok(done)
}

/// Creates a VPC router that runs, with a root volume and NICs.
async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let offering = context.target_of("virtualRouterOfferingUuid", "virtual router offering")?;
    let load = async |field: &str| match offering.text(field) {
        Some(uuid) => context.load(uuid).await,
        None => Ok(None),
    };
    let image = load("imageUuid").await?;
    let infrastructure = hosts::infrastructure(context).await?;
    let mut l3_networks = Vec::new();
    for field in ["publicNetworkUuid", "managementNetworkUuid"] {
        l3_networks.extend(load(field).await?);
    }
    let requirements = Requirements {
        zone: context.text("zoneUuid").or(offering.text("zoneUuid")),
        cluster: context.text("clusterUuid"),
        host: context.text("hostUuid"),
        image: image.as_ref(),
        l3_networks: &l3_networks,
        cpus: offering.number("cpuNum").unwrap_or(0),
        memory: offering.number("memorySize").unwrap_or(0),
        root_size: image.as_ref().and_then(|image| image.number("size")).unwrap_or(0),
    };
    let wanted = context.text("primaryStorageUuidForRootVolume");
    let place = infrastructure.hosts(&requirements).into_iter().find_map(|host| {
        let cluster = host.text("clusterUuid");
        let cluster = infrastructure.clusters.iter().find(|other| cluster == Some(&other.uuid))?;
        let storages = infrastructure.storages(&[cluster], requirements.root_size);
        let storage = storages.into_iter().find(|storage| wanted.is_none_or(|uuid| uuid == storage.uuid))?;
        Some((cluster, host, storage))
    });
    let (cluster, host, storage) = place.ok_or_else(|| {
        errors::no_host(format!(
            "No host of the zone [uuid:{}] has the networks, the storage and the capacity for the virtual router \
             offering [uuid:{}].",
            requirements.zone.unwrap_or_default(),
            offering.uuid
        ))
    })?;
    let image = image.as_ref();
    let new = NewRouter { offering: &offering, image, cluster, host, volume: uuids::random() };
    let mut router = context.draft()?;
    router.fields.to_mut().extend(new.vm_fields());
    let internal_id = context.node.store.last_internal_id().await?.saturating_add(1);
    router.set("internalId", internal_id);
    let (mut volume, _) = context.new_document("Volume", new.volume_fields(&router))?;
    volumes::instantiate(&mut volume, storage);
    // The router refers to its volume, and the volume to the router.
    let mut first = router.clone();
    first.set("rootVolumeUuid", Value::Null);
    let mut done = context.create(first);
    done.edits.push(context.insert(&volume));
    let mut others: Vec<Document> = Vec::new();
    for network in new.networks() {
        let network = context.load(&network).await?;
        let network = network.ok_or_else(|| errors::internal("An offering has no network."))?;
        let uuid = uuids::random();
        let fields = json!({
            "uuid": uuid, "l3NetworkUuid": network.uuid, "mac": mac(&uuid, i32::try_from(others.len()).unwrap_or(0)),
            "driverType": "virtio",
        });
        let (mut nic, _) = context.new_document("VmNic", object(fields))?;
        nics::attach(&mut nic, &mut router, &others.iter().collect::<Vec<_>>());
        done.edits.push(context.insert(&nic));
        done.edits.extend(allocate(context, &network, &nic.uuid, "").await?);
        others.push(nic);
    }
    done.edits.push(context.replace(router.clone()));
    done.answer = Answer::Document(router);
    Ok(done)
}

/// Changes the network of the default route of a router.
async fn change_route<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut router = context.target("vmInstanceUuid")?;
    if let Some(network) = context.targets("defaultRouteL3NetworkUuid").pop() {
        let nics = nics_of(context, &router).await?;
        routers::check_default_route(&router, &nics, &network)?;
        router.set("defaultRouteL3NetworkUuid", network.uuid);
    }
    Ok(context.finish_change(router))
}

/// The public networks of the zone of a router that are not attached to it.
async fn network_candidates<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let router = context.target("vmInstanceUuid")?;
    let nics = nics_of(context, &router).await?;
    let mut networks = context.node.store.documents_of("L3Network").await?;
    networks.retain(|network| {
        network.text("category") == Some("Public")
            && network.text("zoneUuid") == router.text("zoneUuid")
            && network.text("state") != Some("Disabled")
            && network.may_be_used_by(&context.caller)
            && nics.iter().all(|nic| nic.text("l3NetworkUuid") != Some(&network.uuid))
    });
    Ok(Done { answer: Answer::Documents(networks), ..Done::default() })
}

/// The list of routers in a route table.
const ROUTERS: &str = "attachedRouterRefs";

fn routers_of(table: &Document) -> Vec<Value> {
    table.fields.get(ROUTERS).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn attach_table<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut table = context.target("routeTableUuid")?;
    let router = context.target_of("virtualRouterVmUuid", "virtual router")?;
    let mut routers = routers_of(&table);
    if routers.iter().any(|other| other["virtualRouterVmUuid"] == router.uuid.as_str()) {
        return Err(errors::operation_failed(format!(
            "The route table [uuid:{}] is already attached to the virtual router [uuid:{}].",
            table.uuid, router.uuid
        ))
        .into());
    }
    routers.push(json!({"virtualRouterVmUuid": router.uuid, "routeTableUuid": table.uuid}));
    table.set(ROUTERS, routers);
    Ok(context.finish_change(table))
}

fn detach_table<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut table = context.target("routeTableUuid")?;
    let router = context.text("virtualRouterVmUuid").unwrap_or_default();
    let mut routers = routers_of(&table);
    let count = routers.len();
    routers.retain(|other| other["virtualRouterVmUuid"] != router);
    if routers.len() == count {
        return Err(errors::operation_failed(format!(
            "The route table [uuid:{}] is not attached to the virtual router [uuid:{router}].",
            table.uuid
        ))
        .into());
    }
    table.set(ROUTERS, routers);
    Ok(context.finish_change(table))
}
