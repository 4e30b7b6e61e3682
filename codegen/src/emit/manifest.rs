//! Emits the manifests of the generated crates, with a feature for each category.

use super::{Context, Source};
use zstack_model::Model;
use zstack_model::names::FULL;

/// The differences between the generated packages.
pub(super) struct Package {
    pub(super) folder: &'static str,
    pub(super) name: &'static str,
    /// The start of the description; the title of the service follows.
    pub(super) description: &'static str,
    dependencies: &'static str,
    dev_dependencies: &'static str,
    /// Features other than the categories.
    features: &'static str,
    /// True if the features of categories enable those of `zstack-types`.
    forwards: bool,
}

pub(super) const PACKAGES: [Package; 3] = [
    Package {
        folder: "generated-types",
        name: "zstack-types",
        description: "Requests, responses and data types of",
        dependencies: "serde_json.workspace = true\nzstack-runtime.workspace = true\n",
        dev_dependencies: "# For examples in the documentation.\n\
                           zstack-client.path = \"../generated-client\"\n",
        features: "",
        forwards: false,
    },
    Package {
        folder: "generated-client",
        name: "zstack-client",
        description: "A client of",
        dependencies: "zstack-runtime = { workspace = true, features = [\"client\"] }\n\
                       zstack-types.workspace = true\n",
        dev_dependencies: "",
        features: "# A blocking client.\nblocking = [\"zstack-runtime/blocking\"]\n\
                   # HTTPS, with rustls.\ntls = [\"zstack-runtime/tls\"]\n\
                   # A transport that uses a `reqwest::Client` of the caller.\nreqwest = [\"zstack-runtime/reqwest\"]\n",
        forwards: true,
    },
    Package {
        folder: "generated-server",
        name: "zstack-server",
        description: "Traits to implement, and their routes, to serve",
        dependencies: "zstack-runtime = { workspace = true, features = [\"server\"] }\n\
                       zstack-types.workspace = true\n",
        dev_dependencies: "axum.workspace = true\n",
        features: "",
        forwards: true,
    },
];

pub(super) fn files<'a>(context: &'a Context<'_>) -> Vec<Source<'a>> {
    let source = |package: &'static Package| {
        let path = format!("{}/Cargo.toml", package.folder);
        Source::manifest(path, "spec/api.yaml", move || manifest(context, package))
    };
    PACKAGES.iter().map(source).collect()
}

/// The keys that all packages inherit from the workspace.
const INHERITED: [&str; 7] =
    ["version", "edition", "rust-version", "license", "repository", "keywords", "categories"];

fn manifest(context: &Context<'_>, package: &Package) -> String {
    let description = format!("{} the {}", package.description, context.model.service.title);
    let mut text =
        format!("[package]\nname = {:?}\ndescription = {}\n", package.name, toml_string(&description));
    for key in INHERITED {
        text.push_str(&format!("{key}.workspace = true\n"));
    }
    text.push_str("readme = \"README.md\"\n");
    let documented: Vec<_> = documented_features(package).map(|name| format!("{name:?}")).collect();
    text.push_str(&format!("\n[package.metadata.docs.rs]\nfeatures = [{}]\n", documented.join(", ")));
    text.push_str("\n[lints]\nworkspace = true\n\n[dependencies]\n");
    text.push_str(package.dependencies);
    if !package.dev_dependencies.is_empty() {
        text.push_str(&format!("\n[dev-dependencies]\n{}", package.dev_dependencies));
    }
    let defaults: Vec<_> = default_features(context.model).map(|name| format!("{name:?}")).collect();
    text.push_str(&format!("\n[features]\ndefault = [{}]\n{}", defaults.join(", "), package.features));
    text.push_str(&format!("# All categories.\n{FULL} = [\n"));
    let names = context.model.categories.iter().map(|category| format!("{:?}", category.name));
    write_wrapped(&names.collect::<Vec<_>>(), &mut text);
    text.push_str("]\n# One feature per category.\n");
    for category in &context.model.categories {
        let name = &category.name;
        let needs = if package.forwards { format!("\"zstack-types/{name}\"") } else { String::new() };
        text.push_str(&format!("{name} = [{needs}]\n"));
    }
    text
}

/// Returns the default features: the categories that the spec marks, or `full`.
pub(super) fn default_features(model: &Model) -> impl Iterator<Item = &str> {
    let is_full = !model.categories.iter().any(|category| category.default);
    let marked = model.categories.iter().filter(|category| category.default);
    is_full.then_some(FULL).into_iter().chain(marked.map(|category| category.name.as_str()))
}

/// Returns the features with which docs.rs builds a package: all.
fn documented_features(package: &Package) -> impl Iterator<Item = &'static str> {
    [FULL].into_iter().chain(other_features(package))
}

/// Returns the features other than categories.
pub(super) fn other_features(package: &Package) -> impl Iterator<Item = &'static str> {
    package.features.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name)
}

/// Writes names in as few lines as possible.
fn write_wrapped(names: &[String], text: &mut String) {
    const WIDTH: usize = 100;
    let mut line = String::new();
    for name in names {
        if !line.is_empty() && "    ".len() + line.len() + name.len() + ", ,".len() > WIDTH {
            text.push_str(&format!("    {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(name);
        line.push(',');
    }
    text.push_str(&format!("    {line}\n"));
}

/// Writes a string in TOML, which has the same escapes as JSON, except that it also escapes DEL.
fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;
    use zstack_model::names::OTHER_FEATURES;

    /// `check` reserves the names of these features.
    #[test]
    fn names_of_other_features_are_reserved() {
        let mut names = vec!["default", FULL];
        for package in &PACKAGES {
            names.extend(other_features(package));
        }
        names.sort_unstable();
        assert_eq!(names, OTHER_FEATURES);
    }
}
