//! Tests that text of the spec stays text.
//!
//! Hostile texts replace every scalar and every key of a mapping in every kind of spec file. Either `check` rejects them, or
//! the generated code has the same items as before. The schemas determine the places, so that new keys are included.
//! `INJECTION=all` puts all texts into all places.

mod generated;

mod places;
#[path = "../../../review/tests/it/spec.rs"]
#[allow(dead_code, reason = "tests of changes use the rest")]
mod spec;

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};
use proptest::prelude::*;
use rayon::prelude::*;
use serde_json::{Value, json};
use zstack_codegen::emit::emit;
use zstack_model::examples::examples;
use zstack_model::load::{Loaded, Memory, load_flawed};
use zstack_reference::explain;
use zstack_reference::openapi::{Layout, export};
use zstack_reference::samples::{Language, samples};

use generated::{Crates, is_hidden};
use places::{Place, places};
use spec::Spec;

/// Texts that end or begin a comment, a literal, a line or a block.
const TEXTS: [&str; 46] = [
    "a\n\nfn injected() {}\n",
    "a\nfn injected() {}",
    "a\r\nfn injected() {}\r\n",
    "a\rfn injected() {}\r",
    "a\u{2028}fn injected() {}\u{2029}",
    "a\u{85}fn injected() {}",
    "a\u{b}fn injected() {}\u{c}",
    "a\u{0}injected\u{1b}[31m\u{7f}",
    "\u{202e}injected\u{2066}\u{200f}\u{feff}",
    "a\n\n\n   \n\tb",
    "*/ fn injected() {} /*",
    "/** injected */ /// //! injected",
    "\"; fn injected() {} //",
    "\\\"); fn injected() {} //",
    "\"# fn injected() {} r#\"",
    "'\\''; fn injected() {}",
    "]] )] #[derive(Debug)] struct injected;",
    "#[cfg(injected)]",
    "#![doc = \"injected\"]",
    "```\nfn injected() {}\n```",
    "```rust,should_panic injected",
    "``` `` ` injected",
    "~~~\nfn injected() {}\n~~~",
    "~~~ injected",
    "     fn injected() {}",
    "a\n\n      fn injected() {}\n",
    "[`Injected`] [injected](injected) [x]: http://injected.example",
    "![injected] [^injected] [ ] [x] [injected",
    "<injected> <b> </div> <!-- injected <script>",
    "<https://injected.example> (https://injected.example/a_b?c=[d]|e), http:// https://",
    "a | b\n--- | ---\nc | d",
    "| injected |\n|---|\n| x |",
    "# injected",
    "injected\n===\nx\n---",
    "* injected\n* * *\n- x\n+ y",
    "1. injected\n2) x",
    "> injected",
    "unbalanced ` injected `` x ` y",
    "`injected` and `` in`jected ``, `<b>`, `a|b`, `[x]`",
    "{injected} {0} {{ }} %s %n",
    "$(injected) `injected` ${injected} '; rm -rf /",
    "%0A::error::injected",
    "injected\\",
    "&lt;injected&gt; &#10; &amp",
    "",
    " ",
];

/// Set if all texts go into all places, which takes minutes.
static ALL: LazyLock<Option<String>> =
    LazyLock::new(|| std::env::var("INJECTION").ok().filter(|var| var == "all"));

/// A spec that uses every key, with waivers and tags that have setters.
fn base() -> Spec {
    let mut spec = Spec::base();
    let tags = json!({
        "name": "systemTags", "in": "body", "enclosed": false, "type": "List<String>", "required": false,
        "since": "0.6",
    });
    spec.set("CreateVm/parameters/+", tags);
    let waiver = json!({
        "rule": "param-removed", "element": "CreateVm/size", "fingerprint": "0123456789abcdef", "kind": "break",
        "reason": "No client used it.", "owner": "api team", "expires": "5.0",
    });
    spec.0.insert("waivers.yaml".to_owned(), json!({"waivers": [waiver]}));
    // Every record gets a class, so that the attribute arguments are the same.
    for (path, file) in &mut spec.0 {
        if let (true, Some(file)) = (path.starts_with("types/"), file.as_object_mut()) {
            file.entry("javaClass").or_insert_with(|| "org.example.Record".into());
        }
    }
    spec
}

static BASE: LazyLock<Loaded> = LazyLock::new(|| load_with(&base(), None).unwrap());

/// The generated crates of the base spec.
static BEFORE: LazyLock<Crates> = LazyLock::new(|| Crates::read(emit(&BASE.model)));

/// Loads a spec, if it is valid. Files that are the same in `known` are not read again.
fn load_with(spec: &Spec, known: Option<&Loaded>) -> Option<Loaded> {
    let file = |(path, value): (&String, &Value)| (Utf8PathBuf::from(path), value.to_string().into_bytes());
    let tree = spec.0.iter().map(file).collect::<Memory>();
    let (loaded, problems) = load_flawed(&tree, Utf8Path::new("spec"), known);
    loaded.filter(|_| problems.is_empty())
}

fn load(spec: &Spec) -> Option<Loaded> {
    load_with(spec, Some(&BASE))
}

/// Two places of each key of the language, or all of them.
fn some_places(spec: &Spec) -> Vec<Place> {
    let (mut places, _) = places(&spec.0);
    let mut seen: HashMap<_, usize> = HashMap::new();
    places.retain(|place| {
        let count = seen.entry((place.key.clone(), place.spot)).or_default();
        *count += 1;
        *count <= 2 || ALL.is_some()
    });
    places
}

fn with(spec: &Spec, place: &Place, text: &str) -> Spec {
    let mut spec = spec.clone();
    place.put(&mut spec.0, text);
    spec
}

#[test]
fn places_include_every_key() {
    let (places, known) = places(&base().0);
    let found: BTreeSet<_> = places.iter().map(|place| place.key.clone()).collect();
    assert_eq!(known.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "no text is put there");
    assert!(places.len() > 400, "{}", places.len());
}

/// Each text alone in each place.
#[test]
fn a_text_in_any_place_is_rejected_or_stays_text() {
    let spec = base();
    let places = some_places(&spec);
    let accepted: usize = places
        .par_iter()
        .enumerate()
        .map(|(nth, place)| {
            // Each place gets a part of the texts, and its neighbours get other parts.
            let texts = TEXTS.iter().enumerate().filter(|(text, _)| ALL.is_some() || (text + nth) % 24 == 0);
            let texts = texts.map(|(_, text)| *text).chain(std::iter::once(TEXTS[0]));
            texts.filter(|text| check_text(&spec, place, text)).count()
        })
        .sum();
    assert!(accepted > 50, "{accepted}");
}

/// Checks that an accepted text stays text; returns whether `check` accepts it.
fn check_text(spec: &Spec, place: &Place, text: &str) -> bool {
    let Some(loaded) = load(&with(spec, place, text)) else { return false };
    BEFORE.compare(emit(&loaded.model), !place.names_something(), &format!("{text:?} as {}", place.shown()));
    true
}

/// Each text in all places at once, for code, manifests, the OpenAPI document, samples and terminal pages.
#[test]
fn a_text_everywhere_stays_text_in_every_format() {
    let spec = base();
    let places = some_places(&spec);
    let free = |text: &str| -> Vec<_> {
        let takes = |it: &&Place| !it.names_something() && load(&with(&spec, it, text)).is_some();
        places.par_iter().filter(takes).collect()
    };
    let (lines, paragraphs) = (free("some words"), free("some\nwords"));
    assert!(lines.len() > paragraphs.len() && paragraphs.len() > 10, "{} {}", lines.len(), paragraphs.len());
    let shown: usize =
        TEXTS.par_iter().map(|text| usize::from(check_outputs(&spec, [&lines, &paragraphs], text))).sum();
    assert!(shown > 30, "{shown}");
}

/// Puts a text into the first list of places that accepts it, and checks all outputs.
fn check_outputs(spec: &Spec, places: [&Vec<&Place>; 2], text: &str) -> bool {
    let with = |places: &&Vec<&Place>| {
        let mut spec = spec.clone();
        places.iter().for_each(|place| place.put(&mut spec.0, text));
        load(&spec)
    };
    let Some(Loaded { model, .. }) = places.iter().find_map(with) else { return false };
    BEFORE.compare(emit(&model), true, text);
    let document: Value = serde_json::from_str(&export(&model, None, Layout::Compact).text).unwrap();
    assert_eq!(document["openapi"], "3.1.1");
    for it in &model.operations {
        let page = explain::explain(&model, &it.name, None).unwrap();
        assert_eq!(page.to_string().chars().find(|character| is_hidden(*character)), None, "{text:?}");
        for sample in examples(&model, it).iter().flat_map(|example| samples(&model, it, example)) {
            let hidden = sample.text.chars().find(|character| is_hidden(*character) && *character != '\t');
            assert_eq!(hidden, None, "{text:?} {}", sample.text);
            if sample.language == Language::Rust {
                syn::parse_file(&sample.text).unwrap_or_else(|error| panic!("{error}\n{}", sample.text));
            }
        }
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..Default::default() })]

    /// Random combinations of the texts, in descriptions, which accept nearly all texts.
    #[test]
    fn any_text_stays_text(
        parts in prop::collection::vec(
            prop_oneof![
                prop::sample::select(&TEXTS[..]).prop_map(str::to_owned),
                any::<char>().prop_map(String::from),
                "[ -~\n]{0,30}",
                prop::sample::select(&["`", "``", "```", "|", "\\", "\n", "    ", "[", "](", "<", "&"][..]).prop_map(str::to_owned),
            ],
            0..8,
        ),
    ) {
        let text = parts.concat();
        let mut spec = base();
        for place in ["CreateVm/description", "CreateVm/notes", "CreateVm/errors/SYS.1007/when",
            "CreateVm/parameters/name/description", "CreateVm/tags/rack::{rack}/description",
            "Disk/description", "Disk/fields/size/description", "State/values/Running/description",
            "api/categories/vm/description"]
        {
            spec.set(place, text.clone().into());
        }
        if let Some(loaded) = load(&spec) {
            BEFORE.compare(emit(&loaded.model), true, &text);
        }
    }
}
