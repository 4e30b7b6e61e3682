//! Checks of histories.

use super::owner::Owner;
use super::spec::{DeclaredField, Spec};
use crate::diagnostics::HistoryProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{AttributeValue, Historic, HistoryEntry, Place};
use crate::positions::Path;

/// The history of an element.
pub(super) struct History<'a> {
    pub(super) file: FileId,
    /// The path of the element.
    pub(super) at: Path,
    kind: &'static str,
    /// The element itself.
    own: Owner<'a>,
    owner: Option<Owner<'a>>,
    /// The entries, each with the value after the change.
    pub(super) changes: Vec<(HistoryEntry, AttributeValue)>,
}

impl History<'_> {
    /// The path of a key of an entry.
    pub(super) fn path(&self, nth: usize, key: &'static str) -> Path {
        self.at.key("history").index(nth).key(key)
    }
}

impl<'a> Spec<'a> {
    /// All histories of the spec.
    pub(super) fn histories(&self) -> impl Iterator<Item = History<'a>> {
        let root = Path::root();
        let part = move |file, (list, nth): (&'static str, usize), kind, own, owner, changes| History {
            file,
            at: root.key(list).index(nth),
            kind,
            own,
            owner,
            changes,
        };
        let of_fields = self
            .declared_fields()
            .filter(|declared| declared.list != "parameters" && !declared.field.history.is_empty());
        let of_fields = of_fields.map({
            let part = part.clone();
            move |declared| {
                let DeclaredField { file, list, index, kind, field, owner } = declared;
                part(file, (list, index), kind, Owner::from(field), owner, field.changes())
            }
        });
        let of_operations = self.operations().flat_map(move |(file, operation)| {
            let owner = Owner::from(operation);
            let part = part.clone();
            let parameters = operation.parameters.iter().enumerate();
            let parameters = parameters.filter(|(_, parameter)| !parameter.history().is_empty());
            let parameters = parameters.map(move |(nth, parameter)| {
                let own = Owner::from(&parameter.field);
                part(file, ("parameters", nth), "parameter", own, Some(owner), parameter.changes())
            });
            history_of_file(file, "operation", owner, operation).into_iter().chain(parameters)
        });
        let of_types =
            self.types().filter_map(|(file, ty)| history_of_file(file, "data type", Owner::from(ty), ty));
        of_fields.chain(of_operations).chain(of_types)
    }
}

fn history_of_file<'a>(
    file: FileId,
    kind: &'static str,
    own: Owner<'a>,
    it: &(impl Historic + Clone),
) -> Option<History<'a>> {
    let changes = it.changes();
    (!changes.is_empty()).then(|| History { file, at: Path::root(), kind, own, owner: None, changes })
}

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.histories() {
        for nth in 0..it.changes.len() {
            check_release(spec, &it, nth, findings);
            check_order(spec, &it, nth, findings);
        }
    }
}

/// Reports an entry of a release that did not have the element before and after, or that changes nothing.
fn check_release(spec: &Spec<'_>, history: &History<'_>, nth: usize, findings: &mut Findings) {
    let (HistoryEntry { release, was }, became) = &history.changes[nth];
    let (kind, name, release_text) = (history.kind, history.own.name.to_owned(), release.to_string());
    let both = || history.owner.into_iter().chain([history.own]);
    let since = both().map(|element| element.since).max().filter(|since| release <= *since);
    let end =
        both().filter_map(|element| element.retirement.removed.as_ref()).min().filter(|end| *end <= release);
    let problem = match (since, end) {
        (Some(since), _) if spec.are_declared(release, since) => {
            HistoryProblem::BeforeSince { kind, name, release: release_text, since: since.to_string() }
        }
        (_, Some(end)) if spec.are_declared(release, end) => {
            HistoryProblem::AfterRemoval { kind, name, release: release_text, removed: end.to_string() }
        }
        _ if is_same(was, became) => {
            let at = At::value(history.path(nth, "from"));
            // The value is invalid, which has been reported.
            if findings.has_at(history.file, &at) {
                return;
            }
            let problem = HistoryProblem::Unchanged {
                kind,
                name,
                attribute: was.attribute(),
                value: was.text(),
                release: release_text,
            };
            findings.report(history.file, at, problem);
            return;
        }
        _ => return,
    };
    findings.report(history.file, At::value(history.path(nth, "in")), problem);
}

/// Reports a duplicate entry, or one in the wrong order.
fn check_order(spec: &Spec<'_>, it: &History<'_>, nth: usize, findings: &mut Findings) {
    let (HistoryEntry { release, was }, _) = &it.changes[nth];
    let before = &it.changes[..nth];
    let is_twin = |(entry, _): &(HistoryEntry, AttributeValue)| {
        entry.release == *release && entry.was.attribute() == was.attribute()
    };
    let attribute = was.attribute();
    let problem = if before.iter().any(is_twin) {
        HistoryProblem::Duplicate { attribute, release: release.to_string() }
    } else if let Some((previous, _)) =
        before.last().filter(|(entry, _)| spec.is_older(release, &entry.release))
    {
        HistoryProblem::OutOfOrder { release: release.to_string(), previous: previous.release.to_string() }
    } else {
        return;
    };
    findings.report(it.file, At::value(it.path(nth, "in")), problem);
}

/// Returns whether an attribute itself has the same value, regardless of values derived from it.
fn is_same(was: &AttributeValue, became: &AttributeValue) -> bool {
    match became {
        // `enclosed` has no effect outside the body.
        AttributeValue::Enclosed(Place::Path | Place::Query) => false,
        AttributeValue::In(_)
        | AttributeValue::Execution(..)
        | AttributeValue::Message(_)
        | AttributeValue::Reply(_) => was.text() == became.text(),
        _ => was == became,
    }
}
