//! Emits the files of `generated-client`.

use proc_macro2::TokenStream;
use quote::quote;

use super::comment::{self, Line};
use super::imports::ident;
use super::{Context, Source, actions, features, first_example};
use zstack_model::names;

const FOLDER: &str = "generated-client/src";

pub(super) fn files<'a>(context: &'a Context<'_>) -> Vec<Source<'a>> {
    let mut files = vec![Source::new(format!("{FOLDER}/lib.rs"), "spec/api.yaml", || root(context))];
    files.extend(actions::files(context, FOLDER));
    files
}

fn root(context: &Context<'_>) -> TokenStream {
    let mut lines =
        vec![Line::Text(format!("A client of the {}.", context.model.service.title)), Line::Blank];
    lines.extend(first_example::lines(context.model));
    let introduction = [
        "",
        "An operation is a struct: `new` takes its required parameters, and a setter takes each",
        "optional one. A [`Client`] has a method for every operation, in a trait per category; the",
        "method [`call`](Call::call) of a request does the same. Tests can replace the client by",
        "implementing [`Caller`], which has one method.",
        "",
        "Each category of operations is a cargo feature; `full` enables all of them.",
    ];
    lines.extend(introduction.map(Line::markdown));
    let docs = comment::inner(&lines);

    let categories = &context.model.categories;
    let gates: Vec<_> = categories.iter().map(|category| features::gate(&category.name)).collect();
    let modules: Vec<_> =
        categories.iter().map(|category| ident(&names::module_ident(&category.name))).collect();
    let traits = categories.iter().map(actions::trait_ident);
    let actions = ident(actions::MODULE);
    quote! {
        #docs

        mod #actions {
            #(#gates pub(crate) mod #modules;)*
        }

        #(#gates pub use #actions::#modules::#traits;)*
        #[cfg(feature = "blocking")]
        pub use zstack_runtime::client::blocking;
        #[cfg(feature = "reqwest")]
        pub use zstack_runtime::client::reqwest;
        pub use zstack_runtime::client::{
            BoxError, BoxFuture, Call, CallOptions, Caller, Client, ClientBuilder, Error, ErrorKind,
            HttpOptions, HttpTransport, InProcess, Job, PollPolicy, Progress, Records, Transport,
            TransportError, Webhook, hash_password,
        };
        pub use zstack_runtime::query::{
            Column, Comparable, Condition, FieldNames, Operator, Query, QueryRequest, Sort,
        };
        pub use zstack_runtime::{
            ErrorCode, More, Operation, Record, Request, Tagged, Tags, Timestamp, Version,
        };
        #[doc(inline)]
        pub use zstack_types::{ENVELOPE, OPERATIONS, operation, types};
        #(#gates #[doc(inline)] pub use zstack_types::#modules;)*
    }
}
