//! Specs in memory and in custom trees.

#![cfg(unix)]

use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_model::load::{Entry, EntryKind, Folder, Memory, ReadError, Tree, load, load_tree};

use crate::cases::{CASES, set_up};

/// Copies a folder to memory.
fn memory(folder: &Utf8Path) -> Memory {
    let mut files = Vec::new();
    collect(folder, folder, &mut files);
    files.into_iter().collect()
}

fn collect(root: &Utf8Path, folder: &Utf8Path, files: &mut Vec<(Utf8PathBuf, Vec<u8>)>) {
    for entry in folder.read_dir_utf8().unwrap() {
        let path = entry.unwrap().into_path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.push((path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap()));
        }
    }
}

#[test]
fn specs_in_memory_have_the_same_problems() {
    for entry in Utf8Path::new(CASES).read_dir_utf8().unwrap() {
        let case = entry.unwrap().file_name().to_owned();
        // Devices cannot be copied.
        if case.starts_with(['_', '.']) || case == "unreadable" {
            continue;
        }
        let (_folder, spec) = set_up(&case);
        let files = if spec.exists() { memory(&spec) } else { Memory::default() };
        match (load(&spec), load_tree(&files, Utf8Path::new("main:spec"))) {
            (Ok(model), Ok(loaded)) => assert_eq!(model, loaded.model, "{case}"),
            (Err(expected), Err(found)) => {
                let expected = expected.to_string().replace(spec.as_str(), "main:spec");
                assert_eq!(expected, found.to_string(), "{case}");
            }
            (on_disk, in_memory) => panic!("{case}: {on_disk:?}\n{in_memory:?}"),
        }
    }
}

#[test]
fn returns_the_texts_of_files() {
    let spec = Utf8Path::new(CASES).join("_base/spec");
    let loaded = load_tree(&Folder::new(&spec), Utf8Path::new("spec")).unwrap();
    let paths: Vec<_> = loaded.texts.keys().map(|key| key.as_str()).collect();
    let expected = ["api.yaml", "operations/vm/GetVm.yaml", "operations/vm/ReimageVm.yaml"];
    let types = ["types/ErrorCode.yaml", "types/Vm.yaml", "types/VmState.yaml"];
    assert_eq!(paths, [&expected[..], &types].concat());
    for (path, text) in &loaded.texts {
        assert_eq!(*text, fs::read_to_string(spec.join(path)).unwrap(), "{path}");
    }
    assert_eq!(loaded.name, "spec");
}

/// A tree with unreadable entries among the files.
struct TreeWithSockets(Memory, &'static [&'static str]);

impl Tree for TreeWithSockets {
    fn list(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        let mut entries = self.0.list(folder)?;
        for entry in &mut entries {
            if self.1.contains(&folder.join(&entry.name).as_str()) {
                entry.kind = EntryKind::Other("a socket");
            }
        }
        Ok(entries)
    }

    fn read(&self, file: &Utf8Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        assert!(!self.1.contains(&file.as_str()), "{file} is read");
        self.0.read(file, limit)
    }
}

#[test]
fn reports_unreadable_entries_at_their_paths() {
    let mut files = Vec::new();
    let base = Utf8Path::new(CASES).join("_base/spec");
    collect(&base, &base, &mut files);
    files.push(("README.md".into(), Vec::new()));
    let tree = TreeWithSockets(
        files.into_iter().collect(),
        &["README.md", "api.yaml", "operations/vm", "types/Vm.yaml"],
    );
    let found = load_tree(&tree, Utf8Path::new("spec")).unwrap_err();
    let found: Vec<_> = found
        .problems()
        .iter()
        .map(|problem| format!("{}: {}", problem.place.file, problem.message()))
        .collect();
    assert_eq!(
        found,
        ["spec/api.yaml", "spec/operations/vm", "spec/types/Vm.yaml"]
            .map(|path| format!("{path}: cannot read this: a socket"))
    );
}
