//! Hostile and corrupted files.

use std::fs;

use camino::Utf8Path;
use proptest::prelude::*;
use zstack_model::diagnostics::Diagnostics;
use zstack_model::load::load;

const BASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diagnostics/_base/spec");
const WAIVERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diagnostics/waivers/spec");
const FILES: [&str; 5] =
    ["api.yaml", "types/Vm.yaml", "operations/vm/GetVm.yaml", "operations/vm/ReimageVm.yaml", "waivers.yaml"];

/// Returns the problems of the base spec with one file replaced.
fn problems(file: &str, contents: &[u8]) -> Option<Diagnostics> {
    let folder = tempfile::tempdir().unwrap();
    let spec = Utf8Path::from_path(folder.path()).unwrap();
    for name in FILES.into_iter().chain(["types/ErrorCode.yaml", "types/VmState.yaml"]) {
        let target = spec.join(name);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, base(name)).unwrap();
    }
    fs::write(spec.join(file), contents).unwrap();
    load(spec).err()
}

fn base(file: &str) -> Vec<u8> {
    let folder = if file == "waivers.yaml" { WAIVERS } else { BASE };
    fs::read(Utf8Path::new(folder).join(file)).unwrap()
}

/// Returns the codes of the problems in the replaced file.
fn codes(contents: &str) -> Vec<&'static str> {
    let problems = problems("types/VmState.yaml", contents.as_bytes()).unwrap();
    let in_file = |problem: &&zstack_model::diagnostics::Problem| {
        problem.place.file.as_str().ends_with("types/VmState.yaml")
    };
    problems.problems().iter().filter(in_file).map(|problem| problem.code()).collect()
}

const HALF_A_MEGABYTE: usize = 1 << 19;

#[test]
fn rejects_endless_brackets() {
    assert_eq!(codes(&"[".repeat(HALF_A_MEGABYTE)), ["nesting-too-deep"]);
    assert_eq!(codes(&"{a: ".repeat(HALF_A_MEGABYTE / 4)), ["nesting-too-deep"]);
    assert_eq!(codes(&"- ".repeat(HALF_A_MEGABYTE / 2)), ["nesting-too-deep"]);
    assert_eq!(codes(&"]".repeat(HALF_A_MEGABYTE)), ["yaml-syntax"]);
}

#[test]
fn rejects_aliases_without_expanding_them() {
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, previous) in ('b'..='z').zip('a'..) {
        let aliases = vec![format!("*{previous}"); 9].join(", ");
        bomb.push_str(&format!("{name}: &{name} [{aliases}]\n"));
    }
    assert_eq!(codes(&bomb), ["alias-not-allowed"]);
    assert_eq!(codes("a: &a [*a]\n"), ["alias-not-allowed"]);
    assert_eq!(codes("<<: *a\n"), ["alias-not-allowed"]);
}

#[test]
fn shortens_long_names_in_reports() {
    let name = "x".repeat(HALF_A_MEGABYTE);
    let file = format!("{name}: {name}\nname: {name}\nsummary: {name}\nsince: {name}\nvalues: []\n");
    let report = problems("types/VmState.yaml", file.as_bytes()).unwrap().to_string();
    assert!(report.len() < 20_000, "{} bytes", report.len());
}

#[test]
fn rejects_deeply_nested_types() {
    let ty = "List<".repeat(50_000) + "Long" + &">".repeat(50_000);
    let file = format!(
        "name: VmState\nsummary: x\nsince: \"0.6\"\nfields:\n  - {{name: a, type: \"{ty}\", since: \
         \"0.6\"}}\n"
    );
    assert_eq!(codes(&file), ["type-syntax"]);
}

#[test]
fn reports_all_of_many_problems() {
    let values: String = (0..5_000).map(|nth| format!("  - {{nam: V{nth}, since: \"0.6\"}}\n")).collect();
    let found = codes(&format!("name: VmState\nsummary: x\nsince: \"0.6\"\nvalues:\n{values}"));
    assert_eq!(found.len(), 5_000, "one misspelled key for each value");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn mangled_bytes_never_panic(
        file in prop::sample::select(&FILES[..]),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6),
    ) {
        let mut bytes = base(file);
        for (index, byte, kind) in edits {
            let at = index.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        if let Some(problems) = problems(file, &bytes) {
            prop_assert!(!problems.problems().is_empty());
            prop_assert!(!problems.to_string().is_empty());
        }
    }

    #[test]
    fn mangled_lines_never_panic(
        file in prop::sample::select(&FILES[..]),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4_u8), 1..5),
    ) {
        let text = String::from_utf8(base(file)).unwrap();
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        for (from, to, kind) in edits {
            let (from, to) = (from.index(lines.len()), to.index(lines.len()));
            match kind {
                0 => lines.swap(from, to),
                1 => { let line = lines[from].clone(); lines.insert(to, line); }
                2 => lines[from] = lines[from].trim_start().to_owned(),
                _ => lines[from].insert_str(0, "  "),
            }
        }
        if let Some(problems) = problems(file, lines.join("\n").as_bytes()) {
            prop_assert!(!problems.problems().is_empty());
            prop_assert!(problems.to_string().contains(" error"));
        }
    }
}
