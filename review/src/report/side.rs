//! The two sides of a report, and the names of their files.

use std::collections::BTreeMap;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use zstack_model::Model;
use zstack_model::waivers::Waiver;

/// One side of a report.
#[derive(Clone, Copy, Debug)]
pub struct ReportSide<'a> {
    /// The origin of the spec, such as `main at 1a2b3c4` or `the working tree`.
    pub label: &'a str,
    /// The folder of its files as messages show it, such as `spec`.
    pub folder: &'a Utf8Path,
    /// The model of the spec.
    pub model: &'a Model,
    /// The waivers next to the spec.
    pub waivers: &'a [Waiver],
    /// The texts of its files, by their paths in the folder.
    pub texts: &'a BTreeMap<Utf8PathBuf, String>,
}

/// The names of a side and its files.
#[derive(Clone, Debug)]
pub(super) struct SideName {
    pub(super) label: String,
    pub(super) folder: Utf8PathBuf,
}

impl ReportSide<'_> {
    pub(super) fn name(self) -> SideName {
        SideName { label: self.label.to_owned(), folder: self.folder.to_owned() }
    }
}

impl SideName {
    /// The path of a file on this machine.
    pub(super) fn local_path(&self, file: &Utf8Path) -> Utf8PathBuf {
        self.folder.join(file)
    }

    /// The path of a file for other machines: relative, with slashes. A folder outside the current one
    /// is left out.
    pub(super) fn relative_path(&self, file: &Utf8Path) -> String {
        let folder = self.folder.components().filter(|component| *component != Utf8Component::CurDir);
        let is_inside = folder.clone().all(|component| matches!(component, Utf8Component::Normal(_)));
        let names = folder.filter(|_| is_inside).chain(file.components());
        names.map(|name| name.as_str()).collect::<Vec<_>>().join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_for_other_machines_are_relative() {
        for (folder, expected) in [
            ("spec", "spec/types/Vm.yaml"),
            ("./spec/", "spec/types/Vm.yaml"),
            ("main:spec", "main:spec/types/Vm.yaml"),
            ("/home/person/spec", "types/Vm.yaml"),
            ("../spec", "types/Vm.yaml"),
            ("", "types/Vm.yaml"),
            (".", "types/Vm.yaml"),
        ] {
            let side = SideName { label: String::new(), folder: folder.into() };
            assert_eq!(side.relative_path("types/Vm.yaml".into()), expected, "{folder}");
        }
    }
}
