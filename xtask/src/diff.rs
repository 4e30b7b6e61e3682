//! `cargo xtask diff`.

use std::io;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use zstack_model::changes::Level;
use zstack_model::diagnostics::Styles;
use zstack_model::load::Loaded;
use zstack_review::report::{self, Options, Report, Revision};
use zstack_review::{Fingerprints, Reviewed, review, waive};

use crate::exit::Exit;
use crate::revisions::{Arguments, Version, Versions, versions};

#[derive(Args)]
pub(crate) struct Diff {
    #[command(flatten)]
    versions: Arguments,
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

pub(crate) fn run(it: &Diff) -> io::Result<Exit> {
    let Versions { old, new, broken } = match versions(&it.versions) {
        Ok(versions) => versions,
        Err(failure) => return failure.report(),
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
            let exit = failure.report()?;
            Ok(if worst == Exit::Findings { worst } else { exit })
        }
        None => Ok(worst),
    }
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
