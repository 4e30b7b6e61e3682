//! The introduction of a document.

use crate::explain;
use zstack_model::prose::prose;
use zstack_model::{Model, Version};

/// The description of the document; `job` is the operation that polls jobs, if
/// there are jobs.
pub(super) fn introduction(
    model: &Model,
    full_model: &Model,
    at: Option<&Version>,
    job: Option<&str>,
) -> String {
    let own = model.service.description.as_deref().map(prose);
    let note = at.map(|at| explain::version_note(full_model, at)).filter(|note| !note.is_empty());
    let jobs = job.map(|job| {
        format!(
            "**Jobs.** Operations with `x-execution: async` may respond with 202 and the `location` of a job, which \
             `{job}` polls: 202 while it runs, then 200 with the schema in `x-job-result`, or 503. The header \
             `X-Job-UUID` requests a job at once and names it."
        )
    });
    let conventions = [
        "**No nulls.** Responses omit fields without a value; in requests, null is the same as absent.",
        "**Errors** are 503 with an `error`, identified by its `code`; malformed requests are 400 and the like, with \
         plain text.",
        "**Enums are open** in responses: a later release may return values that `x-extensible-enum` does not list.",
        "**Several operations on one method and path** are one operation here, with a body for each; `x-operations` \
         lists them.",
        "**Releases.** `x-since` is the release that introduced an element, `x-deprecated-since` and `x-removed-in` \
         are the releases that deprecated and removed it.",
        "`x-losses` counts what OpenAPI cannot express.",
    ];
    let paragraphs = own.into_iter().chain(note).chain(jobs).chain(conventions.map(str::to_owned));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}
