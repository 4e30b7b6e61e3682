//! The file of `generated-client`: the operations, and what calls them.

use quote::quote;

use super::{Body, Context, Source, docs, example};
use crate::model::Auth;

const FOLDER: &str = "generated-client/src";

pub(super) fn files<'a>(context: &'a Context<'_>) -> Vec<Source<'a>> {
    vec![Source::new(format!("{FOLDER}/lib.rs"), "spec/api.yaml", || root(context))]
}

fn root(context: &Context<'_>) -> Body {
    let title = format!("A client of the {}.", context.model.service.title);
    let mut text = vec![
        title,
        String::new(),
        "An operation is a struct: make it with what it needs, set what is optional, and".to_owned(),
        "[`call`](Call::call) it with a [`Client`].".to_owned(),
        String::new(),
        "Each category of operations is a cargo feature; `full`, the default, is all of them.".to_owned(),
    ];
    // One that shows a session, too.
    let with_session = || context.model.operations.iter().filter(|it| it.auth == Auth::Session);
    let shown = with_session().find(|it| !it.examples.is_empty()).or_else(|| with_session().next());
    if let Some(operation) = shown {
        let lines = example::lines(context.model, operation);
        // A blank line and the heading are for the page of an operation.
        text.extend(lines.into_iter().skip(2));
    }
    let documentation = docs::inner(&text.iter().map(String::as_str).collect::<Vec<_>>());
    Body::Tokens(quote! {
        #documentation

        pub use zstack_runtime::client::*;
        pub use zstack_runtime::query::{Column, Comparable, Condition, Names, Operator, Query, QueryRequest, Sort};
        pub use zstack_runtime::{ErrorCode, More, Operation, Record, Request, Tagged, Tags, Timestamp, Version};
        #[doc(inline)]
        pub use zstack_types::*;
    })
}
