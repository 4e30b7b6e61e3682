//! Problems with constraints.

use super::rule::problems;
use super::{ProblemText, Rule};

problems! {
    /// A problem with a constraint.
    pub enum ConstraintProblem {
        TypeMismatch { constraint: &'static str, ty: String, fits: &'static str } =
            Error "constraint-type-mismatch": "Constraint that does not apply to its type",
            "It would be documented but never checked: numbers have no length, and texts have no range.";
        Unsatisfiable { why: String } =
            Error "constraint-unsatisfiable": "Constraint that no value satisfies",
            "Every call would be refused.";
        Pattern { why: String } =
            Error "constraint-pattern": "Invalid regular expression",
            "The server validates values with the pattern. Patterns that only Java understands belong in \
             `javaPattern`.";
        DuplicateValue { value: String } =
            Error "constraint-value-duplicate": "Duplicate allowed value",
            "One of the two is superfluous or was meant to be another value.";
    }
}

impl ConstraintProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::TypeMismatch { constraint, ty, fits } => {
                ProblemText::new(format!("`{constraint}` does not apply to the type `{ty}`"))
                    .help(format!("`{constraint}` applies to {fits}"))
            }
            Self::Unsatisfiable { why } => ProblemText::new("no value satisfies this").label(why.clone()),
            Self::Pattern { why } => ProblemText::new(format!("invalid regular expression: {why}")),
            Self::DuplicateValue { value } => {
                ProblemText::new(format!("`{value}` is listed twice")).help("remove one of them")
            }
        }
    }
}
