//! The page of an operation, current or as of a release.

use std::borrow::Cow;
use std::sync::LazyLock;

use askama::Template;
use serde::Serialize;
use zstack_model::examples::{self, GeneratedExample, generate};
use zstack_model::words;
use zstack_model::{
    Auth, Body, ErrorCase, Example, Execution, Field, Method, Model, Operation, Place, Source, Tag, Version,
    query_parameters, variables,
};

use crate::http_example;
use crate::samples;

use super::{Lifecycle, Lookup, PageSection, ReleaseChanges, Row, RowBuilder, RowsMd, release};
use crate::site::snapshots::Snapshot;
use crate::site::text::{Anchors, Code, Json, Name, Prose};

/// The content of an operation's page; as a template, the page in Markdown.
#[derive(Debug, Serialize, Template)]
#[template(path = "operation.md")]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperationView<'a> {
    pub(crate) name: Name<'a>,
    /// The release of the page, unless it is the current page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) as_of: Option<String>,
    pub(crate) category: &'a str,
    #[serde(skip)]
    pub(crate) category_title: &'a str,
    pub(crate) summary: Prose<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) description: Vec<Prose<'a>>,
    #[serde(flatten)]
    pub(crate) lifecycle: Lifecycle<'a>,
    /// The release that added it, for a link to its page.
    #[serde(skip)]
    pub(crate) release: Option<String>,
    pub(crate) method: &'static str,
    /// True if programs should ask for confirmation, since it deletes or resets data.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) destructive: bool,
    /// The preferred path comes first.
    pub(crate) paths: Vec<PathView<'a>>,
    /// `synchronous` or `asynchronous`.
    pub(crate) execution: &'static str,
    #[serde(skip)]
    pub(crate) is_job: bool,
    pub(crate) needs_session: bool,
    pub(crate) is_query: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reply: Option<&'a str>,
    pub(crate) undocumented: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) documented: Option<Prose<'a>>,
    pub(crate) parameters: Vec<Row<'a>>,
    /// The standard query parameters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) standard_parameters: Vec<Row<'a>>,
    /// The outline of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<BodyOutline<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<TagView<'a>>,
    pub(crate) response: Vec<Row<'a>>,
    pub(crate) errors: Vec<ErrorView<'a>>,
    /// The written examples, or a generated one.
    pub(crate) examples: Vec<ExampleView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<Prose<'a>>,
    pub(crate) history: Vec<ReleaseChanges<'a>>,
}

/// A path, including the base path.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct PathView<'a> {
    pub(crate) path: String,
    /// The lifecycle of its variables.
    #[serde(skip)]
    pub(crate) lifecycle: Lifecycle<'a>,
}

/// The outline of a body: its key, with the members under it and next to it.
#[derive(Debug, Serialize)]
pub(crate) struct BodyOutline<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<&'a str>,
    /// True if the key selects the operation.
    pub(crate) selects: bool,
    #[serde(skip)]
    pub(crate) shape: String,
}

/// A system tag.
#[derive(Debug, Serialize)]
pub(crate) struct TagView<'a> {
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) pattern: &'a str,
    /// The text before the variable.
    pub(crate) prefix: &'a str,
    /// The query for values of the variable.
    #[serde(rename = "lookup", skip_serializing_if = "Option::is_none")]
    pub(crate) lookup: Option<Lookup<'a>>,
    #[serde(flatten)]
    pub(crate) lifecycle: Lifecycle<'a>,
    pub(crate) description: Prose<'a>,
    pub(crate) undocumented: bool,
}

/// A known error of an operation.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorView<'a> {
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cause: Option<&'a str>,
    pub(crate) when: Prose<'a>,
}

/// A request and its response.
#[derive(Debug, Serialize)]
pub(crate) struct ExampleView<'a> {
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) name: Prose<'a>,
    /// True if it was generated, since the operation has no written example.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) generated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<String>,
    /// The releases that have all elements of the example.
    #[serde(skip)]
    pub(crate) lifecycle: Lifecycle<'a>,
    /// The parameters, by name.
    pub(crate) parameters: Cow<'a, serde_json::Map<String, serde_json::Value>>,
    pub(crate) request: ExampleRequest,
    pub(crate) status: u16,
    pub(crate) response: Json,
    #[serde(skip)]
    pub(crate) samples: Vec<Code>,
}

/// The HTTP request of an example.
#[derive(Debug, Serialize)]
pub(crate) struct ExampleRequest {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Json>,
}

impl<'a> OperationView<'a> {
    /// Returns the view of an operation; `as_of` is the release of the model, if it is a
    /// slice.
    pub(crate) fn new(
        model: &'a Model,
        operation: &'a Operation,
        as_of: Option<&'a Version>,
        history: Vec<ReleaseChanges<'a>>,
    ) -> Self {
        let category = model.categories.iter().find(|category| category.name == operation.category);
        let mut anchors = Anchors::default();
        let mut parameters =
            RowBuilder::new(model, &mut anchors, operation.source).parameters(&operation.parameters);
        for (row, parameter) in parameters.iter_mut().zip(&operation.parameters) {
            row.lookup = Lookup::of_parameter(model, operation, parameter);
        }
        let standard_parameters = standard_parameters(model, operation, as_of, &mut anchors);
        let response_fields = operation.response.iter().chain(&model.service.envelope);
        let response =
            RowBuilder::new(model, &mut anchors, operation.source).fields("response-", response_fields);
        let path = |path: &str| PathView {
            path: format!("{}{path}", model.service.base_path),
            lifecycle: path_lifecycle(operation, path),
        };
        Self {
            name: Name(&operation.name),
            as_of: as_of.map(ToString::to_string),
            category: &operation.category,
            category_title: category.map_or(operation.category.as_str(), |category| category.title.as_str()),
            summary: Prose::new(operation.summary.trim()),
            description: operation.description.as_deref().map(Prose::paragraphs).unwrap_or_default(),
            lifecycle: Lifecycle::of(&operation.since, &operation.retirement),
            release: release(model, &operation.since),
            method: operation.method.as_str(),
            destructive: is_destructive(operation),
            paths: operation.all_paths().map(path).collect(),
            execution: words::execution(operation.execution),
            is_job: operation.execution == Execution::Async,
            needs_session: operation.auth == Auth::Session,
            is_query: operation.query,
            message: operation.message.as_ref().map(|message| message.class.as_str()),
            reply: operation.message.as_ref().map(|message| message.reply.as_str()),
            undocumented: operation.source == Source::Platform,
            documented: operation.documented.as_ref().and_then(words::describe_documented).map(Prose::new),
            body: body_outline(operation),
            tags: operation.tags.iter().map(|tag| tag_view(model, operation, tag, &mut anchors)).collect(),
            errors: errors(operation),
            examples: if operation.examples.is_empty() {
                generated_example(model, operation, as_of.is_none()).into_iter().collect()
            } else {
                examples(model, operation, &mut anchors)
            },
            notes: operation.notes.iter().map(|note| Prose::new(note.trim())).collect(),
            parameters,
            standard_parameters,
            response,
            history,
        }
    }

    /// Adds the releases that have each written example.
    pub(crate) fn add_example_lifecycles(&mut self, snapshots: &'a [Snapshot<'a>]) {
        let name = self.name.0;
        let version = |index: usize| {
            snapshots
                .get(index)
                .filter(|snapshot| !snapshot.is_unknown())
                .map(|snapshot| snapshot.version().to_owned())
        };
        for view in self.examples.iter_mut().filter(|example| !example.generated) {
            let has_example = |snapshot: &Snapshot<'_>| {
                let names = snapshot.examples.get(name);
                names.is_some_and(|names| names.iter().any(|name| name.trim() == view.name.as_str()))
            };
            view.lifecycle = Lifecycle {
                since: snapshots.iter().position(has_example).and_then(version),
                removed: snapshots.iter().rposition(has_example).and_then(|last| version(last + 1)),
                ..Lifecycle::default()
            };
        }
    }

    /// The sections of the page.
    pub(crate) fn contents(&self) -> Vec<PageSection> {
        let sections = [
            ("request", "Request", true),
            ("body", "Body", self.body.is_some()),
            ("tags", "System tags", !self.tags.is_empty()),
            ("response", "Response", true),
            ("errors", "Errors", true),
            ("examples", "Examples", true),
            ("notes", "Notes", !self.notes.is_empty()),
            ("history", "History", true),
        ];
        sections
            .iter()
            .filter(|(.., is_there)| *is_there)
            .map(|(id, title, _)| PageSection::new(id, title))
            .collect()
    }

    /// The description for search engines.
    pub(crate) fn summary_line(&self) -> String {
        let path = self.paths.first().map(|path| path.path.as_str()).unwrap_or_default();
        format!("{} {} {path}", self.summary.as_str(), self.method)
    }
}

/// Returns whether an operation deletes or resets data.
fn is_destructive(operation: &Operation) -> bool {
    const NAMES: [&str; 8] =
        ["Clean", "Delete", "Destroy", "Expunge", "Reimage", "Remove", "Reset", "Revert"];
    operation.method == Method::Delete || NAMES.iter().any(|verb| operation.name.starts_with(verb))
}

/// The releases in which all variables of a path are parameters.
fn path_lifecycle<'a>(operation: &'a Operation, path: &str) -> Lifecycle<'a> {
    let fields = || {
        let find = |name| operation.parameters.iter().find(|parameter| parameter.field.name == name);
        variables(path).filter_map(find).map(|parameter| &parameter.field)
    };
    let text = |version: &Version| (!version.is_unknown()).then(|| version.to_string());
    Lifecycle {
        since: fields()
            .map(|field| &field.since)
            .max()
            .filter(|since| **since > operation.since)
            .and_then(text),
        removed: fields().filter_map(|field| field.retirement.removed.as_ref()).min().and_then(text),
        ..Lifecycle::default()
    }
}

/// The standard query parameters.
static STANDARD: LazyLock<Vec<Field>> = LazyLock::new(query_parameters);

/// The rows of the standard query parameters of a release.
fn standard_parameters<'a>(
    model: &'a Model,
    operation: &Operation,
    as_of: Option<&Version>,
    anchors: &mut Anchors,
) -> Vec<Row<'a>> {
    let is_present =
        |field: &&'static Field| operation.query && as_of.is_none_or(|as_of| field.since <= *as_of);
    let fields: Vec<_> = STANDARD.iter().filter(is_present).collect();
    // The docs of an operation do not list them, so they are not marked.
    RowBuilder::new(model, anchors, Source::Platform).fields("query-", fields)
}

fn tag_view<'a>(
    model: &'a Model,
    operation: &'a Operation,
    tag: &'a Tag,
    anchors: &mut Anchors,
) -> TagView<'a> {
    TagView {
        anchor: anchors.of("tag-", &tag.pattern),
        pattern: &tag.pattern,
        prefix: &tag.prefix,
        lookup: Lookup::of_tag(model, operation, tag),
        lifecycle: Lifecycle::since(&tag.since),
        description: Prose::new(tag.description.trim()),
        undocumented: tag.source == Source::Platform && operation.source == Source::Document,
    }
}

/// The errors of an operation, with anchors that other pages link to.
pub(crate) fn errors<'a>(operation: &'a Operation) -> Vec<ErrorView<'a>> {
    let mut anchors = Anchors::default();
    let view = |ErrorCase { code, cause, when }: &'a ErrorCase| ErrorView {
        anchor: anchors.of("error-", code),
        code,
        cause: cause.as_deref(),
        when: Prose::new(when.trim()),
    };
    operation.errors.iter().map(view).collect()
}

/// The written examples of an operation.
fn examples<'a>(model: &Model, operation: &'a Operation, anchors: &mut Anchors) -> Vec<ExampleView<'a>> {
    let view = |example: &'a Example| ExampleView {
        anchor: anchors.of("example-", &example.name),
        name: Prose::new(example.name.trim()),
        generated: false,
        since: example.since.as_ref().filter(|since| !since.is_unknown()).map(ToString::to_string),
        lifecycle: Lifecycle::default(),
        parameters: Cow::Borrowed(&example.request),
        request: ExampleRequest::new(model, operation, example),
        status: example.status,
        response: Json(http_example::response(model, operation, example)),
        samples: code(model, operation, example),
    };
    operation.examples.iter().map(view).collect()
}

/// The generated example of an operation without written ones; on the current page, with the releases that have all of
/// its elements.
fn generated_example<'a>(
    model: &'a Model,
    operation: &'a Operation,
    is_current: bool,
) -> Option<ExampleView<'a>> {
    let GeneratedExample { example, since, removed } = generate(model, operation).ok()?;
    let lifecycle = Lifecycle {
        since: release(model, &since).filter(|_| is_current),
        removed: removed.as_ref().and_then(|removed| release(model, removed)).filter(|_| is_current),
        ..Lifecycle::default()
    };
    Some(ExampleView {
        anchor: "generated-example".to_owned(),
        name: Prose::new(examples::NAME),
        generated: true,
        since: None,
        lifecycle,
        request: ExampleRequest::new(model, operation, &example),
        status: example.status,
        response: Json(http_example::response(model, operation, &example)),
        samples: code(model, operation, &example),
        parameters: Cow::Owned(example.request),
    })
}

impl ExampleRequest {
    fn new(model: &Model, operation: &Operation, example: &Example) -> Self {
        let http_example::Request { method, target, body } = http_example::request(model, operation, example);
        Self { method: method.as_str(), target, body: body.map(Json) }
    }
}

fn code(model: &Model, operation: &Operation, example: &Example) -> Vec<Code> {
    samples::samples(model, operation, example).into_iter().map(Code).collect()
}

/// The outline of a body; `None` if there is no body.
fn body_outline(operation: &Operation) -> Option<BodyOutline<'_>> {
    let members = |place, indent: &str| {
        let parameters = operation.parameters.iter().filter(|parameter| parameter.place == place);
        let fields = parameters.map(|parameter| &parameter.field);
        fields.map(|field| format!("{indent}\"{}\": {}", field.name, field.ty)).collect::<Vec<_>>()
    };
    let (key, selects) = match &operation.body {
        Body::None => (None, false),
        Body::Key(key) => (Some(key.as_str()), false),
        Body::Action(key) => (Some(key.as_str()), true),
    };
    let in_key = members(Place::Body, "    ");
    let inner = if in_key.is_empty() { "{}".to_owned() } else { format!("{{\n{}\n  }}", in_key.join(",\n")) };
    let mut all: Vec<_> = key.map(|key| format!("  \"{key}\": {inner}")).into_iter().collect();
    all.extend(members(Place::BesideBody, "  "));
    let shape = format!("{{\n{}\n}}", all.join(",\n"));
    (!all.is_empty()).then_some(BodyOutline { key, selects, shape })
}
