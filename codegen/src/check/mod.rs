//! The rules that a spec must obey beyond the shape of its files.

mod bodies;
mod constraints;
mod endless;
mod examples;
mod extends;
pub(crate) mod members;
mod messages;
pub(crate) mod names;
mod paths;
mod queries;
mod routes;
mod spec;
mod types;
mod values;
mod versions;

use crate::findings::Findings;
use crate::lower::Draft;

use spec::Spec;

/// Reports every rule that is broken.
pub(crate) fn check(draft: &Draft, findings: &mut Findings) {
    let spec = Spec::new(draft);
    let rules = [
        names::check,
        members::check,
        versions::check,
        types::check,
        extends::check,
        endless::check,
        paths::check,
        routes::check,
        queries::check,
        messages::check,
        bodies::check,
        constraints::check,
        examples::check,
    ];
    for rule in rules {
        rule(&spec, findings);
    }
}
