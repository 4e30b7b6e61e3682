//! Assembles a document.

use zstack_model::prose::prose;
use zstack_model::{Body, Method, Version};

use super::document::{Components, Document, Info, PathItem, Server, ServerVariable, Tag};
use super::losses::{LossKind, Losses};
use super::names::{CLASSES, ERROR, TIMESTAMP, UUID};
use super::parts::Members;
use super::routes::{JOBS, routes};
use super::schema::Schema;
use super::writer::Writer;
use super::{headers, jobs, text};

/// The OpenAPI version of the document.
const OPENAPI: &str = "3.1.1";

impl<'a> Writer<'a> {
    /// Writes the document, and collects the losses.
    pub(super) fn write(mut self) -> (Document<'a>, Losses) {
        let has_jobs = self.has_jobs();
        if has_jobs {
            self.job = Some(self.names.unique("GetApiJob"));
            self.losses.add(LossKind::JobLocation, JOBS);
        }
        let paths = self.paths();
        let mut webhooks = Members::new();
        if has_jobs {
            webhooks.insert("jobFinished".into(), self.job_webhook());
        }
        let components = self.components(has_jobs);
        if self.model.operations.iter().any(|operation| operation.body != Body::None) {
            self.losses.add(LossKind::Null, "optional parameters in bodies");
        }
        let service = &self.model.service;
        let newest = self.full_model.service.releases.last().map(|release| &release.version);
        let document = Document {
            openapi: OPENAPI,
            info: Info {
                title: &service.title,
                description: text::introduction(self.model, self.full_model, self.at, self.job.as_deref()),
                version: self.at.or(newest).unwrap_or(&Version::new("0")).to_string(),
            },
            servers: servers(&service.base_path),
            tags: self.tags(),
            paths,
            webhooks,
            components,
            losses: self.losses.counts(),
        };
        (document, self.losses)
    }

    fn tags(&self) -> Vec<Tag<'a>> {
        let categories = self.model.categories.iter();
        let tags = categories.map(|category| Tag {
            name: &category.name,
            description: category.description.as_deref().map(prose),
            title: &category.title,
        });
        let mut tags: Vec<_> = tags.collect();
        if self.has_jobs() && tags.iter().all(|tag| tag.name != jobs::TAG) {
            tags.push(Tag {
                name: jobs::TAG,
                description: Some("The states and results of asynchronous operations.".to_owned()),
                title: "Jobs",
            });
        }
        tags
    }

    fn paths(&mut self) -> Members<'a, PathItem<'a>> {
        let mut paths: Members<'a, PathItem<'a>> = Members::new();
        for route in routes(self.model, self.full_model, &mut self.names, &mut self.losses) {
            let operation = self.operation(&route);
            let item = paths.entry(route.template.into()).or_default();
            let place = match route.method {
                Method::Get => &mut item.get,
                Method::Put => &mut item.put,
                Method::Post => &mut item.post,
                Method::Delete => &mut item.delete,
            };
            *place = Some(operation);
        }
        if let Some(id) = self.job.clone() {
            let item = self.job(id);
            paths.insert(JOBS.into(), item);
        }
        paths
    }

    /// The components, among them those that the paths have added.
    fn components(&mut self, has_jobs: bool) -> Components<'a> {
        let mut schemas = Members::new();
        for (name, schema) in self.data_types() {
            schemas.insert(name.into(), schema);
        }
        let error = self.error();
        schemas.insert(self.names.unique(ERROR).into(), error);
        if has_jobs {
            schemas.extend(self.job_schemas().map(|(name, schema)| (name.into(), schema)));
        }
        let classes = Schema::map(Schema::of("string"));
        let classes = classes.with_description(
            "The Java class of each object in the response, by its path: `inventory.vmNics[0]`.",
        );
        if !self.schemas.is_empty() {
            schemas.insert(self.names.unique(CLASSES).into(), classes);
        }
        if self.uses_timestamp {
            schemas.insert(TIMESTAMP.into(), timestamp());
        }
        if self.uses_uuid {
            schemas.insert(UUID.into(), uuid());
        }
        schemas.extend(std::mem::take(&mut self.schemas));

        let mut parameters = std::mem::take(&mut self.parameters);
        let mut responses = Members::new();
        if !self.model.operations.is_empty() {
            let headers = headers::components(has_jobs);
            parameters.extend(headers.into_iter().map(|(name, header)| (name.into(), header)));
            let shared = self.shared_responses(has_jobs);
            responses.extend(shared.into_iter().map(|(name, response)| (name.into(), response)));
        }
        Components { schemas, responses, parameters, security_schemes: self.security_schemes() }
    }
}

fn servers<'a>(base_path: &str) -> Vec<Server<'a>> {
    let variable = |values, default| ServerVariable { values, default };
    let variables = [
        ("scheme", variable(&["http", "https"], "http")),
        ("host", variable(&[], "localhost")),
        ("port", variable(&[], "8080")),
    ];
    let anywhere = Server {
        url: format!("{{scheme}}://{{host}}:{{port}}{base_path}"),
        description: "A management node.",
        variables: variables.into_iter().map(|(name, variable)| (name.into(), variable)).collect(),
    };
    let here = Server {
        url: base_path.to_owned(),
        description: "The management node that serves this document.",
        variables: Members::new(),
    };
    vec![anywhere, here]
}

/// The schema of timestamps in the platform's format.
fn timestamp<'a>() -> Schema<'a> {
    let pattern = "^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{1,2}, [0-9]{4} \
                   [0-9]{1,2}:[0-9]{2}:[0-9]{2} (AM|PM)$";
    let text = "The local time of the server, such as `Nov 14, 2017 10:20:57 PM`, without a time zone.";
    Schema { pattern: Some(pattern.into()), ..Schema::of("string").with_description(text) }
}

/// The schema of UUIDs in the platform's format.
fn uuid<'a>() -> Schema<'a> {
    let pattern = "^[0-9a-f]{32}$";
    let text = "A UUID: 32 lower-case hexadecimal digits without hyphens.";
    Schema { pattern: Some(pattern.into()), ..Schema::of("string").with_description(text) }
}
