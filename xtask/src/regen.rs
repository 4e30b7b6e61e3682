//! `cargo xtask regen`.

use std::io::{self, Write as _};

use camino::{Utf8Path, Utf8PathBuf};
use zstack_codegen::emit::{self, GeneratedFile};
use zstack_codegen::write::{self, Plan, WriteError};
use zstack_model::load::load;
use zstack_model::schema::schemas;

use crate::check;
use crate::exit::Exit;
use crate::progress::Progress;

/// What to do with what is stale.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

pub(crate) fn run(spec: &Utf8Path, out: &Utf8Path, mode: Mode) -> io::Result<Exit> {
    let progress = Progress::new();
    progress.step(format!("reading the spec in {spec}"));
    let model = match load(spec) {
        Ok(model) => model,
        Err(diagnostics) => {
            drop(progress);
            check::report(&diagnostics)?;
            writeln!(anstream::stderr(), "nothing was written")?;
            return Ok(Exit::SpecProblems);
        }
    };
    progress.step(format!("generating {} operations", model.operations.len()));
    let files = emit::emit(&model);
    progress.step(format!("comparing {} files with what is there", files.len()));
    // Both are compared before either is written.
    let plans = [
        (out, write::plan(out, files, &emit::FOLDERS)),
        (spec, write::plan(spec, schema_files(), &["schema"])),
    ];
    let mut found = Vec::new();
    for (root, plan) in plans {
        match plan {
            Ok(plan) => found.push((root, plan)),
            Err(error) => {
                drop(progress);
                return failed(&error);
            }
        }
    }
    if mode == Mode::Write {
        for (root, plan) in found.iter().filter(|(_, plan)| !plan.is_empty()) {
            progress.step(format!("writing {} files", plan.stale.len()));
            if let Err(error) = write::apply(root, plan) {
                drop(progress);
                return failed(&error);
            }
        }
    }
    drop(progress);
    summary(&found, mode)
}

fn schema_files() -> Vec<GeneratedFile> {
    let file = |(name, text)| GeneratedFile { path: Utf8PathBuf::from("schema").join(name), text };
    schemas().into_iter().map(file).collect()
}

fn failed(error: &WriteError) -> io::Result<Exit> {
    writeln!(anstream::stderr(), "error: {error}")?;
    Ok(Exit::Findings)
}

fn summary(plans: &[(&Utf8Path, Plan)], mode: Mode) -> io::Result<Exit> {
    let mut out = anstream::stdout().lock();
    let (write, remove) = match mode {
        Mode::Write => ("wrote", "removed"),
        Mode::Check => ("stale", "not generated any more"),
    };
    let mut changes = 0;
    let mut unchanged = 0;
    for (root, plan) in plans {
        let shown = |path| if *root == "." { Utf8Path::to_owned(path) } else { root.join(path) };
        for file in &plan.stale {
            writeln!(out, "{write}: {}", shown(&file.path))?;
        }
        for orphan in &plan.orphans {
            writeln!(out, "{remove}: {}", shown(orphan))?;
        }
        changes += plan.stale.len() + plan.orphans.len();
        unchanged += plan.unchanged;
    }
    match (changes, mode) {
        (0, _) => writeln!(out, "{unchanged} generated files, all as the spec says")?,
        (_, Mode::Write) => writeln!(out, "{changes} generated files changed, {unchanged} as they were")?,
        (_, Mode::Check) => {
            out.flush()?;
            let mut err = anstream::stderr();
            writeln!(err, "{changes} of {} generated files are not what the spec says", changes + unchanged)?;
            writeln!(err, "run `cargo xtask regen` and commit what it writes")?;
            return Ok(Exit::Findings);
        }
    }
    Ok(Exit::Fine)
}
