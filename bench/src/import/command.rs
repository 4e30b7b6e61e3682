//! The command `import`.

use std::io::Write as _;

use camino::Utf8PathBuf;
use clap::Args;
use zstack_codegen::write;

use super::{FOLDERS, Import, import};
use crate::Failure;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Folder with operations.jsonl and types.jsonl
    #[arg(long, value_name = "DIR")]
    corpus: Utf8PathBuf,
    /// Folder of the spec to write; should be below target/, since the spec is not committed
    #[arg(long, value_name = "DIR")]
    out: Utf8PathBuf,
}

/// Writes the spec and the report of an import, and prints a summary.
///
/// # Errors
///
/// A file cannot be read or written, or a line of the corpus is invalid; the other lines are
/// imported.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Arguments { corpus, out } = arguments;
    let Import { files, report } = import(corpus)?;
    let plan = write::plan(out, files, &FOLDERS)?;
    write::apply(out, &plan)?;
    let full = out.join("report.txt");
    fs_err::write(&full, report.complete())?;
    let mut stdout = anstream::stdout().lock();
    write!(stdout, "{}", report.summary())?;
    writeln!(stdout, "the spec is in {out}, the complete report in {full}")?;
    match report.problems.len() {
        0 => Ok(()),
        1 => Err("one line of the corpus is invalid and was omitted".into()),
        count => Err(format!("{count} lines of the corpus are invalid and were omitted").into()),
    }
}
