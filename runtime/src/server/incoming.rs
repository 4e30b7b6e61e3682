//! The typed half of the pipeline: from a request with a known operation to its handler.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::answer::{EncodedResult, Schema, encode_body};
use super::call::Call;
use super::intercept::Intercept;
use super::options::NewerParameters;
use super::outcome::{BoxFuture, Outcome};
use super::parameters::{self, Input, Release};
use super::rejection::Rejection;
use super::validate::validate;
use crate::query::FieldNames;
use crate::record::{AnyRecord, Fill, View};
use crate::tags::{SYSTEM_TAGS, USER_TAGS, texts_of};
use crate::{Operation, Query, Request, Tags, Version};

/// A bound request: a future that validates its parameters and runs its operation, or the refusal
/// of parameters that cannot be read.
pub type Dispatch = Result<BoxFuture<'static, Outcome<EncodedResult>>, Rejection>;

/// A request with a known operation, whose parameters have not been read.
pub struct Incoming {
    pub(crate) call: Call,
    pub(crate) input: Input,
    /// True if a caller may request the schema of the answer.
    pub(crate) with_schema: bool,
    pub(crate) newer: NewerParameters,
    pub(crate) intercept: Option<Arc<dyn Intercept>>,
}

impl Incoming {
    /// Reads the parameters, and returns a future that validates them, runs
    /// `handler` and encodes its answer.
    ///
    /// Validation is part of the future because a caller that requested a job learns of a missing
    /// parameter when it polls.
    ///
    /// # Errors
    ///
    /// When parameters cannot be read; the text lists all of them.
    pub fn serve<R, F, Fut>(self, handler: F) -> Dispatch
    where
        R: Request,
        F: FnOnce(Call, R) -> Fut + Send + 'static,
        Fut: Future<Output = Outcome<R::Response>> + Send + 'static,
    {
        self.serve_into(R::OPERATION, R::default(), handler)
    }

    /// Does the same for an operation whose table may be built at run time: `request` is an empty
    /// record of that table.
    ///
    /// # Errors
    ///
    /// When parameters cannot be read; the text lists all of them.
    pub fn serve_into<R, A, F, Fut>(
        self,
        operation: &'static Operation,
        mut request: R,
        handler: F,
    ) -> Dispatch
    where
        R: Fill + Send + Sync + 'static,
        A: AnyRecord + Send + Sync + 'static,
        F: FnOnce(Call, R) -> Fut + Send + 'static,
        Fut: Future<Output = Outcome<A>> + Send + 'static,
    {
        let Self { mut call, input, with_schema, newer, intercept } = self;
        let release = Release { at: call.version, newer };
        let operation = operation.at(release.at);
        let given =
            parameters::read(operation, input, release, &mut |index, value| request.fill(index, value))?;
        let tags = |name| texts_of(&request, name).map(str::to_owned).collect();
        call.tags = Tags { system: tags(SYSTEM_TAGS), user: tags(USER_TAGS) };
        Ok(Box::pin(async move {
            let at = call.version;
            if let Some(intercept) = intercept {
                intercept.before(&call).await?;
            }
            validate(operation, &request, &given, at)?;
            let is_dry_run = call.is_dry_run();
            let names = names_of(operation, &request, at);
            let answer = handler(call, request).await?;
            if is_dry_run {
                return Ok(EncodedResult::empty());
            }
            let body = encode_body(&answer, names.as_deref(), at);
            let schema =
                if with_schema { Schema::Of { answer: Box::new(answer), names } } else { Schema::None };
            Ok(EncodedResult { body, schema })
        }))
    }

    /// Returns a future that fails with `SYS.1014`: the operation is not implemented.
    ///
    /// # Errors
    ///
    /// Never; the `Result` fits the other methods.
    pub fn refuse_unimplemented(self) -> Dispatch {
        let Self { call, .. } = self;
        Ok(Box::pin(async move { Err(call.refuse_unimplemented()) }))
    }
}

/// Returns the field names that a query requests; `None` for all fields. The encoder leaves out the
/// others, not the handler, since a record always has its required fields.
fn names_of(operation: &Operation, request: &dyn AnyRecord, at: Version) -> Option<Box<[String]>> {
    if !operation.is_query_in(at) {
        return None;
    }
    let index = request.shape().index_of(Query::FIELDS.name)?;
    let View::Text(text) = request.get(index) else { return None };
    // Without duplicates, since each record is compared with all of them, and a caller may repeat a
    // name a million times.
    let names: BTreeSet<String> = FieldNames::new([text]).iter().map(str::to_owned).collect();
    Some(names.into_iter().collect())
}
