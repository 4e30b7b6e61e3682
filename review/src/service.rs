//! Changes of `api.yaml`: the service, its releases and its categories.

use super::change::Changes;
use super::element::SpecElement;
use super::fields::{self, FieldList};
use super::models::Models;
use super::pair::pair;
use zstack_model::changes::ChangeKind;
use zstack_model::{AuthScheme, Category, Release, ReleaseState, ReservedPath, Service};

pub(super) fn compare(models: Models<'_>, changes: &mut Changes) {
    let (old, new) = (&models.old.service, &models.new.service);
    // Naming all fields makes the compiler report a new one here.
    let Service { title, description, base_path, auth, releases, deprecation_window, envelope, reserved } =
        old;
    let service = SpecElement::Service;
    changes.push_prose(&service, "title", Some(title), Some(&new.title));
    changes.push_prose(&service, "description", description.as_deref(), new.description.as_deref());
    let base_paths = (base_path, &new.base_path);
    changes.push_attribute(ChangeKind::BasePathChanged, &service, "basePath", base_paths, String::clone);
    compare_auth_schemes((auth, &new.auth), changes);
    let window = (deprecation_window, &new.deprecation_window);
    let kind = match new.deprecation_window < *deprecation_window {
        true => ChangeKind::DeprecationWindowShortened,
        false => ChangeKind::DeprecationWindowLengthened,
    };
    changes.push_attribute(kind, &service, "deprecationWindow", window, u16::to_string);
    compare_releases((releases, &new.releases), changes);
    fields::compare_simple_lists(
        models,
        (envelope, &new.envelope),
        (&service, None, FieldList::Envelope),
        changes,
    );
    compare_reserved_paths((reserved, &new.reserved), changes);
    compare_categories(&service, (&models.old.categories, &models.new.categories), changes);
}

fn compare_auth_schemes((old, new): (&[AuthScheme], &[AuthScheme]), changes: &mut Changes) {
    let paired = pair(old, new, |scheme| scheme.name.as_str());
    let element = |scheme: &AuthScheme| SpecElement::AuthScheme(scheme.name.clone());
    changes.push_unpaired((ChangeKind::AuthSchemeRemoved, ChangeKind::AuthSchemeAdded), &paired, element);
    for (old, new) in paired.both {
        let AuthScheme { name: _, header, scheme, description } = old;
        let element = element(new);
        let kind = ChangeKind::AuthSchemeDetailChanged;
        changes.push_attribute(kind, &element, "header", (header, &new.header), String::clone);
        changes.push_text(kind, &element, "scheme", [scheme.as_deref(), new.scheme.as_deref()]);
        changes.push_prose(&element, "description", description.as_deref(), new.description.as_deref());
    }
}

/// Compares the lists of releases. Published releases must stay, with the same names. The loader checks the order.
fn compare_releases((old, new): (&[Release], &[Release]), changes: &mut Changes) {
    let paired = pair(old, new, |release| release.version);
    let element = |release: &Release| SpecElement::Release(release.version.to_string());
    for release in paired.removed {
        let kind = match release.state {
            ReleaseState::Released => ChangeKind::ReleaseListRewritten,
            ReleaseState::Next => ChangeKind::ReleaseDropped,
        };
        changes.push(kind, &element(release), "", Some(state_word(release.state).to_owned()), None);
    }
    for release in paired.added {
        let kind = match release.state {
            ReleaseState::Released => ChangeKind::ReleaseAddedAsReleased,
            ReleaseState::Next => ChangeKind::ReleaseAdded,
        };
        changes.push(kind, &element(release), "", None, Some(state_word(release.state).to_owned()));
    }
    for (old, new) in paired.both {
        let Release { version, state: old_state, description } = old;
        let element = element(new);
        changes.record_old_name(&element, &version.to_string());
        let (respelled, closed) = match old_state {
            ReleaseState::Released => (ChangeKind::ReleaseListRewritten, ChangeKind::ReleaseListRewritten),
            ReleaseState::Next => (ChangeKind::DocChanged, ChangeKind::ReleaseClosed),
        };
        let texts = (&version.to_string(), &new.version.to_string());
        changes.push_attribute(respelled, &element, "version", texts, String::clone);
        changes.push_attribute(closed, &element, "state", (old_state, &new.state), |state| {
            state_word(*state).to_owned()
        });
        changes.push_prose(&element, "description", description.as_deref(), new.description.as_deref());
    }
}

fn compare_reserved_paths((old, new): (&[ReservedPath], &[ReservedPath]), changes: &mut Changes) {
    let paired = pair(old, new, |reserved| reserved.path.as_str());
    let element = |reserved: &ReservedPath| SpecElement::ReservedPath(reserved.path.clone());
    changes.push_unpaired((ChangeKind::ReservedPathRemoved, ChangeKind::ReservedPathAdded), &paired, element);
    for (old, new) in paired.both {
        let ReservedPath { path: _, operations } = old;
        let operations = (operations, &new.operations);
        changes.push_attribute(ChangeKind::DocChanged, &element(new), "operations", operations, |names| {
            names.join(", ")
        });
    }
}

/// The word for a state in the spec.
const fn state_word(state: ReleaseState) -> &'static str {
    match state {
        ReleaseState::Released => "released",
        ReleaseState::Next => "next",
    }
}

fn compare_categories(service: &SpecElement, (old, new): (&[Category], &[Category]), changes: &mut Changes) {
    let paired = pair(old, new, |category| category.name.as_str());
    let element = |category: &Category| SpecElement::Category(category.name.clone());
    changes.push_unpaired((ChangeKind::CategoryRemoved, ChangeKind::CategoryAdded), &paired, element);
    for (old, new) in &paired.both {
        let Category { name: _, title, default, description } = old;
        let element = element(old);
        let defaults = (default, &new.default);
        changes.push_attribute(
            ChangeKind::CategoryDefaultChanged,
            &element,
            "default",
            defaults,
            bool::to_string,
        );
        changes.push_prose(&element, "title", Some(title), Some(&new.title));
        changes.push_prose(&element, "description", description.as_deref(), new.description.as_deref());
    }
    changes.push_order(ChangeKind::DocChanged, (service, "categories"), &paired, |category| &category.name);
}
