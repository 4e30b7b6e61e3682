//! `cargo xtask site`.

use std::io::Write as _;

use camino::Utf8PathBuf;
use clap::Args;
use zstack_model::load::load;
use zstack_reference::site::{Files as _, LazySite, Options, write};

use crate::exit::{Error, Exit};
use crate::progress::Progress;
use crate::{Spec, workspace};

#[derive(Args)]
pub(crate) struct Site {
    #[command(flatten)]
    spec: Spec,
    /// Folder to write [default: target/site in this repository]
    #[arg(short, long, value_name = "DIR")]
    out: Option<Utf8PathBuf>,
    /// Address where the site will be published, such as `https://example.org/api/`; needed for the
    /// feed, the sitemap and canonical links
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Option<String>,
    /// Leave out the pages of operations as of older releases
    #[arg(long)]
    no_past: bool,
}

/// Parses a base URL and ends it with one slash, so that a path can follow.
fn base_url(text: &str) -> Result<String, String> {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return Err("the URL must begin with https:// or http://".to_owned());
    }
    Ok(format!("{}/", text.trim_end_matches('/')))
}

pub(crate) fn run(Site { spec, out, base_url, no_past }: Site) -> Result<Exit, Error> {
    let out = out.unwrap_or_else(|| workspace::display_path("target/site"));
    let dir = spec.dir();
    let progress = Progress::new();
    progress.step(format!("reading the spec in {dir}"));
    let model = load(&dir)
        .map_err(|diagnostics| Error::Spec { diagnostics, consequence: Some("nothing was written") })?;
    progress.step(format!("comparing {} releases", model.service.releases.len()));
    let options = Options { base_url: base_url.as_deref(), older_releases: !no_past, dashboard: None };
    let site = LazySite::new(&model, options);
    progress.step(format!("rendering {} files", site.paths().len()));
    let write::WriteSummary { changed, unchanged, removed } =
        write::write(&out, &site).map_err(Error::failure)?;
    drop(progress);
    let mut stdout = anstream::stdout();
    writeln!(stdout, "{out}: {changed} files written, {removed} removed, {unchanged} unchanged")?;
    writeln!(stdout, "open {}", out.join("index.html"))?;
    Ok(Exit::Success)
}
