//! `cargo xtask diff`.

use std::io;

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use zstack_model::changes::Level;
use zstack_model::diagnostics::Styles;
use zstack_model::load::Loaded;
use zstack_review::report::{self, Options, Report, Revision};
use zstack_review::revisions::{Arguments, Failure, Version, Versions, versions};
use zstack_review::{Fingerprints, Reviewed, review, waive};

use crate::exit::Exit;
use crate::{Spec, workspace};

#[derive(Args)]
pub(crate) struct Diff {
    /// What to compare: revisions, as git names them, or folders with an
    /// `api.yaml` (`./old` is always a folder)
    ///
    /// Without a head, it is the working tree; without a base, the merge base
    /// of the head with the main branch, or HEAD if that is the main branch.
    /// `A...B` compares the merge base of both with B.
    #[arg(value_name = "BASE[..HEAD]")]
    range: Option<String>,
    #[command(flatten)]
    spec: Spec,
    /// The folder of the spec in the base, if it had another path there, from the root of the repository
    #[arg(long, value_name = "PATH")]
    base_spec: Option<Utf8PathBuf>,
    /// The main branch [default: what origin/HEAD is, or main, or master]
    #[arg(long, value_name = "NAME")]
    main: Option<String>,
    /// How the report is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// What is bad enough to fail: this, and what is worse
    #[arg(long, value_name = "LEVEL", default_value = "breaking")]
    fail_on: FailOn,
    /// Also show the changes of words, the fingerprints, and what would waive a finding
    #[arg(long)]
    verbose: bool,
    /// The day on which waivers expire or do not, for tests
    #[arg(long, value_name = "DATE", hide = true)]
    today: Option<Date>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For programs; docs/diff.schema.json describes it
    Json,
    /// Annotations of GitHub
    Github,
    /// Code Quality of GitLab
    Gitlab,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

impl From<Format> for report::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Markdown => Self::Markdown,
            Format::Json => Self::Json,
            Format::Github => Self::Github,
            Format::Gitlab => Self::Gitlab,
            Format::Sarif => Self::Sarif,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    /// What worked does not work any more
    Breaking,
    /// Some clients break
    Risk,
    /// Anything but words
    Compatible,
}

impl From<FailOn> for Level {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Breaking => Self::Breaking,
            FailOn::Risk => Self::Risk,
            FailOn::Compatible => Self::Compatible,
        }
    }
}

pub(crate) fn run(it: Diff) -> io::Result<Exit> {
    let arguments = Arguments {
        range: it.range.unwrap_or_default(),
        spec: it.spec.spec,
        base_spec: it.base_spec,
        main: it.main,
        current: workspace::current()?,
        workspace: workspace::root(),
    };
    let Versions { old, new, broken } = match versions(&arguments) {
        Ok(versions) => versions,
        Err(failure) => return report_failure(&failure),
    };
    let today = it.today.unwrap_or_else(today);
    let findings = review(reviewed(&old), reviewed(&new));
    let fingerprints = Fingerprints::new(&old.loaded.model, &new.loaded.model);
    let findings = waive(findings, &fingerprints, &old.loaded.waivers, &new.loaded.waivers, today);
    let report = Report::new(revision(&old), revision(&new), findings);
    let options = Options { styles: Styles::colored(), verbose: it.verbose };
    // The stream drops the colours where nobody sees them.
    report.write(&mut anstream::stdout().lock(), it.format.into(), &options)?;
    let worst = if report.verdict().reaches(it.fail_on.into()) { Exit::Findings } else { Exit::Fine };
    match broken {
        // What the change does is one thing, and what it breaks another.
        Some(failure) => {
            let exit = report_failure(&failure)?;
            Ok(if worst == Exit::Findings { worst } else { exit })
        }
        None => Ok(worst),
    }
}

fn report_failure(failure: &Failure) -> io::Result<Exit> {
    // The stream drops the colours where nobody sees them.
    failure.render(&mut anstream::stderr().lock(), &Styles::colored())?;
    Ok(match failure {
        Failure::Usage(_) => Exit::Usage,
        Failure::Git(_) => Exit::Git,
        Failure::Spec(_) => Exit::SpecProblems,
    })
}

/// The same day for all, wherever they are.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

fn revision(it: &Version) -> Revision<'_> {
    let Loaded { model, waivers, texts, name } = &it.loaded;
    Revision { label: &it.label, folder: name, model, waivers, texts }
}

fn reviewed(it: &Version) -> Reviewed<'_> {
    Reviewed { model: &it.loaded.model, lock: it.lock.as_ref(), crates: it.crates.as_ref() }
}
