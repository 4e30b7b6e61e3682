//! Each key of the language, changed by itself.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Value, json};
use zstack_model::changes::{ChangeKind, Level};
use zstack_model::lock::digests;
use zstack_model::schema::schemas;
use zstack_model::{DataType, Field, Historic, HistoryEntry, Model, ReleaseState, TypeShape, Version};
use zstack_review::{Element, Finding, Part, diff};

use crate::review;
use crate::rows::{self, Row};
use crate::spec::Spec;

/// `level rule element`, for each finding.
pub(crate) fn told<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<String> {
    findings
        .into_iter()
        .map(|finding| format!("{} {} {}", finding.level.word(), finding.kind().id(), finding.change.element))
        .collect()
}

/// The model after a change; a change that the language refuses is a mistake of
/// the table.
pub(crate) fn changed(row: &Row, base: &Spec) -> Result<Model, String> {
    let mut changed = base.clone();
    row.apply(&mut changed);
    changed.written(Value::to_string).map_err(|problems| format!("{}:\n{problems}", row.name))
}

static BASE: LazyLock<Model> = LazyLock::new(|| Spec::base().model());

/// What each row makes of it.
static CHANGED: LazyLock<Vec<Result<Model, String>>> =
    LazyLock::new(|| rows::all().iter().map(|it| changed(it, &Spec::base())).collect());

/// What is out changed, and does not say so: told of any such change, which
/// need not stand in each row.
const SILENT: ChangeKind = ChangeKind::SilentEdit;

/// The rules of attributes that are on the wire.
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

/// Whether an attribute of something that is out changed on the wire.
fn is_on_wire(it: &Finding) -> bool {
    let is_out = it.since.as_ref().is_some_and(|(_, is_out)| *is_out);
    is_out && !it.change.attribute.is_empty() && ON_WIRE.contains(&it.kind())
}

fn elements<'a>(findings: impl Iterator<Item = &'a Finding>) -> BTreeSet<String> {
    findings.map(|finding| finding.change.element.to_string()).collect()
}

#[test]
fn every_change_is_found_and_nothing_else() {
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
        assert!(found.iter().all(|it| !it.is_empty()), "{} finds nothing", row.name);
        let silent = |it: &&Finding| it.kind() == SILENT;
        let other = found.each_ref().map(|it| told(it.iter().filter(|it| !silent(it))));
        let expected = row.expected();
        if other != expected {
            wrong.push(format!("{}\n     found {other:?}\n  expected {expected:?}", row.name));
        }
        let silent = found.each_ref().map(|it| elements(it.iter().filter(silent)));
        let expected = row.unexplained(found.map(|it| elements(it.iter().filter(|it| is_on_wire(it)))));
        if silent != expected {
            wrong.push(format!("{}\n    silent {silent:?}\n  expected {expected:?}", row.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A key that comes to the language comes to this table.
#[test]
fn no_key_is_forgotten() {
    let mut known = BTreeSet::new();
    // Waivers are about changes, and change nothing themselves.
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
        schema["definitions"].as_object().unwrap().iter().for_each(|(name, it)| add(name, it));
    }
    let changed: BTreeSet<_> = rows::all().into_iter().flat_map(|it| it.keys).collect();
    assert_eq!(
        known.difference(&changed).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "nothing changes these"
    );
    assert_eq!(
        changed.difference(&known).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "there are no such keys"
    );
}

/// The same changes where no release is out: nobody has any of it.
#[test]
fn what_is_not_out_yet_may_change() {
    let mut base = Spec::base();
    for release in ["0.6", "2.0", "3.0"] {
        base.set(&format!("api/releases/{release}/state"), json!("next"));
    }
    let mut excused = 0;
    let old = base.model();
    for row in rows::all() {
        let Ok(new) = changed(&row, &base) else { panic!("{}", row.name) };
        for (old, new) in [(&old, &new), (&new, &old)] {
            for it in diff(old, new) {
                // The service and its releases come with no release; and a new
                // element need not come with the first one that is written.
                if it.since.is_none() || it.kind() == ChangeKind::SinceSkipsNext {
                    continue;
                }
                let is_worse = |is_there, level| is_there && level > Level::Compatible;
                if is_worse(it.in_requests, it.kind().rule().request)
                    || is_worse(it.in_responses, it.kind().rule().response)
                {
                    let reason = it.because.iter().any(|it| it.ends_with("is not out yet"));
                    assert!(reason, "{}: {it:?}", row.name);
                    excused += 1;
                }
                assert!(it.level <= Level::Compatible, "{}: {it:?}", row.name);
            }
        }
    }
    assert!(excused > 100, "{excused}");
}

/// A rule that nothing leads to is a promise that nobody keeps.
#[test]
fn every_rule_is_found_by_some_change() {
    // Those of the next test are many.
    let mut found = BTreeSet::from(["silent-edit".to_owned()]);
    for row in rows::all() {
        for it in row.expected().concat() {
            found.insert(it.split(' ').nth(1).unwrap().to_owned());
        }
    }
    // Those about waivers are found when these are applied.
    let is_known = |it: &&str| found.contains(*it) || review::RULES.contains(it) || it.starts_with("waiver-");
    let rules: Vec<_> = ChangeKind::all().map(ChangeKind::id).filter(|it| !is_known(it)).collect();
    assert_eq!(rules, Vec::<&str>::new());
}

/// The rules that say of a change itself that it is one of releases that are
/// out: something came to them, left them, moved or was called otherwise.
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

/// Whether releases that are out have something else on the wire.
fn drifts(new: &Model) -> bool {
    static OUT: LazyLock<Vec<&Version>> = LazyLock::new(|| {
        let out = BASE.service.releases.iter().filter(|release| release.state == ReleaseState::Released);
        out.map(|it| &it.version).collect()
    });
    static WERE: LazyLock<Vec<String>> = LazyLock::new(|| digests(&BASE, &OUT));
    digests(new, &OUT) != *WERE
}

/// What the lock would refuse is found, and nothing else is said to be that.
#[test]
fn releases_drift_where_a_rule_says_so() {
    let mut wrong = Vec::new();
    for (row, new) in rows::all().into_iter().zip(&*CHANGED) {
        let new = new.as_ref().unwrap();
        let drifts = drifts(new);
        for (old, new) in [(&*BASE, new), (new, &*BASE)] {
            let found = diff(old, new);
            let names_it = |it: &Finding| {
                let is_out = it.since.as_ref().is_none_or(|(_, is_out)| *is_out);
                (is_out || it.kind() == ChangeKind::SinceBackdated) && OF_RELEASES.contains(&it.kind())
            };
            // Entries of one release may stand in any order, and yet stay as they are.
            // What a history announces is gone later.
            let is_later = |it: &Finding| it.because.iter().any(|it| it.starts_with("as of "));
            // A record that is only extended is not on the wire.
            let is_base = |it: &Finding| {
                let name = it.change.element.to_string();
                let extends = old.types.iter().any(|it| it.extends.as_ref() == Some(&name));
                it.kind() == ChangeKind::TypeUnreachableRemoved
                    && extends
                    && !old.types_on_wire().contains(&*name)
            };
            let may_stay =
                |it: &Finding| it.kind() == ChangeKind::HistoryRewritten || is_later(it) || is_base(it);
            let names: Vec<_> = found.iter().filter(|it| names_it(it)).collect();
            let is_right = if drifts { !names.is_empty() } else { names.iter().all(|name| may_stay(name)) };
            if !is_right {
                wrong.push(format!("{}: drifts {drifts}, found {:?}", row.name, told(&found)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever changes silently, an entry can say.
#[test]
fn an_entry_for_each_attribute_explains_a_change() {
    let old = &*BASE;
    let next =
        &old.service.releases.iter().find(|release| release.state == ReleaseState::Next).unwrap().version;
    let mut explained = 0;
    for (row, new) in rows::all().into_iter().zip(&*CHANGED) {
        let mut new = new.clone().unwrap();
        let before = diff(old, &new);
        // What changed in another way as well is not for a history to say; nor
        // that a parameter which all queries take is listed.
        let other = |it: &Finding| it.kind() != SILENT && OF_RELEASES.contains(&it.kind());
        let lists = |it: &Finding| it.change.element.to_string() == "GetVms/limit";
        if before.iter().any(|it| other(it) || lists(it)) {
            continue;
        }
        for it in before.iter().filter(|it| it.kind() == SILENT) {
            record(old, &mut new, &it.change.element, next);
            explained += 1;
        }
        let after = diff(old, &new);
        let others = before.iter().filter(|it| it.kind() != SILENT);
        assert_eq!(told(&after), told(others), "{}", row.name);
        assert!(!drifts(&new), "{}", row.name);
        for it in after.iter().filter(|it| is_on_wire(it) && it.level > Level::Compatible) {
            // The class of an answer follows from another attribute.
            let says =
                it.because.iter().any(|it| it.starts_with("as of ") && it.ends_with("which is not out yet"));
            assert!(says || it.change.attribute == "reply", "{}: {it:?}", row.name);
        }
        assert_eq!(new.at(next), new.at(next).at(next), "{}", row.name);
    }
    assert!(explained > 50, "{explained}");
}

/// Writes down what an element was, for every attribute that changed.
fn record(old: &Model, new: &mut Model, element: &Element, release: &Version) {
    fn entries<T: Historic>(old: &T, new: &mut T, release: &Version) {
        let now = new.attributes();
        let changed = old.attributes().into_iter().zip(now).filter(|(was, now)| was.text() != now.text());
        let entries =
            changed.map(|(was, _)| HistoryEntry { release: release.clone(), was }).collect::<Vec<_>>();
        new.history_mut().extend(entries);
    }
    fn in_list(old: &[Field], new: &mut [Field], name: &str, release: &Version) {
        let was = old.iter().find(|it| it.name == name).unwrap();
        entries(was, new.iter_mut().find(|it| it.name == name).unwrap(), release);
    }
    match element {
        Element::Operation(name) => {
            let was = old.operations.iter().find(|operation| operation.name == *name).unwrap();
            entries(
                was,
                new.operations.iter_mut().find(|operation| operation.name == *name).unwrap(),
                release,
            );
        }
        Element::OfOperation(name, part, of) => {
            let was = old.operations.iter().find(|operation| operation.name == *name).unwrap();
            let now = new.operations.iter_mut().find(|operation| operation.name == *name).unwrap();
            if *part == Part::Response {
                return in_list(&was.response, &mut now.response, of, release);
            }
            let was = was.parameters.iter().find(|parameter| parameter.field.name == *of).unwrap();
            entries(
                was,
                now.parameters.iter_mut().find(|parameter| parameter.field.name == *of).unwrap(),
                release,
            );
        }
        Element::Type(name) => {
            let was = old.data_type(name).unwrap();
            entries(was, new.types.iter_mut().find(|it| it.name == *name).unwrap(), release);
        }
        Element::Field(name, of) => {
            let was: Vec<_> = old.fields(old.data_type(name).unwrap()).into_iter().cloned().collect();
            // Where it is declared by now.
            let it = new.data_type(name).unwrap();
            let declares = |it: &&DataType| it.own_fields().iter().any(|field| field.name == *of);
            let owner = std::iter::once(it).chain(new.bases(it)).find(declares).unwrap().name.clone();
            let now = new.types.iter_mut().find(|it| it.name == owner).unwrap();
            let TypeShape::Record { fields, .. } = &mut now.shape else { panic!("{owner} is a record") };
            in_list(&was, fields, of, release);
        }
        other => panic!("{other} has no history"),
    }
}
