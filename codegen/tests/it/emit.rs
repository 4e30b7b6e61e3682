//! Tests of the emitters, with the real spec and with one of difficult names.

use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_codegen::emit::{GeneratedFile, emit};
use zstack_model::load::load;
use zstack_model::names;

use crate::part::files_of_part;
use crate::sample::sample;

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec");
const OBSTACLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../xtask/tests/obstacles/spec");

fn emit_spec(spec: &Utf8Path) -> Option<Vec<GeneratedFile>> {
    load(spec).ok().map(|model| emit(&model))
}

/// The files that the committed spec generates.
static COMMITTED: LazyLock<Vec<GeneratedFile>> = LazyLock::new(|| emit_spec(Utf8Path::new(SPEC)).unwrap());

/// Writes a part of the committed spec to a folder; returns the paths of its files, and their texts.
fn write_part(to: &Utf8Path) -> Vec<(Utf8PathBuf, String)> {
    let files = files_of_part(Utf8Path::new(SPEC)).into_iter().map(|(path, text)| (to.join(path), text));
    let files: Vec<_> = files.collect();
    for (path, text) in &files {
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
    files
}

#[test]
fn output_is_deterministic() {
    assert_eq!(emit_spec(Utf8Path::new(SPEC)).as_ref(), Some(&*COMMITTED));
}

/// Changing any release in the spec changes the output or makes the spec invalid. Samples of the operations and of the
/// releases are tried.
#[test]
fn output_depends_on_every_release() {
    let dir = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(dir.path()).unwrap().join("spec");
    let files = write_part(&root);
    let before = emit_spec(&root).unwrap();
    let places = files.iter().flat_map(|(file, text)| {
        text.match_indices("since: \"").map(move |(at, found)| (file, text, at + found.len()))
    });
    let places: Vec<_> = places.collect();
    assert!(places.len() > 150, "{} places", places.len());
    for (file, text, at) in sample(places, 40) {
        let rest = &text[at..];
        let end = rest.find('"').unwrap();
        let other = if &rest[..end] == "3.4.0" { "3.5.0" } else { "3.4.0" };
        fs_err::write(file, format!("{}{other}{}", &text[..at], &rest[end..])).unwrap();
        assert_ne!(emit_spec(&root).as_ref(), Some(&before), "{file}, byte {at}");
        fs_err::write(file, text).unwrap();
    }
    assert_eq!(emit_spec(&root), Some(before));
}

/// Fields and parameters with the names of special members are renamed.
#[test]
fn special_members_keep_their_names() {
    let files = emit_spec(Utf8Path::new(OBSTACLES)).unwrap();
    for file in files.iter().filter(|file| file.path.extension() == Some("rs")) {
        check_members_are_unique(file);
    }
    let text = |path: &str| {
        let path = format!("generated-types/src/{path}.rs");
        &files.iter().find(|file| file.path == path).unwrap().text
    };
    let ask = text("members/ask");
    for (member, attribute) in [
        ("tags_", "query, setter = \"with_tags\""),
        ("query_", "query, setter = \"with_query\""),
        ("more", "query"),
        ("schema", "query"),
        ("error", "query"),
    ] {
        let field = format!("    #[param({attribute})]\n    pub {member}: Option<String>,\n");
        assert!(ask.contains(&field), "{field}\n{ask}");
    }
    assert!(ask.contains("    pub query: Query,\n"), "{ask}");
    assert!(ask.contains("    #[param(system(query))]\n    pub tags: Tags,\n"), "{ask}");

    let base = text("types/base");
    assert!(base.contains("    pub tags: String,\n"), "{base}");
    assert!(base.contains("    pub more_: String,\n"), "{base}");
    assert!(base.contains("    pub more: More,\n"), "{base}");

    let tell = text("members/tell");
    assert!(tell.contains("    pub query_: String,\n"), "{tell}");
    // The names of setters come from `names`.
    for parameter in [
        "call",
        "callBlocking",
        "clone",
        "default",
        "dryRun",
        "eq",
        "get",
        "into",
        "new",
        "set",
        "start",
        "systemTag",
        "userTag",
    ] {
        let (setter, member) = (names::setter_ident(parameter), names::field_ident(parameter));
        let attribute =
            if setter == member { String::new() } else { format!("    #[param(setter = \"{setter}\")]\n") };
        let field = format!("    #[expect(missing_docs)]\n{attribute}    pub {member}: Option<String>,\n");
        assert!(tell.contains(&field), "{field}\n{tell}");
    }
}

/// The documentation of a reference links to the record, unless a feature may leave the record out.
#[test]
fn documentation_names_the_records_of_resources() {
    let files = emit_spec(Utf8Path::new(OBSTACLES)).unwrap();
    let request = files.iter().find(|file| file.text.contains("pub struct Loop {")).unwrap();
    for line in [
        "/// Refers to [`Tree`]. In the path.\n",
        // The category of `Shape` is another one.
        "/// Refers to `Shape`. Not empty.\n",
        "/// Refers to [`ErrorCode`](crate::types::ErrorCode). 32 lowercase hexadecimal digits.\n",
    ] {
        assert!(request.text.contains(line), "{line}\n{}", request.text);
    }
}

#[test]
fn an_inserted_parameter_changes_only_its_own_lines() {
    let dir = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(dir.path()).unwrap().join("spec");
    write_part(&root);
    let before = emit_spec(&root).unwrap();

    let file = root.join("operations/vm-instance/CreateVmCdRom.yaml");
    let text = fs_err::read_to_string(&file).unwrap();
    let (first, rest) = text.split_once("  - name: isoUuid\n").unwrap();
    let slot = "  - {name: slotNumber, in: body, type: Integer, required: false, since: \"5.2.0\", \
                description: The slot., range: [0, 7]}\n";
    fs_err::write(&file, [first, slot, "  - name: isoUuid\n", rest].concat()).unwrap();
    let after = load(&root).map(|model| emit(&model)).unwrap_or_else(|problems| panic!("{problems}"));

    let changed: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).collect();
    let [(before, after)] = changed[..] else { panic!("{} files changed", changed.len()) };
    let (before, after): (Vec<_>, Vec<_>) = (before.text.lines().collect(), after.text.lines().collect());
    let same = before.iter().zip(&after).take_while(|(before, after)| before == after).count();
    let inserted = after.len() - before.len();
    assert_eq!([&after[..same], &after[same + inserted..]].concat(), before);
    let expected = [
        "    /// The slot. Since 5.2.0. From 0 to 7.",
        "    #[param(since = \"5.2.0\", range(0, 7))]",
        "    pub slot_number: Option<i32>,",
    ];
    assert_eq!(after[same..same + inserted], expected);
}

fn check_members_are_unique(file: &GeneratedFile) {
    let items = syn::parse_file(&file.text).unwrap().items;
    for item in items {
        if let syn::Item::Struct(item) = item {
            let mut members: Vec<_> = item.fields.iter().map(|field| field.ident.clone()).collect();
            members.sort();
            assert!(members.is_sorted_by(|a, b| a < b), "{}: {members:?}", file.path);
        }
    }
}

/// File names differ in more than case, which macOS and Windows ignore, and are not names of Windows devices.
#[test]
fn file_names_are_valid_on_every_file_system() {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir_utf8().unwrap().map(Result::unwrap) {
            let is_ours = !["target", ".git", "node_modules"].contains(&entry.file_name());
            if is_ours && entry.file_type().unwrap().is_dir() {
                open.push(entry.path().to_owned());
            }
            files.extend(is_ours.then(|| entry.path().strip_prefix(&root).unwrap().to_owned()));
        }
    }
    for generated in [&COMMITTED, &emit_spec(Utf8Path::new(OBSTACLES)).unwrap()] {
        let mut names: Vec<_> = generated.iter().map(|file| file.path.clone()).collect();
        names.sort_by_key(|name| name.as_str().to_lowercase());
        let same = names
            .windows(2)
            .find(|window| window[0].as_str().to_lowercase() == window[1].as_str().to_lowercase());
        assert_eq!(same, None);
        files.extend(names);
    }
    assert!(files.len() > 500, "{}", files.len());
    for file in &files {
        assert!(!names::is_device(file.file_stem().unwrap()), "{file}");
    }
    files.sort();
    files.dedup();
    files.sort_by_key(|file| file.as_str().to_lowercase());
    let same = files
        .windows(2)
        .find(|window| window[0].as_str().to_lowercase() == window[1].as_str().to_lowercase());
    assert_eq!(same, None);
}
