//! Explanations, compared with the pages in `tests/explain`.
//!
//! `BLESS=1` overwrites the expected pages.

use std::fs;
use std::sync::OnceLock;

use crate::sample::{self, sample};
use camino::Utf8Path;
use regex_lite::Regex;
use zstack_model::Model;
use zstack_model::load::load;
use zstack_reference::explain::{ExplainError, Explanation, Styles, Subject, explain};

const PLATFORM: &str = "../spec";
const PAST: &str = "../model/tests/slice/spec";
const OBSTACLES: &str = "../xtask/tests/obstacles/spec";

fn spec(path: &str) -> Model {
    let read = || {
        let dir = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        load(&dir).unwrap_or_else(|problems| panic!("{problems}"))
    };
    static COMMITTED: OnceLock<Model> = OnceLock::new();
    if path == PLATFORM { COMMITTED.get_or_init(read).clone() } else { read() }
}

fn try_explain(model: &Model, subject: &str) -> Result<Explanation, ExplainError> {
    let Subject { name, at } = Subject::from(subject);
    explain(model, &name, at.map(|text| text.parse().unwrap()).as_ref())
}

fn page(model: &Model, subject: &str, styles: &Styles, width: usize) -> String {
    render(&try_explain(model, subject).unwrap(), styles, width)
}

fn render(explanation: &Explanation, styles: &Styles, width: usize) -> String {
    let mut out = Vec::new();
    explanation.render(&mut out, styles, width).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn pages_match_the_expected_files() {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain");
    let mut wrong = Vec::new();
    for (path, subject, width) in [
        (PLATFORM, "CreateVmCdRom", 80),
        (PLATFORM, "DetachIsoFromVmInstance@2.3.0", 100),
        (PLATFORM, "QueryVmInstance", 120),
        (PLATFORM, "LogInByAccount", 100),
        (PLATFORM, "VmInstanceInventory@3.0.0", 100),
        (PLATFORM, "VmNicInventory@3.2.1", 80),
        (PLATFORM, "VmInstanceState", 100),
        (PLATFORM, "LoadBalancerListenerInventory", 80),
        (PAST, "CreateVm@2.0", 100),
        (PAST, "GetNic", 100),
        (PAST, "BigVm", 100),
        (OBSTACLES, "Loop", 80),
    ] {
        let found = page(&spec(path), subject, &Styles::plain(), width);
        let file = folder.join(format!("{subject}.txt"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&file, &found).unwrap();
        } else if fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n") != found {
            wrong.push(format!("== {subject}, found:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "BLESS=1 accepts the new pages\n{}", wrong.join("\n"));
}

#[test]
fn errors_name_the_release_or_similar_names() {
    let platform = spec(PLATFORM);
    for (subject, expected) in [
        (
            "CreateVmCdRom@3.1.0",
            "3.1.0 does not have `CreateVmCdRom`: the operation was added in 3.3.0; omit the version, or use \
             CreateVmCdRom@3.3.0",
        ),
        (
            "CpuArchitecture@3.9.9",
            "3.9.9 does not have `CpuArchitecture`: the data type was added in 4.0; omit the version, or use \
             CpuArchitecture@4.0",
        ),
        (
            "AttachIsoToVmInstnace",
            "no operation or data type is named `AttachIsoToVmInstnace`; did you mean \
             `AttachIsoToVmInstance`?",
        ),
        // Unknown names are unknown in all releases.
        ("getversion@0.1", "no operation or data type is named `getversion`; did you mean `GetVersion`?"),
        ("UsedIp", "no operation or data type is named `UsedIp`; did you mean `UsedIpInventory`?"),
        (
            "attaching",
            "no operation or data type is named `attaching`; did you mean `GetCandidateVmForAttachingIso`, \
             `GetCandidateIsoForAttachingVm`, `GetCandidateClustersForAttachingL2Network` or \
             `GetCandidateL2NetworksForAttachingCluster`?",
        ),
        ("Frobnicate", "no operation or data type is named `Frobnicate`"),
        ("", "no operation or data type is named ``"),
    ] {
        let error = try_explain(&platform, subject).unwrap_err();
        assert_eq!(error.to_string(), expected, "{subject}");
    }
    let error = try_explain(&platform, "Vm").unwrap_err().to_string();
    assert_eq!(error.matches('`').count(), 12, "at most five names are suggested: {error}");
}

#[test]
fn standard_query_parameters_depend_on_the_release() {
    let platform = spec(PLATFORM);
    for (at, has) in [("1.8", false), ("1.9", true), ("2.2", true)] {
        let page = page(&platform, &format!("QueryVmInstance@{at}"), &Styles::plain(), 100);
        assert!(page.contains("replyWithCount"), "{page}");
        assert_eq!(page.contains("groupBy"), has, "at {at}");
    }
}

#[test]
fn subjects_have_a_name_and_a_version() {
    for (text, name, at) in [
        ("GetVersion", "GetVersion", None),
        ("GetVersion@3.10", "GetVersion", Some("3.10")),
        ("GetVersion@", "GetVersion", Some("")),
        ("GetVersion@3@4", "GetVersion", Some("3@4")),
    ] {
        let (name, at) = (name.to_owned(), at.map(str::to_owned));
        assert_eq!(Subject::from(text), Subject { name, at });
    }
    let service = spec(PLATFORM).service;
    for text in ["", "new", "3.x", "3@4"] {
        let error = service.find_release(text).unwrap_err().to_string();
        assert!(error.contains("is not a version: write one to four numbers"), "{text}: {error}");
    }
}

/// The first paragraph of a page.
fn first_paragraph(subject: &str) -> String {
    let page = page(&spec(PLATFORM), subject, &Styles::plain(), 1_000);
    page.lines().nth(1).unwrap().trim().to_owned()
}

#[test]
fn versions_between_releases_get_a_note() {
    let old = "Descriptions, errors and notes are the current ones.";
    assert_eq!(first_paragraph("GetVersion@3.1.0"), old);
    assert_eq!(first_paragraph("GetVersion@3.1"), old, "3.1 is 3.1.0");
    assert_eq!(
        first_paragraph("GetVersion@3.2.1"),
        format!("3.2.1 is not a declared release; this is 3.2.0, the newest release before it. {old}")
    );
    assert_eq!(
        first_paragraph("GetVersion@99"),
        "99 is not a declared release; this is 5.2.0, the newest release before it."
    );
    let newest = spec(PLATFORM).service.releases.last().unwrap().version;
    assert_eq!(first_paragraph(&format!("GetVersion@{newest}")), first_paragraph("GetVersion"));
}

/// The committed spec: the operations that tests name, and some of the others.
fn part_of_platform() -> Model {
    sample::part_of(spec(PLATFORM), 20, &sample::NAMED)
}

/// A sample of the operations and data types.
fn subjects_of(model: &Model) -> Vec<&str> {
    let operations = model.operations.iter().map(|operation| operation.name.as_str());
    sample(operations.chain(model.types.iter().map(|ty| ty.name.as_str())), 30)
}

#[test]
fn lines_fit_into_the_width() {
    // Text that readers copy is not wrapped.
    let stays_whole = Regex::new(r#"^ +(".*|(GET|PUT|POST|DELETE) .*|\S+|(\S+|Java class) +\S+)$"#).unwrap();
    for model in [part_of_platform(), spec(PAST), spec(OBSTACLES)] {
        for subject in subjects_of(&model) {
            let explanation = try_explain(&model, subject).unwrap();
            for width in [80, 100, 120] {
                let page = render(&explanation, &Styles::plain(), width);
                let wide = page.lines().filter(|line| line.chars().count() > width);
                let wrong: Vec<_> = wide.filter(|wide| !stays_whole.is_match(wide)).collect();
                assert!(wrong.is_empty(), "{subject}, {width} columns: {wrong:#?}");
                assert!(page.lines().all(|line| line.trim_end() == line), "{subject}: trailing spaces");
            }
        }
    }
}

#[test]
fn any_width_is_accepted() {
    let model = part_of_platform();
    for subject in subjects_of(&model) {
        let explanation = try_explain(&model, subject).unwrap();
        for width in [0, 1, 20, usize::MAX] {
            assert!(render(&explanation, &Styles::plain(), width).contains(subject));
        }
    }
}

#[test]
fn colors_do_not_change_the_text() {
    let (model, code) = (part_of_platform(), Regex::new("\u{1b}\\[[0-9;]*m").unwrap());
    for subject in subjects_of(&model) {
        let explanation = try_explain(&model, subject).unwrap();
        let colored = render(&explanation, &Styles::colored(), 80);
        assert!(code.is_match(&colored), "{subject} has no colors");
        assert_eq!(code.replace_all(&colored, ""), render(&explanation, &Styles::plain(), 80));
    }
}

#[test]
fn control_characters_are_replaced() {
    let mut model = spec(PLATFORM);
    let evil = "\u{1b}[2J\u{202e}\u{7}";
    let operation = model.operations.iter_mut().find(|operation| operation.name == "CreateVmCdRom").unwrap();
    operation.summary.push_str(evil);
    operation.notes.push(evil.to_owned());
    operation.errors[0].code.push_str(evil);
    operation.parameters[0].field.default = Some(evil.into());
    operation.examples[0].name.push_str(evil);
    operation.examples[0].request.insert("name".to_owned(), evil.into());
    let page = page(&model, "CreateVmCdRom", &Styles::plain(), 100);
    assert!(
        page.chars().all(|character| character == '\n' || !character.is_control() && character != '\u{202e}'),
        "{page:?}"
    );

    let error = explain(&model, evil, None).unwrap_err().to_string();
    assert!(error.chars().all(|character| !character.is_control()), "{error:?}");
}
