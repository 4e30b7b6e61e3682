//! `cargo xtask bench import`.

use std::io::{self, Write as _};

use camino::Utf8PathBuf;
use clap::Args;
use zstack_codegen::import::{FOLDERS, Import as Imported, import};
use zstack_codegen::write;

use crate::exit::Exit;

#[derive(Args)]
pub(crate) struct Import {
    /// The folder with operations.jsonl and types.jsonl
    #[arg(long, value_name = "DIR")]
    corpus: Utf8PathBuf,
    /// Where the spec goes; below target/, since nobody commits it
    #[arg(long, value_name = "DIR")]
    out: Utf8PathBuf,
}

pub(crate) fn run(it: &Import) -> io::Result<Exit> {
    let Imported { files, report } = import(&it.corpus)?;
    let written = write::plan(&it.out, files, &FOLDERS).and_then(|plan| write::apply(&it.out, &plan));
    if let Err(error) = written {
        writeln!(anstream::stderr(), "error: {error}")?;
        return Ok(Exit::Findings);
    }
    // Beside the spec's folders, where a spec may have other files.
    let full = it.out.join("report.txt");
    std::fs::write(&full, report.full())?;
    let mut out = anstream::stdout().lock();
    write!(out, "{}", report.summary())?;
    writeln!(out, "the spec is in {}, all of the report in {full}", it.out)?;
    Ok(if report.problems.is_empty() { Exit::Fine } else { Exit::Findings })
}
