//! Emits the README of each generated crate, which lists its features.

use zstack_model::names::FULL;
use zstack_model::prose;

use super::manifest::{PACKAGES, Package, default_features, other_features};
use super::{Context, Source};

pub(super) fn files<'a>(context: &'a Context<'_>) -> Vec<Source<'a>> {
    let source = |package: &'static Package| {
        let path = format!("{}/README.md", package.folder);
        Source::page(path, "spec/api.yaml", move || readme(context, package))
    };
    PACKAGES.iter().map(source).collect()
}

fn readme(context: &Context<'_>, package: &Package) -> String {
    let model = context.model;
    let title = prose::line(&model.service.title);
    let mut text = format!("# {}\n\n{} the {title}.\n", package.name, package.description);
    if let Some(category) = model.categories.first() {
        text.push_str(&format!(
            "\nSelect the categories of operations that a program uses, so that nothing else is compiled:\n\n\
             ```sh\ncargo add {} --no-default-features --features {}\n```\n",
            package.name, category.name,
        ));
    }
    let defaults: Vec<_> = default_features(model).map(|name| format!("`{name}`")).collect();
    text.push_str(&format!(
        "\nThe default features are {}; `{FULL}` enables all categories.\n",
        join(&defaults)
    ));
    let others: Vec<_> = other_features(package).map(|name| format!("`{name}`")).collect();
    if !others.is_empty() {
        text.push_str(&format!("Features other than categories are {}.\n", join(&others)));
    }
    text.push_str("\n| Feature | Content |\n|---|---|\n");
    for category in &model.categories {
        let content = category.description.as_deref().unwrap_or(&category.title);
        text.push_str(&format!("| `{}` | {} |\n", category.name, prose::cell(content)));
    }
    text
}

/// Joins names in a sentence.
fn join(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [names @ .., last] => format!("{} and {last}", names.join(", ")),
    }
}
