//! The program, and copies of the committed spec for the tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};

use crate::part::files_of_part;

/// Runs the program; returns the exit code, the output and the errors.
pub(crate) fn xtask(arguments: &[&str]) -> (i32, String, String) {
    run_command(Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments))
}

/// Runs the program in the root of a repository.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    run_command(command.args(arguments).args(["--spec", "spec"]).current_dir(folder))
}

/// Runs the program with a spec, in its folder.
pub(crate) fn run(arguments: &[&str], spec: &Path) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    run_command(command.args(arguments).arg("--spec").arg(spec).current_dir(spec))
}

/// Runs a command; returns the exit code, the output and the errors.
pub(crate) fn run_command(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// The committed spec.
pub(crate) const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec");

/// The part of the committed spec that most tests use, with a lock and a changelog of its own.
static PART: LazyLock<BTreeMap<Utf8PathBuf, String>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let mut files = files_of_part(Utf8Path::new(SPEC));
    write(&files, folder.path());
    for arguments in [["release", "--lock"], ["changelog", "--write"]] {
        let (code, out, err) = run(&arguments, folder.path());
        assert_eq!(code, 0, "{out}{err}");
    }
    for file in ["releases.lock", "CHANGELOG.md"] {
        files.insert(file.into(), fs::read_to_string(folder.path().join(file)).unwrap());
    }
    files
});

fn write(files: &BTreeMap<Utf8PathBuf, String>, folder: &Path) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Writes a small spec to a folder: the operations of the committed spec that tests name.
pub(crate) fn write_small_spec(to: &Path) {
    write(&PART, to);
}

/// Copies the whole committed spec to a folder.
pub(crate) fn copy_spec(to: &Path) {
    copy(Path::new(SPEC), to);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Replaces a text in a file.
pub(crate) fn change(spec: &Path, file: &str, from: &str, to: &str) {
    let path = spec.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// A repository with a spec as its only commit.
pub(crate) struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    /// With the [small spec](write_small_spec).
    pub(crate) fn new() -> Self {
        Self::with(write_small_spec)
    }

    /// With the whole committed spec.
    pub(crate) fn of_committed_spec() -> Self {
        Self::with(copy_spec)
    }

    fn with(write: impl FnOnce(&Path)) -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        write(&repository.spec());
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.commit("The spec");
        repository
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn spec(&self) -> PathBuf {
        self.folder().join("spec")
    }

    /// Runs git and returns its output.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let settings = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let git =
            Command::new("git").args(settings).args(arguments).current_dir(self.folder()).output().unwrap();
        assert!(git.status.success(), "git {arguments:?}\n{}", String::from_utf8_lossy(&git.stderr));
        String::from_utf8(git.stdout).unwrap()
    }

    /// Commits everything.
    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "--message", message]);
    }
}
