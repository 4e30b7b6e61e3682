//! Loads what belongs to NICs.

use std::collections::BTreeSet;

use super::Context;
use crate::cloud::nics;
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;

/// Loads the VM instance of a NIC.
pub(super) async fn vm_of<S: Store>(context: &Context<'_, S>, nic: &Document) -> Result<Document, Failure> {
    let vm = match nic.text("vmInstanceUuid") {
        Some(vm) => context.load(vm).await?,
        None => None,
    };
    vm.ok_or_else(|| {
        let text = format!("The NIC [uuid:{}] belongs to no VM instance; attach it first.", nic.uuid);
        errors::operation_failed(text).into()
    })
}

/// Loads the NICs of a VM instance.
pub(in crate::service::written) async fn nics_of<S: Store>(
    context: &Context<'_, S>,
    vm: &Document,
) -> Result<Vec<Document>, Failure> {
    let mut nics = context.holders(&vm.uuid, "vmInstanceUuid").await?;
    nics.retain(|nic| nic.base == "VmNic");
    Ok(nics)
}

/// The names of the services that use a NIC.
pub(super) async fn services_of<S: Store>(
    context: &Context<'_, S>,
    nic: &Document,
) -> Result<Vec<&'static str>, Failure> {
    let holders = context.node.store.holders(std::slice::from_ref(&nic.uuid)).await?;
    let service = |base: &str| nics::SERVICES.iter().find(|(user, _)| *user == base).map(|(_, name)| *name);
    let names: BTreeSet<_> = holders.iter().filter_map(|holder| service(&holder.document.base)).collect();
    Ok(names.into_iter().collect())
}
