//! Writes `api.yaml`.

use std::collections::{BTreeSet, HashMap};

use super::HEADER;
use super::category::title;
use super::corpus::Operation;
use super::types::{convert, data_type_name};
use super::versions::{Releases, UNKNOWN};
use zstack_codegen::emit::GeneratedFile;
use zstack_model::yaml::write::{Yaml, list};

pub(super) fn file(
    releases: &Releases,
    categories: &[String],
    operations: &[(usize, Operation)],
    known: &HashMap<String, Option<String>>,
) -> GeneratedFile {
    let mut text = HEADER.to_owned();
    text.push_str(
        "title: ZStack Cloud API\nbasePath: /zstack/v1\nauth:\n  session: {header: Authorization, scheme: OAuth}\n",
    );
    let releases = releases.iter().map(|version| {
        let mut entries = vec![("version", Yaml::version(&version.to_string()))];
        if version.is_unknown() {
            entries.push(("description", Yaml::text("Elements of an unknown release.")));
        }
        Yaml::mapping(entries)
    });
    text.push_str(&list("releases", releases.collect()));
    let categories: BTreeSet<&String> = categories.iter().collect();
    let categories = categories.into_iter().map(|category| {
        Yaml::mapping([("name", Yaml::text(category)), ("title", Yaml::text(&title(category)))])
    });
    text.push_str(&list("categories", categories.collect()));
    text.push_str(&list("envelope", envelope(operations, known)));
    GeneratedFile { path: "api.yaml".into(), text }
}

/// Returns the fields of the envelope, which any operation may declare.
fn envelope(operations: &[(usize, Operation)], known: &HashMap<String, Option<String>>) -> Vec<Yaml> {
    let fields = operations.iter().flat_map(|(_, operation)| &operation.response);
    let fields = fields.filter(|field| field.envelope);
    // The first declaration of a field determines its type.
    let mut seen = BTreeSet::new();
    let names = known.keys().cloned().collect();
    let mut rows = Vec::new();
    for field in fields.filter(|field| seen.insert(field.name.clone())) {
        let ty = convert(&field.r#type, &names).text;
        // The envelope is as old as its types.
        let since = known.get(data_type_name(&ty)).and_then(Option::as_deref);
        rows.push(Yaml::mapping([
            ("name", Yaml::text(&field.name)),
            ("type", Yaml::text(&ty)),
            ("since", Yaml::version(since.unwrap_or(UNKNOWN))),
        ]));
    }
    rows
}
