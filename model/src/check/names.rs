//! Checks of the names of operations, data types and categories.

use std::collections::HashMap;

use super::spec::Spec;
use crate::diagnostics::{NameProblem, nearest};
use crate::findings::{At, FileId, Finding, Findings};
use crate::names::{
    OTHER_FEATURES, actions_ident, is_device, is_kebab, is_path_keyword, is_upper_camel, is_wire_name,
    module_ident, trait_ident, type_ident,
};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    auth_schemes(spec, findings);
    categories(spec, findings);
    let mut identifiers = Identifiers::default();
    let mut files = FileNames::default();
    for (file, it) in spec.types() {
        form(file, "data type", &it.name, findings);
        stem(file, &it.name, it.file.file_stem(), findings);
        identifiers.claim(file, "data type", &it.name, &it.name, findings);
        files.claim(file, "data type", &it.name, findings);
    }
    for (file, it) in spec.operations() {
        form(file, "operation", &it.name, findings);
        stem(file, &it.name, it.file.file_stem(), findings);
        identifiers.claim(file, "operation", &it.name, &it.name, findings);
        files.claim(file, "operation", &it.name, findings);
        if [trait_ident(&it.category), actions_ident(&it.category)].contains(&it.name) {
            let (name, owner) = (it.name.clone(), "the trait of its category");
            findings.report(file, name_at(), NameProblem::Reserved { kind: "operation", name, owner });
        }
    }
    // Last, so that a collision is reported at the operation whose response takes the name of another
    // element.
    for (file, it) in spec.operations() {
        let response = format!("{}Response", it.name);
        identifiers.claim(file, "operation", &it.name, &response, findings);
    }
    folders(spec, findings);
}

/// Names in the generated code, with the elements that have them.
#[derive(Default)]
struct Identifiers {
    by_module: HashMap<String, (FileId, &'static str, String)>,
}

impl Identifiers {
    /// Claims the identifier that `source` becomes, for the element `name`.
    fn claim(&mut self, file: FileId, kind: &'static str, name: &str, source: &str, findings: &mut Findings) {
        let key = module_ident(source);
        let Some((other_file, other_kind, other)) = self.by_module.get(&key) else {
            self.by_module.insert(key, (file, kind, name.to_owned()));
            return;
        };
        let same = type_ident(source) == type_ident(other);
        let problem = NameProblem::Collision {
            kind,
            name: name.to_owned(),
            other_kind,
            other: other.clone(),
            ident: if same { type_ident(source) } else { key },
        };
        findings.push(Finding::new(file, name_at(), problem).with(*other_file, name_at(), "the other one"));
    }
}

/// The names of files and pages in lower case, with the elements that have them. The pages of all
/// operations share one folder, and those of data types share another.
#[derive(Default)]
struct FileNames {
    by_name: HashMap<(&'static str, String), (FileId, String)>,
}

impl FileNames {
    fn claim(&mut self, file: FileId, kind: &'static str, name: &str, findings: &mut Findings) {
        let key = (kind, name.to_lowercase());
        let Some((other_file, other)) = self.by_name.get(&key) else {
            self.by_name.insert(key, (file, name.to_owned()));
            return;
        };
        // Equal module names have been reported.
        if module_ident(name) != module_ident(other) {
            let problem = NameProblem::CaseCollision { kind, name: name.to_owned(), other: other.clone() };
            let finding = Finding::new(file, name_at(), problem);
            findings.push(finding.with(*other_file, name_at(), "the other one"));
        }
    }
}

fn name_at() -> At {
    At::value(Path::root().key("name"))
}

/// The form of names in upper camel case, in the words of a report.
pub(super) const UPPER_CAMEL: &str = "ASCII letters and digits in upper camel case";

fn form(file: FileId, kind: &'static str, name: &str, findings: &mut Findings) {
    if !is_upper_camel(name) {
        let form = Some(UPPER_CAMEL);
        let problem = NameProblem::Form { kind, name: name.to_owned(), form };
        findings.report(file, name_at(), problem);
    } else if let Some(owner) = name_owner(name) {
        let problem = NameProblem::Reserved { kind, name: name.to_owned(), owner };
        findings.report(file, name_at(), problem);
    } else if is_device(name) {
        findings.report(file, name_at(), NameProblem::WindowsDevice { kind, name: name.to_owned() });
    }
}

/// Returns the element that already has a name in every file of generated code.
pub fn name_owner(name: &str) -> Option<&'static str> {
    const BUILT_IN: &str = "Any Boolean Double Integer List Long Map Timestamp Uuid";
    const PRELUDE: &str = "AsMut AsRef Box Clone Copy Debug Default DoubleEndedIterator Drop Eq Err \
        ExactSizeIterator Extend Fn FnMut FnOnce From FromIterator Future Hash Into IntoFuture \
        IntoIterator Iterator None Ok Option Ord PartialEq PartialOrd Result Send Sized Some String Sync \
        ToOwned ToString TryFrom TryInto Unpin Vec";
    // Names that generated files import.
    const GENERATED: &str = "Arc Auth BTreeMap Body Call Caller Enumeration Error Execution Field Kind \
        Limits Method More Operation Outcome Query Record Request Routes RoutesOf Tags UnknownValue \
        Version";
    if is_path_keyword(name) {
        Some("a keyword of Rust")
    } else if module_ident(name) == "mod" {
        Some("the root file `mod.rs`")
    } else if name.eq_ignore_ascii_case("index") {
        Some("the index page of the reference site")
    } else if contains_word(GENERATED, name) {
        Some("an item of the generated code")
    } else if contains_word(BUILT_IN, name) {
        Some("a type of the spec language")
    } else if contains_word(PRELUDE, name) {
        Some("Rust's prelude")
    } else {
        None
    }
}

fn contains_word(words: &str, name: &str) -> bool {
    words.split(' ').any(|word| word == name)
}

fn stem(file: FileId, name: &str, stem: Option<&str>, findings: &mut Findings) {
    let stem = stem.unwrap_or_default();
    if name != stem {
        let problem = NameProblem::FileMismatch { name: name.to_owned(), stem: stem.to_owned() };
        findings.report(file, name_at(), problem);
    }
}

/// Modules that the generated crates always have.
const MODULES: [&str; 2] = ["actions", "types"];
/// Files and folders with a meaning for Cargo or rustc.
const FILES: [&str; 4] = ["bin", "lib", "main", "mod"];
/// Crates that the generated code uses.
const CRATES: [&str; 5] = ["alloc", "core", "std", "zstack_runtime", "zstack_types"];

/// Returns whether a category can have this name.
pub fn is_category_name(name: &str) -> bool {
    is_kebab(name) && category_owner(name).is_none() && !is_device(name)
}

/// Returns the part of the generated crates that already has the name of a category or of its module.
fn category_owner(name: &str) -> Option<&'static str> {
    let module = &*module_ident(name);
    [
        (is_path_keyword(module), "a keyword of Rust"),
        (MODULES.contains(&module), "a module of the generated crates"),
        (FILES.contains(&module), "a file with a meaning for Cargo"),
        (CRATES.contains(&module), "a crate that the generated code uses"),
        (OTHER_FEATURES.contains(&name), "a cargo feature of the generated crates"),
    ]
    .into_iter()
    .find_map(|(has_name, owner)| has_name.then_some(owner))
}

fn auth_schemes(spec: &Spec<'_>, findings: &mut Findings) {
    let Some((file, service, _)) = &spec.draft.api else { return };
    for it in service.auth.iter().filter(|auth| !is_wire_name(&auth.name)) {
        let form = Some("ASCII letters, digits, `_`, `-` and `.`, and begins with a letter");
        let at = At::key(Path::root().key("auth").key(it.name.clone()));
        findings.report(
            *file,
            at,
            NameProblem::Form { kind: "way to authenticate", name: it.name.clone(), form },
        );
    }
}

fn categories(spec: &Spec<'_>, findings: &mut Findings) {
    let Some((file, _, categories)) = &spec.draft.api else { return };
    let list = Path::root().key("categories");
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (nth, it) in categories.iter().enumerate() {
        let at = || At::value(list.index(nth).key("name"));
        let (kind, name) = ("category", it.name.clone());
        let ident = module_ident(&it.name);
        if !is_kebab(&it.name) {
            let form = Some("ASCII words in kebab case");
            findings.report(*file, at(), NameProblem::Form { kind, name, form });
        } else if let Some(owner) = category_owner(&it.name) {
            findings.report(*file, at(), NameProblem::Reserved { kind, name, owner });
        } else if is_device(&it.name) {
            findings.report(*file, at(), NameProblem::WindowsDevice { kind, name });
        } else if let Some(first) = seen.get(&ident) {
            let other = categories[*first].name.clone();
            let problem = NameProblem::Collision { kind, name, other_kind: kind, other, ident };
            let first = At::value(list.index(*first).key("name"));
            findings.push(Finding::new(*file, at(), problem).with(*file, first, "the first one"));
        } else {
            seen.insert(ident, nth);
        }
    }
}

fn folders(spec: &Spec<'_>, findings: &mut Findings) {
    let at = || At::value(Path::root().key("category"));
    for (file, it) in spec.operations() {
        let folder = it.file.parent().and_then(|parent| parent.file_name()).unwrap_or_default();
        let category = it.category.clone();
        let declared = spec.draft.api.as_ref().map(|(_, _, categories)| categories);
        let is_unknown =
            declared.is_some_and(|all| all.iter().all(|category_of_api| category_of_api.name != category));
        if is_unknown {
            let names = declared.into_iter().flatten().map(|category| category.name.as_str());
            let suggestion = nearest(&category, names);
            findings.report(file, at(), NameProblem::UnknownCategory { category, suggestion });
        } else if category != folder {
            let folder = folder.to_owned();
            findings.report(file, at(), NameProblem::FolderMismatch { category, folder });
        }
    }
}
