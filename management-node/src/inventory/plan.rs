//! Conversion of a file to the records that it creates.

use zstack_model::yaml::{self, ErrorKind, Mark, Node};

use super::fields::Fields;
use super::limits::{Budget, Limits, Metered};
use super::planner::Planner;
use super::problem::{Problem, Problems};
use super::registry::Identities;
use super::{images, infrastructure, storages, vms};
use crate::model::{Edit, Moment};

/// The records of an inventory.
pub(super) struct Plan {
    pub(super) edits: Vec<Edit>,
    pub(super) identities: Identities,
}

/// The options of the YAML parser. An inventory needs five levels of nesting.
const YAML: yaml::Options = yaml::Options { depth: 32, ignore_anchors_and_tags: true };

/// Converts the text of a file to a plan, within limits.
pub(super) fn plan(
    text: &str,
    limits: Limits,
    now: Moment,
    last_internal_id: i64,
) -> Result<Plan, Vec<Problem>> {
    let budget = Budget::new(limits);
    let root = read(text, &budget).map_err(|problem| vec![problem])?;
    let problems = Problems::default();
    let mut planner = Planner::new(&problems, now, last_internal_id, &budget);
    let mut fields = Fields::new(root, "an inventory", &problems);
    infrastructure::read(&mut fields, &mut planner);
    storages::read(&mut fields, &mut planner);
    images::read(&mut fields, &mut planner);
    vms::read(&mut fields, &mut planner);
    fields.finish();
    let Planner { edits, identities, .. } = planner;
    if let Some(problem) = budget.problem() {
        return Err(vec![problem]);
    }
    let found = problems.into_sorted();
    if found.is_empty() { Ok(Plan { edits, identities }) } else { Err(found) }
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
        let at = error.span.map_or(Mark { line: 1, column: 1 }, |span| span.start);
        Problem { at, text: format!("{error}{hint}") }
    })
}
