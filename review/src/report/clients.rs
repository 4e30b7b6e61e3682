//! The clients that a finding affects.

use crate::{Finding, SpecElement};

/// The maximum number of operations to list.
const MAX_NAMED: usize = 3;

/// Describes the affected clients, such as `send it with A, B, C and 33 others`.
pub(super) fn clients(finding: &Finding) -> String {
    let Finding { change, in_requests, in_responses, operations, .. } = finding;
    match (&change.element, in_requests, in_responses) {
        (
            SpecElement::Service
            | SpecElement::Release(_)
            | SpecElement::Category(_)
            | SpecElement::AuthScheme(_)
            | SpecElement::ReservedPath(_),
            ..,
        ) => "all".to_owned(),
        (SpecElement::Waiver { .. }, ..) | (_, false, false) => "none".to_owned(),
        (SpecElement::Operation(name), ..) => format!("call {name}"),
        (_, true, false) => format!("send it with {}", list(operations)),
        (_, false, true) => format!("receive it from {}", list(operations)),
        (_, true, true) => format!("send and receive it with {}", list(operations)),
    }
}

/// Lists the first names, and how many others there are.
fn list(operations: &[String]) -> String {
    // A single remaining name is listed, too: "1 other" would not be shorter.
    let shown =
        if operations.len() == MAX_NAMED + 1 { operations.len() } else { MAX_NAMED.min(operations.len()) };
    let (named, others) = operations.split_at(shown);
    match (named, others.len()) {
        ([], _) => "no operation".to_owned(),
        ([only], 0) => only.clone(),
        ([start @ .., last], 0) => format!("{} and {last}", start.join(", ")),
        (named, others) => format!("{} and {others} others", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn lists_the_first_names() {
        let names: Vec<_> = ["A", "B", "C", "D", "E", "F"].map(str::to_owned).into();
        for (count, expected) in [
            (0, "no operation"),
            (1, "A"),
            (2, "A and B"),
            (3, "A, B and C"),
            (4, "A, B, C and D"),
            (5, "A, B, C and 2 others"),
            (6, "A, B, C and 3 others"),
        ] {
            assert_eq!(list(&names[..count]), expected);
        }
    }
}
