//! What elements were before a release changed them.

use super::owner::Owner;
use super::spec::Spec;
use crate::diagnostics::HistoryProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{Historic, HistoryEntry, Place, Was};
use crate::positions::Path;

/// The history of an element that has one.
pub(super) struct History<'a> {
    pub(super) file: FileId,
    /// The path of the element.
    pub(super) at: Path,
    what: &'static str,
    /// When it came and how it leaves, and what it is part of.
    own: Owner<'a>,
    owner: Option<Owner<'a>>,
    /// The entries, and what each attribute became.
    pub(super) changes: Vec<(HistoryEntry, Was)>,
}

impl History<'_> {
    /// A key of an entry.
    pub(super) fn path(&self, nth: usize, key: &'static str) -> Path {
        self.at.key("history").index(nth).key(key)
    }
}

impl<'a> Spec<'a> {
    /// The history of everything that has one.
    pub(super) fn histories(&self) -> impl Iterator<Item = History<'a>> {
        let root = Path::root();
        let part = move |file, (list, nth): (&'static str, usize), what, own, owner, changes| History {
            file,
            at: root.key(list).index(nth),
            what,
            own,
            owner,
            changes,
        };
        let of_fields = self.declared().filter(|it| it.list != "parameters" && !it.field.history.is_empty());
        let of_fields = of_fields.map({
            let part = part.clone();
            move |it| {
                let own = Owner::from(it.field);
                part(it.file, (it.list, it.index), it.what, own, it.owner, it.field.changes())
            }
        });
        let of_operations = self.operations().flat_map(move |(file, it)| {
            let owner = Owner::from(it);
            let part = part.clone();
            let parameters = it.parameters.iter().enumerate().filter(|(_, it)| !it.history().is_empty());
            let parameters = parameters.map(move |(nth, it)| {
                let own = Owner::from(&it.field);
                part(file, ("parameters", nth), "parameter", own, Some(owner), it.changes())
            });
            whole(file, "operation", owner, it).into_iter().chain(parameters)
        });
        let of_types = self.types().filter_map(|(file, it)| whole(file, "data type", Owner::from(it), it));
        of_fields.chain(of_operations).chain(of_types)
    }
}

fn whole<'a>(
    file: FileId,
    what: &'static str,
    own: Owner<'a>,
    it: &(impl Historic + Clone),
) -> Option<History<'a>> {
    let changes = it.changes();
    (!changes.is_empty()).then(|| History { file, at: Path::root(), what, own, owner: None, changes })
}

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.histories() {
        for nth in 0..it.changes.len() {
            in_time(spec, &it, nth, findings);
            in_order(spec, &it, nth, findings);
        }
    }
}

/// A release changes what there was before it and is after it.
fn in_time(spec: &Spec<'_>, it: &History<'_>, nth: usize, findings: &mut Findings) {
    let (HistoryEntry { release, was }, became) = &it.changes[nth];
    let (what, name, release_text) = (it.what, it.own.name.to_owned(), release.text.clone());
    let lives = || it.owner.into_iter().chain([it.own]);
    let since = lives().map(|it| it.since).max().filter(|since| release <= *since);
    let end = lives().filter_map(|it| it.retirement.removed.as_ref()).min().filter(|end| *end <= release);
    let problem = match (since, end) {
        (Some(since), _) if spec.are_declared(release, since) => {
            HistoryProblem::BeforeSince { what, name, release: release_text, since: since.text.clone() }
        }
        (_, Some(end)) if spec.are_declared(release, end) => {
            HistoryProblem::AfterRemoval { what, name, release: release_text, removed: end.text.clone() }
        }
        _ if is_same(was, became) => {
            let at = At::value(it.path(nth, "from"));
            // What could not be read is not what it says it is.
            if findings.has_at(it.file, &at) {
                return;
            }
            let problem = HistoryProblem::Unchanged {
                what,
                name,
                attribute: was.attribute(),
                value: was.text(),
                release: release_text,
            };
            findings.report(it.file, at, problem);
            return;
        }
        _ => return,
    };
    findings.report(it.file, At::value(it.path(nth, "in")), problem);
}

/// Entries stand in the order of releases, one for each attribute.
fn in_order(spec: &Spec<'_>, it: &History<'_>, nth: usize, findings: &mut Findings) {
    let (HistoryEntry { release, was }, _) = &it.changes[nth];
    let before = &it.changes[..nth];
    let is_twin = |(entry, _): &(HistoryEntry, Was)| {
        entry.release == *release && entry.was.attribute() == was.attribute()
    };
    let attribute = was.attribute();
    let problem = if before.iter().any(is_twin) {
        HistoryProblem::Twice { attribute, release: release.text.clone() }
    } else if let Some((previous, _)) = before.last().filter(|(it, _)| spec.is_older(release, &it.release)) {
        HistoryProblem::OutOfOrder { release: release.text.clone(), previous: previous.release.text.clone() }
    } else {
        return;
    };
    findings.report(it.file, At::value(it.path(nth, "in")), problem);
}

/// Whether an attribute is what it was, whatever follows from it.
fn is_same(was: &Was, became: &Was) -> bool {
    match became {
        // Outside of the body there is nothing to enclose.
        Was::Enclosed(Place::Path | Place::Query) => false,
        Was::In(_) | Was::Execution(..) | Was::Message(_) | Was::Reply(_) => was.text() == became.text(),
        _ => was == became,
    }
}
