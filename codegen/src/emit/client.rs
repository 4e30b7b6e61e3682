//! The file of `generated-client`: the operations, and what calls them.

use super::comment::{self, Line};
use super::{Context, Source, example};
use zstack_model::Auth;

const FOLDER: &str = "generated-client/src";

pub(super) fn files<'a>(context: &'a Context<'_>) -> Vec<Source<'a>> {
    vec![Source::new(format!("{FOLDER}/lib.rs"), "spec/api.yaml", || root(context))]
}

fn root(context: &Context<'_>) -> String {
    let mut lines = vec![Line::Text(format!("A client of the {}.", context.model.service.title))];
    let introduction = [
        "",
        "An operation is a struct: make it with what it needs, set what is optional, and",
        "[`call`](Call::call) it with a [`Client`].",
        "",
        "Each category of operations is a cargo feature; `full`, the default, is all of them.",
    ];
    lines.extend(introduction.map(Line::markdown));
    // One that shows a session, too.
    let with_session = || context.model.operations.iter().filter(|it| it.auth == Auth::Session);
    let shown = with_session().find(|it| !it.examples.is_empty()).or_else(|| with_session().next());
    if let Some(operation) = shown {
        let example = example::lines(context.model, operation);
        // A blank line and the heading are for the page of an operation.
        lines.extend(example.into_iter().skip(2));
    }
    comment::inner(&lines)
        + "
pub use zstack_runtime::client::*;
pub use zstack_runtime::query::{
    Column, Comparable, Condition, Names, Operator, Query, QueryRequest, Sort,
};
pub use zstack_runtime::{
    ErrorCode, More, Operation, Record, Request, Tagged, Tags, Timestamp, Version,
};

#[doc(inline)]
pub use zstack_types::*;
"
}
