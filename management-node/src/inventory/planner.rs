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

/// The declarations so far, and their problems. Sections are read in the order in
/// which they refer to each other, not in that of the file.
pub(super) struct Planner<'a> {
    pub(super) problems: &'a Problems,
    pub(super) now: Moment,
    /// The highest internal ID of a VM instance.
    pub(super) last_internal_id: i64,
    pub(super) accounts: Registry<Account>,
    pub(super) zones: Registry<Zone>,
    pub(super) clusters: Registry<Cluster>,
    pub(super) hosts: Registry<Host>,
    pub(super) networks: Registry<Network>,
    pub(super) offerings: Registry<InstanceOffering>,
    pub(super) primary_storages: Registry<AttachedPrimaryStorage>,
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

/// A primary storage with the clusters to which it is attached.
pub(super) struct AttachedPrimaryStorage {
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

    /// Reads the items of a section.
    pub(super) fn section(
        &mut self,
        root: &mut Fields<'a>,
        key: &'static str,
        kind: &'static str,
        mut read: impl FnMut(&mut Self, &mut Fields<'a>),
    ) {
        for node in root.items(key).unwrap_or_default() {
            if self.budget.is_exceeded() {
                return;
            }
            let mut fields = Fields::new(node, kind, self.problems);
            read(self, &mut fields);
            fields.finish();
        }
    }

    /// Reads name, UUID and creation date. A missing name is reported and replaced
    /// by an empty one, so that the other fields are checked as well.
    pub(super) fn header(&mut self, fields: &mut Fields<'_>, kind: &str) -> Header {
        let name =
            fields.required_text("name").unwrap_or_else(|| Spanned { value: String::new(), at: fields.at });
        let length = name.value.chars().count();
        if length > 255 {
            self.problems.add(name.at, format!("a name must have at most 255 characters; got {length}"));
        }
        let is_explicit = fields.position("uuid").is_some();
        let uuid = fields.uuid("uuid").unwrap_or_else(|| uuids::from_name(&format!("{kind}/{}", name.value)));
        let created = fields.moment("created").unwrap_or(self.now);
        if !name.value.is_empty() {
            self.identities.add(&uuid, is_explicit, &name.value, name.at, self.problems);
        }
        Header { name, uuid, created }
    }

    /// Reads the UUID of a part of another resource, or derives it.
    pub(super) fn part_uuid(&mut self, fields: &mut Fields<'_>, owner: &str, part: &str) -> Uuid {
        let is_explicit = fields.position("uuid").is_some();
        let uuid = fields.uuid("uuid").unwrap_or_else(|| uuids::from_name(&format!("{owner}/{part}")));
        self.identities.add(&uuid, is_explicit, part, fields.at, self.problems);
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

    /// Reads the owner of a resource: `account`, by default the administrator.
    pub(super) fn owner(&self, fields: &mut Fields<'_>) -> Uuid {
        let name = fields.text("account");
        let account = name.and_then(|name| self.accounts.find(&name, self.problems));
        account.map_or_else(|| crate::model::ADMIN_UUID.to_owned(), |account| account.uuid.clone())
    }

    pub(super) fn problem(&self, at: Mark, text: impl Into<String>) {
        self.problems.add(at, text);
    }
}
