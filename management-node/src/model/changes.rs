//! The changes that an operation makes to a store.

use std::sync::Arc;

use zstack_server::{FinishedJob, Job};

use super::{
    AccessKey, Account, BackupStorage, BackupStorageRef, BackupStorageZone, CdRom, Cluster, DocumentEdit,
    Host, Image, ImageCache, ImageInfo, InstanceOffering, IpRange, L3Network, LoadedDocument, Moment,
    PrimaryStorage, PrimaryStorageCluster, Session, UsedIp, Uuid, Vm, VmInstance, VmNic, Volume,
    VolumeSnapshot, Zone,
};

/// Changes that a store commits together or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The conditions of the commit.
    pub guards: Vec<Guard>,
    /// The edits, in order.
    pub edits: Vec<Edit>,
}

impl Changes {
    /// Returns true if there are no edits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }
}

/// The condition that an aggregate still has the revision that was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The kind of aggregate.
    pub aggregate: Aggregate,
    /// The UUID of the aggregate.
    pub uuid: Uuid,
    /// The loaded revision.
    pub revision: i64,
    /// True if the edits change the aggregate, which then gets a new revision.
    pub changes: bool,
}

impl Guard {
    /// Creates a guard for a VM instance that the edits change.
    #[must_use]
    pub fn changing(vm: &Vm) -> Self {
        let uuid = vm.instance.uuid.clone();
        Self { aggregate: Aggregate::Vm, uuid, revision: vm.revision, changes: true }
    }

    /// Creates a guard for an image that the edits do not change.
    #[must_use]
    pub fn reading(image: &Image) -> Self {
        let uuid = image.info.uuid.clone();
        Self { aggregate: Aggregate::Image, uuid, revision: image.revision, changes: false }
    }
}

/// A kind of aggregate: records with a common revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// An account with its sessions.
    Account,
    /// An image with its copies on backup storages.
    Image,
    /// A VM instance with its drives, volumes, snapshots and NICs.
    Vm,
}

/// A change of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Insert a record; fails if its key exists.
    Create(Entity),
    /// Replace a record.
    Update(Entity),
    /// Change a document of any kind.
    Document(Box<DocumentEdit>),
    /// Insert the documents of an inventory.
    Load(Vec<LoadedDocument>),
    /// Delete all records, including the administrator.
    Clear,
    /// Delete a record. Records that refer to it have to be deleted before.
    Delete(Entity),
    /// Delete all snapshots of a volume.
    DeleteSnapshots {
        /// The UUID of the volume.
        volume_uuid: Uuid,
    },
    /// Set the expiration of a session, if it exists.
    ExtendSession {
        /// The UUID of the session.
        uuid: Uuid,
        /// The new expiration.
        expired_date: Moment,
    },
    /// Fail, as [`Create`](Self::Create) does, if a record of any kind has this
    /// UUID.
    ClaimUuid(Uuid),
    /// Delete a session, if it exists.
    DeleteSession(Uuid),
    /// Delete all sessions that expired before.
    DeleteSessionsBefore(Moment),
    /// Change a job of the API.
    Job(JobEdit),
}

/// A change of the jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobEdit {
    /// Insert a job; fails if a job with its UUID exists that has not expired at
    /// this moment.
    Begin(Arc<Job>, Moment),
    /// Store the result of a job, unless it has one; insert the job if it does not
    /// exist.
    Finish(FinishedJob),
    /// Mark the webhook of a job as delivered or given up, if the job exists.
    WebhookDone(Uuid),
    /// Delete all jobs that have expired at this moment.
    DeleteExpired(Moment),
}

macro_rules! entities {
    ($($name:ident is $kind:literal by $key:ident),+ $(,)?) => {
        /// A record of any kind.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is named like the struct in it")]
        pub enum Entity { $($name($name)),+ }

        impl Entity {
            /// The name of the kind in messages.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $kind),+ }
            }

            /// The key, or the first part of it.
            #[must_use]
            pub fn uuid(&self) -> &str {
                match self { $(Self::$name(record) => &record.$key),+ }
            }
        }

        $(impl From<$name> for Entity {
            fn from(record: $name) -> Self {
                Self::$name(record)
            }
        })+
    };
}

entities! {
    AccessKey is "access key" by uuid,
    Account is "account" by uuid,
    Session is "session" by uuid,
    Zone is "zone" by uuid,
    Cluster is "cluster" by uuid,
    Host is "host" by uuid,
    PrimaryStorage is "primary storage" by uuid,
    PrimaryStorageCluster is "cluster of a primary storage" by primary_storage_uuid,
    BackupStorage is "backup storage" by uuid,
    BackupStorageZone is "zone of a backup storage" by backup_storage_uuid,
    L3Network is "L3 network" by uuid,
    IpRange is "IP range" by uuid,
    InstanceOffering is "instance offering" by uuid,
    ImageInfo is "image" by uuid,
    BackupStorageRef is "image on a backup storage" by image_uuid,
    ImageCache is "cached image" by image_uuid,
    VmInstance is "VM instance" by uuid,
    Volume is "volume" by uuid,
    VolumeSnapshot is "volume snapshot" by uuid,
    VmNic is "NIC" by uuid,
    UsedIp is "IP address" by uuid,
    CdRom is "CD-ROM drive" by uuid,
}

impl Edit {
    /// Creates an edit that inserts a record.
    #[must_use]
    pub fn create(entity: impl Into<Entity>) -> Self {
        Self::Create(entity.into())
    }

    /// Creates an edit that replaces a record.
    #[must_use]
    pub fn update(entity: impl Into<Entity>) -> Self {
        Self::Update(entity.into())
    }

    /// The session that this edit deletes.
    #[must_use]
    pub fn deleted_session(&self) -> Option<&Uuid> {
        match self {
            Self::DeleteSession(uuid) => Some(uuid),
            _ => None,
        }
    }

    /// Creates an edit that deletes a record.
    #[must_use]
    pub fn delete(entity: impl Into<Entity>) -> Self {
        Self::Delete(entity.into())
    }
}

impl Vm {
    /// Applies committed changes, so that the VM instance need not be loaded again.
    pub fn apply(&mut self, changes: &Changes) {
        let uuid = self.instance.uuid.clone();
        let changed =
            |guard: &&Guard| guard.aggregate == Aggregate::Vm && guard.changes && guard.uuid == uuid;
        self.revision += changes.guards.iter().filter(changed).map(|_| 1).sum::<i64>();
        for edit in &changes.edits {
            let entity = match edit {
                Edit::Create(entity) | Edit::Update(entity) => entity,
                Edit::Delete(entity) => {
                    self.remove(entity);
                    continue;
                }
                _ => continue,
            };
            match entity {
                Entity::VmInstance(changed) if changed.uuid == uuid => self.instance = changed.clone(),
                Entity::VmNic(changed) => {
                    self.nics.retain(|nic| nic.uuid != changed.uuid);
                    self.nics.extend((changed.vm_instance_uuid == uuid).then(|| changed.clone()));
                    self.nics.sort_by_key(|nic| nic.device_id);
                }
                Entity::UsedIp(changed) => {
                    let is_of_vm = self.nics.iter().any(|nic| nic.uuid == changed.vm_nic_uuid);
                    self.ips.retain(|ip| ip.uuid != changed.uuid);
                    self.ips.extend(is_of_vm.then(|| changed.clone()));
                    self.ips.sort_by(|a, b| a.ip.cmp(&b.ip));
                }
                Entity::Volume(changed) => {
                    let is_of_vm = changed.vm_instance_uuid.as_ref() == Some(&uuid);
                    self.volumes.retain(|volume| volume.uuid != changed.uuid);
                    self.volumes.extend(is_of_vm.then(|| changed.clone()));
                    self.volumes.sort_by_key(|volume| volume.device_id);
                }
                Entity::CdRom(changed) => {
                    self.cd_roms.retain(|drive| drive.uuid != changed.uuid);
                    self.cd_roms.extend((changed.vm_instance_uuid == uuid).then(|| changed.clone()));
                    self.cd_roms.sort_by_key(|drive| drive.device_id);
                }
                _ => {}
            }
        }
    }

    fn remove(&mut self, entity: &Entity) {
        match entity {
            Entity::VmNic(deleted) => self.nics.retain(|nic| nic.uuid != deleted.uuid),
            Entity::UsedIp(deleted) => self.ips.retain(|ip| ip.uuid != deleted.uuid),
            Entity::Volume(deleted) => self.volumes.retain(|volume| volume.uuid != deleted.uuid),
            Entity::CdRom(deleted) => self.cd_roms.retain(|drive| drive.uuid != deleted.uuid),
            // The caller drops a deleted VM instance.
            _ => {}
        }
    }
}
