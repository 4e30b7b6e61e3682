//! The spec of this workspace.

use camino::Utf8Path;
use zstack_codegen::load::lint;

#[test]
fn the_spec_holds() {
    let dir = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    let (model, warnings) = lint(dir).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(warnings.is_empty(), "{warnings}");
    assert!(!model.operations.is_empty() && !model.types.is_empty());
}
