//! `cargo xtask diff`.

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use zstack_model::changes::Level;
use zstack_model::diagnostics::Styles;
use zstack_model::load::Loaded;
use zstack_review::report::{self, Options, Report, ReportSide};
use zstack_review::revisions::{ComparedSpec, Comparison, Request, load};
use zstack_review::{Fingerprints, ReviewSide, review, waive};

use crate::exit::{Error, Exit};
use crate::{Spec, workspace};

#[derive(Args)]
pub(crate) struct Diff {
    /// Git revisions to compare, or folders with an `api.yaml` (`./old` is always a folder)
    ///
    /// HEAD defaults to the working tree. BASE defaults to the merge base of HEAD and the main
    /// branch; on the main branch, to the last commit. `A...B` compares the merge base of A and B
    /// with B.
    #[arg(value_name = "BASE[..HEAD]")]
    range: Option<String>,
    #[command(flatten)]
    spec: Spec,
    /// Folder of the spec in BASE, relative to the root of the repository, if it was another one
    #[arg(long, value_name = "PATH")]
    base_spec: Option<Utf8PathBuf>,
    /// Main branch [default: the target of origin/HEAD, else main, else master]
    #[arg(long, value_name = "NAME")]
    main: Option<String>,
    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Lowest level that makes the command fail
    #[arg(long, value_name = "LEVEL", default_value = "breaking")]
    fail_on: FailOn,
    /// Include changes of descriptions, fingerprints, and the waiver that would accept each finding
    #[arg(long)]
    verbose: bool,
    /// The day by which waivers expire, for tests
    #[arg(long, value_name = "DATE", hide = true)]
    today: Option<Date>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For programs, as docs/diff.schema.json describes
    Json,
    /// GitHub annotations
    Github,
    /// GitLab Code Quality report
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
    /// Changes that break clients
    Breaking,
    /// Changes that break some clients
    Risk,
    /// Any change except to descriptions
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

pub(crate) fn run(arguments: Diff) -> Result<Exit, Error> {
    let Diff { range, spec, base_spec, main, format, fail_on, verbose, today } = arguments;
    let Comparison { old, new, head_errors } = load(&Request {
        range: range.unwrap_or_default(),
        spec: spec.spec,
        base_spec,
        main,
        current: workspace::current()?,
        workspace: workspace::root(),
    })?;
    let findings = review(review_side(&old), review_side(&new));
    let fingerprints = Fingerprints::new(&old.loaded.model, &new.loaded.model);
    // Waivers expire on the same day everywhere.
    let today = today.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date());
    let findings = waive(findings, &fingerprints, &old.loaded.waivers, &new.loaded.waivers, today);
    let report = Report::new(report_side(&old), report_side(&new), findings);
    let options = Options { styles: Styles::colored(), verbose };
    // The stream drops colors where they would not be shown.
    report.write(&mut anstream::stdout().lock(), format.into(), &options)?;
    let has_failed = report.verdict().reaches(fail_on.into());
    let exit_of_head = head_errors.map(|errors| Error::from(errors).report());
    Ok(if has_failed { Exit::Findings } else { exit_of_head.unwrap_or(Exit::Success) })
}

fn report_side(spec: &ComparedSpec) -> ReportSide<'_> {
    let Loaded { model, waivers, texts, name } = &spec.loaded;
    ReportSide { label: &spec.label, folder: name, model, waivers, texts }
}

fn review_side(spec: &ComparedSpec) -> ReviewSide<'_> {
    ReviewSide { model: &spec.loaded.model, lock: spec.lock.as_ref(), crates: spec.crates.as_ref() }
}
