//! What elements were before, held to the rules that hold today.

use std::collections::{BTreeMap, HashMap};

use super::spec::Spec;
use super::{bodies, constraints, extends, paths, queries, types};
use crate::findings::{At, FileId, Finding, Findings};
use crate::lower::Draft;
use crate::model::{Historic, Operation, TypeShape, Version};
use crate::positions::{Path, Step};

/// For each release that changed something: the files with a change of it, as
/// they were right before it. What is wrong with them already is told once.
pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    let histories: Vec<_> = spec.histories().collect();
    let places: Vec<_> = histories
        .iter()
        .flat_map(|history| {
            let numbered = history.changes.iter().enumerate();
            numbered.map(move |(nth, (entry, _))| PastPlace {
                file: history.file,
                element: history.at.clone(),
                release: &entry.release,
                attribute: entry.was.attribute(),
                from: history.path(nth, "from"),
            })
        })
        .collect();
    let releases: BTreeMap<_, _> =
        places.iter().map(|place| (place.release.numbers, place.release)).collect();
    let mut told = Findings::default();
    for release in releases.into_values().rev() {
        let before = Before::new(spec, release, &places);
        let past = Spec::before(&before.draft, spec);
        let mut found = Findings::default();
        for rule in
            [types::check, extends::check, paths::check, queries::check, bodies::check, constraints::check]
        {
            rule(&past, &mut found);
        }
        for it in found {
            let it = before.in_file(it);
            if findings.has(&it) || told.has(&it) {
                continue;
            }
            findings.push(before.in_history(&it));
            told.push(it);
        }
    }
}

/// An entry, and where it says what was.
struct PastPlace<'a> {
    file: FileId,
    element: Path,
    release: &'a Version,
    attribute: &'static str,
    from: Path,
}

/// Some files, as they were before a release.
struct Before<'a> {
    release: &'a Version,
    places: &'a [PastPlace<'a>],
    draft: Draft,
    /// Where the parameters of operations stand that had them then.
    parameters: HashMap<FileId, Vec<usize>>,
}

impl<'a> Before<'a> {
    fn new(spec: &Spec<'_>, release: &'a Version, places: &'a [PastPlace<'a>]) -> Self {
        let is_changed =
            |file: FileId| places.iter().any(|place| place.file == file && place.release == release);
        let mut it = Self { release, places, draft: Draft::default(), parameters: HashMap::new() };
        if let Some((file, service, categories)) = &spec.draft.api {
            let mut service = service.clone();
            service.envelope.iter_mut().for_each(|field| it.undo(field));
            it.draft.api = Some((*file, service, categories.clone()));
        }
        it.draft.unread_types.clone_from(&spec.draft.unread_types);
        for (file, ty) in spec.types().filter(|(file, it)| is_changed(*file) && it.since < *release) {
            let mut ty = ty.clone();
            it.undo(&mut ty);
            if let TypeShape::Record { fields, .. } = &mut ty.shape {
                fields.iter_mut().for_each(|field| it.undo(field));
            }
            it.draft.types.push((file, ty));
        }
        for (file, operation) in
            spec.operations().filter(|(file, it)| is_changed(*file) && it.since < *release)
        {
            let operation = it.operation(file, operation.clone());
            it.draft.operations.push((file, operation));
        }
        it
    }

    fn undo(&self, element: &mut impl Historic) {
        element.undo(|release| release < self.release);
    }

    /// An operation with the parameters of then: its paths were made of those.
    fn operation(&mut self, file: FileId, mut it: Operation) -> Operation {
        self.undo(&mut it);
        let mut kept = Vec::new();
        let mut parameters = Vec::new();
        for (nth, mut parameter) in it.parameters.into_iter().enumerate() {
            self.undo(&mut parameter);
            if parameter.field.since < *self.release {
                kept.push(nth);
                parameters.push(parameter);
            }
        }
        it.parameters = parameters;
        it.response.iter_mut().for_each(|field| self.undo(field));
        self.parameters.insert(file, kept);
        it
    }

    /// A problem in its place in the file of today.
    fn in_file(&self, it: Finding) -> Finding {
        let At::Path(path, spot) = &it.at else { return it };
        let kept = self.parameters.get(&it.file);
        let at = match (path.steps(), kept) {
            ([Step::Key(list), Step::Index(nth), rest @ ..], Some(kept)) if list == "parameters" => {
                let nth = kept.get(*nth).copied().unwrap_or(*nth);
                Path::root().key("parameters").index(nth).join(rest)
            }
            _ => path.clone(),
        };
        Finding { at: At::Path(at, spot.clone()), ..it }
    }

    /// A problem where an entry says what the value was; or, of a value that
    /// stayed, at an entry of the release, since without it there is none.
    fn in_history(&self, it: &Finding) -> Finding {
        let said = |at| Finding { file: it.file, at, kind: it.kind.clone(), related: it.related.clone() };
        let At::Path(path, spot) = &it.at else { return said(it.at.clone()) };
        let (element, value) = match path.steps() {
            [list, nth @ Step::Index(_), value @ ..] if !value.is_empty() => {
                (Path::root().join(&[list.clone(), nth.clone()]), value)
            }
            value => (Path::root(), value),
        };
        let of_file = || self.places.iter().filter(|place| place.file == it.file);
        let entry = value.split_first().and_then(|(key, rest)| {
            let says = |place: &&PastPlace<'_>| {
                place.element == element
                    && place.release >= self.release
                    && matches!(key, Step::Key(key) if key == place.attribute)
            };
            Some(At::Path(of_file().find(says)?.from.join(rest), spot.clone()))
        });
        let of_release = || of_file().filter(|place| place.release == self.release);
        let nearby = || of_release().find(|place| place.element == element).or_else(|| of_release().next());
        let at = entry.or_else(|| nearby().map(|place| At::value(place.from.clone())));
        said(at.unwrap_or_else(|| it.at.clone()))
    }
}
