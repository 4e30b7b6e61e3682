//! One run: all pages are read and merged into a draft.

use zstack_model::load::Loaded;
use zstack_model::{Type, TypeShape};

use crate::chapters::split;
use crate::draft::{Draft, ElementKey};
use crate::evidence::{self, TypeFields};
use crate::exclusions::Exclusions;
use crate::input::{PageFile, decode};
use crate::line::Line;
use crate::lines::lines;
use crate::merge::{merge_page, settle, silence};
use crate::page::{Field, Page};
use crate::read;
use crate::report::{NoteKind, PageNotes, Report, SourcePosition};
use crate::titles::is_portal;
use crate::words::spec_type;
use crate::{examples, page};

/// The draft and the report of a run.
pub(crate) struct Run<'s> {
    pub(crate) draft: Draft<'s>,
    pub(crate) report: Report,
    pub(crate) operations: usize,
}

impl<'s> Run<'s> {
    /// Reads and merges pages, except for those that earlier runs showed to be invalid.
    pub(crate) fn new(pages: &[PageFile], spec: Option<&'s Loaded>, exclusions: &Exclusions) -> Self {
        let mut report = Report::default();
        let mut files: Vec<(&str, Vec<Line>)> = Vec::with_capacity(pages.len());
        for file in pages {
            match decode(&file.bytes) {
                Ok(text) => files.push((&file.name, lines(text))),
                Err((line, message)) => {
                    let at = SourcePosition { file: file.name.clone(), line };
                    report.add(NoteKind::Invalid, at, message);
                }
            }
        }
        let mut run = Self { draft: Draft::new(spec), report, operations: 0 };
        run.draft.refused_categories.clone_from(&exclusions.categories);
        let mut chapters = Vec::new();
        for (file, lines) in &files {
            let found = split(lines);
            if found.is_empty() {
                let message =
                    "no operation was found: there is no method with a path, such as `POST zstack/v1/zones`";
                run.report.add(
                    NoteKind::Invalid,
                    SourcePosition { file: (*file).to_owned(), line: 1 },
                    message,
                );
            }
            chapters.extend(found.into_iter().map(|lines| (*file, lines)));
        }
        let (portal, manual): (Vec<_>, Vec<_>) =
            chapters.into_iter().partition(|(_, lines)| is_portal(lines));
        run.merge_all(manual, exclusions, false);
        // These may leave out what names their types; the others do not.
        let (bulleted, glued): (Vec<_>, Vec<_>) =
            portal.into_iter().partition(|(_, lines)| has_bullets(lines));
        run.merge_all(bulleted, exclusions, false);
        run.merge_all(glued, exclusions, true);
        settle::settle(&mut run.draft);
        examples::build(&mut run.draft, &mut run.report);
        for name in &exclusions.examples {
            run.draft.examples.remove(name);
        }
        silence::report(&run.draft, &mut run.report);
        for (at, message) in &exclusions.pages {
            run.report.add(NoteKind::Invalid, at.clone(), message.clone());
        }
        run.report.finish();
        run
    }

    fn merge_all(&mut self, chapters: Vec<(&str, &[Line])>, exclusions: &Exclusions, is_glued: bool) {
        let mut types = self.type_fields();
        if is_glued {
            // What a sample leaves out on one page, it has on another.
            for (_, lines) in &chapters {
                let find = |name: &str| types.get(name).cloned();
                let page = read::read(lines, &find, &mut PageNotes::default());
                evidence::add(&mut types, &page);
            }
        }
        let find = |name: &str| types.get(name).cloned();
        let mut read_pages = Vec::with_capacity(chapters.len());
        for (file, lines) in chapters {
            let mut notes = PageNotes::default();
            let page = read::read(lines, &find, &mut notes);
            if exclusions.contains(file, &page) {
                continue;
            }
            notes.report(file, &mut self.report);
            read_pages.push((file, page));
        }
        for (_, page) in &read_pages {
            evidence::add_named(&mut self.draft.named_by_pages, &page.response);
        }
        // Pages that name all types come first, so that the others can recognize them.
        read_pages.sort_by_key(|(_, page)| unnamed_tables(page));
        for (file, page) in read_pages {
            let before = self.draft.operations.len();
            merge_page(&mut self.draft, file, &page, &mut self.report);
            let is_added = self.draft.operations.len() > before;
            let is_known = page
                .name
                .as_ref()
                .is_some_and(|name| self.draft.printed.contains(&ElementKey::Operation(name.value.clone())));
            self.operations += usize::from(is_added || is_known);
        }
    }

    /// The names of the fields of all records, and of those that lists contain.
    fn type_fields(&self) -> TypeFields {
        let mut fields = TypeFields::new();
        for (nth, ty) in self.draft.types.iter().enumerate() {
            if matches!(ty.shape, TypeShape::Record { .. }) {
                let names = self.draft.field_names(nth).into_iter().map(str::to_owned).collect();
                fields.insert(ty.name.clone(), names);
            }
        }
        for field in self.draft.types.iter().flat_map(|ty| ty.own_fields()) {
            if let Type::List(element) = &field.ty
                && let Some(names) = element.data_type_name().and_then(|name| fields.get(name)).cloned()
            {
                fields.entry(read::list_key(&field.name)).or_insert(names);
            }
        }
        fields
    }
}

fn has_bullets(lines: &[Line]) -> bool {
    lines.iter().any(|line| line.indent > 0 && line.text.starts_with('•'))
}

/// Returns the number of tables at the top of a response whose types have no names.
fn unnamed_tables(page: &Page) -> usize {
    if page.response.iter().all(|field| field.name == "error") && page.response_sample.is_some() {
        return usize::MAX;
    }
    let is_unnamed = |field: &&Field| field.fields.is_some() && spec_type(&field.ty).is_some();
    page.response.iter().filter(is_unnamed).count() + usize::from(page.form == page::Form::Glued)
}
