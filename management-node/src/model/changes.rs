//! What a decision asks a store to do.

use std::sync::Arc;

use zstack_server::{FinishedJob, Job};

use super::{
    AccessKey, Account, BackupStorage, BackupStorageRef, BackupStorageZone, CdRom, Cluster, Host, Image,
    ImageCache, ImageInfo, InstanceOffering, IpRange, L3Network, Moment, PrimaryStorage,
    PrimaryStorageCluster, Session, UsedIp, Uuid, Vm, VmInstance, VmNic, Volume, VolumeSnapshot, Zone,
};

/// Changes that hold all together or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What the decision rests on.
    pub guards: Vec<Guard>,
    /// What to do, in order.
    pub edits: Vec<Edit>,
}

impl Changes {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }
}

/// What must still be as it was when the decision was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The kind of aggregate.
    pub aggregate: Aggregate,
    /// Which one.
    pub uuid: Uuid,
    /// The revision that was loaded.
    pub revision: i64,
    /// Whether the changes change it: if so, it gets a new revision.
    pub changes: bool,
}

impl Guard {
    /// The VM instance is still as it was loaded, and is being changed.
    #[must_use]
    pub fn changing(vm: &Vm) -> Self {
        let uuid = vm.instance.uuid.clone();
        Self { aggregate: Aggregate::Vm, uuid, revision: vm.revision, changes: true }
    }

    /// The image is still as it was loaded, and stays so.
    #[must_use]
    pub fn reading(image: &Image) -> Self {
        let uuid = image.info.uuid.clone();
        Self { aggregate: Aggregate::Image, uuid, revision: image.revision, changes: false }
    }
}

/// Things that have a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// An account with its sessions.
    Account,
    /// An image with its refs.
    Image,
    /// A VM instance with its drives, volumes, snapshots and network cards.
    Vm,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Record something new; refused when its identity is taken.
    Create(Entity),
    /// Record what became of something.
    Update(Entity),
    /// Forget everything, as if the store was new; also the administrator.
    Clear,
    /// Forget something. What refers to it goes first.
    Delete(Entity),
    /// Forget all snapshots of a volume.
    DeleteSnapshots {
        /// The volume.
        volume_uuid: Uuid,
    },
    /// Move the end of a session; not an error when the session is gone.
    ExtendSession {
        /// The session.
        uuid: Uuid,
        /// Its new end.
        expired_date: Moment,
    },
    /// Go on only if nothing has this UUID, of whatever kind; else all changes
    /// are refused, as if its own kind had it.
    ClaimUuid(Uuid),
    /// Forget a session; not an error when it is gone.
    DeleteSession(Uuid),
    /// Forget all sessions that ended before.
    DeleteSessionsBefore(Moment),
    /// Record what is known of a job of the API.
    Job(JobEdit),
}

/// One thing to do with jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobEdit {
    /// Record one that begins; refused when its identity is taken by one that
    /// has not expired at this moment.
    Begin(Arc<Job>, Moment),
    /// Record what came of one, unless that is known already; also of one that
    /// is not on record.
    Finish(FinishedJob),
    /// Nothing is left to post for it; not an error when it is gone.
    WebhookDone(Uuid),
    /// Forget all that have expired at this moment.
    DeleteExpired(Moment),
}

macro_rules! entities {
    ($($name:ident is $what:literal by $key:ident),+ $(,)?) => {
        /// A record.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is named like the struct in it")]
        pub enum Entity { $($name($name)),+ }

        impl Entity {
            /// What it is called in a message.
            #[must_use]
            pub fn what(&self) -> &'static str {
                match self { $(Self::$name(_) => $what),+ }
            }

            /// Its identity, or the greater part of it.
            #[must_use]
            pub fn uuid(&self) -> &str {
                match self { $(Self::$name(it) => &it.$key),+ }
            }
        }

        $(impl From<$name> for Entity {
            fn from(it: $name) -> Self {
                Self::$name(it)
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
    /// Records something new.
    #[must_use]
    pub fn create(entity: impl Into<Entity>) -> Self {
        Self::Create(entity.into())
    }

    /// Records what became of something.
    #[must_use]
    pub fn update(entity: impl Into<Entity>) -> Self {
        Self::Update(entity.into())
    }

    /// The session that it forgets, if it is one that it forgets.
    #[must_use]
    pub fn deleted_session(&self) -> Option<&Uuid> {
        match self {
            Self::DeleteSession(uuid) => Some(uuid),
            _ => None,
        }
    }

    /// Forgets something.
    #[must_use]
    pub fn delete(entity: impl Into<Entity>) -> Self {
        Self::Delete(entity.into())
    }
}

impl Vm {
    /// Makes the changes that were decided on: what a store has after it
    /// committed them, without asking it.
    pub fn apply(&mut self, changes: &Changes) {
        let uuid = self.instance.uuid.clone();
        let changed = |it: &&Guard| it.aggregate == Aggregate::Vm && it.changes && it.uuid == uuid;
        self.revision += changes.guards.iter().filter(changed).map(|_| 1).sum::<i64>();
        for edit in &changes.edits {
            let entity = match edit {
                Edit::Create(entity) | Edit::Update(entity) => entity,
                Edit::Delete(entity) => {
                    self.forget(entity);
                    continue;
                }
                _ => continue,
            };
            match entity {
                Entity::VmInstance(it) if it.uuid == uuid => self.instance = it.clone(),
                Entity::VmNic(it) => {
                    self.nics.retain(|nic| nic.uuid != it.uuid);
                    self.nics.extend((it.vm_instance_uuid == uuid).then(|| it.clone()));
                    self.nics.sort_by_key(|nic| nic.device_id);
                }
                Entity::UsedIp(it) => {
                    let theirs = self.nics.iter().any(|nic| nic.uuid == it.vm_nic_uuid);
                    self.ips.retain(|ip| ip.uuid != it.uuid);
                    self.ips.extend(theirs.then(|| it.clone()));
                    self.ips.sort_by(|a, b| a.ip.cmp(&b.ip));
                }
                Entity::Volume(it) => {
                    self.volumes.retain(|volume| volume.uuid != it.uuid);
                    self.volumes.extend((it.vm_instance_uuid.as_ref() == Some(&uuid)).then(|| it.clone()));
                    self.volumes.sort_by_key(|volume| volume.device_id);
                }
                Entity::CdRom(it) => {
                    self.cd_roms.retain(|drive| drive.uuid != it.uuid);
                    self.cd_roms.extend((it.vm_instance_uuid == uuid).then(|| it.clone()));
                    self.cd_roms.sort_by_key(|drive| drive.device_id);
                }
                _ => {}
            }
        }
    }

    fn forget(&mut self, entity: &Entity) {
        match entity {
            Entity::VmNic(it) => self.nics.retain(|nic| nic.uuid != it.uuid),
            Entity::UsedIp(it) => self.ips.retain(|ip| ip.uuid != it.uuid),
            Entity::Volume(it) => self.volumes.retain(|volume| volume.uuid != it.uuid),
            Entity::CdRom(it) => self.cd_roms.retain(|drive| drive.uuid != it.uuid),
            // What is left of the VM instance itself is for the caller to drop.
            _ => {}
        }
    }
}
