//! Bundles the modules of the site's script.
//!
//! Browsers do not load modules from files, so the site has a plain script: all
//! modules in one function, without imports and exports. Tests import the modules
//! themselves.

use serde_json::json;
use zstack_model::Model;

/// The modules, each after those that it imports. `config.mjs` is generated.
const MODULES: [&str; 23] = [
    include_str!("../../assets/script/dom.mjs"),
    include_str!("../../assets/script/release.mjs"),
    include_str!("../../assets/script/json.mjs"),
    include_str!("../../assets/script/match.mjs"),
    include_str!("../../assets/script/lists.mjs"),
    include_str!("../../assets/script/descriptions.mjs"),
    include_str!("../../assets/script/index.mjs"),
    include_str!("../../assets/script/request.mjs"),
    include_str!("../../assets/script/values.mjs"),
    include_str!("../../assets/script/copy_buttons.mjs"),
    include_str!("../../assets/script/language.mjs"),
    include_str!("../../assets/script/page.mjs"),
    include_str!("../../assets/script/responses.mjs"),
    include_str!("../../assets/script/switcher.mjs"),
    include_str!("../../assets/script/search.mjs"),
    include_str!("../../assets/script/connection.mjs"),
    include_str!("../../assets/script/login.mjs"),
    include_str!("../../assets/script/examples.mjs"),
    include_str!("../../assets/script/form.mjs"),
    include_str!("../../assets/script/outcome.mjs"),
    include_str!("../../assets/script/trial.mjs"),
    include_str!("../../assets/script/navigation.mjs"),
    include_str!("../../assets/script/start.mjs"),
];

/// The script of a model's site.
pub(crate) fn bundle(model: &Model) -> String {
    let releases = model.service.releases.iter().map(|release| &release.version);
    let releases: Vec<_> =
        releases.filter(|release| !release.is_unknown()).map(ToString::to_string).collect();
    let config = json!({ "basePath": model.service.base_path, "releases": releases });
    let mut script = format!("(() => {{\n\"use strict\";\nconst config = {config};\n");
    for module in MODULES {
        for line in module.lines().filter(|line| !line.starts_with("import ") && !line.starts_with("//")) {
            script.push_str(line.strip_prefix("export ").unwrap_or(line));
            script.push('\n');
        }
    }
    script.push_str("})();\n");
    script
}
