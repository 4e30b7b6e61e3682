//! Tests that generated code with difficult names compiles without warnings, including documentation and examples.

use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A workspace of the generated crates, with the runtime of this repository.
fn workspace() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let at = |path: &str| dir.path().join(path);
    let root = fs_err::canonicalize(ROOT).unwrap();
    let manifest = fs_err::read_to_string(root.join("Cargo.toml")).unwrap();
    let members = manifest.find("members = [").unwrap();
    let end = manifest[members..].find(']').unwrap() + members;
    let manifest = format!(
        "{}members = [\"generated-client\", \"generated-server\", \"generated-types\"]{}",
        &manifest[..members],
        &manifest[end + 1..]
    );
    let runtime = format!("path = {:?}", root.join("runtime"));
    fs_err::write(at("Cargo.toml"), manifest.replace("path = \"runtime\"", &runtime)).unwrap();
    fs_err::copy(root.join("Cargo.lock"), at("Cargo.lock")).unwrap();
    dir
}

#[test]
#[ignore = "compiles the generated crates of another spec, which takes minutes"]
fn difficult_names_compile_without_warnings() {
    let dir = workspace();
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .current_dir(dir.path())
        .args(["regen", "--out", ".", "--spec"])
        .arg(format!("{ROOT}/xtask/tests/obstacles/spec"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // The target folder stays, so that dependencies are compiled only once.
    let target = format!("{}/obstacles", env!("CARGO_TARGET_TMPDIR"));
    let whole = ["test --workspace --doc", "doc --workspace --no-deps"].map(str::to_owned);
    // Each category without the others.
    let alone = ["match", "big-2-api", "serde", "members"].map(|category| {
        format!("check --package zstack-client --package zstack-server --no-default-features --features {category}")
    });
    for arguments in whole.iter().chain(&alone) {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let output = Command::new(cargo)
            .current_dir(dir.path())
            .args(arguments.split(' '))
            .args(["--quiet", "--offline", "--target-dir", &target])
            .output()
            .unwrap();
        // Failures of examples are printed on standard output.
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}");
        assert!(!text.contains("warning: `zstack-"), "{text}");
    }
}
