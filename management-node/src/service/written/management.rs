//! The management node itself, directories, keys, and operations that run others.

mod directories;
mod hybrid_keys;
mod licenses;
mod long_jobs;
mod node;
mod schedulers;
pub(super) mod ssh_keys;
mod zql;

use super::{Context, Done, missing};
use crate::cloud::plan::Written;
use crate::service::Failure;
use crate::store::Store;

/// The operations.
pub(super) const OPERATIONS: &[Written] = &[
    Written::admin("CreateDirectory", "Directory"),
    Written::admin("UpdateDirectory", "Directory"),
    Written::admin("MoveDirectory", "Directory"),
    Written::admin("AddResourcesToDirectory", "Directory"),
    Written::admin("RemoveResourcesFromDirectory", "Directory"),
    Written::admin("MoveResourcesToDirectory", "Directory"),
    Written::normal("GenerateSshKeyPair", "SshKeyPair"),
    Written::normal("AttachSshKeyPairToVmInstance", "SshKeyPair"),
    Written::normal("DetachSshKeyPairFromVmInstance", "SshKeyPair"),
    Written::normal("DeleteSshKeyPair", "SshKeyPair"),
    Written::admin("AttachAliyunKey", "HybridAccount"),
    Written::normal("GetResourceNames", "Resource"),
    Written::normal("GetManagementNodeArch", "ManagementNode"),
    Written::normal("GetManagementNodeOS", "ManagementNode"),
    Written::admin("GetPlatformTimeZone", "ManagementNode"),
    Written::normal("GetSupportAPIs", "ManagementNode"),
    Written::admin("ReconnectConsoleProxyAgent", "ConsoleProxyAgent"),
    Written::normal("GetLicenseInfo", "License"),
    Written::admin("UpdateLicense", "License"),
    Written::admin("ReloadLicense", "License"),
    Written::normal("SubmitLongJob", "LongJob"),
    Written::normal("CancelLongJob", "LongJob"),
    Written::normal("CleanLongJob", "LongJob"),
    Written::normal("RerunLongJob", "LongJob"),
    Written::normal("ResumeLongJob", "LongJob"),
    Written::normal("DeleteLongJob", "LongJob").missing_is_success(),
    Written::normal("GetTaskProgress", "TaskProgress"),
    Written::normal("CreateSchedulerJob", "SchedulerJob"),
    Written::normal("UpdateSchedulerJob", "SchedulerJob"),
    Written::normal("CreateSchedulerTrigger", "SchedulerTrigger"),
    Written::normal("UpdateSchedulerTrigger", "SchedulerTrigger"),
    Written::normal("AddSchedulerJobToSchedulerTrigger", "SchedulerJobSchedulerTrigger"),
    Written::normal("ZQLQuery", "Resource"),
];

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    match context.plan.operation.name {
        "CreateDirectory" => directories::create(context).await,
        "UpdateDirectory" => directories::rename(context).await,
        "MoveDirectory" => directories::relocate(context).await,
        "AddResourcesToDirectory" => directories::add(context, false).await,
        "MoveResourcesToDirectory" => directories::add(context, true).await,
        "RemoveResourcesFromDirectory" => directories::remove(context),
        "GenerateSshKeyPair" => ssh_keys::generate(context).await,
        "AttachSshKeyPairToVmInstance" => ssh_keys::attach(context, true),
        "DetachSshKeyPairFromVmInstance" => ssh_keys::attach(context, false),
        "DeleteSshKeyPair" => ssh_keys::delete(context).await,
        "AttachAliyunKey" => hybrid_keys::attach(context).await,
        "GetResourceNames" => Ok(node::names(context)),
        "GetManagementNodeArch" => Ok(node::architecture()),
        "GetManagementNodeOS" => Ok(node::operating_system()),
        "GetPlatformTimeZone" => Ok(node::time_zone(context)),
        "GetSupportAPIs" => Ok(node::operations(context)),
        "ReconnectConsoleProxyAgent" => node::reconnect_consoles(context).await,
        "GetLicenseInfo" | "ReloadLicense" => licenses::get(context).await,
        "UpdateLicense" => licenses::install(context).await,
        "SubmitLongJob" => long_jobs::submit(context).await,
        "CancelLongJob" => long_jobs::cancel(context),
        "CleanLongJob" => long_jobs::clean(context),
        "RerunLongJob" => long_jobs::rerun(context),
        "ResumeLongJob" => long_jobs::resume(context),
        "DeleteLongJob" => long_jobs::delete(context).await,
        "GetTaskProgress" => long_jobs::progress(context).await,
        "CreateSchedulerJob" => schedulers::create_job(context),
        "UpdateSchedulerJob" => schedulers::update_job(context),
        "CreateSchedulerTrigger" => schedulers::create_trigger(context),
        "UpdateSchedulerTrigger" => schedulers::update_trigger(context),
        "AddSchedulerJobToSchedulerTrigger" => schedulers::link(context).await,
        "ZQLQuery" => zql::run(context).await,
        _ => Err(missing(context)),
    }
}
