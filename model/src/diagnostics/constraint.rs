//! Constraints.

use super::{Rule, Words};
use crate::listed::problems;

problems! {
    /// What is wrong with a constraint.
    pub enum ConstraintProblem, of rules ConstraintRule {
        /// A constraint that its type does not know.
        Misfit {
            /// The key of the constraint.
            constraint: &'static str,
            /// The type.
            ty: String,
            /// The types that know it.
            fits: &'static str,
        },
        /// A constraint that no value satisfies.
        Unsatisfiable {
            /// Why.
            why: String,
        },
        /// A pattern that is no regular expression.
        Pattern {
            /// What is wrong, in the words of the engine.
            why: String,
        },
        /// A value that stands twice.
        Repeated {
            /// The value.
            value: String,
        },
    }
}

impl ConstraintRule {
    /// The rule about this kind of problem.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::Misfit => Rule::error("constraint-misfit")
                .title("A constraint that says nothing about its type")
                .why("It would be printed and never checked: a number has no length, and a text no range."),
            Self::Unsatisfiable => Rule::error("constraint-unsatisfiable")
                .title("A constraint that no value satisfies")
                .why("Every call would be refused."),
            Self::Pattern => {
                Rule::error("constraint-pattern").title("A pattern that is no regular expression").why(
                    "The server checks values with it, and could not. What only Java reads goes into \
                     `javaPattern`.",
                )
            }
            Self::Repeated => Rule::error("constraint-repeated")
                .title("A value that stands twice")
                .why("One of the two is superfluous, or was meant to be another."),
        }
    }
}

impl ConstraintProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Misfit { constraint, ty, fits } => {
                Words::new(format!("`{constraint}` says nothing about the type `{ty}`"))
                    .help(format!("`{constraint}` is for {fits}"))
            }
            Self::Unsatisfiable { why } => Words::new("no value can satisfy this").label(why.clone()),
            Self::Pattern { why } => Words::new(format!("not a regular expression: {why}")),
            Self::Repeated { value } => {
                Words::new(format!("`{value}` stands twice")).help("keep one of them")
            }
        }
    }
}
