//! What a reader has to know before anything else.

use crate::explain;
use zstack_model::prose::prose;
use zstack_model::{Model, Version};

/// The description of the document; `job` is the operation that polls a job,
/// where there are jobs.
pub(super) fn introduction(model: &Model, whole: &Model, at: Option<&Version>, job: Option<&str>) -> String {
    let own = model.service.description.as_deref().map(prose);
    let remark = at.map(|at| explain::remark(whole, at)).filter(|remark| !remark.is_empty());
    let jobs = job.map(|job| {
        format!(
            "**Jobs.** Operations with `x-execution: async` may answer 202 with the `location` of a job, which \
             `{job}` polls: 202 as long as it is under way, then 200 with what `x-job-result` says, or 503. Who \
             wants a job at once names it in `X-Job-UUID`."
        )
    });
    let reading = [
        "**Nothing is null.** What has no value is left out of answers; in a request, null is the same as absent.",
        "**Errors** are 503 with an `error`, whose `code` counts; mistakes in HTTP are 400 and the like, with a text.",
        "**Enums are open** in answers: a later release may have more than `x-extensible-enum` lists.",
        "**Several operations on one method and path** are one operation here, with a body for each; `x-operations` \
         lists them.",
        "**Releases.** `x-since` says with which release something came, `x-deprecated-since` and `x-removed-in` when \
         it goes.",
        "`x-losses` counts what OpenAPI cannot say.",
    ];
    let paragraphs = own.into_iter().chain(remark).chain(jobs).chain(reading.map(str::to_owned));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}
