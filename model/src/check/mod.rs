//! The rules that a spec must obey beyond the shape of its files.

mod bodies;
mod constraints;
mod cut;
mod elements;
mod endless;
mod errors;
mod examples;
mod extends;
mod history;
mod members;
mod messages;
mod names;
mod owner;
mod past;
mod paths;
mod queries;
mod reach;
mod releases;
mod renames;
mod reserved;
mod retirements;
mod routes;
mod spec;
mod types;
pub mod values;
mod versions;
mod waivers;

use crate::findings::Findings;
use crate::lock::Lock;
use crate::lower::Draft;
use crate::model::Version;

use spec::Spec;

pub use members::SCHEMA_KEY;
pub use names::owner;

/// Reports every rule that is broken. A draft that breaks none is a model.
pub(crate) fn check(draft: &Draft, findings: &mut Findings) {
    let spec = Spec::new(draft);
    let rules = [
        names::check,
        members::check,
        releases::check,
        versions::check,
        retirements::check,
        history::check,
        renames::check,
        types::check,
        extends::check,
        endless::check,
        paths::check,
        routes::check,
        reserved::check,
        queries::check,
        messages::check,
        bodies::check,
        constraints::check,
        errors::check,
        examples::check,
        waivers::check,
    ];
    for rule in rules {
        rule(&spec, findings);
    }
    past::check(&spec, findings);
}

/// Reports what a spec may do, and had better not. Of no use to who generates
/// code, and not asked for there.
pub(crate) fn lint(draft: &Draft, findings: &mut Findings) {
    let spec = Spec::new(draft);
    for rule in [releases::lint, versions::lint, reach::lint, retirements::lint, renames::lint] {
        rule(&spec, findings);
    }
}

/// Reports what is in the way of closing a release.
pub(crate) fn cut(draft: &Draft, version: &Version, lock: &Lock, findings: &mut Findings) {
    cut::check(&Spec::new(draft), version, lock, findings);
}
