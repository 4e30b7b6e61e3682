//! The model while its files come together.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::{api, data_type, operation, waivers};
use crate::findings::{FileId, Findings};
use crate::model::{Category, DataType, Model, Operation, Service};
use crate::source;
use crate::waivers::Waiver;

/// The elements of a model with the files they come from.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// What `api.yaml` says, if it can be used.
    pub(crate) api: Option<(FileId, Service, Vec<Category>)>,
    pub(crate) types: Vec<(FileId, DataType)>,
    pub(crate) operations: Vec<(FileId, Operation)>,
    /// Types of which no more is known than that their files exist.
    pub(crate) unread_types: BTreeSet<String>,
    /// What `waivers.yaml` accepts, each with its number there.
    pub(crate) waivers: Option<(FileId, Vec<(usize, Waiver)>)>,
}

impl Draft {
    pub(crate) fn add_api(&mut self, file: FileId, api: source::Api, findings: &mut Findings) {
        let (service, categories) = api::lower(file, api, findings);
        self.api = Some((file, service, categories));
    }

    pub(crate) fn add_type(
        &mut self,
        file: FileId,
        path: &Utf8Path,
        written: source::DataType,
        findings: &mut Findings,
    ) {
        self.types.push((file, data_type::lower(file, path, written, findings)));
    }

    pub(crate) fn add_operation(
        &mut self,
        file: FileId,
        path: &Utf8Path,
        written: source::Operation,
        findings: &mut Findings,
    ) {
        self.operations.push((file, operation::lower(file, path, written, findings)));
    }

    pub(crate) fn add_waivers(&mut self, file: FileId, written: source::Waivers, findings: &mut Findings) {
        self.waivers = Some((file, waivers::lower(file, written, findings)));
    }

    pub(crate) fn add_unread_type(&mut self, path: &Utf8Path) {
        self.unread_types.extend(path.file_stem().map(str::to_owned));
    }

    /// The model, in its order. There is none without `api.yaml`.
    pub(crate) fn into_model(self) -> Option<Model> {
        let (_, service, mut categories) = self.api?;
        let mut types: Vec<_> = self.types.into_iter().map(|(_, it)| it).collect();
        types.sort_by(|a, b| a.name.cmp(&b.name));

        let mut operations: Vec<_> = self.operations.into_iter().map(|(_, it)| it).collect();
        let rank = |it: &Operation| categories.iter().position(|has| has.name == it.category);
        operations.sort_by_cached_key(|operation| (rank(operation), operation.name.clone()));

        let used: BTreeSet<_> = operations.iter().map(|operation| operation.category.clone()).collect();
        categories.retain(|category| used.contains(&category.name));
        Some(Model { service, categories, operations, types })
    }
}
