//! Checks of a spec beyond the shape of its files, one module for each subject.

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
mod references;
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

pub(crate) use examples::problems as example_problems;
pub use members::SCHEMA_KEY;
pub use names::{is_category_name, name_owner};

/// Reports all errors of a draft. A draft without errors is a valid model.
pub(crate) fn check(draft: &Draft, findings: &mut Findings) {
    let spec = Spec::new(draft);
    let checks = [
        names::check,
        members::check,
        releases::check,
        versions::check,
        retirements::check,
        history::check,
        renames::check,
        types::check,
        extends::check,
        references::check,
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
    for check in checks {
        check(&spec, findings);
    }
    past::check(&spec, findings);
}

/// Reports all warnings about a draft. Code generation does not need them.
pub(crate) fn lint(draft: &Draft, findings: &mut Findings) {
    let spec = Spec::new(draft);
    for lint in [releases::lint, versions::lint, reach::lint, retirements::lint, renames::lint] {
        lint(&spec, findings);
    }
}

/// Reports obstacles to closing a release.
pub(crate) fn cut(draft: &Draft, version: &Version, lock: &Lock, findings: &mut Findings) {
    cut::check(&Spec::new(draft), version, lock, findings);
}
