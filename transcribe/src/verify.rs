//! Verifies the files against the rules of the spec before they are written. A page that would break
//! a rule is left out, and reported; the rest is written.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_model::diagnostics::{Diagnostics, Place, Problem};
use zstack_model::load::{Loaded, Memory, load_flawed};

use crate::draft::ElementKey;
use crate::exclusions::Exclusions;
use crate::input::PageFile;
use crate::report::{NoteKind, Report};
use crate::run::Run;
use crate::write;

/// The number of times that pages are left out before the run gives up.
const ROUNDS: usize = 8;

/// The files that pages become, and the report.
#[derive(Debug)]
pub struct Transcription {
    /// The files that are new or changed, by path below the folder of the spec.
    pub files: BTreeMap<Utf8PathBuf, String>,
    /// Notes about guesses, omissions and contradictions.
    pub report: Report,
    /// The number of operations that were read.
    pub operations: usize,
}

/// Merges pages until the spec that would be written is valid.
pub(crate) fn transcribe(pages: &[PageFile], spec: Option<&Loaded>) -> Result<Transcription, Diagnostics> {
    let mut exclusions = Exclusions::default();
    let mut round = 0;
    loop {
        let mut run = Run::new(pages, spec, &exclusions);
        run.report.remove(NoteKind::Missing);
        let files = write::files(&run.draft);
        let name = spec.map_or(Utf8Path::new("spec"), |spec| &spec.name);
        let Some(diagnostics) = diagnose(&files, spec, name) else {
            let operations = run.operations();
            return Ok(Transcription { files, report: run.report, operations });
        };
        let is_progress = exclude(&run, diagnostics.problems(), name, &mut exclusions);
        round += 1;
        if !is_progress || round == ROUNDS {
            return Err(diagnostics);
        }
    }
}

/// Returns the problems of the spec that the files would make, if it has any.
fn diagnose(
    files: &BTreeMap<Utf8PathBuf, String>,
    spec: Option<&Loaded>,
    name: &Utf8Path,
) -> Option<Diagnostics> {
    if files.is_empty() {
        return None;
    }
    let known = spec.into_iter().flat_map(|spec| &spec.texts);
    let tree: Memory =
        known.chain(files).map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
    let (_, diagnostics) = load_flawed(&tree, name, spec);
    (!diagnostics.is_empty()).then_some(diagnostics)
}

/// Excludes the pages and the examples that have problems; returns whether there are some.
fn exclude(run: &Run<'_>, problems: &[Problem], name: &Utf8Path, exclusions: &mut Exclusions) -> bool {
    let mut is_progress = false;
    for problem in problems {
        for key in keys(run, problem, name) {
            let Some(origin) = run.draft.origins.get(&key) else { continue };
            if let ElementKey::Operation(operation) = &key
                && problem.code().starts_with("example")
            {
                is_progress |= exclusions.examples.insert(operation.clone());
            } else if exclusions.pages.iter().all(|(at, _)| *at != origin.at) {
                let message = problem.message();
                let message = format!("the {key} of this page would be invalid, and was left out: {message}");
                exclusions.pages.push((origin.at.clone(), message));
                is_progress = true;
            }
        }
    }
    is_progress
}

/// The new elements that a problem comes from.
fn keys(run: &Run<'_>, problem: &Problem, name: &Utf8Path) -> Vec<ElementKey> {
    // What two files have in common is reported in one of them, which may be the older one.
    let related = problem.related.as_ref().map(|related| &related.place);
    let places = [Some(&problem.place), related].into_iter().flatten();
    let of_file = places.filter_map(|place| key(place, name)).find(|key| run.draft.is_new(key));
    of_file.into_iter().collect()
}

/// The element whose file has a problem.
fn key(place: &Place, name: &Utf8Path) -> Option<ElementKey> {
    let file = place.file.strip_prefix(name).unwrap_or(&place.file);
    let stem = file.file_stem()?.to_owned();
    let is_operation = file.starts_with("operations");
    Some(if is_operation { ElementKey::Operation(stem) } else { ElementKey::DataType(stem) })
}
