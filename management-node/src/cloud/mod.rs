//! Operations on documents: the derived and the declared layer.
//!
//! The functions are pure: from the documents that an operation needs and its parameters to the edits
//! that it makes, or an error.
//!
//! | module | contents |
//! |---|---|
//! | [`pending`] | intermediate values of operations that take time |
//! | [`plan`] | what an operation reads and does, computed once |
//! | `assign` | values of parameters that become fields |
//! | `access` | existence of referenced documents, rights of the caller |
//! | [`built_in`] | the node itself |
//! | `create`, `change`, `delete` | effects on documents |
//! | `links` | the references of a document that must not dangle |
//! | [`nics`] | NICs and their VM instances |
//! | [`guests`], [`eips`], [`port_forwarding`] | VIPs that lead to NICs |
//! | [`l2_networks`] | clusters of L2 networks, and VNIs |
//! | [`load_balancers`] | settings of listeners, and backends |
//! | [`schedules`] | when triggers start jobs |
//! | [`security_groups`] | rules of security groups |
//! | [`hosts`], [`places`] | capacities of hosts, places for VM instances |
//! | [`images`] | images and their copies |
//! | [`policies`] | operations that users may call |
//! | [`quotas`] | how much an account may have |
//! | [`settings`] | global settings |
//! | [`snapshots`] | trees of snapshots |
//! | [`storages`] | checks and capacities of storages |
//! | [`network_services`], [`providers`] | services of L3 networks, and their providers |
//! | [`volumes`] | volumes and their attachment to VM instances |
//! | `tags` | the documents of tags |
//! | [`routers`] | virtual routers |
//! | [`dhcp`] | addresses of DHCP servers |
//! | [`free_addresses`], [`ip_ranges`] | free addresses of networks, new ranges |
//! | `inventory` | documents as inventories |

mod access;
mod assign;
pub(crate) mod built_in;
mod change;
mod create;
mod delete;
pub(crate) mod dhcp;
pub(crate) mod eips;
pub(crate) mod free_addresses;
pub(crate) mod guests;
pub(crate) mod hosts;
pub(crate) mod images;
mod inventory;
pub(crate) mod ip_ranges;
pub(crate) mod l2_networks;
mod links;
pub(crate) mod load_balancers;
pub(crate) mod network_services;
pub(crate) mod nics;
pub(crate) mod pending;
pub(crate) mod places;
pub(crate) mod plan;
pub(crate) mod policies;
pub(crate) mod port_forwarding;
pub(crate) mod providers;
pub(crate) mod quotas;
pub(crate) mod routers;
pub(crate) mod schedules;
pub(crate) mod security_groups;
pub(crate) mod settings;
pub(crate) mod snapshots;
pub(crate) mod storages;
mod tags;
pub(crate) mod volumes;

use serde_json::{Map, Value};

pub(crate) use crate::catalog::Relation;
pub(crate) use access::{check_access, check_existence, check_fields, find_references, is_a};
pub(crate) use assign::field_values;
pub(crate) use change::{add, change_state, follow_event, remove, update};
pub(crate) use create::{NewDocument, create, new_document};
pub(crate) use delete::{Cascade, cascade};
pub(crate) use inventory::{embedded_relations, to_inventory};
pub(crate) use links::{links, links_of, replace};
pub(crate) use tags::{new_tag, new_tags, tag_value};

/// The parameters of a request, as JSON.
pub(crate) type Parameters = Map<String, Value>;

/// Iterates over the text of a parameter, or over those of its list.
pub(crate) fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    value.into_iter().chain(list).filter_map(Value::as_str)
}
