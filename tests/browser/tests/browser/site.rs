//! The site of the committed spec.

use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_model::load::load;
use zstack_reference::site::{Options, Site, build, write};

static SITE: LazyLock<Site> = LazyLock::new(|| {
    let spec = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
    let model = load(&spec).unwrap_or_else(|problems| panic!("{problems}"));
    build(&model, Options::default()).unwrap()
});

static FOLDER: LazyLock<Utf8PathBuf> = LazyLock::new(|| {
    let folder = Utf8Path::new(env!("CARGO_TARGET_TMPDIR")).join("site");
    write::write(&folder, &*SITE).unwrap();
    folder
});

/// The URL of a page in the folder of the site.
pub(crate) fn in_folder(page: &str) -> String {
    format!("file://{}/{page}", *FOLDER)
}

/// The paths of all pages, from the root of the site.
pub(crate) fn pages() -> Vec<&'static str> {
    SITE.files.keys().filter(|key| key.extension() == Some("html")).map(|key| key.as_str()).collect()
}

/// A page of each template and of each look.
pub(crate) fn kinds() -> Vec<&'static str> {
    let kinds: [&[&str]; 16] = [
        &["index.html"],
        &["operations/AttachIsoToVmInstance.html"],
        &["operations/LogInByAccount.html"],
        &["operations/QueryVmInstance.html"],
        &["operations/", "@"],
        &["operations/index.html"],
        &["categories/"],
        &["types/VmInstanceInventory.html"],
        &["types/VmInstanceState.html"],
        &["types/index.html"],
        &["releases/5"],
        &["releases/", "/index.html"],
        &["releases/index.html"],
        &["errors.html"],
        &["conventions.html"],
        &["404.html"],
    ];
    let all = pages();
    let first = |parts: &&[&str]| {
        *all.iter()
            .find(|page| parts.iter().all(|part| page.contains(part)))
            .unwrap_or_else(|| panic!("{parts:?}"))
    };
    kinds.iter().map(first).collect()
}
