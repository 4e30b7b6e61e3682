//! Constraints.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "constraint-misfit",
        "A constraint that says nothing about its type",
        "It would be printed and never checked: a number has no length, and a text no range.",
    ),
    Rule::error(
        "constraint-unsatisfiable",
        "A constraint that no value satisfies",
        "Every call would be refused.",
    ),
    Rule::error(
        "constraint-pattern",
        "A pattern that is no regular expression",
        "The server checks values with it, and could not. What only Java reads goes into `javaPattern`.",
    ),
    Rule::error(
        "constraint-repeated",
        "A value that stands twice",
        "One of the two is superfluous, or was meant to be another.",
    ),
];
