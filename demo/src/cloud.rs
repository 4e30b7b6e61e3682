//! Builds a cloud from nothing, runs a VM instance in it, and deletes everything again.

mod build;
mod remove;
mod run;

use zstack_client::hash_password;
use zstack_client::identity::{LogInByAccount, LogOut};

use crate::Failure;
use crate::caller::Caller;

/// Runs the steps on a platform without a zone, and returns the number of calls.
pub(crate) async fn run(url: &str) -> Result<usize, Failure> {
    let mut caller = Caller::new(url)?;
    let request = LogInByAccount::new("admin", hash_password("password"));
    let session = caller.call("Opens a session for the calls that follow.", request, &[]).await?.inventory;
    caller.client = caller.client.with_session(&session.uuid);

    let infrastructure = build::build(&mut caller).await?;
    let guest = run::run(&mut caller, &infrastructure).await?;
    remove::remove(&mut caller, &infrastructure, &guest).await?;
    caller.call("Ends the session.", LogOut::new(session.uuid), &[]).await?;
    Ok(caller.steps)
}

/// The UUIDs of what VM instances need.
struct Infrastructure {
    zone: String,
    cluster: String,
    host: String,
    primary_storage: String,
    backup_storage: String,
    l2_network: String,
    /// The network of the VM instance.
    private_network: String,
    /// The network of its elastic IP address.
    public_network: String,
    instance_offering: String,
    disk_offering: String,
    template: String,
    iso: String,
}

/// The UUIDs of the VM instance, and of what it uses.
struct Guest {
    vm: String,
    data_volume: String,
    vip: String,
    eip: String,
    security_group: String,
}
