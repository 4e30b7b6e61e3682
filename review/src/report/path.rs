//! Names of files in reports.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::revision::Named;

impl Named {
    /// A file as people find it.
    pub(super) fn shown(&self, file: &Utf8Path) -> Utf8PathBuf {
        self.folder.join(file)
    }

    /// A file for those who have another machine: relative, and with slashes.
    /// Of a folder that only this machine knows, nothing is said.
    pub(super) fn relative(&self, file: &Utf8Path) -> String {
        let folder = self.folder.components().filter(|component| *component != Utf8Component::CurDir);
        let is_inside = folder.clone().all(|folder| matches!(folder, Utf8Component::Normal(_)));
        let names = folder.filter(|_| is_inside).chain(file.components());
        names.map(|name| name.as_str()).collect::<Vec<_>>().join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_other_machines_are_relative() {
        for (folder, expected) in [
            ("spec", "spec/types/Vm.yaml"),
            ("./spec/", "spec/types/Vm.yaml"),
            ("main:spec", "main:spec/types/Vm.yaml"),
            ("/home/somebody/spec", "types/Vm.yaml"),
            ("../spec", "types/Vm.yaml"),
            ("", "types/Vm.yaml"),
            (".", "types/Vm.yaml"),
        ] {
            let side = Named { label: String::new(), folder: folder.into() };
            assert_eq!(side.relative("types/Vm.yaml".into()), expected, "{folder}");
        }
    }
}
