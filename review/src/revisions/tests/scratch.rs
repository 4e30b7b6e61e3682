//! Temporary repositories for the tests.

use std::io::Write as _;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use crate::revisions::{ComparedSpec, Comparison, Request, RevisionErrors, load};

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../model/tests/diagnostics/_base/spec");
pub(super) const MARKED: &str = "types/VmState.yaml";

/// A temporary folder, and a folder in it in which commands run.
pub(super) struct Scratch {
    _dir: TempDir,
    root: Utf8PathBuf,
    pub(super) current: Utf8PathBuf,
}

impl Scratch {
    /// An empty folder `repo`.
    pub(super) fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(dir.path()).unwrap().canonicalize_utf8().unwrap();
        let current = root.join("repo");
        fs_err::create_dir(&current).unwrap();
        Self { _dir: dir, root, current }
    }

    /// A repository without a commit.
    pub(super) fn unborn() -> Self {
        let scratch = Self::empty();
        scratch.git(&["init", "--quiet", "--initial-branch=main"]);
        scratch
    }

    /// The history of [`new`](Self::new) in a repository that `git init` creates with an option; `None`
    /// if the installed git does not support the option.
    pub(super) fn with_format(option: &str) -> Option<Self> {
        let scratch = Self::empty();
        let init =
            format!("git init --quiet --initial-branch=main {option} 2>/dev/null && echo made || true");
        if scratch.shell(&init).is_empty() {
            // Tests that pass do not show the output of `eprintln!`.
            let _ = writeln!(std::io::stderr(), "SKIPPED: git is too old for `git init {option}`");
            return None;
        }
        Some(scratch.with_history())
    }

    /// A history in which the spec of each commit contains its name:
    ///
    /// ```text
    /// one ─ two ─ three        main
    ///         └─ four ─ five   feature/states, checked out
    /// ```
    pub(super) fn new() -> Self {
        Self::unborn().with_history()
    }

    fn with_history(self) -> Self {
        let scratch = self;
        scratch.spec("spec", "one");
        scratch.commit("one");
        scratch.git(&["tag", "v1"]);
        scratch.mark("spec", "two");
        scratch.commit("two");
        scratch.git(&["tag", "--annotate", "v2", "--message=Two."]);
        scratch.git(&["checkout", "--quiet", "-b", "feature/states"]);
        scratch.mark("spec", "four");
        scratch.commit("four");
        scratch.mark("spec", "five");
        scratch.commit("five");
        scratch.git(&["checkout", "--quiet", "main"]);
        scratch.mark("spec", "three");
        scratch.commit("three");
        scratch.git(&["checkout", "--quiet", "feature/states"]);
        scratch
    }

    /// The same repository, with commands run in another folder.
    pub(super) fn at(self, path: &str) -> Self {
        Self { current: self.root.join(path), ..self }
    }

    pub(super) fn path(&self, path: &str) -> Utf8PathBuf {
        self.current.join(path)
    }

    /// Writes a whole spec that contains a mark.
    pub(super) fn spec(&self, folder: &str, mark: &str) {
        copy(Utf8Path::new(SPEC), &self.path(folder));
        self.mark(folder, mark);
    }

    /// Writes a mark into a spec.
    pub(super) fn mark(&self, folder: &str, mark: &str) {
        let text = format!(
            "name: VmState\nsummary: State {mark}.\nsince: \"0.6\"\nvalues:\n  - {{name: Running, since: \"0.6\"}}\n"
        );
        self.write(&format!("{folder}/{MARKED}"), text.as_bytes());
    }

    pub(super) fn write(&self, path: &str, contents: &[u8]) {
        let path = self.path(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, contents).unwrap();
    }

    pub(super) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
    }

    pub(super) fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(arguments);
        self.run(command)
    }

    /// Runs a shell command, such as one that a message suggests.
    pub(super) fn shell(&self, line: &str) -> String {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        self.run(command)
    }

    /// Runs a command without the settings of the user, at a fixed time.
    fn run(&self, mut command: Command) -> String {
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GIT_")) {
            command.env_remove(name);
        }
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "A Person");
            command.env(format!("GIT_{role}_EMAIL"), "person@example.org");
            command.env(format!("GIT_{role}_DATE"), "2024-05-06T07:08:09Z");
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        // The submodules of the tests are folders.
        command.envs([("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "protocol.file.allow")]);
        command.env("GIT_CONFIG_VALUE_0", "always");
        let output = command.current_dir(&self.current).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        assert!(output.status.success(), "{command:?}\n{}", text(output.stderr));
        text(output.stdout).trim_end().to_owned()
    }

    /// The short hash of a revision.
    pub(super) fn hash(&self, revision: &str) -> String {
        self.git(&["rev-parse", "--short", revision])
    }

    /// Loads what a command line names.
    pub(super) fn load(&self, line: &str) -> Result<Comparison, RevisionErrors> {
        // The project is outside the repository.
        let workspace = self.root.join("project");
        let mut request = Request { current: self.current.clone(), workspace, ..Request::default() };
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            match word {
                "--spec" => request.spec = words.next().map(Utf8PathBuf::from),
                "--base-spec" => request.base_spec = words.next().map(Utf8PathBuf::from),
                "--main" => request.main = words.next().map(str::to_owned),
                range => range.clone_into(&mut request.range),
            }
        }
        load(&request)
    }

    /// The marks of the two specs that a command line names.
    pub(super) fn marks(&self, line: &str) -> (String, String) {
        let Comparison { old, new, .. } =
            self.load(line).unwrap_or_else(|errors| panic!("{line}: {}", text_of(&errors)));
        (mark(&old), mark(&new))
    }

    /// The errors of a command line.
    pub(super) fn errors(&self, line: &str) -> RevisionErrors {
        match self.load(line) {
            Ok(Comparison { old, new, .. }) => panic!("diff {line}: {}, {}", old.label, new.label),
            Err(errors) => errors,
        }
    }

    /// The kind and text of the errors, without hashes and folders that differ between runs.
    pub(super) fn message(&self, line: &str) -> String {
        let errors = self.errors(line);
        let text = text_of(&errors).replace(self.root.as_str(), "/scratch");
        format!("{}\n{}", kind(&errors), self.name_hashes(&text))
    }

    /// Replaces the hashes of commits by their subjects.
    pub(super) fn name_hashes(&self, text: &str) -> String {
        // Fails where there is no repository or no commit.
        let commits = self.shell("git log --all --reflog --format='%h %s' 2>/dev/null || true");
        let commits = commits.lines().filter_map(|line| line.split_once(' '));
        commits.fold(text.to_owned(), |text, (hash, subject)| text.replace(hash, &format!("<{subject}>")))
    }

    /// The address of the repository for `git clone`.
    pub(super) fn url(&self) -> String {
        format!("file://{}/repo", self.root)
    }
}

/// The kind of the errors, which decides the exit code.
pub(super) fn kind(errors: &RevisionErrors) -> &'static str {
    match errors {
        RevisionErrors::Usage(_) => "Usage",
        RevisionErrors::Git(_) => "Git",
        RevisionErrors::Spec(_) => "InvalidSpec",
    }
}

pub(super) fn text_of(errors: &RevisionErrors) -> String {
    let mut text = Vec::new();
    errors.render(&mut text, &zstack_model::diagnostics::Styles::plain()).unwrap();
    String::from_utf8(text).unwrap()
}

/// The mark in a spec.
pub(super) fn mark(spec: &ComparedSpec) -> String {
    let text = &spec.loaded.texts[Utf8Path::new(MARKED)];
    let mark = text.split("State ").nth(1).and_then(|part| part.split('.').next());
    mark.unwrap().to_owned()
}

fn copy(from: &Utf8Path, to: &Utf8Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in from.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(entry.path(), &target);
        } else {
            fs_err::copy(entry.path(), target).unwrap();
        }
    }
}
