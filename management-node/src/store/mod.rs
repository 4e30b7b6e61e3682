//! Where things are kept.
//!
//! [`Store`] is the seam: the service knows nothing of SQLite, and several
//! nodes may share one database behind it. What an operation decides on is
//! loaded as aggregates with revisions; what it decides is committed all at
//! once, and only if those revisions still hold. If they do not, the caller
//! loads again and decides again.

pub mod sqlite;

use std::future::Future;
use std::time::Duration;

use crate::model::{
    AccessKey, CdRom, Changes, Cluster, Image, ImageCache, LoginAccount, Moment, Session, Uuid, Vm, VmState,
    VolumeSnapshot,
};
use crate::query::{Page, Selection};
use crate::rules::{Network, Places, Storages};

/// How long the store reads for one call.
pub const READ_LIMIT: Duration = Duration::from_secs(10);

/// What loading answers.
pub type Loaded<T> = Result<T, StoreError>;

/// A session as it is on record, with what its account may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// The session.
    pub session: Session,
    /// Who has it.
    pub caller: crate::model::Caller,
}

/// An access key as it is on record, with what its account may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKeyRecord {
    /// The key.
    pub key: AccessKey,
    /// Whom it acts for.
    pub caller: crate::model::Caller,
}

/// What a list of jobs tells of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobSummary {
    /// Its identity.
    pub uuid: Uuid,
    /// The name of the operation.
    pub operation: String,
    /// When it was submitted.
    pub submitted: Moment,
    /// How it ended; `None` while it is processing.
    pub end: Option<JobEnd>,
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobEnd {
    /// When.
    pub at: Moment,
    /// Whether it did what it was to do.
    pub is_success: bool,
    /// The code of its error, if it did not.
    pub error_code: Option<String>,
}

/// Where things are kept.
pub trait Store: Send + Sync + 'static {
    /// A VM instance with everything in it.
    fn vm(&self, uuid: &str) -> impl Future<Output = Loaded<Option<Vm>>> + Send;

    /// The VM instances in one of these states whose root volume lies on one
    /// of these primary storages.
    fn vms_on(
        &self,
        primary_storages: &[Uuid],
        states: &[VmState],
    ) -> impl Future<Output = Loaded<Vec<Vm>>> + Send;

    /// A drive, of whatever VM instance.
    fn cd_rom(&self, uuid: &str) -> impl Future<Output = Loaded<Option<CdRom>>> + Send;

    /// An image with the places where it lies.
    fn image(&self, uuid: &str) -> impl Future<Output = Loaded<Option<Image>>> + Send;

    /// The cached copies of an image; they outlive it.
    fn image_caches(&self, image_uuid: &str) -> impl Future<Output = Loaded<Vec<ImageCache>>> + Send;

    /// The newest snapshot of a volume.
    fn latest_snapshot(
        &self,
        volume_uuid: &str,
    ) -> impl Future<Output = Loaded<Option<VolumeSnapshot>>> + Send;

    /// All storages; there are a handful.
    fn storages(&self) -> impl Future<Output = Loaded<Storages>> + Send;

    /// All clusters and hosts, with the number of VM instances on each host.
    fn places(&self) -> impl Future<Output = Loaded<Places>> + Send;

    /// Networks with their ranges and the addresses that are taken.
    fn networks(&self, uuids: &[Uuid]) -> impl Future<Output = Loaded<Vec<Network>>> + Send;

    /// The account of this name, with the number of its sessions that have
    /// not expired at `now`.
    fn account(&self, name: &str, now: Moment) -> impl Future<Output = Loaded<Option<LoginAccount>>> + Send;

    /// The sessions of an account that have not expired at `now`.
    fn sessions(&self, account_uuid: &str, now: Moment) -> impl Future<Output = Loaded<Vec<Session>>> + Send;

    /// A session, expired or not.
    fn session(&self, uuid: &str) -> impl Future<Output = Loaded<Option<SessionRecord>>> + Send;

    /// The access key that requests name by this ID, whatever its state.
    fn access_key_of(&self, id: &str) -> impl Future<Output = Loaded<Option<AccessKeyRecord>>> + Send;

    /// An access key.
    fn access_key(&self, uuid: &str) -> impl Future<Output = Loaded<Option<AccessKey>>> + Send;

    /// Whether there is an account of this UUID.
    fn has_account(&self, uuid: &str) -> impl Future<Output = Loaded<bool>> + Send;

    /// A cluster.
    fn cluster(&self, uuid: &str) -> impl Future<Output = Loaded<Option<Cluster>>> + Send;

    /// The VM instances of a selection, which is one of
    /// [`VM_INSTANCE`](crate::query::resources::VM_INSTANCE).
    fn select_vms(&self, selection: Selection) -> impl Future<Output = Loaded<Page<Vm>>> + Send;

    /// The drives of a selection, which is one of
    /// [`VM_CD_ROM`](crate::query::resources::VM_CD_ROM).
    fn select_cd_roms(&self, selection: Selection) -> impl Future<Output = Loaded<Page<CdRom>>> + Send;

    /// The access keys of a selection, which is one of
    /// [`ACCESS_KEY`](crate::query::resources::ACCESS_KEY).
    fn select_access_keys(
        &self,
        selection: Selection,
    ) -> impl Future<Output = Loaded<Page<AccessKey>>> + Send;

    /// The images of a selection, which is one of
    /// [`IMAGE`](crate::query::resources::IMAGE).
    fn select_images(&self, selection: Selection) -> impl Future<Output = Loaded<Page<Image>>> + Send;

    /// The newest jobs that are on record, newest first, at most so many: of an
    /// account, or of everybody.
    fn newest_jobs(
        &self,
        account_uuid: Option<&str>,
        most: usize,
    ) -> impl Future<Output = Loaded<Vec<JobSummary>>> + Send;

    /// The highest number that a VM instance has; 0 when there is none.
    fn last_internal_id(&self) -> impl Future<Output = Loaded<i64>> + Send;

    /// Whether nothing has been loaded into it.
    fn is_empty(&self) -> impl Future<Output = Loaded<bool>> + Send;

    /// Makes the changes durable, all or none, if every guard still holds.
    /// When this returns successfully, they outlast a loss of power.
    fn commit(&self, changes: Changes) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Ends the work: what was accepted is finished, and the files are closed.
    fn close(&self) -> impl Future<Output = ()> + Send;
}

/// Why a store did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A guard does not hold any more: load and decide again.
    #[error("what the decision rests on has changed")]
    Conflict,
    /// The identity of something new is taken.
    #[error("there already is a {what} [uuid:{uuid}]")]
    Exists {
        /// What was to be created.
        what: &'static str,
        /// Its identity.
        uuid: Uuid,
    },
    /// Something refers to what does not exist.
    #[error("the {what} [uuid:{uuid}] refers to something that does not exist")]
    Dangling {
        /// What was to be recorded.
        what: &'static str,
        /// Its identity.
        uuid: Uuid,
    },
    /// There is no room; nothing was changed.
    #[error("the disk of the store is full; nothing was changed")]
    Full,
    /// A file of the database is not where it was when the node started.
    #[error(
        "{file} was deleted, moved or replaced while the node was running: changes are refused, since they would be \
         lost; put the file back, or stop the node"
    )]
    FileMissing {
        /// The file.
        file: String,
    },
    /// Reading took too long.
    #[error("reading took longer than {} s and was stopped; ask for less, with simpler conditions", READ_LIMIT.as_secs())]
    TooSlow,
    /// It is closed.
    #[error("the store is closed")]
    Closed,
    /// Something else.
    #[error("the store failed: {0}")]
    Failed(String),
}
