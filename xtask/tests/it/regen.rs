//! Tests of `cargo xtask regen` and `check`, on a part of the committed spec.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::scratch::{change, write_small_spec};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A small spec, and a folder for generated files.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        write_small_spec(&dir.path().join("spec"));
        Self(dir)
    }

    fn path(&self, path: &str) -> String {
        self.0.path().join(path).to_string_lossy().into_owned()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.current_dir(self.0.path()).args(arguments).args(["--spec", "spec"]);
        if arguments[0] == "regen" {
            command.args(["--out", "."]);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        (status.code().unwrap(), text)
    }

    fn edit(&self, path: &str, from: &str, to: &str) {
        change(self.0.path(), path, from, to);
    }

    /// The generated files and their texts.
    fn generated_files(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for folder in ["generated-types", "generated-client", "generated-server"] {
            walk(&self.path(folder), &mut found);
        }
        found.sort();
        found
    }
}

fn walk(folder: &str, found: &mut Vec<(String, String)>) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path().to_string_lossy().into_owned();
        if entry.file_type().unwrap().is_dir() {
            walk(&path, found);
        } else {
            let text = fs_err::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

/// The number of files and lines that differ, as `diff` counts them.
fn difference(before: &[(String, String)], after: &[(String, String)]) -> (usize, usize) {
    let old = |path: &str| before.iter().find(|(old, _)| old == path).map_or("", |(_, text)| text);
    let (mut files, mut lines) = (0, 0);
    for (path, text) in after {
        let mut left: Vec<&str> = old(path).lines().collect();
        let mut added = 0;
        for line in text.lines() {
            match left.iter().position(|old| *old == line) {
                Some(index) => drop(left.remove(index)),
                None => added += 1,
            }
        }
        if added + left.len() > 0 {
            files += 1;
            lines += added + left.len();
        }
    }
    (files, lines)
}

const PARAMETER: &str = "parameters:\n  - {name: force, in: body, type: Boolean, required: false, since: \"5.2.0\", description: Even so.}\n";

const OPERATION: &str = r#"name: EjectVmCdRom
category: vm-instance
summary: Ejects what is in a drive.
since: "5.2.0"
method: PUT
path: /vm-instances/{vmInstanceUuid}/actions
execution: async
auth: session
body: action
source: platform
parameters:
  - {name: vmInstanceUuid, in: path, type: String, required: true, since: "5.2.0", description: The VM instance UUID.}
  - {name: cdRomUuid, in: body, type: String, required: true, since: "5.2.0", description: The drive.}
response:
  - {name: inventory, type: VmCdRomInventory, required: true, since: "5.2.0", description: The drive.}
"#;

#[test]
fn committed_files_are_up_to_date() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .current_dir(ROOT)
        .args(["regen", "--check"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn detects_stale_files() {
    let copy = Copy::new();
    assert_eq!(copy.run(&["regen"]).0, 0);
    let (code, text) = copy.run(&["regen", "--check"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("all up to date"), "{text}");
    for file in [
        "spec/operations/vm-instance/AttachIsoToVmInstance.yaml",
        "spec/operations/identity/LogOut.yaml",
        "spec/types/VmNicInventory.yaml",
    ] {
        let before = fs_err::read_to_string(copy.path(file)).unwrap();
        // Descriptions are part of the generated code.
        copy.edit(file, "summary: ", "summary: Changed. ");
        let (code, text) = copy.run(&["regen", "--check"]);
        assert_eq!(code, 1, "{text}");
        assert!(
            text.contains("stale: ./generated-types/src/") || text.contains("stale: generated-types/src/"),
            "{text}"
        );
        assert_eq!(copy.run(&["regen", "--check"]).0, 1, "checking writes nothing");
        fs_err::write(copy.path(file), before).unwrap();
        assert_eq!(copy.run(&["regen", "--check"]).0, 0);
    }
}

#[test]
fn an_optional_parameter_changes_few_lines() {
    let copy = Copy::new();
    copy.run(&["regen"]);
    let before = copy.generated_files();
    copy.edit("spec/operations/vm-instance/CreateVmCdRom.yaml", "parameters:\n", PARAMETER);
    let (code, text) = copy.run(&["regen"]);
    assert_eq!(code, 0, "{text}");
    let (files, lines) = difference(&before, &copy.generated_files());
    assert!(files <= 3 && lines <= 40, "{files} files, {lines} lines");
}

#[test]
fn an_operation_only_adds_lines() {
    let copy = Copy::new();
    copy.run(&["regen"]);
    let before = copy.generated_files();
    fs_err::write(copy.path("spec/operations/vm-instance/EjectVmCdRom.yaml"), OPERATION).unwrap();
    let (code, text) = copy.run(&["regen"]);
    assert_eq!(code, 0, "{text}");
    let after = copy.generated_files();
    let (_, lines) = difference(&before, &after);
    assert!(lines <= 120, "{lines} lines");
    for (path, text) in &before {
        let now = &after.iter().find(|(new, _)| new == path).unwrap().1;
        let mut now = now.lines();
        for line in text.lines() {
            assert!(now.any(|new| new == line), "{path} lost: {line}");
        }
    }
}

/// Converts all files of a folder to CRLF.
fn convert_to_crlf(folder: &std::path::Path) {
    for entry in fs_err::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            convert_to_crlf(&entry.path());
        } else {
            let text = fs_err::read_to_string(entry.path()).unwrap();
            fs_err::write(entry.path(), text.replace('\n', "\r\n")).unwrap();
        }
    }
}

#[test]
fn accepts_crlf_line_endings() {
    let copy = Copy::new();
    assert_eq!(copy.run(&["regen"]).0, 0);
    convert_to_crlf(copy.0.path());
    for arguments in [
        &["check", "--fail-on", "warning"][..],
        &["regen", "--check"],
        &["changelog", "--check"],
        &["regen"],
        &["release", "--lock"],
    ] {
        let (code, text) = copy.run(arguments);
        assert_eq!(code, 0, "{arguments:?}\n{text}");
    }
    assert_eq!(copy.run(&["openapi"]).1, Copy::new().run(&["openapi"]).1);
    // Written files have LF.
    copy.edit("spec/types/VmNicInventory.yaml", "The version of `ip`: 4 or 6.", "The version of IP.");
    assert_eq!(copy.run(&["regen"]).0, 0);
    let is_written =
        |(path, text): &(String, String)| path.ends_with(".rs") && text.contains("The version of IP.");
    let written = copy.generated_files().into_iter().filter(is_written).collect::<Vec<_>>();
    assert!(!written.is_empty() && written.iter().all(|(_, text)| !text.contains('\r')));
}

#[test]
fn reports_ten_errors_at_once_and_writes_nothing() {
    let copy = Copy::new();
    let attach = "spec/operations/vm-instance/AttachIsoToVmInstance.yaml";
    let create = "spec/operations/vm-instance/CreateVmCdRom.yaml";
    copy.edit(attach, "since: \"0.6\"", "since: 0.6");
    copy.edit(attach, "type: VmInstanceInventory", "type: VmInstanceInventroy");
    copy.edit(create, "method: POST", "method: PATCH");
    copy.edit(create, "auth: session", "auth: session\nauthor: me");
    copy.edit("spec/operations/vm-instance/ReimageVmInstance.yaml", "{vmInstanceUuid}", "{vmUuid}");
    copy.edit("spec/types/VmCdRomInventory.yaml", "type: Integer", "type: Int");
    copy.edit("spec/types/VolumeType.yaml", "since: \"0.6\"", "since: \"9.9\"");
    copy.edit("spec/types/SessionInventory.yaml", "summary:", "summary: Twice.\nsummary:");
    copy.edit("spec/operations/identity/LogOut.yaml", "method: DELETE", "method: POST");
    copy.edit("spec/types/UsedIpInventory.yaml", "name: gateway", "name: netmask");
    let (code, text) = copy.run(&["check"]);
    assert_eq!(code, 3, "{text}");
    let found = text.lines().filter(|line| line.starts_with("error[")).count();
    assert!(found >= 10, "{text}");
    assert_eq!(
        text.lines().filter(|line| line.trim_start().starts_with("--> spec/")).count(),
        found,
        "{text}"
    );
    let (code, text) = copy.run(&["regen"]);
    assert_eq!(code, 3);
    assert!(text.contains("nothing was written"), "{text}");
    assert!(!std::path::Path::new(&copy.path("generated-types")).exists());
}

#[test]
fn warnings_fail_only_on_request() {
    let copy = Copy::new();
    assert_eq!(copy.run(&["check", "--fail-on", "warning"]).0, 0);
    copy.edit("spec/types/UsedIpInventory.yaml", "since: \"3.1.0\"", "since: \"3.1\"");
    let (code, text) = copy.run(&["check"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.starts_with("spec: ") && text.contains(" data types, no errors\n"), "{text}");
    for line in [
        "warning[since-noncanonical]: 3.1 is declared as 3.1.0",
        "1 warning in 1 file",
        "run `cargo xtask explain since-noncanonical` for more",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert_eq!(copy.run(&["check", "--fail-on", "warning"]), (1, text));
    assert_eq!(copy.run(&["check", "--fail-on", "nothing"]).0, 2);
    let (code, text) = copy.run(&["regen"]);
    assert_eq!(code, 0, "{text}");
    assert!(!text.contains("warning"), "{text}");

    copy.edit("spec/types/VolumeType.yaml", "since: \"0.6\"", "since: \"9.9\"");
    let (code, text) = copy.run(&["check"]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("`- {version: \"9.9\", state: next}`"), "{text}");
    let end = "1 error and 1 warning in 2 files\nrun `cargo xtask explain since-undeclared` for more\n";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn an_interrupted_run_leaves_every_file_old_or_new() {
    let copy = Copy::new();
    copy.run(&["regen"]);
    let old = copy.generated_files();
    // This text is in nearly every file.
    let api = "spec/api.yaml";
    copy.edit(api, "basePath: /zstack/v1", "basePath: /zstack/v2");
    let scratch = Copy::new();
    scratch.edit(api, "basePath: /zstack/v1", "basePath: /zstack/v2");
    let start = Instant::now();
    scratch.run(&["regen"]);
    let whole = start.elapsed();
    let new = scratch.generated_files();
    const TIMES: u32 = 8;
    for part in 1..=TIMES {
        let mut child = copy.command(&["regen"]).stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * part / TIMES + Duration::from_micros(u64::from(part) * 37));
        child.kill().unwrap();
        child.wait().unwrap();
        // Files that are being written have temporary names.
        let is_ours = |path: &str| [".rs", ".toml", ".md"].iter().any(|end| path.ends_with(end));
        let found: Vec<_> = copy.generated_files().into_iter().filter(|(path, _)| is_ours(path)).collect();
        assert_eq!(found.len(), old.len());
        for ((path, text), ((_, old), (_, new))) in found.iter().zip(old.iter().zip(&new)) {
            assert!(text == old || text == new, "{path} is neither old nor new");
        }
    }
    assert_eq!(copy.run(&["regen"]).0, 0);
    let after = copy.generated_files();
    assert_eq!(after.len(), new.len(), "the next run removes temporary files");
    for ((path, now), (_, new)) in after.iter().zip(&new) {
        assert!(now == new, "the next run did not complete {path}");
    }
}

#[test]
fn usage_errors_exit_with_2() {
    let copy = Copy::new();
    assert_eq!(copy.run(&["regen", "--chekc"]).0, 2);
    assert_eq!(copy.run(&["check", "--out", "."]).0, 2);
}
