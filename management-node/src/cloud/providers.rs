//! The providers of network services, which every node has.

use serde_json::json;

use super::new_document;
use super::plan::Plans;
use crate::model::{DocumentEdit, Moment, Uuid};
use crate::uuids;

/// The resource.
pub(crate) const RESOURCE: &str = "NetworkServiceProvider";

/// The name, the type and the services of each provider.
pub(crate) const PROVIDERS: [(&str, &str, &[&str]); 4] = [
    ("Flat Network Service Provider", "Flat", &["DHCP", "Userdata", "Eip", "DNS", "HostRoute"]),
    (
        "vrouter",
        "vrouter",
        &[
            "DHCP",
            "DNS",
            "SNAT",
            "PortForwarding",
            "Centralized_DNS",
            "Eip",
            "LoadBalancer",
            "IPsec",
            "VRouterRoute",
            "VipQos",
        ],
    ),
    ("VirtualRouter", "VirtualRouter", &["DHCP", "DNS", "SNAT", "PortForwarding", "Eip", "LoadBalancer"]),
    ("SecurityGroup", "SecurityGroup", &["SecurityGroup"]),
];

/// The UUID of the provider of a type.
pub(crate) fn uuid(provider_type: &str) -> Uuid {
    uuids::from_name(&format!("{RESOURCE}/{provider_type}"))
}

/// The edits that create the providers.
pub(crate) fn new_providers(plans: &Plans, now: Moment) -> Vec<DocumentEdit> {
    let Some(resource) = plans.catalog.resource(RESOURCE) else { return Vec::new() };
    let create = |(name, provider_type, services): &(&str, &str, &[&str])| {
        let fields = json!({
            "uuid": uuid(provider_type), "name": name, "type": provider_type, "networkServiceTypes": services,
            "attachedL2NetworkUuids": [],
        });
        let fields = fields.as_object().cloned().unwrap_or_default();
        new_document(plans, resource, fields, None, now).1
    };
    PROVIDERS.iter().map(create).collect()
}
