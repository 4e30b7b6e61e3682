//! Conversion of the text of a file to documents.

use zstack_model::yaml::{self, ErrorKind, Mark, Node};

use super::kinds::Kinds;
use super::limits::{Budget, Limits, Metered};
use super::names::Identities;
use super::planner::Planner;
use super::problem::{Problem, Problems};
use crate::model::{LoadedDocument, Moment};

/// The beginning of a file.
const START: Mark = Mark { line: 1, column: 1 };

/// The documents of an inventory.
pub(super) struct Plan {
    pub(super) documents: Vec<LoadedDocument>,
    pub(super) identities: Identities,
}

/// The options of the YAML parser.
const YAML: yaml::Options = yaml::Options { depth: 32, ignore_anchors_and_tags: true };

/// Converts the text of a file to a plan, within limits.
pub(super) fn plan(
    kinds: &'static Kinds,
    text: &str,
    limits: Limits,
    now: Moment,
    last_internal_id: i64,
) -> Result<Plan, Vec<Problem>> {
    let budget = Budget::new(limits);
    let root = read(text, &budget).map_err(|problem| vec![problem])?;
    let problems = Problems::default();
    let mut planner = Planner::new(kinds, &problems, now, last_internal_id, &budget);
    planner.file(&root);
    let Planner { loaded, identities, .. } = planner;
    if let Some(problem) = budget.problem() {
        return Err(vec![problem]);
    }
    let found = problems.into_sorted();
    if found.is_empty() { Ok(Plan { documents: loaded, identities }) } else { Err(found) }
}

/// Parses the document of a file, within the budget.
fn read(text: &str, budget: &Budget) -> Result<Node, Problem> {
    // The parser reads a list such as `[a, b, …]` to its end before it reports the first bracket.
    // Only the end of its input can stop it.
    let node = yaml::read_characters(Metered::new(text, budget), YAML);
    // At a limit the text ends early, so the parser's result is meaningless.
    if let Some(problem) = budget.problem() {
        return Err(problem);
    }
    node.map_err(|error| {
        let hint =
            if error.kind == ErrorKind::Empty { "; `zstack-node sample` prints an example" } else { "" };
        let at = error.span.map_or(START, |span| span.start);
        Problem { at, text: format!("{error}{hint}") }
    })
}
