//! Checks of the values that histories record, by the same rules as current values.

use std::collections::{BTreeSet, HashMap};

use super::spec::Spec;
use super::{bodies, constraints, extends, paths, queries, types};
use crate::findings::{At, FileId, Finding, Findings};
use crate::lower::Draft;
use crate::model::{Historic, Operation, TypeShape, Version};
use crate::positions::{Path, Step};

/// Checks, for each release with history entries, the files that it changed as they were before it. Problems
/// that the current spec has as well are reported once.
pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let histories: Vec<_> = spec.histories().collect();
    let values: Vec<_> = histories
        .iter()
        .flat_map(|history| {
            let numbered = history.changes.iter().enumerate();
            numbered.map(move |(nth, (entry, _))| PastValue {
                file: history.file,
                element: history.at.clone(),
                release: &entry.release,
                attribute: entry.was.attribute(),
                from: history.path(nth, "from"),
            })
        })
        .collect();
    let releases: BTreeSet<_> = values.iter().map(|value| value.release).collect();
    let mut reported = Findings::default();
    for release in releases.into_iter().rev() {
        let before = Before::new(spec, release, &values);
        let past = Spec::before(&before.draft, spec);
        let mut found = Findings::default();
        for check in
            [types::check, extends::check, paths::check, queries::check, bodies::check, constraints::check]
        {
            check(&past, &mut found);
        }
        for it in found {
            let it = before.in_file(it);
            if findings.has(&it) || reported.has(&it) {
                continue;
            }
            findings.push(before.in_history(&it));
            reported.push(it);
        }
    }
}

/// A history entry and the path of its value.
struct PastValue<'a> {
    file: FileId,
    element: Path,
    release: &'a Version,
    attribute: &'static str,
    from: Path,
}

/// The files that a release changed, as they were before it.
struct Before<'a> {
    release: &'a Version,
    values: &'a [PastValue<'a>],
    draft: Draft,
    /// For each operation, the current indices of the parameters that it had then.
    parameters: HashMap<FileId, Vec<usize>>,
}

impl<'a> Before<'a> {
    fn new(spec: &Spec<'_>, release: &'a Version, values: &'a [PastValue<'a>]) -> Self {
        let is_changed =
            |file: FileId| values.iter().any(|value| value.file == file && value.release == release);
        let mut before = Self { release, values, draft: Draft::default(), parameters: HashMap::new() };
        if let Some((file, service, categories)) = &spec.draft.api {
            let mut service = service.clone();
            service.envelope.iter_mut().for_each(|field| before.undo(field));
            before.draft.api = Some((*file, service, categories.clone()));
        }
        before.draft.unread_types.clone_from(&spec.draft.unread_types);
        for (file, ty) in spec.types().filter(|(file, ty)| is_changed(*file) && ty.since < *release) {
            let mut ty = ty.clone();
            before.undo(&mut ty);
            if let TypeShape::Record { fields, .. } = &mut ty.shape {
                fields.iter_mut().for_each(|field| before.undo(field));
            }
            before.draft.types.push((file, ty));
        }
        for (file, operation) in
            spec.operations().filter(|(file, operation)| is_changed(*file) && operation.since < *release)
        {
            let operation = before.operation(file, operation.clone());
            before.draft.operations.push((file, operation));
        }
        before
    }

    fn undo(&self, element: &mut impl Historic) {
        element.undo(|release| release < self.release);
    }

    /// Restores an operation and the parameters that it had then, which its paths refer to.
    fn operation(&mut self, file: FileId, mut operation: Operation) -> Operation {
        self.undo(&mut operation);
        let mut kept = Vec::new();
        let mut parameters = Vec::new();
        for (nth, mut parameter) in operation.parameters.into_iter().enumerate() {
            self.undo(&mut parameter);
            if parameter.field.since < *self.release {
                kept.push(nth);
                parameters.push(parameter);
            }
        }
        operation.parameters = parameters;
        operation.response.iter_mut().for_each(|field| self.undo(field));
        self.parameters.insert(file, kept);
        operation
    }

    /// Moves a finding to its position in the current file.
    fn in_file(&self, finding: Finding) -> Finding {
        let At::Path(path, spot) = &finding.at else { return finding };
        let kept = self.parameters.get(&finding.file);
        let at = match (path.steps(), kept) {
            ([Step::Key(list), Step::Index(nth), rest @ ..], Some(kept)) if list == "parameters" => {
                let nth = kept.get(*nth).copied().unwrap_or(*nth);
                Path::root().key("parameters").index(nth).join(rest)
            }
            _ => path.clone(),
        };
        Finding { at: At::Path(at, spot.clone()), ..finding }
    }

    /// Moves a finding to the history entry with the value. The finding about a value that did not
    /// change moves to another entry of the release, which causes it.
    fn in_history(&self, finding: &Finding) -> Finding {
        let moved_to = |at| Finding {
            file: finding.file,
            at,
            kind: finding.kind.clone(),
            related: finding.related.clone(),
        };
        let At::Path(path, spot) = &finding.at else { return moved_to(finding.at.clone()) };
        let (element, value) = match path.steps() {
            [list, nth @ Step::Index(_), value @ ..] if !value.is_empty() => {
                (Path::root().join(&[list.clone(), nth.clone()]), value)
            }
            value => (Path::root(), value),
        };
        let of_file = || self.values.iter().filter(|value| value.file == finding.file);
        let entry = value.split_first().and_then(|(key, rest)| {
            let is_about = |value: &&PastValue<'_>| {
                value.element == element
                    && value.release >= self.release
                    && matches!(key, Step::Key(key) if key == value.attribute)
            };
            Some(At::Path(of_file().find(is_about)?.from.join(rest), spot.clone()))
        });
        let of_release = || of_file().filter(|value| value.release == self.release);
        let nearby = || of_release().find(|value| value.element == element).or_else(|| of_release().next());
        let at = entry.or_else(|| nearby().map(|value| At::value(value.from.clone())));
        moved_to(at.unwrap_or_else(|| finding.at.clone()))
    }
}
