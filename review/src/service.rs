//! `api.yaml`: the service, its releases and its categories.

use super::change::Changes;
use super::element::Element;
use super::fields::{self, List};
use super::models::Models;
use super::pair::pair;
use zstack_model::changes::ChangeKind;
use zstack_model::{AuthScheme, Category, Release, ReleaseState, ReservedPath, Service};

pub(super) fn compare(models: Models<'_>, changes: &mut Changes) {
    let (old, new) = (&models.old.service, &models.new.service);
    // All of it is named, so that what the service gets later is not forgotten
    // here.
    let Service { title, description, base_path, auth, releases, deprecation_window, envelope, reserved } =
        old;
    let it = Element::Service;
    changes.prose(&it, "title", Some(title), Some(&new.title));
    changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
    changes.attribute(
        ChangeKind::BasePathChanged,
        &it,
        "basePath",
        (base_path, &new.base_path),
        String::clone,
    );
    schemes((auth, &new.auth), changes);
    let window = (deprecation_window, &new.deprecation_window);
    let kind = match new.deprecation_window < *deprecation_window {
        true => ChangeKind::DeprecationWindowShortened,
        false => ChangeKind::DeprecationWindowLengthened,
    };
    changes.attribute(kind, &it, "deprecationWindow", window, u16::to_string);
    self::releases((releases, &new.releases), changes);
    fields::list(
        models,
        (envelope, &new.envelope),
        (&it, None, List::Envelope),
        (&[], [&[]; 2]),
        &|_, _| false,
        changes,
    );
    reserved_paths((reserved, &new.reserved), changes);
    categories(&it, (&models.old.categories, &models.new.categories), changes);
}

fn schemes((old, new): (&[AuthScheme], &[AuthScheme]), changes: &mut Changes) {
    let paired = pair(old, new, |it| it.name.as_str());
    let element = |it: &AuthScheme| Element::AuthScheme(it.name.clone());
    paired.removed.into_iter().for_each(|it| changes.whole(ChangeKind::AuthSchemeRemoved, &element(it)));
    paired.added.into_iter().for_each(|it| changes.whole(ChangeKind::AuthSchemeAdded, &element(it)));
    for (old, new) in paired.both {
        let AuthScheme { name: _, header, scheme, description } = old;
        let it = element(new);
        let kind = ChangeKind::AuthSchemeDetailChanged;
        changes.attribute(kind, &it, "header", (header, &new.header), String::clone);
        if *scheme != new.scheme {
            changes.push(kind, &it, "scheme", scheme.clone(), new.scheme.clone());
        }
        changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
    }
}

/// The list of releases is a promise: what is out stays, and is named as it is.
/// Its order is that of the numbers, which the loader sees to.
fn releases((old, new): (&[Release], &[Release]), changes: &mut Changes) {
    let paired = pair(old, new, |it| it.version.numbers);
    let element = |it: &Release| Element::Release(it.version.text.clone());
    for it in paired.removed {
        let kind = match it.state {
            ReleaseState::Released => ChangeKind::ReleaseListRewritten,
            ReleaseState::Next => ChangeKind::ReleaseDropped,
        };
        changes.push(kind, &element(it), "", Some(state(it.state).to_owned()), None);
    }
    for it in paired.added {
        let kind = match it.state {
            ReleaseState::Released => ChangeKind::ReleaseAddedAsReleased,
            ReleaseState::Next => ChangeKind::ReleaseAdded,
        };
        changes.push(kind, &element(it), "", None, Some(state(it.state).to_owned()));
    }
    for (old, new) in paired.both {
        let Release { version, state: was, description } = old;
        let it = element(new);
        changes.renamed(&it, &version.text);
        let (respelt, moved) = match was {
            ReleaseState::Released => (ChangeKind::ReleaseListRewritten, ChangeKind::ReleaseListRewritten),
            ReleaseState::Next => (ChangeKind::DocChanged, ChangeKind::ReleaseClosed),
        };
        let texts = (&version.text, &new.version.text);
        changes.attribute(respelt, &it, "version", texts, String::clone);
        changes.attribute(moved, &it, "state", (was, &new.state), |it| state(*it).to_owned());
        changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
    }
}

fn reserved_paths((old, new): (&[ReservedPath], &[ReservedPath]), changes: &mut Changes) {
    let paired = pair(old, new, |reserved| reserved.path.as_str());
    let element = |reserved: &ReservedPath| Element::ReservedPath(reserved.path.clone());
    paired
        .removed
        .into_iter()
        .for_each(|reserved| changes.whole(ChangeKind::ReservedPathRemoved, &element(reserved)));
    paired
        .added
        .into_iter()
        .for_each(|reserved| changes.whole(ChangeKind::ReservedPathAdded, &element(reserved)));
    for (old, new) in paired.both {
        let ReservedPath { path: _, operations } = old;
        let operations = (operations, &new.operations);
        changes.attribute(ChangeKind::DocChanged, &element(new), "operations", operations, |names| {
            names.join(", ")
        });
    }
}

const fn state(state: ReleaseState) -> &'static str {
    match state {
        ReleaseState::Released => "released",
        ReleaseState::Next => "next",
    }
}

fn categories(service: &Element, (old, new): (&[Category], &[Category]), changes: &mut Changes) {
    let paired = pair(old, new, |it| it.name.as_str());
    let element = |it: &Category| Element::Category(it.name.clone());
    paired.removed.iter().for_each(|it| changes.whole(ChangeKind::CategoryRemoved, &element(it)));
    paired.added.iter().for_each(|it| changes.whole(ChangeKind::CategoryAdded, &element(it)));
    for (old, new) in &paired.both {
        let Category { name: _, title, description } = old;
        let it = element(old);
        changes.prose(&it, "title", Some(title), Some(&new.title));
        changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
    }
    changes.order(ChangeKind::DocChanged, (service, "categories"), &paired, |it| &it.name);
}
