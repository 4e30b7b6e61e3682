//! Directories of VM instances.

use std::collections::HashMap;

use crate::model::{Document, DocumentEdit, Uuid};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;
use crate::uuids;

/// The maximum number of levels.
const MAX_LEVELS: usize = 3;

/// The private field with the UUIDs of the resources in a directory.
const RESOURCES: &str = "_resources";

/// All directories, by UUID.
struct Tree(HashMap<Uuid, Document>);

impl Tree {
    async fn load<S: Store>(context: &Context<'_, S>) -> Result<Self, Failure> {
        let all = context.node.store.documents_of("Directory").await?.into_iter();
        Ok(Self(all.map(|directory| (directory.uuid.clone(), directory)).collect()))
    }

    /// The directories from the first level to one.
    fn path<'a>(&'a self, directory: &'a Document) -> Vec<&'a Document> {
        let parent = |directory: &&'a Document| self.0.get(directory.text("parentUuid")?);
        // A cycle cannot occur, but would never end.
        let mut path: Vec<_> =
            std::iter::successors(Some(directory), parent).take(self.0.len() + 1).collect();
        path.reverse();
        path
    }

    /// A directory with all directories below it.
    fn subtree(&self, uuid: &str) -> Vec<Uuid> {
        let is_below = |directory: &&Document| self.path(directory).iter().any(|parent| parent.uuid == uuid);
        self.0.values().filter(is_below).map(|directory| directory.uuid.clone()).collect()
    }

    /// Sets what follows from the place of a directory, and returns the edits of all below it.
    fn place<S: Store>(mut self, context: &Context<'_, S>, uuid: &str) -> Vec<DocumentEdit> {
        let mut edits = Vec::new();
        for uuid in self.subtree(uuid) {
            let Some(mut directory) = self.0.get(&uuid).cloned() else { continue };
            let path = self.path(&directory);
            let names: Vec<_> = path.iter().filter_map(|parent| parent.text("name")).collect();
            let (names, root) = (names.join("/"), root_of(path[0]));
            directory.set("groupName", names);
            directory.set("rootDirectoryUuid", root);
            edits.push(context.replace(directory.clone()));
            self.0.insert(uuid, directory);
        }
        edits
    }

    /// Checks a name and a place, which no other directory of the same type may have.
    fn check(&self, directory: &Document) -> Result<(), Failure> {
        let name = directory.text("name").unwrap_or_default();
        let is_allowed = |character: char| {
            character.is_ascii_alphanumeric()
                || "()（）【】@._+- ".contains(character)
                || ('\u{4e00}'..='\u{9fff}').contains(&character)
        };
        if name.is_empty() || !name.chars().all(is_allowed) {
            return Err(errors::invalid_argument(format!(
                "[name] is `{name}`; use only letters, digits, Chinese characters, spaces, and any of ()（）【】@._+-."
            ))
            .into());
        }
        let same = ["name", "type", "parentUuid"];
        let is_same = |other: &&Document| {
            other.uuid != directory.uuid
                && same.iter().all(|field| other.fields.get(*field) == directory.fields.get(*field))
                && (directory.text("parentUuid").is_some()
                    || other.text("zoneUuid") == directory.text("zoneUuid"))
        };
        if let Some(other) = self.0.values().find(is_same) {
            return Err(errors::operation_failed(format!(
                "The directory [uuid:{}] has the same name in the same place; choose another name.",
                other.uuid
            ))
            .into());
        }
        Ok(())
    }

    /// Requires that a directory with this number of levels below it fits into a parent.
    fn check_levels(&self, parent: &Document, levels: usize) -> Result<(), Failure> {
        if self.path(parent).len() + levels > MAX_LEVELS {
            return Err(errors::operation_failed(format!(
                "The directory [uuid:{}] is too deep: directories have at most {MAX_LEVELS} levels.",
                parent.uuid
            ))
            .into());
        }
        Ok(())
    }
}

/// The UUID that all directories below one of the first level share.
fn root_of(first: &Document) -> Uuid {
    first.text("rootDirectoryUuid").map_or_else(uuids::random, str::to_owned)
}

/// Creates a directory.
pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let kind = context.text("type").unwrap_or_default();
    if !matches!(kind, "default" | "vcenter") {
        return Err(
            errors::operation_failed(format!("[type] is `{kind}`; use `default` or `vcenter`.")).into()
        );
    }
    let mut directory = context.draft()?;
    let tree = Tree::load(context).await?;
    let mut path = directory.text("name").unwrap_or_default().to_owned();
    let mut root = uuids::random();
    if context.text("parentUuid").is_some() {
        let parent = context.target("parentUuid")?;
        tree.check_levels(&parent, 1)?;
        let names = tree.path(&parent).into_iter().filter_map(|parent| parent.text("name"));
        path = names.chain([&*path]).collect::<Vec<_>>().join("/");
        root = root_of(&parent);
    }
    tree.check(&directory)?;
    directory.set("groupName", path);
    directory.set("rootDirectoryUuid", root);
    Ok(context.create(directory))
}

/// Renames a directory, and so the paths of those below it.
pub(super) async fn rename<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut directory = context.target("uuid")?;
    let mut tree = Tree::load(context).await?;
    directory.set("name", context.text("name"));
    tree.check(&directory)?;
    let uuid = directory.uuid.clone();
    tree.0.insert(uuid.clone(), directory);
    Ok(finish(context, tree, &uuid))
}

/// Moves a directory into another one.
pub(super) async fn relocate<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (mut directory, parent) = (context.target("directoryUuid")?, context.target("targetParentUuid")?);
    let mut tree = Tree::load(context).await?;
    if tree.path(&parent).iter().any(|other| other.uuid == directory.uuid) {
        return Err(errors::operation_failed(format!(
            "The directory [uuid:{}] is the directory [uuid:{}] or below it; choose another parent.",
            parent.uuid, directory.uuid
        ))
        .into());
    }
    let own = tree.path(&directory).len();
    let below = tree.subtree(&directory.uuid);
    let depth = |uuid: &Uuid| tree.0.get(uuid).map_or(0, |directory| tree.path(directory).len());
    let levels = below.iter().map(depth).max().unwrap_or(own) + 1 - own;
    tree.check_levels(&parent, levels)?;
    directory.set("parentUuid", parent.uuid);
    tree.check(&directory)?;
    let uuid = directory.uuid.clone();
    tree.0.insert(uuid.clone(), directory);
    Ok(finish(context, tree, &uuid))
}

/// Finishes a change of the place of a directory, which is the answer.
fn finish<S: Store>(context: &Context<'_, S>, tree: Tree, uuid: &str) -> Done {
    let edits = tree.place(context, uuid);
    let is_changed = |edit: &&DocumentEdit| matches!(edit, DocumentEdit::Replace { document, .. } if document.uuid == uuid);
    match edits.iter().find(is_changed) {
        Some(DocumentEdit::Replace { document, .. }) => Done::with_document(document.clone(), edits),
        _ => Done { edits, ..Done::default() },
    }
}

/// Puts VM instances into a directory; unless they may be in another one, they must be in none.
pub(super) async fn add<S: Store>(context: &Context<'_, S>, is_move: bool) -> Result<Done, Failure> {
    let target = context.target("directoryUuid")?;
    let added = context.targets("resourceUuids");
    if let Some(other) = added.iter().find(|resource| resource.base != "VmInstance") {
        return Err(errors::invalid_argument(format!(
            "[resourceUuids] names a {} [uuid:{}]; only VM instances can be in directories.",
            other.base, other.uuid
        ))
        .into());
    }
    let added: Vec<_> = added.into_iter().map(|resource| resource.uuid).collect();
    let mut edits = Vec::new();
    for mut directory in context.node.store.documents_of("Directory").await? {
        let mut resources: Vec<_> = directory.texts(RESOURCES).map(str::to_owned).collect();
        if let Some(present) = resources.iter().find(|resource| added.contains(resource) && !is_move) {
            return Err(errors::invalid_argument(format!(
                "[resourceUuids] names the VM instance [uuid:{present}], which is in the directory [uuid:{}]; use \
                 MoveResourcesToDirectory.",
                directory.uuid
            ))
            .into());
        }
        let count = resources.len();
        resources.retain(|resource| !added.contains(resource));
        let is_target = directory.uuid == target.uuid;
        if is_target {
            resources.extend(added.iter().cloned());
        }
        if is_target || resources.len() < count {
            directory.set(RESOURCES, resources);
            edits.push(context.replace(directory));
        }
    }
    Ok(Done { edits, ..Done::default() })
}

/// Takes VM instances out of a directory.
pub(super) fn remove<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut directory = context.target("directoryUuid")?;
    let removed = context.targets("resourceUuids");
    let mut resources: Vec<_> = directory.texts(RESOURCES).map(str::to_owned).collect();
    resources.retain(|resource| removed.iter().all(|removed| removed.uuid != *resource));
    directory.set(RESOURCES, resources);
    Ok(Done { edits: vec![context.replace(directory)], ..Done::default() })
}
