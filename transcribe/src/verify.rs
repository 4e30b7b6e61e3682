//! Holds what would be written against the rules of the spec. A page that would break one is left
//! out, and reported; the rest is written.

use std::collections::BTreeSet;

use camino::Utf8Path;
use zstack_model::diagnostics::{Diagnostics, Problem};
use zstack_model::load::{Loaded, Memory, load_flawed};

use crate::draft::ElementKey;
use crate::input::PageFile;
use crate::page::Page;
use crate::report::{NoteKind, SourcePosition};
use crate::run::Run;
use crate::{Transcription, write};

/// How often pages are left out before the run gives up.
const ROUNDS: usize = 8;

/// What earlier rounds showed to be invalid.
#[derive(Debug, Default)]
pub(crate) struct Exclusions {
    /// Lines of pages, with what is wrong with the file that they became.
    pub(crate) pages: Vec<(SourcePosition, String)>,
    /// Operations whose samples do not become examples.
    pub(crate) examples: BTreeSet<String>,
}

impl Exclusions {
    /// Whether a page is left out.
    pub(crate) fn contains(&self, file: &str, page: &Page) -> bool {
        let lines = page.first_line..=page.last_line;
        self.pages.iter().any(|(at, _)| at.file == file && lines.contains(&at.line))
    }
}

/// Merges pages until the spec that would be written is valid.
pub(crate) fn transcribe(pages: &[PageFile], spec: Option<&Loaded>) -> Result<Transcription, Diagnostics> {
    let mut exclusions = Exclusions::default();
    let mut round = 0;
    loop {
        let mut run = Run::new(pages, spec, &exclusions);
        run.report.remove(NoteKind::Missing);
        let files = write::files(&run.draft);
        let texts = spec.into_iter().flat_map(|spec| &spec.texts).map(|(path, text)| (path.clone(), text.clone()));
        let written = files.iter().map(|(path, text)| (path.clone(), text.clone()));
        let tree: Memory = texts.chain(written).map(|(path, text)| (path, text.into_bytes())).collect();
        let name = spec.map_or(Utf8Path::new("spec"), |spec| &spec.name);
        if files.is_empty() {
            return Ok(Transcription { files, report: run.report, operations: run.operations });
        }
        let (_, diagnostics) = load_flawed(&tree, name, spec);
        if diagnostics.is_empty() {
            return Ok(Transcription { files, report: run.report, operations: run.operations });
        }
        let is_progress = exclude(&run, diagnostics.problems(), name, &mut exclusions);
        round += 1;
        if !is_progress || round == ROUNDS {
            return Err(diagnostics);
        }
    }
}

/// Excludes the pages and the examples that have problems; returns whether there are some.
fn exclude(run: &Run<'_>, problems: &[Problem], name: &Utf8Path, exclusions: &mut Exclusions) -> bool {
    let mut is_progress = false;
    for problem in problems {
        let file = problem.place.file.strip_prefix(name).unwrap_or(&problem.place.file);
        let Some(stem) = file.file_stem().map(str::to_owned) else { continue };
        let is_operation = file.starts_with("operations");
        if is_operation && problem.code().starts_with("example") {
            is_progress |= exclusions.examples.insert(stem);
            continue;
        }
        let key = if is_operation { ElementKey::Operation(stem) } else { ElementKey::DataType(stem) };
        let Some(origin) = run.draft.origins.get(&key) else { continue };
        let message = format!("the {key} of this page would be invalid, and was left out: {}", problem.message());
        let is_known = exclusions.pages.iter().any(|(at, _)| *at == origin.at);
        if !is_known {
            exclusions.pages.push((origin.at.clone(), message));
            is_progress = true;
        }
    }
    is_progress
}
