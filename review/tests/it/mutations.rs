//! Each key of the language, changed by itself.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Value, json};
use zstack_model::changes::{ChangeKind, Level};
use zstack_model::lock::digests;
use zstack_model::schema::schemas;
use zstack_model::{DataType, Field, Historic, HistoryEntry, Model, ReleaseState, TypeShape, Version};
use zstack_review::{Finding, OperationPart, SpecElement, diff};

use crate::review;
use crate::rows::{self, Row};
use crate::spec::Spec;

/// `level rule element` for each finding.
pub(crate) fn summaries<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<String> {
    findings
        .into_iter()
        .map(|finding| format!("{} {} {}", finding.level.word(), finding.kind().id(), finding.change.element))
        .collect()
}

/// The model after a change. A change that the loader rejects is an error in the table.
pub(crate) fn apply_row(row: &Row, base: &Spec) -> Result<Model, String> {
    let mut changed = base.clone();
    row.apply(&mut changed);
    changed.load_as(Value::to_string).map_err(|problems| format!("{}:\n{problems}", row.name))
}

static BASE: LazyLock<Model> = LazyLock::new(|| Spec::base().model());

/// The models after the change of each row.
static CHANGED: LazyLock<Vec<Result<Model, String>>> =
    LazyLock::new(|| rows::all().iter().map(|row| apply_row(row, &Spec::base())).collect());

/// The rule for changes of published releases without a history entry. Rows do not list it.
const SILENT: ChangeKind = ChangeKind::SilentEdit;

/// The rules about attributes that are on the wire.
const ON_WIRE: &[ChangeKind] = &[
    ChangeKind::AuthRemoved,
    ChangeKind::AuthRequiredAdded,
    ChangeKind::BecameEnum,
    ChangeKind::EncodingChanged,
    ChangeKind::EnumValueAdded,
    ChangeKind::EnumValueRemoved,
    ChangeKind::FieldBecameOptional,
    ChangeKind::FieldBecameRequired,
    ChangeKind::FieldDefaultAdded,
    ChangeKind::FieldDefaultChanged,
    ChangeKind::FieldDefaultRemoved,
    ChangeKind::FieldTypeChanged,
    ChangeKind::FieldTypeNarrowed,
    ChangeKind::FieldTypeWidened,
    ChangeKind::FormatChanged,
    ChangeKind::MaxLengthAdded,
    ChangeKind::MaxLengthDecreased,
    ChangeKind::MaxLengthIncreased,
    ChangeKind::MaxLengthRemoved,
    ChangeKind::OpExecAsyncToSync,
    ChangeKind::OpExecSyncToAsync,
    ChangeKind::OpMessageAdded,
    ChangeKind::OpMessageChanged,
    ChangeKind::OpMessageRemoved,
    ChangeKind::OpMethodChanged,
    ChangeKind::OpPathAliasAdded,
    ChangeKind::OpPathAliasRemoved,
    ChangeKind::OpPathChanged,
    ChangeKind::OpQueryAdded,
    ChangeKind::OpQueryRemoved,
    ChangeKind::OpWrapperChanged,
    ChangeKind::ParamBecameOptional,
    ChangeKind::ParamBecameRequired,
    ChangeKind::ParamDefaultAdded,
    ChangeKind::ParamDefaultChanged,
    ChangeKind::ParamDefaultRemoved,
    ChangeKind::ParamLocationChanged,
    ChangeKind::ParamScalarListChanged,
    ChangeKind::ParamTypeChanged,
    ChangeKind::ParamTypeNarrowed,
    ChangeKind::ParamTypeWidened,
    ChangeKind::ParamWrapperChanged,
    ChangeKind::PatternAdded,
    ChangeKind::PatternChanged,
    ChangeKind::PatternRemoved,
    ChangeKind::RangeAdded,
    ChangeKind::RangeNarrowed,
    ChangeKind::RangeRemoved,
    ChangeKind::RangeWidened,
    ChangeKind::StoppedBeingEnum,
    ChangeKind::SubtypeAdded,
    ChangeKind::SubtypeRemoved,
    ChangeKind::TrimmingChanged,
    ChangeKind::TypeClassChanged,
    ChangeKind::TypeRenamedSameShape,
];

/// Returns whether an attribute of a published element changed on the wire.
fn is_on_wire(finding: &Finding) -> bool {
    let is_released = finding.since.as_ref().is_some_and(|(_, is_released)| *is_released);
    is_released && !finding.change.attribute.is_empty() && ON_WIRE.contains(&finding.kind())
}

fn elements<'a>(findings: impl Iterator<Item = &'a Finding>) -> BTreeSet<String> {
    findings.map(|finding| finding.change.element.to_string()).collect()
}

#[test]
fn finds_exactly_the_expected_changes() {
    let mut wrong = Vec::new();
    let old = &*BASE;
    for (row, new) in rows::all().into_iter().zip(&*CHANGED) {
        let new = match new {
            Ok(new) => new,
            Err(problems) => {
                wrong.push(problems.clone());
                continue;
            }
        };
        let found = [diff(old, new), diff(new, old)];
        assert!(found.iter().all(|findings| !findings.is_empty()), "{} finds nothing", row.name);
        let silent = |finding: &&Finding| finding.kind() == SILENT;
        let other =
            found.each_ref().map(|findings| summaries(findings.iter().filter(|finding| !silent(finding))));
        let expected = row.expected_findings();
        if other != expected {
            wrong.push(format!("{}\n     found {other:?}\n  expected {expected:?}", row.name));
        }
        let silent = found.each_ref().map(|findings| elements(findings.iter().filter(silent)));
        let expected = row.unexplained_changes(
            found.map(|findings| elements(findings.iter().filter(|finding| is_on_wire(finding)))),
        );
        if silent != expected {
            wrong.push(format!("{}\n    silent {silent:?}\n  expected {expected:?}", row.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A new key of the spec language needs a row in this table.
#[test]
fn rows_change_every_key() {
    let mut known = BTreeSet::new();
    // Waivers are not part of the API.
    for (file, text) in schemas().into_iter().filter(|(file, _)| *file != "waivers.schema.json") {
        let schema: Value = serde_json::from_str(&text).unwrap();
        let root = match file {
            "api.schema.json" => "Api",
            "operation.schema.json" => "Operation",
            _ => "DataType",
        };
        let mut add = |name: &str, of: &Value| {
            let keys = of["properties"].as_object().into_iter().flatten().map(|(key, _)| key);
            known.extend(keys.map(|key| format!("{name}.{key}")));
        };
        add(root, &schema);
        schema["definitions"]
            .as_object()
            .unwrap()
            .iter()
            .for_each(|(name, definition)| add(name, definition));
    }
    let changed: BTreeSet<_> = rows::all().into_iter().flat_map(|row| row.keys).collect();
    assert_eq!(
        known.difference(&changed).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "no row changes these keys"
    );
    assert_eq!(
        changed.difference(&known).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "these keys do not exist"
    );
}

/// The same changes, while no release is published.
#[test]
fn unpublished_releases_may_change() {
    let mut base = Spec::base();
    for release in ["0.6", "2.0", "3.0"] {
        base.set(&format!("api/releases/{release}/state"), json!("next"));
    }
    let mut excused = 0;
    let old = base.model();
    for row in rows::all() {
        let Ok(new) = apply_row(&row, &base) else { panic!("{}", row.name) };
        for (old, new) in [(&old, &new), (&new, &old)] {
            for finding in diff(old, new) {
                // The service has no release, and a new element may have a later release.
                if finding.since.is_none() || finding.kind() == ChangeKind::SinceSkipsNext {
                    continue;
                }
                let is_worse = |is_there, level| is_there && level > Level::Compatible;
                if is_worse(finding.in_requests, finding.kind().rule().request)
                    || is_worse(finding.in_responses, finding.kind().rule().response)
                {
                    let reason =
                        finding.because.iter().any(|reason| reason.ends_with("is not published yet"));
                    assert!(reason, "{}: {finding:?}", row.name);
                    excused += 1;
                }
                assert!(finding.level <= Level::Compatible, "{}: {finding:?}", row.name);
            }
        }
    }
    assert!(excused > 100, "{excused}");
}

#[test]
fn every_rule_applies_to_some_change() {
    // Rows do not list this rule.
    let mut found = BTreeSet::from(["silent-edit".to_owned()]);
    for row in rows::all() {
        for expected in row.expected_findings().concat() {
            found.insert(expected.split(' ').nth(1).unwrap().to_owned());
        }
    }
    // Other tests cover the rules about waivers.
    let is_known = |id: &&str| found.contains(*id) || review::RULES.contains(id) || id.starts_with("waiver-");
    let rules: Vec<_> = ChangeKind::all().map(ChangeKind::id).filter(|id| !is_known(id)).collect();
    assert_eq!(rules, Vec::<&str>::new());
}

/// The rules about changes of published releases.
const OF_RELEASES: &[ChangeKind] = &[
    ChangeKind::SinceRaised,
    ChangeKind::SinceLowered,
    ChangeKind::SinceBackdated,
    ChangeKind::RemovalBackdated,
    ChangeKind::RemovalUndone,
    ChangeKind::OpRemoved,
    ChangeKind::ParamRemoved,
    ChangeKind::FieldRemoved,
    ChangeKind::EnumValueRemoved,
    ChangeKind::TagRemoved,
    ChangeKind::TypeRemoved,
    ChangeKind::TypeUnreachableRemoved,
    ChangeKind::OpRenamed,
    ChangeKind::ParamRenamed,
    ChangeKind::FieldRenamed,
    ChangeKind::EnumValueRenamed,
    ChangeKind::TypeRenamed,
    ChangeKind::OpPathVarRenamed,
    ChangeKind::TypeKindChanged,
    ChangeKind::BasePathChanged,
    ChangeKind::SilentEdit,
    ChangeKind::HistoryMismatch,
    ChangeKind::HistoryRewritten,
    ChangeKind::IdentityReused,
];

/// Returns whether the wire format of published releases changed.
fn drifts(new: &Model) -> bool {
    static RELEASED: LazyLock<Vec<&Version>> = LazyLock::new(|| {
        let releases = &BASE.service.releases;
        let released = releases.iter().filter(|release| release.state == ReleaseState::Released);
        released.map(|release| &release.version).collect()
    });
    static DIGESTS: LazyLock<Vec<String>> = LazyLock::new(|| digests(&BASE, &RELEASED));
    digests(new, &RELEASED) != *DIGESTS
}

/// The rules about published releases apply exactly if the lock changes.
#[test]
fn rules_about_published_releases_agree_with_the_lock() {
    let mut wrong = Vec::new();
    for (row, new) in rows::all().into_iter().zip(&*CHANGED) {
        let new = new.as_ref().unwrap();
        let drifts = drifts(new);
        for (old, new) in [(&*BASE, new), (new, &*BASE)] {
            let found = diff(old, new);
            let is_of_releases = |finding: &Finding| {
                let is_released = finding.since.as_ref().is_none_or(|(_, is_released)| *is_released);
                (is_released || finding.kind() == ChangeKind::SinceBackdated)
                    && OF_RELEASES.contains(&finding.kind())
            };
            // These changes may leave the wire format as it is: the order of history entries of one
            // release, and changes that a history announces for a later release.
            let is_later = |finding: &Finding| {
                finding.because.iter().any(|reason| reason.starts_with("takes effect in "))
            };
            // A record that is only a base is not on the wire.
            let is_base = |finding: &Finding| {
                let name = finding.change.element.to_string();
                let extends = old.types.iter().any(|ty| ty.extends.as_ref() == Some(&name));
                finding.kind() == ChangeKind::TypeUnreachableRemoved
                    && extends
                    && !old.types_on_wire().contains(&*name)
            };
            let may_keep_format = |finding: &Finding| {
                finding.kind() == ChangeKind::HistoryRewritten || is_later(finding) || is_base(finding)
            };
            let of_releases: Vec<_> = found.iter().filter(|finding| is_of_releases(finding)).collect();
            let is_right = if drifts {
                !of_releases.is_empty()
            } else {
                of_releases.iter().all(|finding| may_keep_format(finding))
            };
            if !is_right {
                wrong.push(format!("{}: drifts {drifts}, found {:?}", row.name, summaries(&found)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn history_entries_explain_every_silent_change() {
    let old = &*BASE;
    let next =
        &old.service.releases.iter().find(|release| release.state == ReleaseState::Next).unwrap().version;
    let mut explained = 0;
    for (row, new) in rows::all().into_iter().zip(&*CHANGED) {
        let mut new = new.clone().unwrap();
        let before = diff(old, &new);
        // A history cannot explain other changes, nor listing a standard query parameter.
        let other = |finding: &Finding| finding.kind() != SILENT && OF_RELEASES.contains(&finding.kind());
        let lists = |finding: &Finding| finding.change.element.to_string() == "GetVms/limit";
        if before.iter().any(|finding| other(finding) || lists(finding)) {
            continue;
        }
        for finding in before.iter().filter(|finding| finding.kind() == SILENT) {
            record(old, &mut new, &finding.change.element, next);
            explained += 1;
        }
        let after = diff(old, &new);
        let others = before.iter().filter(|finding| finding.kind() != SILENT);
        assert_eq!(summaries(&after), summaries(others), "{}", row.name);
        assert!(!drifts(&new), "{}", row.name);
        for finding in after.iter().filter(|finding| is_on_wire(finding) && finding.level > Level::Compatible)
        {
            // The class of the reply follows from another attribute.
            let says = finding.because.iter().any(|reason| {
                reason.starts_with("takes effect in ") && reason.ends_with("which is not published yet")
            });
            assert!(says || finding.change.attribute == "reply", "{}: {finding:?}", row.name);
        }
        assert_eq!(new.at(next), new.at(next).at(next), "{}", row.name);
    }
    assert!(explained > 50, "{explained}");
}

/// Adds history entries for all changed attributes of an element.
fn record(old: &Model, new: &mut Model, element: &SpecElement, release: &Version) {
    fn entries<T: Historic>(old: &T, new: &mut T, release: &Version) {
        let now = new.attributes();
        let changed = old.attributes().into_iter().zip(now).filter(|(was, now)| was.text() != now.text());
        let entries = changed.map(|(was, _)| HistoryEntry { release: *release, was }).collect::<Vec<_>>();
        new.history_mut().extend(entries);
    }
    fn in_list(old: &[Field], new: &mut [Field], name: &str, release: &Version) {
        let was = old.iter().find(|field| field.name == name).unwrap();
        entries(was, new.iter_mut().find(|field| field.name == name).unwrap(), release);
    }
    match element {
        SpecElement::Operation(name) => {
            let was = old.operations.iter().find(|operation| operation.name == *name).unwrap();
            entries(
                was,
                new.operations.iter_mut().find(|operation| operation.name == *name).unwrap(),
                release,
            );
        }
        SpecElement::OfOperation(name, part, of) => {
            let was = old.operations.iter().find(|operation| operation.name == *name).unwrap();
            let now = new.operations.iter_mut().find(|operation| operation.name == *name).unwrap();
            if *part == OperationPart::Response {
                return in_list(&was.response, &mut now.response, of, release);
            }
            let was = was.parameters.iter().find(|parameter| parameter.field.name == *of).unwrap();
            entries(
                was,
                now.parameters.iter_mut().find(|parameter| parameter.field.name == *of).unwrap(),
                release,
            );
        }
        SpecElement::Type(name) => {
            let was = old.data_type(name).unwrap();
            entries(was, new.types.iter_mut().find(|ty| ty.name == *name).unwrap(), release);
        }
        SpecElement::Field(name, of) => {
            let was: Vec<_> = old.fields(old.data_type(name).unwrap()).into_iter().cloned().collect();
            // The record that declares the field in the new model.
            let record = new.data_type(name).unwrap();
            let declares = |record: &&DataType| record.own_fields().iter().any(|field| field.name == *of);
            let owner = std::iter::once(record).chain(new.bases(record)).find(declares).unwrap().name.clone();
            let now = new.types.iter_mut().find(|ty| ty.name == owner).unwrap();
            let TypeShape::Record { fields, .. } = &mut now.shape else { panic!("{owner} is a record") };
            in_list(&was, fields, of, release);
        }
        other => panic!("{other} has no history"),
    }
}
