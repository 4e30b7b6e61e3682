//! The command `import`.

use std::io::Write as _;

use camino::Utf8PathBuf;
use clap::Args;
use zstack_codegen::write;

use super::{FOLDERS, Import, import};
use crate::Failure;

#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder with operations.jsonl and types.jsonl
    #[arg(long, value_name = "DIR")]
    corpus: Utf8PathBuf,
    /// The folder of the spec; below target/, since the spec is not committed
    #[arg(long, value_name = "DIR")]
    out: Utf8PathBuf,
}

/// Writes the spec and the report of an import, and prints a summary.
///
/// # Errors
///
/// When a file cannot be read or written, and when a line of the corpus is wrong; the spec has the other lines then.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Arguments { corpus, out } = arguments;
    let Import { files, report } = import(corpus)?;
    let plan = write::plan(out, files, &FOLDERS)?;
    write::apply(out, &plan)?;
    // Next to the folders of the spec, where other files are allowed.
    let full = out.join("report.txt");
    fs_err::write(&full, report.full())?;
    let mut stdout = anstream::stdout().lock();
    write!(stdout, "{}", report.summary())?;
    writeln!(stdout, "the spec is in {out}, the whole report in {full}")?;
    match report.problems.len() {
        0 => Ok(()),
        1 => Err("one line of the corpus is wrong and was left out".into()),
        wrong => Err(format!("{wrong} lines of the corpus are wrong and were left out").into()),
    }
}
