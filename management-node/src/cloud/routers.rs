//! Virtual routers: appliance VMs that connect L3 networks.

use serde_json::{Map, Value, json};

use crate::model::{Document, Uuid};
use crate::rules::errors::{self, Verdict};

/// The port of the agent in a router.
const AGENT_PORT: i64 = 7759;

/// The size of a root volume whose image has none.
const ROOT_SIZE: i64 = 1 << 30;

/// The parts of a new router.
#[derive(Debug)]
pub(crate) struct NewRouter<'a> {
    pub(crate) offering: &'a Document,
    pub(crate) image: Option<&'a Document>,
    pub(crate) cluster: &'a Document,
    pub(crate) host: &'a Document,
    pub(crate) volume: Uuid,
}

impl NewRouter<'_> {
    /// The fields of a VPC router that runs.
    pub(crate) fn vm_fields(&self) -> Map<String, Value> {
        let Self { offering, image, cluster, host, volume } = self;
        let field = |document: &Document, name: &str| document.fields.get(name).cloned().unwrap_or_default();
        let architecture =
            cluster.text("architecture").or(image.and_then(|image| image.text("architecture")));
        let public = public_network(offering);
        let fields = json!({
            "zoneUuid": field(cluster, "zoneUuid"), "clusterUuid": cluster.uuid, "hostUuid": host.uuid,
            "lastHostUuid": host.uuid, "imageUuid": field(offering, "imageUuid"),
            "instanceOfferingUuid": offering.uuid, "rootVolumeUuid": volume, "platform": "Linux",
            "guestOsType": image.and_then(|image| image.text("guestOsType")).unwrap_or("Linux"),
            "architecture": architecture, "hypervisorType": field(cluster, "hypervisorType"),
            "memorySize": field(offering, "memorySize"), "cpuNum": field(offering, "cpuNum"), "cpuSpeed": 0,
            "allocatorStrategy": field(offering, "allocatorStrategy"), "state": "Running", "type": "ApplianceVm",
            "applianceVmType": "vpcvrouter", "status": "Connected", "agentPort": AGENT_PORT, "haStatus": "NoHa",
            "managementNetworkUuid": field(offering, "managementNetworkUuid"), "publicNetworkUuid": public,
            "defaultRouteL3NetworkUuid": public, "defaultL3NetworkUuid": public, "virtualRouterVips": [],
            "dns": [],
        });
        without_nulls(fields)
    }

    /// The fields of the root volume.
    pub(crate) fn volume_fields(&self, router: &Document) -> Map<String, Value> {
        let size = self.image.and_then(|image| image.number("size")).unwrap_or(ROOT_SIZE);
        without_nulls(json!({
            "uuid": self.volume, "name": format!("ROOT-for-{}", router.text("name").unwrap_or_default()),
            "type": "Root", "vmInstanceUuid": router.uuid, "deviceId": 0, "state": "Enabled", "size": size,
            "actualSize": size, "isShareable": false, "rootImageUuid": self.offering.text("imageUuid"),
        }))
    }

    /// The networks of the router: the public one, and that of the management if it is another one.
    pub(crate) fn networks(&self) -> Vec<String> {
        let networks = [public_network(self.offering), self.offering.text("managementNetworkUuid")];
        let mut networks: Vec<_> = networks.into_iter().flatten().map(str::to_owned).collect();
        networks.dedup();
        networks
    }
}

fn without_nulls(fields: Value) -> Map<String, Value> {
    let mut fields = fields.as_object().cloned().unwrap_or_default();
    fields.retain(|_, value| !value.is_null());
    fields
}

/// The public network of an offering: that of the management, unless it has another one.
fn public_network(offering: &Document) -> Option<&str> {
    offering.text("publicNetworkUuid").or(offering.text("managementNetworkUuid"))
}

/// Checks the networks and the image of a new offering in a zone.
pub(crate) fn check_offering(
    zone: &str,
    networks: &[(&str, &Document)],
    image: Option<&Document>,
    services: &[Document],
) -> Verdict<()> {
    for (parameter, network) in networks {
        if network.text("zoneUuid").is_some_and(|of_network| of_network != zone) {
            return Err(errors::invalid_argument(format!(
                "[{parameter}] names the L3 network [uuid:{}], which is not in the zone [uuid:{zone}].",
                network.uuid
            )));
        }
        let has_snat = |service: &&Document| {
            service.text("l3NetworkUuid") == Some(&network.uuid)
                && service.text("networkServiceType") == Some("SNAT")
        };
        if services.iter().any(|service| has_snat(&service)) {
            return Err(errors::invalid_argument(format!(
                "[{parameter}] names the L3 network [uuid:{}], which has the service SNAT; choose one without it.",
                network.uuid
            )));
        }
    }
    match image {
        Some(image) if image.text("mediaType").is_some_and(|ty| ty != "RootVolumeTemplate") => {
            Err(errors::invalid_argument(format!(
                "[imageUuid] names the image [uuid:{}], which is not a RootVolumeTemplate.",
                image.uuid
            )))
        }
        _ => Ok(()),
    }
}

/// Checks the network of the default route of a router with these NICs.
pub(crate) fn check_default_route(router: &Document, nics: &[Document], network: &Document) -> Verdict<()> {
    let is_attached = nics.iter().any(|nic| nic.text("l3NetworkUuid") == Some(&network.uuid));
    let problem = if !is_attached {
        "is not attached to the virtual router"
    } else if router.text("defaultRouteL3NetworkUuid") == Some(&network.uuid) {
        "has the default route already"
    } else if router.text("managementNetworkUuid") == Some(&network.uuid)
        && router.text("publicNetworkUuid") != Some(&network.uuid)
    {
        "is the management network"
    } else if network.text("category") != Some("Public") {
        "is not public"
    } else {
        return Ok(());
    };
    Err(errors::invalid_argument(format!(
        "[defaultRouteL3NetworkUuid] names the L3 network [uuid:{}], which {problem}; choose another public network of \
         the virtual router [uuid:{}].",
        network.uuid, router.uuid
    )))
}
