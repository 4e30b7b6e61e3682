//! The declarations so far, and the steps that all sections share.

use std::collections::{HashMap, HashSet};

use zstack_model::yaml::Mark;

use super::fields::Fields;
use super::limits::Budget;
use super::problem::{Problems, Spanned};
use super::registry::{Identities, Registry};
use crate::addresses::Range;
use crate::model::{
    Account, BackupStorage, Cluster, Edit, Entity, Host, ImageInfo, InstanceOffering, Moment, PrimaryStorage,
    Uuid, Zone,
};
use crate::uuids;

/// The declarations so far, and the problems. Sections are read in the
/// order in which they refer to each other, whatever their order in the file.
pub(super) struct Planner<'a> {
    pub(super) problems: &'a Problems,
    pub(super) now: Moment,
    /// The highest number that a VM instance has.
    pub(super) last_internal_id: i64,
    pub(super) accounts: Registry<Account>,
    pub(super) zones: Registry<Zone>,
    pub(super) clusters: Registry<Cluster>,
    pub(super) hosts: Registry<Host>,
    pub(super) networks: Registry<Network>,
    pub(super) offerings: Registry<InstanceOffering>,
    pub(super) primary_storages: Registry<Primary>,
    pub(super) backup_storages: Registry<BackupStorage>,
    pub(super) images: Registry<ImageInfo>,
    pub(super) vms: Registry<Uuid>,
    /// The primary storages of each cluster.
    pub(super) storages_of: HashMap<Uuid, Vec<PrimaryStorage>>,
    /// The addresses of the hosts.
    pub(super) management_ips: HashSet<String>,
    /// The image and the primary storage of each cached copy.
    pub(super) caches: HashSet<(Uuid, Uuid)>,
    pub(super) identities: Identities,
    pub(super) edits: Vec<Edit>,
    budget: &'a Budget,
}

/// The fields that all declarations have.
pub(super) struct Header {
    pub(super) name: Spanned<String>,
    pub(super) uuid: Uuid,
    pub(super) created: Moment,
}

/// A network with its ranges.
pub(super) struct Network {
    pub(super) uuid: String,
    pub(super) zone_uuid: String,
    pub(super) ranges: Vec<(String, Range)>,
}

/// A primary storage with the clusters it serves.
pub(super) struct Primary {
    pub(super) storage: PrimaryStorage,
    pub(super) cluster_uuids: HashSet<Uuid>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        problems: &'a Problems,
        now: Moment,
        last_internal_id: i64,
        budget: &'a Budget,
    ) -> Self {
        Self {
            problems,
            now,
            last_internal_id,
            accounts: Registry::new("account"),
            zones: Registry::new("zone"),
            clusters: Registry::new("cluster"),
            hosts: Registry::new("host"),
            networks: Registry::new("network"),
            offerings: Registry::new("offering"),
            primary_storages: Registry::new("primary storage"),
            backup_storages: Registry::new("backup storage"),
            images: Registry::new("image"),
            vms: Registry::new("VM"),
            storages_of: HashMap::new(),
            management_ips: HashSet::new(),
            caches: HashSet::new(),
            identities: Identities::default(),
            edits: Vec::new(),
            budget,
        }
    }

    /// Reads the items of a section one after the other.
    pub(super) fn section(
        &mut self,
        root: &mut Fields<'a>,
        key: &'static str,
        what: &'static str,
        mut read: impl FnMut(&mut Self, &mut Fields<'a>),
    ) {
        for node in root.items(key).unwrap_or_default() {
            if self.budget.is_exceeded() {
                return;
            }
            let mut fields = Fields::new(node, what, self.problems);
            read(self, &mut fields);
            fields.finish();
        }
    }

    /// Name, UUID and creation date. Without a name, one is made up, so that
    /// the other fields are looked at as well.
    pub(super) fn header(&mut self, fields: &mut Fields<'_>, kind: &str) -> Header {
        let name = fields.required("name").unwrap_or_else(|| Spanned { value: String::new(), at: fields.at });
        if name.value.chars().count() > 255 {
            self.problems.add(name.at, "a name has at most 255 characters");
        }
        let written = fields.has("uuid").is_some();
        let uuid = fields.uuid("uuid").unwrap_or_else(|| uuids::named(&format!("{kind}/{}", name.value)));
        let created = fields.moment("created").unwrap_or(self.now);
        if !name.value.is_empty() {
            self.identities.claim(&uuid, written, &name.value, name.at, self.problems);
        }
        Header { name, uuid, created }
    }

    /// The identity of something within something else.
    pub(super) fn part_uuid(&mut self, fields: &mut Fields<'_>, owner: &str, part: &str) -> Uuid {
        let written = fields.has("uuid").is_some();
        let uuid = fields.uuid("uuid").unwrap_or_else(|| uuids::named(&format!("{owner}/{part}")));
        self.identities.claim(&uuid, written, part, fields.at, self.problems);
        uuid
    }

    pub(super) fn create(&mut self, entity: impl Into<Entity>) {
        self.edit(Edit::Create(entity.into()));
    }

    pub(super) fn edit(&mut self, edit: Edit) {
        if self.budget.admits_record_after(self.edits.len()) {
            self.edits.push(edit);
        }
    }

    /// The account that owns something: `account`, or else the administrator.
    pub(super) fn owner(&self, fields: &mut Fields<'_>) -> Uuid {
        let named = fields.text("account");
        let account = named.and_then(|it| self.accounts.find(&it, self.problems));
        account.map_or_else(|| crate::model::ADMIN_UUID.to_owned(), |account| account.uuid.clone())
    }

    pub(super) fn problem(&self, at: Mark, text: impl Into<String>) {
        self.problems.add(at, text);
    }
}
