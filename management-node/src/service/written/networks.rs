//! IP ranges, virtual and elastic IP addresses, port forwarding, security groups, load balancers, and
//! the services of L3 networks.

mod access_control;
mod addresses;
mod balancer_candidates;
mod candidates;
mod dhcp;
mod eips;
mod guests;
mod ip_ranges;
mod ipsec;
mod l2_changes;
mod l2_networks;
mod l3_networks;
mod load_balancers;
mod members;
mod port_forwarding;
mod security_groups;
mod used_addresses;
mod vip_limits;
mod vips;

use serde_json::{Map, Value};

pub(super) use self::addresses::of_network as addresses_of;
use super::{Context, Done, missing};
use crate::cloud::plan::Written;
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;
use crate::uuids;

/// The operations.
pub(super) const OPERATIONS: &[Written] = &[
    Written::normal("AddIpRange", "IpRange"),
    Written::normal("AddIpRangeByNetworkCidr", "IpRange"),
    Written::normal("AddIpv6Range", "IpRange"),
    Written::normal("AddIpv6RangeByNetworkCidr", "IpRange"),
    Written::normal("AddReservedIpRange", "ReservedIpRange"),
    Written::normal("DeleteIpRange", "IpRange").missing_is_success(),
    Written::normal("CheckIpAvailability", "L3Network"),
    Written::normal("GetFreeIp", "L3Network"),
    Written::normal("GetFreeIpOfIpRange", "L3Network"),
    Written::normal("GetFreeIpOfL3Network", "L3Network"),
    Written::normal("GetIpAddressCapacity", "L3Network"),
    Written::normal("AddDnsToL3Network", "L3Network"),
    Written::normal("AddHostRouteToL3Network", "L3Network"),
    Written::normal("AttachNetworkServiceToL3Network", "L3Network"),
    Written::normal("DetachNetworkServiceFromL3Network", "L3Network"),
    Written::normal("GetL3NetworkMtu", "L3Network"),
    Written::normal("GetL3NetworkRouterInterfaceIp", "L3Network"),
    Written::normal("GetL3NetworkTypes", "L3Network"),
    Written::normal("GetNetworkServiceTypes", "NetworkServiceProvider"),
    Written::normal("RemoveHostRouteFromL3Network", "L3Network"),
    Written::normal("SetL3NetworkMtu", "L3Network"),
    Written::normal("SetL3NetworkRouterInterfaceIp", "L3Network"),
    Written::normal("CreateVip", "Vip"),
    Written::normal("DeleteVip", "Vip").missing_is_success(),
    Written::normal("CheckVipPortAvailability", "Vip"),
    Written::normal("GetVipAvailablePort", "Vip"),
    Written::normal("GetVipUsedPorts", "Vip"),
    Written::normal("CreateEip", "Eip"),
    Written::normal("AttachEip", "Eip"),
    Written::normal("DetachEip", "Eip"),
    Written::normal("DeleteEip", "Eip").missing_is_success(),
    Written::normal("CreatePortForwardingRule", "PortForwardingRule"),
    Written::normal("AttachPortForwardingRule", "PortForwardingRule"),
    Written::normal("DetachPortForwardingRule", "PortForwardingRule"),
    Written::normal("DeletePortForwardingRule", "PortForwardingRule").missing_is_success(),
    Written::normal("GetEipAttachableVmNics", "VmNic"),
    Written::normal("GetVmNicAttachableEips", "Eip"),
    Written::normal("GetPortForwardingAttachableVmNics", "VmNic"),
    Written::normal("CreateSecurityGroup", "SecurityGroup"),
    Written::normal("AddSecurityGroupRule", "SecurityGroup"),
    Written::normal("DeleteSecurityGroupRule", "SecurityGroup").missing_is_success(),
    Written::normal("ChangeSecurityGroupRule", "SecurityGroupRule"),
    Written::normal("ChangeSecurityGroupRuleState", "SecurityGroup"),
    Written::normal("UpdateSecurityGroupRulePriority", "SecurityGroup"),
    Written::normal("ValidateSecurityGroupRule", "SecurityGroup"),
    Written::normal("AttachSecurityGroupToL3Network", "SecurityGroup"),
    Written::normal("GetCandidateVmNicForSecurityGroup", "VmNic"),
    Written::normal("AddVmNicToSecurityGroup", "SecurityGroup"),
    Written::normal("DeleteVmNicFromSecurityGroup", "SecurityGroup"),
    Written::normal("SetVmNicSecurityGroup", "VmNic"),
    Written::normal("ChangeVmNicSecurityPolicy", "VmNicSecurityPolicy"),
    Written::normal("CreateLoadBalancer", "LoadBalancer"),
    Written::normal("DeleteLoadBalancer", "LoadBalancer").missing_is_success(),
    Written::normal("RefreshLoadBalancer", "LoadBalancer"),
    Written::normal("CreateLoadBalancerListener", "LoadBalancerListener"),
    Written::normal("ChangeLoadBalancerListener", "LoadBalancerListener"),
    Written::normal("DeleteLoadBalancerListener", "LoadBalancer").missing_is_success(),
    Written::normal("AddVmNicToLoadBalancer", "LoadBalancerListener"),
    Written::normal("RemoveVmNicFromLoadBalancer", "LoadBalancer"),
    Written::normal("CreateLoadBalancerServerGroup", "LoadBalancerServerGroup"),
    Written::normal("DeleteLoadBalancerServerGroup", "LoadBalancerServerGroup").missing_is_success(),
    Written::normal("AddBackendServerToServerGroup", "LoadBalancerServerGroup"),
    Written::normal("ChangeLoadBalancerBackendServer", "LoadBalancerServerGroup"),
    Written::normal("RemoveBackendServerFromServerGroup", "LoadBalancerServerGroup"),
    Written::normal("AddServerGroupToLoadBalancerListener", "LoadBalancerListener"),
    Written::normal("RemoveServerGroupFromLoadBalancerListener", "LoadBalancerListener"),
    Written::normal("AddCertificateToLoadBalancerListener", "LoadBalancerListener"),
    Written::normal("RemoveCertificateFromLoadBalancerListener", "LoadBalancerListener"),
    Written::normal("AddAccessControlListToLoadBalancer", "LoadBalancerListener"),
    Written::normal("RemoveAccessControlListFromLoadBalancer", "LoadBalancerListener"),
    Written::admin("AttachL2NetworkToCluster", "L2Network"),
    Written::admin("DetachL2NetworkFromCluster", "L2Network"),
    Written::admin("CreateVniRange", "VniRange"),
    Written::normal("CreateL2VxlanNetwork", "L2VxlanNetwork"),
    Written::admin("CreateL2HardwareVxlanNetwork", "L2VxlanNetwork"),
    Written::normal("CreateL3Network", "L3Network"),
    Written::normal("UpdateL3Network", "L3Network"),
    Written::normal("AddAccessControlListEntry", "AccessControlListEntry"),
    Written::normal("CreateIPsecConnection", "IPsecConnection"),
    Written::normal("AttachVipToLoadBalancer", "LoadBalancer"),
    Written::normal("ChangeAccessControlListServerGroup", "LoadBalancerListener"),
    Written::normal("GetLoadBalancerListenerACLEntries", "LoadBalancerListener"),
    Written::normal("GetCandidateL3NetworksForLoadBalancer", "LoadBalancerListener"),
    Written::normal("GetCandidateL3NetworksForServerGroup", "LoadBalancerServerGroup"),
    Written::normal("GetCandidateVmNicsForLoadBalancer", "LoadBalancerListener"),
    Written::normal("GetCandidateVmNicsForLoadBalancerServerGroup", "LoadBalancerServerGroup"),
    Written::normal("SetVipQos", "VipQos"),
    Written::normal("GetVipQos", "VipQos"),
    Written::normal("DeleteVipQos", "VipQos"),
    Written::admin("GetCandidateClustersForAttachingL2Network", "L2Network"),
    Written::admin("GetCandidateL2NetworksForAttachingCluster", "L2Network"),
    Written::admin("ChangeL2NetworkVlanId", "L2Network"),
    Written::admin("DeleteVxlanPoolRemoteVtep", "RemoteVtep"),
    Written::normal("GetL3NetworkDhcpIpAddress", "L3Network"),
    Written::normal("ChangeL3NetworkDhcpIpAddress", "L3Network"),
    Written::normal("GetL3NetworkIpStatistic", "L3Network"),
    Written::normal("DeleteIpAddress", "L3Network"),
];

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    match context.plan.operation.name {
        "AddIpRange" | "AddIpRangeByNetworkCidr" | "AddIpv6Range" | "AddIpv6RangeByNetworkCidr" => {
            ip_ranges::add(context).await
        }
        "AddReservedIpRange" => ip_ranges::reserve(context).await,
        "DeleteIpRange" => ip_ranges::delete(context).await,
        "CheckIpAvailability" => addresses::check(context).await,
        "GetFreeIp" | "GetFreeIpOfIpRange" | "GetFreeIpOfL3Network" => addresses::free(context).await,
        "GetIpAddressCapacity" => addresses::capacity(context).await,
        "AddDnsToL3Network" => l3_networks::add_dns(context),
        "AddHostRouteToL3Network" => l3_networks::add_host_route(context),
        "AttachNetworkServiceToL3Network" => l3_networks::attach_services(context).await,
        "DetachNetworkServiceFromL3Network" => l3_networks::detach_services(context).await,
        "GetL3NetworkMtu" => l3_networks::mtu(context).await,
        "GetL3NetworkRouterInterfaceIp" => l3_networks::router_ip(context).await,
        "GetL3NetworkTypes" => Ok(l3_networks::types()),
        "GetNetworkServiceTypes" => Ok(l3_networks::service_types()),
        "RemoveHostRouteFromL3Network" => l3_networks::remove_host_route(context),
        "SetL3NetworkMtu" => l3_networks::set_mtu(context).await,
        "SetL3NetworkRouterInterfaceIp" => l3_networks::set_router_ip(context).await,
        "CreateVip" => vips::create(context).await,
        "DeleteVip" => vips::delete(context).await,
        "CheckVipPortAvailability" => port_forwarding::check_port(context).await,
        "GetVipAvailablePort" => port_forwarding::list_free(context).await,
        "GetVipUsedPorts" => port_forwarding::list_used(context).await,
        "CreateEip" => eips::create(context).await,
        "AttachEip" => eips::attach(context).await,
        "DetachEip" => eips::detach(context),
        "DeleteEip" | "DeletePortForwardingRule" => eips::delete(context).await,
        "CreatePortForwardingRule" => port_forwarding::create(context).await,
        "AttachPortForwardingRule" => port_forwarding::attach(context).await,
        "DetachPortForwardingRule" => port_forwarding::detach(context),
        "GetEipAttachableVmNics" => candidates::nics_for_eip(context).await,
        "GetVmNicAttachableEips" => candidates::eips_for_nic(context).await,
        "GetPortForwardingAttachableVmNics" => candidates::nics_for_rule(context).await,
        "CreateSecurityGroup" => security_groups::create(context),
        "AddSecurityGroupRule" => security_groups::add_rules(context).await,
        "DeleteSecurityGroupRule" => security_groups::delete_rules(context).await,
        "ChangeSecurityGroupRule" => security_groups::change_rule(context).await,
        "ChangeSecurityGroupRuleState" => security_groups::change_rule_states(context).await,
        "UpdateSecurityGroupRulePriority" => security_groups::change_priorities(context).await,
        "ValidateSecurityGroupRule" => security_groups::validate(context).await,
        "AttachSecurityGroupToL3Network" => security_groups::attach(context).await,
        "GetCandidateVmNicForSecurityGroup" => security_groups::candidates(context).await,
        "AddVmNicToSecurityGroup" => members::add(context).await,
        "DeleteVmNicFromSecurityGroup" => members::remove(context).await,
        "SetVmNicSecurityGroup" => members::set(context).await,
        "ChangeVmNicSecurityPolicy" => members::change_policy(context).await,
        "CreateLoadBalancer" => load_balancers::create(context).await,
        "DeleteLoadBalancer" => load_balancers::delete(context).await,
        "RefreshLoadBalancer" => load_balancers::refresh(context),
        "CreateLoadBalancerListener" => load_balancers::create_listener(context).await,
        "ChangeLoadBalancerListener" => load_balancers::change_listener(context).await,
        "DeleteLoadBalancerListener" => load_balancers::delete_listener(context).await,
        "AddVmNicToLoadBalancer" => load_balancers::add_nics(context).await,
        "RemoveVmNicFromLoadBalancer" => load_balancers::remove_nics(context).await,
        "CreateLoadBalancerServerGroup" => load_balancers::create_group(context),
        "DeleteLoadBalancerServerGroup" => load_balancers::delete_group(context).await,
        "AddBackendServerToServerGroup" => load_balancers::set_backends(context, true).await,
        "ChangeLoadBalancerBackendServer" => load_balancers::set_backends(context, false).await,
        "RemoveBackendServerFromServerGroup" => load_balancers::remove_backends(context),
        "AddServerGroupToLoadBalancerListener" => load_balancers::add_group(context).await,
        "RemoveServerGroupFromLoadBalancerListener" => load_balancers::remove_group(context),
        "AddCertificateToLoadBalancerListener" => load_balancers::set_certificate(context, true),
        "RemoveCertificateFromLoadBalancerListener" => load_balancers::set_certificate(context, false),
        "AddAccessControlListToLoadBalancer" => load_balancers::set_lists(context, true),
        "RemoveAccessControlListFromLoadBalancer" => load_balancers::set_lists(context, false),
        "AttachL2NetworkToCluster" => l2_networks::attach(context).await,
        "DetachL2NetworkFromCluster" => l2_networks::detach(context).await,
        "CreateVniRange" => l2_networks::create_vni_range(context).await,
        "CreateL2VxlanNetwork" => l2_networks::create_vxlan(context, "VxlanNetwork").await,
        "CreateL2HardwareVxlanNetwork" => l2_networks::create_vxlan(context, "HardwareVxlanNetwork").await,
        "CreateL3Network" => l2_networks::create_l3(context),
        "UpdateL3Network" => l2_networks::update_l3(context),
        "AddAccessControlListEntry" => access_control::add_entry(context).await,
        "CreateIPsecConnection" => ipsec::create(context),
        "AttachVipToLoadBalancer" => balancer_candidates::attach_vip(context).await,
        "ChangeAccessControlListServerGroup" => balancer_candidates::change_groups(context),
        "GetLoadBalancerListenerACLEntries" => balancer_candidates::entries(context).await,
        "GetCandidateL3NetworksForLoadBalancer" => balancer_candidates::networks(context).await,
        "GetCandidateL3NetworksForServerGroup" => balancer_candidates::networks_for_group(context).await,
        "GetCandidateVmNicsForLoadBalancer" => balancer_candidates::nics_for_listener(context).await,
        "GetCandidateVmNicsForLoadBalancerServerGroup" => balancer_candidates::nics_for_group(context).await,
        "SetVipQos" => vip_limits::set(context).await,
        "GetVipQos" => vip_limits::list(context).await,
        "DeleteVipQos" => vip_limits::delete(context).await,
        "GetCandidateClustersForAttachingL2Network" => l2_changes::cluster_candidates(context).await,
        "GetCandidateL2NetworksForAttachingCluster" => l2_changes::network_candidates(context).await,
        "ChangeL2NetworkVlanId" => l2_changes::change_vlan(context).await,
        "DeleteVxlanPoolRemoteVtep" => l2_changes::delete_endpoint(context).await,
        "GetL3NetworkDhcpIpAddress" => dhcp::get(context).await,
        "ChangeL3NetworkDhcpIpAddress" => dhcp::change(context).await,
        "GetL3NetworkIpStatistic" => used_addresses::statistic(context).await,
        "DeleteIpAddress" => used_addresses::delete(context).await,
        _ => Err(missing(context)),
    }
}

/// Creates the document of a request, with its name, description, UUID and tags.
fn create<S: Store>(
    context: &Context<'_, S>,
    resource: &str,
    mut fields: Map<String, Value>,
) -> Result<(Document, Vec<DocumentEdit>), Failure> {
    for name in ["name", "description"] {
        if let Some(value) = context.parameters.get(name) {
            fields.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(uuid) = context.text("resourceUuid") {
        if !uuids::is_valid(uuid) {
            return Err(errors::invalid_resource_uuid(uuid).into());
        }
        fields.insert("uuid".to_owned(), uuid.into());
    }
    let (document, edit) = context.new_document(resource, fields)?;
    let mut edits = vec![edit];
    edits.extend(context.new_tags(&document));
    Ok((document, edits))
}

/// Deletes the document in the parameter `uuid`, with its dependents. A missing one is a success.
async fn delete<S: Store>(
    context: &Context<'_, S>,
    check: impl Fn(&Document) -> Result<(), Failure>,
) -> Result<Done, Failure> {
    let Ok(document) = context.target("uuid") else { return Ok(Done::default()) };
    check(&document)?;
    let edits = context.node.deletion(context.plans, context.plan, document).await?;
    Ok(Done { edits, ..Done::default() })
}

/// The documents that refer to some in a field.
async fn holders<S: Store>(
    context: &Context<'_, S>,
    targets: &[String],
    base: &str,
    field: &str,
) -> Result<Vec<Document>, Failure> {
    let holders = context.node.store.holders(targets).await?;
    let found =
        holders.into_iter().filter(|holder| holder.document.base == base && holder.link.field == field);
    Ok(found.map(|holder| holder.document).collect())
}

/// The services that are attached to a network.
async fn services_of<S: Store>(context: &Context<'_, S>, network: &str) -> Result<Vec<Document>, Failure> {
    holders(context, &[network.to_owned()], "NetworkServiceL3NetworkRef", "l3NetworkUuid").await
}
