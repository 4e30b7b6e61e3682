//! The committed spec.

use camino::Utf8Path;
use zstack_model::load::{Folder, Memory, lint, load_tree};
use zstack_model::lock::digests;

#[test]
fn committed_spec_is_valid() {
    let dir = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    let (model, warnings) = lint(dir).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(warnings.is_empty(), "{warnings}");
    assert!(!model.operations.is_empty() && !model.types.is_empty());
}

/// Git may convert line ends on checkout.
#[test]
fn line_ends_do_not_change_the_spec() {
    let dir = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    let here = load_tree(&Folder::new(dir), dir).unwrap();
    let files = here.texts.iter().map(|(path, text)| {
        let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        (path.clone(), text.into_bytes())
    });
    let there = load_tree(&files.collect::<Memory>(), dir).unwrap();
    assert!(there.texts.values().all(|text| text.contains("\r\n")));
    assert_eq!(here.model, there.model);
    let releases: Vec<_> = here.model.service.releases.iter().map(|release| &release.version).collect();
    assert_eq!(digests(&here.model, &releases), digests(&there.model, &releases));
}
