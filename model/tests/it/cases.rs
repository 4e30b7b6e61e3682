//! The cases of `tests/diagnostics`: one spec each.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

pub(crate) const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../model/tests/diagnostics");

/// Creates the spec of a case in a temporary folder.
pub(crate) fn set_up(case: &str) -> (TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let spec = Utf8Path::from_path(folder.path()).unwrap().join("spec");
    let case_folder = Utf8Path::new(CASES).join(case);
    if !case_folder.join("without-base").exists() {
        copy(&Utf8Path::new(CASES).join("_base/spec"), &spec);
    }
    if case_folder.join("spec").exists() {
        copy(&case_folder.join("spec"), &spec);
    }
    match case {
        "file-too-large" => sparse_file(&spec.join("types/Huge.yaml")),
        // Windows could not check out such a file.
        "windows-device-name" => {
            let text = "name: Nul\nsummary: Nothing.\nsince: \"0.6\"\nfields: []\n";
            fs::write(spec.join("types/Nul.yaml"), text).unwrap();
        }
        "unreadable" => {
            drop(UnixListener::bind(spec.join("types/Socket.yaml")).unwrap());
            symlink("Circle.yaml", spec.join("types/Circle.yaml")).unwrap();
            symlink("/dev/null", spec.join("types/Pipe.yaml")).unwrap();
            symlink("Vm.yaml", spec.join("types/Same.yaml")).unwrap();
            symlink(folder.path(), spec.join("operations/elsewhere")).unwrap();
        }
        _ => {}
    }
    (folder, spec)
}

/// Creates an empty file of 100 MB.
fn sparse_file(path: &Utf8Path) {
    File::create(path).unwrap().set_len(100 << 20).unwrap();
}

fn copy(from: &Utf8Path, to: &Utf8Path) {
    fs::create_dir_all(to).unwrap();
    for entry in from.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let target: Utf8PathBuf = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
