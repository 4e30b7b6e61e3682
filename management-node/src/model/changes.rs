//! The changes that an operation makes to a store.

use std::sync::Arc;

use zstack_server::{FinishedJob, Job};

use super::{AccessKey, Account, Document, DocumentEdit, LoadedDocument, Moment, Session, Uuid};

/// Changes that a store commits together or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The conditions of the commit.
    pub guards: Vec<Guard>,
    /// The edits, in order.
    pub edits: Vec<Edit>,
}

/// Changes of documents, without conditions.
impl FromIterator<DocumentEdit> for Changes {
    fn from_iter<T: IntoIterator<Item = DocumentEdit>>(edits: T) -> Self {
        Self { guards: Vec::new(), edits: edits.into_iter().map(Edit::from).collect() }
    }
}

impl Changes {
    /// Returns true if there are no edits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }
}

/// The condition that a document still has the revision that was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The UUID of the document.
    pub uuid: Uuid,
    /// The loaded revision.
    pub revision: i64,
    /// True if the document gets a new revision: the edits change its parts.
    pub changes: bool,
}

impl Guard {
    /// Creates a guard for a document that gets a new revision, since its parts change.
    #[must_use]
    pub fn changing(document: &Document) -> Self {
        Self { uuid: document.uuid.clone(), revision: document.revision, changes: true }
    }

    /// Creates a guard for a document that must not have changed.
    #[must_use]
    pub fn reading(document: &Document) -> Self {
        Self { changes: false, ..Self::changing(document) }
    }
}

impl From<DocumentEdit> for Edit {
    fn from(edit: DocumentEdit) -> Self {
        Self::Document(Box::new(edit))
    }
}

/// A change of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Insert a record; fails if its key exists.
    Create(Entity),
    /// Change a document of any kind.
    Document(Box<DocumentEdit>),
    /// Insert the documents of an inventory.
    Load(Vec<LoadedDocument>),
    /// Delete all records, including the administrator.
    Clear,
    /// Delete a record. Records that refer to it have to be deleted before.
    Delete(Entity),
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
        /// A record.
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
}

impl Edit {
    /// Creates an edit that inserts a record.
    #[must_use]
    pub fn create(entity: impl Into<Entity>) -> Self {
        Self::Create(entity.into())
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
