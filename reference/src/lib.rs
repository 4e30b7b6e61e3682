//! Documents a specification: OpenAPI documents, samples in seven languages, explanations on a terminal, and the
//! reference site.

pub mod explain;
pub mod http_example;
pub mod openapi;
pub mod samples;
pub mod site;
