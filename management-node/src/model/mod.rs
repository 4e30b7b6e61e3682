//! The resources: plain data, independent of storage and protocol.
//!
//! Records are flat, one struct for each kind. Records that change together are
//! loaded together, as an aggregate with a revision: a VM instance with its parts
//! ([`Vm`]), an image with its copies ([`Image`]), an account ([`LoginAccount`]).

mod changes;
mod document;
mod identity;
mod image;
mod infrastructure;
mod moment;
mod storage;
mod vm;
mod volume;
mod words;

pub use changes::{Changes, Edit, Entity, Guard, JobEdit};
pub use document::{Document, DocumentEdit, Existing, Holder, Link, LoadedDocument, OWNER, RECEIVERS};
pub use identity::{ADMIN_UUID, AccessKey, Account, AccountKind, Caller, LoginAccount, Secret, Session};
pub use image::{BackupStorageRef, Image, ImageCache, ImageFormat, ImageInfo, ImageStatus, MediaType};
pub use infrastructure::{
    Architecture, Cluster, Connection, Enabled, Host, Hypervisor, InstanceOffering, IpRange, L3Network,
    Platform, Zone,
};
pub use moment::Moment;
pub use storage::{
    AttachedBackupStorage, BackupStorage, BackupStorageKind, BackupStorageZone, PrimaryStorage,
    PrimaryStorageCluster, PrimaryStorageKind,
};
pub use vm::{CdRom, UsedIp, Vm, VmInstance, VmNic, VmState};
pub use volume::{Volume, VolumeFormat, VolumeKind, VolumeSnapshot, VolumeStatus};
pub use words::{UnknownWord, Word};

pub(crate) use words::words;

/// A UUID: 32 lower-case hexadecimal digits, without dashes.
pub type Uuid = String;
