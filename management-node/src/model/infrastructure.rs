//! Ranges of addresses, and administrative states.

use serde::{Deserialize, Serialize};

use super::{Moment, Uuid, words};

words! {
    /// The administrative state of a resource.
    Enabled is "state" {
        /// May be used.
        Enabled = "Enabled",
        /// May not be used.
        Disabled = "Disabled",
    }
}

/// A range of addresses of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IpRange {
    /// The UUID.
    pub uuid: Uuid,
    /// The UUID of the network.
    pub l3_network_uuid: Uuid,
    /// The addresses as a CIDR, such as `192.168.1.0/24`.
    pub network_cidr: String,
    /// The address of the gateway.
    pub gateway: Option<String>,
    /// The first address, if the range does not have all addresses of the CIDR.
    pub start_ip: Option<String>,
    /// The last address.
    pub end_ip: Option<String>,
    /// `Normal`, or `AddressPool` for a range of which NICs get no addresses; by default `Normal`.
    pub ip_range_type: Option<String>,
    /// The time of creation.
    pub create_date: Moment,
    /// The time of the last change.
    pub last_op_date: Moment,
}

impl IpRange {
    /// True for a range whose addresses are only for VIPs.
    #[must_use]
    pub fn is_pool(&self) -> bool {
        self.ip_range_type.as_deref() == Some("AddressPool")
    }
}
