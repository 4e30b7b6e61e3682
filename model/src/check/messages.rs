//! Checks of message classes of the legacy channel.

use std::collections::HashMap;

use super::spec::Spec;
use crate::diagnostics::RouteProblem;
use crate::findings::{At, Findings};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let mut known = HashMap::new();
    for (file, it) in spec.operations() {
        let Some(message) = &it.message else { continue };
        if let Some(other) = known.insert(&message.class, &it.name) {
            let problem = RouteProblem::MessageTaken { class: message.class.clone(), other: other.clone() };
            findings.report(file, At::value(Path::root().key("message")), problem);
        }
    }
}
