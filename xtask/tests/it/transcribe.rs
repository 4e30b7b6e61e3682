//! `cargo xtask transcribe` as people run it.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::scratch::{copy_spec, run_in, write_small_spec};

/// The page of the documentation: an operation that release 5.3.0 brings.
const PAGE: &str = "RenameVmCdRom

API Request

URLs
PUT zstack/v1/vm-instances/cdroms/{uuid}/rename
Headers
Authorization: OAuth the-session-uuid
Body
{
  \"renameVmCdRom\": {
    \"name\": \"rescue\"
  },
  \"systemTags\": [],
  \"userTags\": []
}
Curl Sample
curl -H \"Content-Type: application/json;charset=UTF-8\" \\
-H \"Authorization: OAuth b86c9016b4f24953a9edefb53ca0678c\" \\
-X PUT -d '{\"renameVmCdRom\":{\"name\":\"rescue\"}}' \\
http://localhost:8080/zstack/v1/vm-instances/cdroms/3c8e05f7a1d64b2e9f60d7c58e1a2b94/rename
Request Parameters
Name Type Location Description Optional Value Starting Version
uuid String url The CD-ROM UUID. 5.3.0
name String body (contained in the renameVmCdRom structure) The new name. 5.3.0
hints List body (contained in the renameVmCdRom structure) Optional. Hints for the guest. 5.3.0
systemTags List body Optional. The system tags. 5.3.0
userTags List body Optional. The user tags. 5.3.0

API Response

Sample Response
{
  \"inventory\": {
    \"uuid\": \"3c8e05f7a1d64b2e9f60d7c58e1a2b94\",
    \"deviceId\": 1.0,
    \"name\": \"rescue\",
    \"createDate\": \"Nov 14, 2017 10:20:57 PM\",
    \"lastOpDate\": \"Nov 14, 2017 10:20:57 PM\"
  }
}
Name Type Description Starting Version
error ErrorCode See error. 0.6
inventory VmCdRomInventory See inventory. 5.3.0
#inventory
Name Type Description Starting Version
uuid String The resource UUID. 3.3.0
deviceId Integer The CD-ROM device ID. 3.3.0
name String The resource name. 3.3.0
bus String The bus of the drive. 5.3.0
createDate Timestamp The creation date. 3.3.0
lastOpDate Timestamp The last operation date. 3.3.0
";

/// A small spec, and the page next to it.
fn scratch() -> tempfile::TempDir {
    scratch_with(write_small_spec)
}

/// A spec, and the page next to it.
fn scratch_with(write_spec: fn(&Path)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_spec(&folder.path().join("spec"));
    fs::write(folder.path().join("RenameVmCdRom.txt"), PAGE).unwrap();
    folder
}

/// Exit code, and all that was written.
fn transcribe(arguments: &[&str], folder: &Path) -> (i32, String) {
    let (code, out, err) = run_in(folder, &[&["transcribe"], arguments].concat());
    (code, out + &err)
}

/// Asserts that docs/transcribe.md quotes each line of an output.
fn assert_page_quotes(output: &str) {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/transcribe.md")).unwrap();
    for line in output.lines() {
        assert!(page.contains(line), "docs/transcribe.md does not quote: {line}");
    }
}

/// The page counts the operations of the whole spec.
#[test]
fn quoted_output_is_current() {
    let scratch = scratch_with(copy_spec);
    let (code, text) = transcribe(&["RenameVmCdRom.txt"], scratch.path());
    assert_eq!(code, 0, "{text}");
    assert_page_quotes(&text);
    let (code, out, err) = run_in(scratch.path(), &["check", "--fail-on", "warning"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_page_quotes(&out);
}

#[test]
fn a_page_is_written_checked_and_compared() {
    let scratch = scratch();
    let folder = scratch.path();
    let operation = folder.join("spec/operations/vm-instance/RenameVmCdRom.yaml");
    let page = "RenameVmCdRom.txt";

    let (code, text) = transcribe(&[page, "--check"], folder);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("RenameVmCdRom.txt:1: missing: the spec does not have the operation `RenameVmCdRom`"),
        "{text}"
    );

    let (code, text) = transcribe(&[page, "--dry-run"], folder);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("body: renameVmCdRom") && text.contains("3 files would be written"), "{text}");
    let (code, text) = transcribe(&[page, "--strict"], folder);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("RenameVmCdRom.txt:26: guessed: ") && text.contains("nothing was written"),
        "{text}"
    );
    assert!(!operation.exists());

    let (code, text) = transcribe(&[page], folder);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("1 operation read; 3 files written"), "{text}");
    assert!(
        fs::read_to_string(folder.join("spec/api.yaml"))
            .unwrap()
            .contains("{version: \"5.3.0\", state: next}")
    );
    let (code, out, err) = run_in(folder, &["check", "--fail-on", "warning"]);
    assert_eq!(code, 0, "{out}{err}");
    let (code, text) = transcribe(&[page, "--check"], folder);
    assert_eq!(code, 0, "{text}");

    let (code, text) = transcribe(&[page], folder);
    assert!(code == 0 && text.contains("nothing is new"), "{text}");
    fs::write(folder.join(page), PAGE.replace("new name. 5.3.0", "new name. 5.4.0")).unwrap();
    let (code, text) = transcribe(&[page, "--check"], folder);
    assert_eq!(code, 1, "{text}");
    for words in
        ["RenameVmCdRom.txt:25: conflict: ", "`name`", "`5.4.0`", "`5.3.0`", "RenameVmCdRom.yaml:14)"]
    {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn the_report_is_json_on_demand() {
    let scratch = scratch();
    let folder = scratch.path();
    let (code, out, _) =
        run_in(folder, &["transcribe", "--dry-run", "--format", "json", "RenameVmCdRom.txt"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["written"], &report["operations"]), (0, &Value::from(false), &Value::from(1)));
    assert_eq!(report["notes"][0]["kind"], "guessed");
    assert_eq!(report["notes"][0]["at"]["line"], 26);
}

#[test]
fn an_empty_folder_gets_a_spec() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("pages")).unwrap();
    fs::write(folder.path().join("pages/RenameVmCdRom.txt"), PAGE).unwrap();
    fs::write(folder.path().join("pages/notes.json"), "{}").unwrap();
    let (code, text) = transcribe(&["pages"], folder.path());
    assert_eq!(code, 0, "{text}");
    let (code, out, err) = run_in(folder.path(), &["check"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("1 operations and 1 data types"), "{out}");
}

#[test]
fn the_standard_input_is_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(["transcribe", "-", "--spec"])
        .arg(folder.path().join("spec"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(PAGE.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(folder.path().join("spec/operations/vm-instance/RenameVmCdRom.yaml").exists());
}

/// A page that would break a rule is left out; the others are written, and the exit code says so.
#[test]
fn pages_that_would_break_a_rule_are_left_out() {
    let scratch = scratch();
    let folder = scratch.path();
    // The spec has an operation with this method and path.
    fs::write(
        folder.join("taken.txt"),
        PAGE.replace("/rename", "/actions").replace("RenameVmCdRom", "RetitleVmCdRom"),
    )
    .unwrap();
    let (code, text) = transcribe(&["RenameVmCdRom.txt", "taken.txt"], folder);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("taken.txt:1: invalid: the operation `RetitleVmCdRom`"), "{text}");
    assert!(folder.join("spec/operations/vm-instance/RenameVmCdRom.yaml").exists());
    assert_eq!(run_in(folder, &["check"]).0, 0);
}

#[test]
fn missing_pages_and_specs_are_usage_errors() {
    let scratch = scratch();
    let folder = scratch.path();
    let (code, text) = transcribe(&["absent.txt"], folder);
    assert!(code == 2 && text.contains("absent.txt"), "{text}");
    let empty = tempfile::tempdir().unwrap();
    let (code, text) = transcribe(&["."], empty.path());
    assert!(code == 2 && text.contains(". has no pages: files that end in .txt, .md"), "{text}");
    fs::write(empty.path().join("page.txt"), PAGE).unwrap();
    let (code, text) = transcribe(&["--check", "page.txt"], empty.path());
    assert!(code == 2 && text.contains("there is no spec"), "{text}");
    fs::write(folder.join("spec/types/Broken.yaml"), "name: Broken\n").unwrap();
    let (code, text) = transcribe(&["RenameVmCdRom.txt"], folder);
    assert_eq!(code, 3, "{text}");
}
