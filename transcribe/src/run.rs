//! One run: all pages are read and merged into a draft.

use zstack_model::load::Loaded;
use zstack_model::{Type, TypeShape};

use crate::chapters::split;
use crate::consensus::Consensus;
use crate::draft::{Draft, ElementKey};
use crate::evidence;
use crate::exclusions::Exclusions;
use crate::input::{PageFile, decode};
use crate::known_types::{FieldsByType, KnownFields, KnownTypes, list_key};
use crate::line::Line;
use crate::lines::lines;
use crate::merge::{merge_page, settle, silence};
use crate::page::{Field, Page};
use crate::read::{self, Layout};
use crate::report::{NoteKind, PageNotes, Report, SourcePosition};
use crate::words::spec_type;
use crate::{examples, page};

/// The draft and the report of a run.
pub(crate) struct Run<'s> {
    pub(crate) draft: Draft<'s>,
    pub(crate) report: Report,
}

/// The lines of one operation.
struct Chapter<'f> {
    file: &'f str,
    lines: &'f [Line],
    layout: Layout,
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
        let mut run = Self { draft: Draft::new(spec), report };
        let mut chapters = Vec::new();
        for (file, lines) in &files {
            let found = split(lines);
            if found.is_empty() {
                let message =
                    "no operation was found: there is no method with a path, such as `POST zstack/v1/zones`";
                let at = SourcePosition { file: (*file).to_owned(), line: 1 };
                run.report.add(NoteKind::Invalid, at, message);
            }
            chapters.extend(found.into_iter().map(|lines| Chapter {
                file,
                lines,
                layout: Layout::of(lines),
            }));
        }
        // Pages of the portal may leave out what names their types, and glued ones the nesting; those of
        // the manual have both.
        for layout in [Layout::Manual, Layout::Bullets, Layout::Glued] {
            let chapters = chapters.iter().filter(|chapter| chapter.layout == layout).collect();
            run.merge_all(chapters, layout, exclusions);
        }
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

    /// The number of operations that pages describe.
    pub(crate) fn operations(&self) -> usize {
        self.draft.printed.iter().filter(|key| matches!(key, ElementKey::Operation(_))).count()
    }

    /// Merges the pages of a layout.
    fn merge_all(&mut self, chapters: Vec<&Chapter<'_>>, layout: Layout, exclusions: &Exclusions) {
        let fields = self.fields_of_types();
        let types = match layout {
            Layout::Glued => self.types_of_pages(&chapters, fields),
            _ => KnownTypes::new(&fields),
        };
        let mut read_pages = Vec::with_capacity(chapters.len());
        for Chapter { file, lines, .. } in chapters {
            let mut notes = PageNotes::default();
            let page = read::read(lines, layout, &types, &mut notes);
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
            merge_page(&mut self.draft, file, &page, &mut self.report);
        }
    }

    /// The types of the spec, with the fields that glued pages give to types.
    fn types_of_pages(&self, chapters: &[&Chapter<'_>], mut fields: FieldsByType) -> KnownTypes {
        let read = |types: &KnownTypes| {
            let mut consensus = Consensus::default();
            let pages: Vec<Page> = chapters
                .iter()
                .map(|Chapter { lines, layout, .. }| {
                    read::read(lines, *layout, types, &mut PageNotes::default())
                })
                .collect();
            pages.iter().for_each(|page| consensus.add(page));
            (pages, consensus)
        };
        // What a sample leaves out on one page, it has on another.
        let (pages, consensus) = read(&KnownTypes::new(&fields));
        pages.iter().for_each(|page| evidence::add(&mut fields, page));
        let mut with_lists = fields.clone();
        consensus.add_lists(&mut with_lists);
        let types = KnownTypes::new(&with_lists).without_at_top(consensus.rare_at_top());
        // A type is the same on all pages.
        let (_, consensus) = read(&types);
        let mut completed = fields.clone();
        consensus.complete(&mut completed);
        let types = KnownTypes::new(&completed).without_at_top(consensus.rare_at_top());
        // Pages that were outvoted agree with the others now, and change what depends on them.
        let (_, consensus) = read(&types);
        consensus.complete(&mut fields);
        KnownTypes::new(&fields).without_at_top(consensus.rare_at_top())
    }

    /// The fields of all records, and of those that lists contain.
    fn fields_of_types(&self) -> FieldsByType {
        let mut types = FieldsByType::new();
        for (nth, ty) in self.draft.types.iter().enumerate() {
            if matches!(ty.shape, TypeShape::Record { .. }) {
                let names = self.draft.field_names(nth).into_iter().map(str::to_owned);
                types.insert(ty.name.clone(), KnownFields::complete(names));
            }
        }
        for ty in &self.draft.types {
            for field in ty.own_fields() {
                if let Type::List(element) = &field.ty
                    && let Some(fields) = element.data_type_name().and_then(|name| types.get(name)).cloned()
                {
                    types.entry(list_key(None, &field.name)).or_insert_with(|| fields.clone());
                    types.insert(list_key(Some(&ty.name), &field.name), fields);
                }
            }
        }
        types
    }
}

/// Returns the number of tables at the top of a response whose types have no names.
fn unnamed_tables(page: &Page) -> usize {
    if page.response.iter().all(|field| field.name == "error") && page.response_sample.is_some() {
        return usize::MAX;
    }
    let is_unnamed = |field: &&Field| field.fields.is_some() && spec_type(&field.ty).is_some();
    page.response.iter().filter(is_unnamed).count() + usize::from(page.form == page::Form::Glued)
}
