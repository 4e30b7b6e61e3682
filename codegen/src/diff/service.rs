//! `api.yaml`: the service, its releases and its categories.

use super::change::{Changes, pair};
use super::element::Element;
use super::fields;
use super::types::{Models, Role};
use crate::model::{Category, Model, Release, ReleaseState, Service};

pub(super) fn compare(models: Models<'_>, changes: &mut Changes) {
    let (old, new) = (&models.old.service, &models.new.service);
    // All of it is named, so that what the service gets later is not forgotten
    // here.
    let Service { title, description, base_path, releases, deprecation_window, envelope } = old;
    let it = Element::Service;
    changes.prose(&it, "title", Some(title), Some(&new.title));
    changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
    changes.attribute("base-path-changed", &it, "basePath", (base_path, &new.base_path), String::clone);
    let window = (deprecation_window, &new.deprecation_window);
    changes.attribute("deprecation-window-changed", &it, "deprecationWindow", window, u16::to_string);
    self::releases((releases, &new.releases), changes);
    let element = |name: &str| Element::Envelope(name.to_owned());
    let lists = (&**envelope, &*new.envelope);
    fields::list(models, lists, (&it, element), Role::Field, |it| it, |_, _, _, _| {}, changes);
    categories(&it, models.old, models.new, changes);
}

/// The list of releases is a promise: what is out stays, and is named as it is.
/// Its order is that of the numbers, which the loader sees to.
fn releases((old, new): (&[Release], &[Release]), changes: &mut Changes) {
    let paired = pair(old, new, |it| it.version.numbers);
    let element = |it: &Release| Element::Release(it.version.text.clone());
    for it in paired.removed {
        let rule = match it.state {
            ReleaseState::Released => "release-list-rewritten",
            ReleaseState::Next => "release-dropped",
        };
        changes.push(rule, &element(it), "", Some(state(it.state).to_owned()), None);
    }
    for it in paired.added {
        let rule = match it.state {
            ReleaseState::Released => "release-added-as-released",
            ReleaseState::Next => "release-added",
        };
        changes.push(rule, &element(it), "", None, Some(state(it.state).to_owned()));
    }
    for (old, new) in paired.both {
        let Release { version, state: was } = old;
        let it = element(new);
        if version.text != new.version.text {
            let texts = (Some(version.text.clone()), Some(new.version.text.clone()));
            changes.push("release-list-rewritten", &it, "version", texts.0, texts.1);
        }
        let rule = match was {
            ReleaseState::Released => "release-list-rewritten",
            ReleaseState::Next => "release-closed",
        };
        changes.attribute(rule, &it, "state", (was, &new.state), |it| state(*it).to_owned());
    }
}

const fn state(state: ReleaseState) -> &'static str {
    match state {
        ReleaseState::Released => "released",
        ReleaseState::Next => "next",
    }
}

fn categories(service: &Element, old: &Model, new: &Model, changes: &mut Changes) {
    let paired = pair(&old.categories, &new.categories, |it| it.name.as_str());
    let element = |it: &Category| Element::Category(it.name.clone());
    paired.removed.into_iter().for_each(|it| changes.whole("category-removed", &element(it)));
    paired.added.into_iter().for_each(|it| changes.whole("category-added", &element(it)));
    for (old, new) in paired.both {
        let Category { name: _, title, description } = old;
        let it = element(old);
        changes.prose(&it, "title", Some(title), Some(&new.title));
        changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
    }
    if paired.reordered {
        let order =
            |it: &Model| Some(it.categories.iter().map(|it| &*it.name).collect::<Vec<_>>().join(", "));
        changes.push("doc-changed", service, "categories", order(old), order(new));
    }
}
