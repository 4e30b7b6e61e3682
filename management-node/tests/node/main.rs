//! Tests of the management node, from its rules to its process.

#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers belong to tests")]

mod access_keys;
mod calls;
mod cloud_hosts;
mod cloud_identity;
mod cloud_management;
mod cloud_networks;
mod cloud_networks_balancers;
mod cloud_networks_l2;
mod cloud_nics;
mod cloud_routers;
mod cloud_storages;
mod cloud_templates;
mod cloud_users;
mod cloud_vm_copies;
mod cloud_vm_instances;
mod cloud_volumes;
mod concurrency;
mod connections;
mod control;
mod crash;
mod dashboard;
mod documents;
mod effects;
mod errors;
mod interop;
mod jobs;
mod lifecycle;
mod lifecycle_rows;
mod lifecycle_table;
mod linearizability;
mod loader;
mod local;
mod management_node;
mod model_based;
mod openapi;
mod ownership;
mod pages;
mod performed;
mod process;
mod queries;
mod query_oracle;
mod query_sockets;
mod releases;
mod rule_rows;
mod rule_table;
#[path = "../../../model/tests/sample/mod.rs"]
mod sample;
mod samples;
mod scenario;
mod sessions;
mod start;
mod store;
mod trust;
mod tutorial;
