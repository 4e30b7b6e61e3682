//! The documents that depend on a VM instance, apart from the parts that the rules of VM instances know: tags,
//! snapshots with their trees and groups, and others.

use std::collections::HashSet;

use super::{Failure, Node, built_in_operations};
use crate::model::{Changes, DocumentEdit, Edit, Entity, Vm};
use crate::rules::errors;
use crate::store::Store;

impl<S: Store> Node<S> {
    /// Lets changes that delete a VM instance delete what depends on it before.
    pub(super) async fn delete_dependents(&self, vm: &Vm, changes: &mut Changes) -> Result<(), Failure> {
        let uuid = &vm.instance.uuid;
        let deletes = |edit: &Edit| matches!(edit, Edit::Delete(Entity::VmInstance(vm)) if vm.uuid == *uuid);
        if !changes.edits.iter().any(deletes) {
            return Ok(());
        }
        let plans = &built_in_operations().map_err(|error| errors::internal(error.to_string()))?.plans;
        let (Some(plan), Some(document)) =
            (plans.get("QueryVmInstance"), self.store.documents(std::slice::from_ref(uuid)).await?.pop())
        else {
            return Ok(());
        };
        let parts: HashSet<_> = std::iter::once(uuid)
            .chain(vm.nics.iter().map(|nic| &nic.uuid))
            .chain(vm.ips.iter().map(|ip| &ip.uuid))
            .chain(vm.volumes.iter().map(|volume| &volume.uuid))
            .chain(vm.cd_roms.iter().map(|drive| &drive.uuid))
            .collect();
        let is_of_others = |edit: &DocumentEdit| match edit {
            DocumentEdit::Create { document, .. }
            | DocumentEdit::Replace { document, .. }
            | DocumentEdit::Delete { document } => !parts.contains(&document.uuid),
            DocumentEdit::Unlink { .. } => true,
        };
        let edits = self.deletion(plans, plan, document).await?;
        let edits = edits.into_iter().filter(is_of_others).map(|edit| Edit::Document(Box::new(edit)));
        changes.edits.splice(0..0, edits.collect::<Vec<_>>());
        Ok(())
    }
}
