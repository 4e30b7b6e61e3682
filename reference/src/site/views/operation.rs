//! The page of an operation, as of a release or as it is.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::http_example;
use crate::samples;
use serde::Serialize;
use zstack_model::words;
use zstack_model::{
    Auth, Body, ErrorCase, Example, Execution, Field, Method, Model, Operation, Place, Source, Tag, Version,
    query_parameters, variables,
};

use super::{Contents, FoundBy, Life, Log, Row, RowMaker, release};
use crate::site::history::Step;
use crate::site::text::{Anchors, Code, Json, Name, Prose};

/// All that the page of an operation shows.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperationView<'a> {
    pub(crate) name: Name<'a>,
    /// The release that it is shown as of, where that is not the newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) as_of: Option<&'a str>,
    pub(crate) category: &'a str,
    #[serde(skip)]
    pub(crate) category_title: &'a str,
    pub(crate) summary: Prose<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) description: Vec<Prose<'a>>,
    #[serde(flatten)]
    pub(crate) life: Life<'a>,
    /// The release that it came with, as releases are spelt.
    #[serde(skip)]
    pub(crate) release: Option<&'a str>,
    pub(crate) method: &'static str,
    /// Whether a program asks before it does this: something is gone, or is
    /// another.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) destructive: bool,
    /// The first is the one that the spec prefers.
    pub(crate) paths: Vec<PathView<'a>>,
    /// `synchronous` or `asynchronous`.
    pub(crate) execution: &'static str,
    #[serde(skip)]
    pub(crate) is_job: bool,
    pub(crate) needs_session: bool,
    pub(crate) takes_queries: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reply: Option<&'a str>,
    pub(crate) on_platform_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) documented: Option<Prose<'a>>,
    pub(crate) parameters: Vec<Row<'a>>,
    /// What every query takes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) standard_parameters: Vec<Row<'a>>,
    /// The outline of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Outline<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<TagView<'a>>,
    pub(crate) response: Vec<Row<'a>>,
    pub(crate) errors: Vec<ErrorView<'a>>,
    pub(crate) examples: Vec<ExampleView<'a>>,
    /// A call with what must be given, where there are no examples.
    #[serde(skip)]
    pub(crate) made: Vec<Code>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<Prose<'a>>,
    pub(crate) history: Vec<Log<'a>>,
}

/// A path, with the base path.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct PathView<'a> {
    pub(crate) path: String,
    /// That of the parameters in it.
    #[serde(skip)]
    pub(crate) life: Life<'a>,
}

/// The outline of a body: its key, and what stands below and beside it.
#[derive(Debug, Serialize)]
pub(crate) struct Outline<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<&'a str>,
    /// Whether the key is how the platform knows the operation.
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
    /// The text before its variable.
    pub(crate) prefix: &'a str,
    /// The query that finds what its variable may be.
    #[serde(rename = "foundBy", skip_serializing_if = "Option::is_none")]
    pub(crate) found_by: Option<FoundBy<'a>>,
    #[serde(flatten)]
    pub(crate) life: Life<'a>,
    pub(crate) description: Prose<'a>,
    #[serde(rename = "onPlatformOnly")]
    pub(crate) is_platforms: bool,
}

/// An error that it is known to answer with.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorView<'a> {
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cause: Option<&'a str>,
    pub(crate) when: Prose<'a>,
}

/// A request and its answer.
#[derive(Debug, Serialize)]
pub(crate) struct ExampleView<'a> {
    #[serde(skip)]
    pub(crate) anchor: String,
    pub(crate) name: Prose<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<&'a str>,
    /// The releases that it could have happened in.
    #[serde(skip)]
    pub(crate) life: Life<'a>,
    /// The parameters, by name.
    pub(crate) parameters: &'a serde_json::Map<String, serde_json::Value>,
    pub(crate) request: Asked,
    pub(crate) status: u16,
    pub(crate) response: Json,
    #[serde(skip)]
    pub(crate) samples: Vec<Code>,
}

/// What an example sends.
#[derive(Debug, Serialize)]
pub(crate) struct Asked {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Json>,
}

impl<'a> OperationView<'a> {
    /// The page of an operation of a model, which may be a slice; `as_of` says
    /// of which release.
    pub(crate) fn new(
        model: &'a Model,
        it: &'a Operation,
        as_of: Option<&'a Version>,
        history: Vec<Log<'a>>,
    ) -> Self {
        let category = model.categories.iter().find(|category| category.name == it.category);
        let mut anchors = Anchors::default();
        let mut parameters = RowMaker::new(model, &mut anchors, it.source).parameters(&it.parameters);
        for (row, parameter) in parameters.iter_mut().zip(&it.parameters) {
            row.found_by = FoundBy::of_parameter(model, it, parameter);
        }
        let standard_parameters = standard(model, it, as_of, &mut anchors);
        let answer = it.response.iter().chain(&model.service.envelope);
        let response = RowMaker::new(model, &mut anchors, it.source).fields("response-", answer);
        let path = |path: &str| PathView {
            path: format!("{}{path}", model.service.base_path),
            life: life_of_path(it, path),
        };
        Self {
            name: Name(&it.name),
            as_of: as_of.map(|it| it.text.as_str()),
            category: &it.category,
            category_title: category.map_or(it.category.as_str(), |category| category.title.as_str()),
            summary: Prose::new(it.summary.trim()),
            description: it.description.as_deref().map(Prose::paragraphs).unwrap_or_default(),
            life: Life::of(&it.since, &it.retirement),
            release: release(model, &it.since),
            method: it.method.as_str(),
            destructive: is_destructive(it),
            paths: it.all_paths().map(path).collect(),
            execution: words::execution(it.execution),
            is_job: it.execution == Execution::Async,
            needs_session: it.auth == Auth::Session,
            takes_queries: it.query,
            message: it.message.as_ref().map(|message| message.class.as_str()),
            reply: it.message.as_ref().map(|message| message.reply.as_str()),
            on_platform_only: it.source == Source::Platform,
            documented: it.documented.as_ref().and_then(words::documented).map(Prose::new),
            body: outline(it),
            tags: it.tags.iter().map(|of| tag(model, it, of, &mut anchors)).collect(),
            errors: errors(it),
            examples: examples(model, it, &mut anchors),
            made: made(model, it),
            notes: it.notes.iter().map(|it| Prose::new(it.trim())).collect(),
            parameters,
            standard_parameters,
            response,
            history,
        }
    }

    /// Says of each example of today which releases had all that it shows.
    pub(crate) fn tell_when_examples_hold(&mut self, steps: &'a [Step<'a>]) {
        if self.examples.is_empty() {
            return;
        }
        let of = |step: &'a Step<'a>| step.model.operation(self.name.0);
        let examples: Vec<_> =
            steps.iter().map(|it| of(it).map(|it| &it.examples[..]).unwrap_or_default()).collect();
        for example in &mut self.examples {
            let had = |it: &&[Example]| it.iter().any(|it| it.name.trim() == example.name.as_str());
            let known = |nth: usize| steps.get(nth).filter(|step| !step.is_unknown()).map(Step::version);
            example.life = Life {
                since: examples.iter().position(had).and_then(known),
                removed: examples.iter().rposition(had).and_then(|rposition| known(rposition + 1)),
                ..Life::default()
            };
        }
    }

    /// The sections that there are.
    pub(crate) fn contents(&self) -> Vec<Contents> {
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
            .map(|(id, title, _)| Contents::new(id, title))
            .collect()
    }

    /// What a search engine shows below the title.
    pub(crate) fn in_short(&self) -> String {
        let path = self.paths.first().map(|path| path.path.as_str()).unwrap_or_default();
        format!("{} {} {path}", self.summary.as_str(), self.method)
    }
}

/// What a program asks before it does: deletions, and what undoes work.
fn is_destructive(it: &Operation) -> bool {
    const NAMES: [&str; 8] =
        ["Clean", "Delete", "Destroy", "Expunge", "Reimage", "Remove", "Reset", "Revert"];
    it.method == Method::Delete || NAMES.iter().any(|verb| it.name.starts_with(verb))
}

/// A path is there while all of its variables are parameters.
fn life_of_path<'a>(operation: &'a Operation, path: &str) -> Life<'a> {
    let all = || {
        let of = |name| operation.parameters.iter().find(|parameter| parameter.field.name == name);
        variables(path).filter_map(of).map(|it| &it.field)
    };
    let text = |it: &'a Version| (!it.is_unknown()).then_some(it.text.as_str());
    Life {
        since: all().map(|it| &it.since).max().filter(|since| **since > operation.since).and_then(text),
        removed: all().filter_map(|it| it.retirement.removed.as_ref()).min().and_then(text),
        ..Life::default()
    }
}

/// The parameters that every query takes.
static STANDARD: LazyLock<Vec<Field>> = LazyLock::new(query_parameters);

/// Those of them that a release had.
fn standard<'a>(
    model: &'a Model,
    it: &Operation,
    as_of: Option<&Version>,
    anchors: &mut Anchors,
) -> Vec<Row<'a>> {
    let had = |field: &&'static Field| it.query && as_of.is_none_or(|as_of| field.since <= *as_of);
    let fields: Vec<_> = STANDARD.iter().filter(had).collect();
    // Nothing is said of documents: the operation's does not list them.
    RowMaker::new(model, anchors, Source::Platform).fields("query-", fields)
}

fn tag<'a>(model: &'a Model, operation: &'a Operation, it: &'a Tag, anchors: &mut Anchors) -> TagView<'a> {
    TagView {
        anchor: anchors.of("tag-", &it.pattern),
        pattern: &it.pattern,
        prefix: &it.prefix,
        found_by: FoundBy::of_tag(model, operation, it),
        life: Life::since(&it.since),
        description: Prose::new(it.description.trim()),
        is_platforms: it.source == Source::Platform && operation.source == Source::Document,
    }
}

/// The errors of an operation, whose anchors other pages know as well.
pub(crate) fn errors(it: &Operation) -> Vec<ErrorView<'_>> {
    let mut anchors = Anchors::default();
    let mut views = Vec::with_capacity(it.errors.len());
    for ErrorCase { code, cause, when } in &it.errors {
        let anchor = anchors.of("error-", code);
        views.push(ErrorView { anchor, code, cause: cause.as_deref(), when: Prose::new(when.trim()) });
    }
    views
}

fn examples<'a>(model: &Model, operation: &'a Operation, anchors: &mut Anchors) -> Vec<ExampleView<'a>> {
    let view = |it: &'a Example| {
        let request = http_example::request(model, operation, it);
        ExampleView {
            anchor: anchors.of("example-", &it.name),
            name: Prose::new(it.name.trim()),
            since: it.since.as_ref().filter(|since| !since.is_unknown()).map(|since| since.text.as_str()),
            life: Life::default(),
            parameters: &it.request,
            status: it.status,
            response: Json(http_example::answer(model, operation, it)),
            samples: code(model, operation, it),
            request: Asked {
                method: request.method.as_str(),
                target: request.target,
                body: request.body.map(Json),
            },
        }
    };
    operation.examples.iter().map(view).collect()
}

fn code(model: &Model, operation: &Operation, example: &Example) -> Vec<Code> {
    samples::samples(model, operation, example).into_iter().map(Code).collect()
}

/// A call of an operation without examples.
fn made(model: &Model, operation: &Operation) -> Vec<Code> {
    match samples::examples(model, operation) {
        Cow::Owned(made) => made.iter().flat_map(|it| code(model, operation, it)).collect(),
        Cow::Borrowed(_) => Vec::new(),
    }
}

/// The outline of a body; none where there is nothing to send.
fn outline(it: &Operation) -> Option<Outline<'_>> {
    let members = |place, indent: &str| {
        let fields = it
            .parameters
            .iter()
            .filter(|parameter| parameter.place == place)
            .map(|parameter| &parameter.field);
        fields.map(|field| format!("{indent}\"{}\": {}", field.name, field.ty)).collect::<Vec<_>>()
    };
    let (key, selects) = match &it.body {
        Body::None => (None, false),
        Body::Key(key) => (Some(key.as_str()), false),
        Body::Action(key) => (Some(key.as_str()), true),
    };
    let below = members(Place::Body, "    ");
    let inner = if below.is_empty() { "{}".to_owned() } else { format!("{{\n{}\n  }}", below.join(",\n")) };
    let mut all: Vec<_> = key.map(|key| format!("  \"{key}\": {inner}")).into_iter().collect();
    all.extend(members(Place::BesideBody, "  "));
    let shape = format!("{{\n{}\n}}", all.join(",\n"));
    (!all.is_empty()).then_some(Outline { key, selects, shape })
}
