//! From a file to the records to create.

use std::collections::{HashMap, HashSet};

use zstack_model::yaml::{self, ErrorKind, Mark, Node};

use super::fields::Fields;
use super::limits::{Budget, Limits, Metered};
use super::problem::{Problem, Problems, Spanned};
use super::registry::{Identities, Registry};
use super::{images, infrastructure, storages, vms};
use crate::model::{
    Account, Cluster, Edit, Entity, Host, ImageInfo, InstanceOffering, Moment, PrimaryStorage, Uuid, Zone,
};
use crate::uuids;

/// What an inventory comes to.
pub(super) struct Plan {
    pub(super) edits: Vec<Edit>,
    pub(super) identities: Identities,
}

/// What is declared so far, and where problems go. Sections are read in the
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
    pub(super) networks: Registry<infrastructure::Network>,
    pub(super) offerings: Registry<InstanceOffering>,
    pub(super) primary_storages: Registry<storages::Primary>,
    pub(super) backup_storages: Registry<crate::model::BackupStorage>,
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

/// What everything that is declared has.
pub(super) struct Header {
    pub(super) name: Spanned<String>,
    pub(super) uuid: Uuid,
    pub(super) created: Moment,
}

/// The YAML that an inventory may use. It needs five levels.
const YAML: yaml::Options = yaml::Options { depth: 32, ignore_anchors_and_tags: true };

/// Reads a file, as far as the limits allow.
pub(super) fn plan(
    text: &str,
    limits: Limits,
    now: Moment,
    last_internal_id: i64,
) -> Result<Plan, Vec<Problem>> {
    let budget = Budget::new(limits);
    let root = read(text, &budget).map_err(|problem| vec![problem])?;
    let problems = Problems::default();
    let mut planner = Planner {
        problems: &problems,
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
        budget: &budget,
    };
    let mut fields = Fields::new(root, "an inventory", &problems);
    infrastructure::read(&mut fields, &mut planner);
    storages::read(&mut fields, &mut planner);
    images::read(&mut fields, &mut planner);
    vms::read(&mut fields, &mut planner);
    fields.finish();
    let Planner { edits, identities, .. } = planner;
    if let Some(problem) = budget.problem() {
        return Err(vec![problem]);
    }
    let found = problems.into_sorted();
    if found.is_empty() { Ok(Plan { edits, identities }) } else { Err(found) }
}

/// Reads the one document of a file, as far as the budget allows.
fn read(text: &str, budget: &Budget) -> Result<Node, Problem> {
    // The parser reads a list such as `[a, b, …]` to its end before it reports the first bracket:
    // in between, only the meter can stop it.
    let node = yaml::read_characters(Metered::new(text, budget), YAML);
    // A limit ends the text early: whatever was found is not what was sent.
    if let Some(problem) = budget.problem() {
        return Err(problem);
    }
    node.map_err(|error| {
        let hint = if error.kind == ErrorKind::Empty { "; see `zstack-node sample`" } else { "" };
        let at = error.span.map_or(Mark { line: 1, column: 1 }, |span| span.start);
        Problem { at, text: format!("{error}{hint}") }
    })
}

impl<'a> Planner<'a> {
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
        account.map_or_else(|| crate::model::ADMIN_UUID.to_owned(), |it| it.uuid.clone())
    }

    pub(super) fn problem(&self, at: Mark, text: impl Into<String>) {
        self.problems.add(at, text);
    }
}
