//! Writes spec files in the layout that people give them.

mod api;
mod data_type;
mod edit;
mod element;
mod operation;
mod value;

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use crate::draft::Draft;

/// The texts of all files that the draft changes or adds, by path below the folder of the spec.
pub(crate) fn files(draft: &Draft<'_>) -> BTreeMap<Utf8PathBuf, String> {
    let mut files = BTreeMap::new();
    files.extend(api::file(draft).map(|text| (Utf8PathBuf::from("api.yaml"), text)));
    for operation in &draft.operations {
        files.extend(operation::file(draft, operation).map(|text| (operation.file.clone(), text)));
    }
    for ty in &draft.types {
        files.extend(data_type::file(draft, ty).map(|text| (ty.file.clone(), text)));
    }
    files
}
