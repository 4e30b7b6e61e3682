//! The script of the site, and its tests in Node.js.

use std::io::Write as _;
use std::process::{Command, Stdio};

use camino::Utf8Path;
use zstack_reference::site::write::write;

use super::{PLATFORM, text};

#[test]
fn script_never_turns_text_into_markup_or_code() {
    let site = &PLATFORM.site;
    let script = ["assets/site.js", "assets/theme.js"].map(|path| text(site, path)).concat();
    for it in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "createContextualFragment",
        "eval(",
        "new Function",
        "setTimeout(\"",
        "javascript:",
        "sessionStorage",
        "document.cookie",
        "setAttribute(\"on",
        "setAttribute(\"style",
        ".style.",
        "https://",
        "\nimport ",
        "\nexport ",
    ] {
        assert!(!script.contains(it), "{it:?} is in the script");
    }
    // Only the theme and the language of samples are stored.
    let stored: Vec<_> =
        script.split("localStorage.setItem(").skip(1).filter_map(|part| part.split(',').next()).collect();
    assert_eq!(stored, ["LANGUAGE_KEY", "\"theme\""]);
}

#[test]
fn script_contains_all_modules() {
    let site = &PLATFORM.site;
    let script = text(site, "assets/site.js");
    let dir = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/script");
    let mut count = 0;
    for entry in fs_err::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        let module = fs_err::read_to_string(&path).unwrap();
        if path.ends_with("config.mjs") {
            continue;
        }
        count += 1;
        for line in module.lines().filter(|line| !line.starts_with("import ") && !line.starts_with("//")) {
            assert!(
                script.contains(line.strip_prefix("export ").unwrap_or(line)),
                "{}: {line}",
                path.display()
            );
        }
        for line in module.lines().filter(|line| line.starts_with("import ")) {
            assert!(line.ends_with(".mjs\";"), "{}: an import is one line: {line}", path.display());
        }
    }
    assert!(count > 10);
}

/// Reports that the tests of the script are skipped; with
/// `TEST_TOOLS=required` the test fails instead.
fn report_skipped(why: &str) {
    assert!(std::env::var("TEST_TOOLS").as_deref() != Ok("required"), "{why}");
    // Not `eprintln!`, whose output is hidden if the test succeeds.
    let _ = writeln!(std::io::stderr(), "SKIPPED: the tests of the site's script: {why}");
}

#[test]
fn tests_in_node_js_pass() {
    let version = Command::new("node").arg("--version").stdin(Stdio::null()).output();
    let Ok(version) = version else {
        return report_skipped("`node` is not installed");
    };
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let major =
        version.trim().trim_start_matches('v').split('.').next().and_then(|part| part.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        return report_skipped(&format!("`node` is {}, but 20 or newer is needed", version.trim()));
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    write(folder, &PLATFORM.site).unwrap();
    let tests = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/script");
    let files = fs_err::read_dir(&tests).unwrap().map(|dir| dir.unwrap().path());
    let files: Vec<_> = files.filter(|file| file.to_string_lossy().ends_with(".test.mjs")).collect();
    assert!(files.len() >= 5);
    let run = |arguments: &[std::path::PathBuf]| {
        let mut node = Command::new("node");
        // This variable would change the output of the tests.
        let node = node.env("SITE", folder).env_remove("NODE_TEST_CONTEXT").stdin(Stdio::null());
        let output = node.args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{text}");
    };
    run(&[vec!["--test".into()], files].concat());
    // Finds names that two modules declare.
    run(&["--check".into(), folder.join("assets/site.js").into()]);
}
