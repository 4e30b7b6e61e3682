//! `cargo xtask transcribe`.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use serde_json::json;
use zstack_codegen::write;
use zstack_model::load::{Folder, Loaded, load_tree};
use zstack_transcribe::{NoteKind, PageFile, Report, SIZE_LIMIT, Transcription, compare, transcribe};

use crate::Spec;
use crate::exit::{Error, Exit};

#[derive(Args)]
pub(crate) struct Transcribe {
    #[command(flatten)]
    spec: Spec,
    /// Pages: files, folders with pages (`*.txt`, `*.md`, `*.html`, `*.htm`), or `-` for the standard input
    #[arg(value_name = "PAGE", required = true)]
    pages: Vec<Utf8PathBuf>,
    /// Write nothing; fail when the pages differ from the spec in what it does not declare
    #[arg(long)]
    check: bool,
    /// Write nothing; show the files that would be written
    #[arg(long, conflicts_with = "check")]
    dry_run: bool,
    /// Fail, and write nothing, when something was guessed, ignored or unreadable
    #[arg(long)]
    strict: bool,
    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// The notes that make a run fail with `--strict`.
const STRICT: [NoteKind; 3] = [NoteKind::Guessed, NoteKind::Ignored, NoteKind::Unreadable];

pub(crate) fn run(
    Transcribe { spec, pages, check, dry_run, strict, format }: Transcribe,
) -> Result<Exit, Error> {
    let dir = spec.dir();
    let pages = read_pages(&pages).map_err(Error::usage)?;
    let spec = if is_empty(&dir)? { None } else { Some(load_tree(&Folder::new(&dir), &dir)?) };
    if check {
        let spec =
            spec.ok_or_else(|| Error::usage(format!("there is no spec in {dir} to compare the pages with")))?;
        return Ok(compare_pages(&pages, &spec, strict, format)?);
    }
    write_files(&pages, spec.as_ref(), &dir, dry_run, strict, format)
}

fn compare_pages(pages: &[PageFile], spec: &Loaded, strict: bool, format: Format) -> io::Result<Exit> {
    let report = compare(pages, spec);
    let differences = report.notes().iter().filter(|note| is_difference(note.kind)).count();
    let mut out = anstream::stdout().lock();
    match format {
        Format::Json => {
            writeln!(out, "{:#}", json!({ "differences": differences, "notes": report.to_json() }))?
        }
        Format::Text => {
            write!(out, "{report}")?;
            let pages = if pages.len() == 1 { "1 file".to_owned() } else { format!("{} files", pages.len()) };
            match differences {
                0 => writeln!(out, "{pages}: no differences from {} that it does not declare", spec.name)?,
                1 => writeln!(out, "{pages}: 1 difference from {}", spec.name)?,
                count => writeln!(out, "{pages}: {count} differences from {}", spec.name)?,
            }
        }
    }
    let fails = differences > 0 || strict && STRICT.iter().any(|kind| report.has(*kind));
    Ok(if fails { Exit::Findings } else { Exit::Success })
}

fn is_difference(kind: NoteKind) -> bool {
    matches!(kind, NoteKind::Conflict | NoteKind::Missing | NoteKind::Invalid)
}

fn write_files(
    pages: &[PageFile],
    spec: Option<&Loaded>,
    dir: &Utf8Path,
    dry_run: bool,
    strict: bool,
    format: Format,
) -> Result<Exit, Error> {
    let Transcription { files, report: notes, operations } =
        transcribe(pages, spec).map_err(|diagnostics| Error::Spec {
            diagnostics,
            consequence: Some("the pages would make the spec invalid; nothing was written"),
        })?;
    let is_refused = strict && STRICT.iter().any(|kind| notes.has(*kind));
    let writes = !dry_run && !is_refused;
    if writes {
        write::refuse_links(dir, files.keys().map(|path| &**path), "transcribe").map_err(Error::failure)?;
        // The list of releases and categories comes first: what names them is valid then.
        for (path, text) in in_order(&files) {
            write::replace(&dir.join(path), text)?;
        }
    }
    let mut out = anstream::stdout().lock();
    match format {
        Format::Json => {
            let paths: Vec<_> = files.keys().map(|path| path.as_str()).collect();
            let summary = json!({ "written": writes, "files": paths, "operations": operations, "notes": notes.to_json() });
            writeln!(out, "{summary:#}")?;
        }
        Format::Text => summary(&mut out, &files, &notes, dir, (operations, dry_run, is_refused))?,
    }
    out.flush()?;
    let fails = is_refused || notes.has(NoteKind::Invalid) || notes.has(NoteKind::Conflict);
    Ok(if fails { Exit::Findings } else { Exit::Success })
}

/// `api.yaml` first, then types, which operations name.
fn in_order(files: &BTreeMap<Utf8PathBuf, String>) -> Vec<(&Utf8PathBuf, &String)> {
    let mut files: Vec<_> = files.iter().collect();
    files.sort_by_key(|(path, _)| (path.starts_with("operations"), path.starts_with("types")));
    files
}

fn summary(
    out: &mut impl io::Write,
    files: &BTreeMap<Utf8PathBuf, String>,
    notes: &Report,
    dir: &Utf8Path,
    (operations, dry_run, is_refused): (usize, bool, bool),
) -> io::Result<()> {
    write!(out, "{notes}")?;
    for (path, text) in files.iter().filter(|_| dry_run) {
        writeln!(out, "--- {dir}/{path}\n{text}")?;
    }
    let read = if operations == 1 { "1 operation".to_owned() } else { format!("{operations} operations") };
    let changed = match files.len() {
        0 => "nothing is new".to_owned(),
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    match () {
        () if operations == 0 => writeln!(out, "no operation was read, and nothing was written"),
        () if files.is_empty() => writeln!(out, "{read} read; {dir}: {changed}"),
        () if is_refused => {
            writeln!(out, "{read} read; nothing was written, since --strict refuses the notes above")
        }
        () if dry_run => writeln!(out, "{read} read; {changed} would be written to {dir}"),
        () => writeln!(out, "{read} read; {changed} written to {dir}; run `cargo xtask check`"),
    }
}

/// Returns whether a folder has no spec: it does not exist, or has no `api.yaml`, types and operations.
fn is_empty(dir: &Utf8Path) -> io::Result<bool> {
    for entry in ["api.yaml", "types", "operations"] {
        if dir.join(entry).try_exists()? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The endings of the names of pages in a folder.
const ENDINGS: [&str; 5] = ["txt", "md", "markdown", "html", "htm"];

fn read_pages(names: &[Utf8PathBuf]) -> io::Result<Vec<PageFile>> {
    let mut pages = Vec::new();
    for name in names {
        if name == "-" {
            let mut bytes = Vec::new();
            io::stdin().lock().take(SIZE_LIMIT + 1).read_to_end(&mut bytes)?;
            pages.push(PageFile { name: "standard input".to_owned(), bytes });
        } else if fs_err::metadata(name)?.is_dir() {
            let before = pages.len();
            read_folder(name, &mut pages)?;
            if pages.len() == before {
                let message = format!("{name} has no pages: files that end in .{}", ENDINGS.join(", ."));
                return Err(io::Error::new(io::ErrorKind::NotFound, message));
            }
        } else {
            pages.push(read_page(name)?);
        }
    }
    Ok(pages)
}

fn read_folder(folder: &Utf8Path, pages: &mut Vec<PageFile>) -> io::Result<()> {
    let mut entries: Vec<_> = folder.read_dir_utf8()?.collect::<Result<_, _>>()?;
    entries.sort_by(|one, other| one.file_name().cmp(other.file_name()));
    for entry in entries {
        let kind = entry.file_type()?;
        let path = entry.path();
        if kind.is_dir() {
            read_folder(path, pages)?;
        } else if kind.is_file()
            && path.extension().is_some_and(|end| ENDINGS.contains(&&*end.to_lowercase()))
        {
            pages.push(read_page(path)?);
        }
    }
    Ok(())
}

/// Reads a file, and no more of it than a page may have.
fn read_page(path: &Utf8Path) -> io::Result<PageFile> {
    let mut bytes = Vec::new();
    fs_err::File::open(path)?.take(SIZE_LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(PageFile { name: path.to_string(), bytes })
}
