//! `cargo xtask site`.

use std::io::{self, Write as _};

use camino::Utf8PathBuf;
use clap::Args;
use zstack_model::load::load;
use zstack_reference::site::{Options, build, write};

use crate::check;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::{Spec, workspace};

/// Write the reference site.
#[derive(Args)]
pub(crate) struct Site {
    #[command(flatten)]
    spec: Spec,
    /// The folder of the site [default: target/site of this repository]
    #[arg(short, long, value_name = "DIR")]
    out: Option<Utf8PathBuf>,
    /// Where the site will be, for its feed, its map and the addresses that count:
    /// `https://example.org/api/`
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Option<String>,
    /// Only today's pages of operations, none of older releases
    #[arg(long)]
    no_past: bool,
}

/// With a slash at its end, so that a path can follow.
fn base_url(text: &str) -> Result<String, String> {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return Err("it begins with https:// or http://".to_owned());
    }
    Ok(format!("{}/", text.trim_end_matches('/')))
}

pub(crate) fn run(Site { spec, out, base_url, no_past }: Site) -> io::Result<Exit> {
    let out = out.unwrap_or_else(|| workspace::shown("target/site"));
    let dir = spec.dir();
    let progress = Progress::new();
    progress.step(format!("reading the spec in {dir}"));
    let model = match load(&dir) {
        Ok(model) => model,
        Err(diagnostics) => {
            drop(progress);
            check::report(&diagnostics)?;
            writeln!(anstream::stderr(), "nothing was written")?;
            return Ok(Exit::SpecProblems);
        }
    };
    progress.step(format!("making pages of {} operations", model.operations.len()));
    let site = match build(&model, Options { base_url: base_url.as_deref(), past: !no_past, dashboard: None })
    {
        Ok(site) => site,
        Err(error) => return failed(progress, &error),
    };
    progress.step(format!("comparing {} files with what is there", site.files.len()));
    let written = match write::write(&out, &site) {
        Ok(written) => written,
        Err(error) => return failed(progress, &error),
    };
    drop(progress);
    let write::Written { changed, unchanged, removed } = written;
    let mut stdout = anstream::stdout();
    writeln!(stdout, "{out}: {changed} files written, {removed} removed, {unchanged} as they were")?;
    writeln!(stdout, "open {}", out.join("index.html"))?;
    Ok(Exit::Fine)
}

fn failed(progress: Progress, error: &dyn std::error::Error) -> io::Result<Exit> {
    drop(progress);
    writeln!(anstream::stderr(), "error: {error}")?;
    Ok(Exit::Findings)
}
