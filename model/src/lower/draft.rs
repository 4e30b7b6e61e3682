//! The draft of a model, to which files are added.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::{api, data_type, operation, waivers};
use crate::findings::{FileId, Findings};
use crate::model::{Category, DataType, Model, Operation, Service};
use crate::source;
use crate::waivers::Waiver;

/// The elements of a model with their files.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// The contents of `api.yaml`, if it is usable.
    pub(crate) api: Option<(FileId, Service, Vec<Category>)>,
    pub(crate) types: Vec<(FileId, DataType)>,
    pub(crate) operations: Vec<(FileId, Operation)>,
    /// The names of data types in unusable files.
    pub(crate) unread_types: BTreeSet<String>,
    /// The waivers, each with its index in `waivers.yaml`.
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

    /// Sorts the elements of the model; `None` without `api.yaml`.
    pub(crate) fn into_model(self) -> Option<Model> {
        let (_, service, mut categories) = self.api?;
        let mut types: Vec<_> = self.types.into_iter().map(|(_, ty)| ty).collect();
        types.sort_by(|a, b| a.name.cmp(&b.name));

        let mut operations: Vec<_> = self.operations.into_iter().map(|(_, operation)| operation).collect();
        let rank = |operation: &Operation| {
            categories.iter().position(|category| category.name == operation.category)
        };
        operations.sort_by_cached_key(|operation| (rank(operation), operation.name.clone()));

        let used: BTreeSet<_> = operations.iter().map(|operation| operation.category.clone()).collect();
        categories.retain(|category| used.contains(&category.name));
        Some(Model { service, categories, operations, types })
    }
}
