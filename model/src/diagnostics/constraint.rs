//! Constraints.

use super::Words;

/// What is wrong with a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintProblem {
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

impl ConstraintProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Misfit { constraint, ty, fits } => {
                Words::new("constraint-misfit", format!("`{constraint}` says nothing about the type `{ty}`"))
                    .help(format!("`{constraint}` is for {fits}"))
            }
            Self::Unsatisfiable { why } => {
                Words::new("constraint-unsatisfiable", "no value can satisfy this").label(why.clone())
            }
            Self::Pattern { why } => {
                Words::new("constraint-pattern", format!("not a regular expression: {why}"))
            }
            Self::Repeated { value } => {
                Words::new("constraint-repeated", format!("`{value}` stands twice")).help("keep one of them")
            }
        }
    }
}
