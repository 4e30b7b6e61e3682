//! Converts the service.

use super::field::fields;
use super::terms::version;
use crate::findings::{FileId, Findings};
use crate::model::{AuthScheme, Category, Release, ReservedPath, Service};
use crate::positions::Path;
use crate::source;

pub(super) fn lower(file: FileId, written: source::Api, findings: &mut Findings) -> (Service, Vec<Category>) {
    let root = Path::root();
    let at = root.key("releases");
    let releases = written.releases.into_iter().enumerate().map(|(nth, release)| Release {
        version: version(file, at.index(nth).key("version"), release.version, findings),
        state: release.state,
        description: release.description.map(String::from),
    });
    let releases = releases.collect();
    let auth = written.auth.into_iter().map(|(name, scheme)| AuthScheme {
        name,
        header: scheme.header.into(),
        scheme: scheme.scheme.map(String::from),
        description: scheme.description.map(String::from),
    });
    let reserved = written.reserved.into_iter().map(|reserved| ReservedPath {
        path: reserved.path.into(),
        operations: reserved.operations.into_iter().map(String::from).collect(),
    });
    let service = Service {
        title: written.title.into(),
        description: written.description.map(String::from),
        base_path: written.base_path.into(),
        auth: auth.collect(),
        releases,
        deprecation_window: written.deprecation_window,
        envelope: fields(file, &root.key("envelope"), written.envelope, findings),
        reserved: reserved.collect(),
    };
    let categories = written.categories.into_iter().map(|category| Category {
        name: category.name.into(),
        title: category.title.into(),
        default: category.default,
        description: category.description.map(String::from),
    });
    (service, categories.collect())
}
