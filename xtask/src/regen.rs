//! `cargo xtask regen`.

use std::io::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use zstack_codegen::emit::{self, GeneratedFile};
use zstack_codegen::write::{self, Plan};
use zstack_model::load::load;
use zstack_model::schema::schemas;

use crate::exit::{Error, Exit};
use crate::progress::Progress;
use crate::{Spec, workspace};

#[derive(Args)]
pub(crate) struct Regen {
    #[command(flatten)]
    pub(crate) spec: Spec,
    /// Folder that contains the generated crates [default: this repository]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<Utf8PathBuf>,
    /// Write nothing; fail if a generated file is out of date
    #[arg(long)]
    pub(crate) check: bool,
}

pub(crate) fn run(Regen { spec, out, check }: Regen) -> Result<Exit, Error> {
    let spec = spec.dir();
    let out = out.unwrap_or_else(|| workspace::display_path(""));
    let progress = Progress::new();
    progress.step(format!("reading the spec in {spec}"));
    let model = load(&spec)
        .map_err(|diagnostics| Error::Spec { diagnostics, consequence: Some("nothing was written") })?;
    progress.step(format!("generating {} operations", model.operations.len()));
    let files = emit::emit(&model);
    progress.step(format!("comparing {} files", files.len()));
    // Both folders are compared before anything is written.
    let plans = [
        (&*out, write::plan(&out, files, &emit::FOLDERS).map_err(Error::failure)?),
        (&*spec, write::plan(&spec, schema_files(), &["schema"]).map_err(Error::failure)?),
    ];
    if !check {
        for (root, plan) in plans.iter().filter(|(_, plan)| !plan.is_empty()) {
            progress.step(format!("writing {} files", plan.stale.len()));
            write::apply(root, plan).map_err(Error::failure)?;
        }
    }
    drop(progress);
    print_summary(&plans, check)
}

fn schema_files() -> Vec<GeneratedFile> {
    let file = |(name, text)| GeneratedFile { path: Utf8PathBuf::from("schema").join(name), text };
    schemas().into_iter().map(file).collect()
}

fn print_summary(plans: &[(&Utf8Path, Plan)], check: bool) -> Result<Exit, Error> {
    let mut out = anstream::stdout().lock();
    let (write, remove) = if check { ("stale", "obsolete") } else { ("wrote", "removed") };
    let mut changed = 0;
    let mut unchanged = 0;
    for (root, plan) in plans {
        let shown = |path| if *root == "." { Utf8Path::to_owned(path) } else { root.join(path) };
        for file in &plan.stale {
            writeln!(out, "{write}: {}", shown(&file.path))?;
        }
        for orphan in &plan.orphans {
            writeln!(out, "{remove}: {}", shown(orphan))?;
        }
        changed += plan.stale.len() + plan.orphans.len();
        unchanged += plan.unchanged;
    }
    if changed == 0 {
        writeln!(out, "{unchanged} generated files, all up to date")?;
    } else if check {
        out.flush()?;
        let mut err = anstream::stderr();
        writeln!(err, "{changed} of {} generated files are out of date", changed + unchanged)?;
        writeln!(err, "run `cargo xtask regen` and commit the result")?;
        return Ok(Exit::Findings);
    } else {
        writeln!(out, "{changed} generated files changed, {unchanged} unchanged")?;
    }
    Ok(Exit::Success)
}
