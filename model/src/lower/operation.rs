//! Converts operations.

use camino::Utf8Path;

use super::attributes::{MessageKeys, auth, body, message, method};
use super::field::{fields, parameters};
use super::history;
use super::terms::{documented_values, execution, retirement, version};
use crate::diagnostics::RouteProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{ErrorCase, Example, Operation, Tag};
use crate::names::is_ident;
use crate::positions::Path;
use crate::source::{self, Notes};

pub(super) fn lower(
    file: FileId,
    path: &Utf8Path,
    written: source::Operation,
    findings: &mut Findings,
) -> Operation {
    let root = Path::root();
    let body = body(&written.name, &written.body);
    let execution = execution(written.execution);
    let keys = MessageKeys {
        message: (written.message, root.key("message")),
        reply: (written.reply, root.key("reply")),
        execution,
    };
    let message = message(file, &keys, findings);
    let history = history::of_operation(file, &written.name, written.history, keys, findings);
    Operation {
        name: written.name.into(),
        category: written.category.into(),
        summary: written.summary.into(),
        description: written.description.map(String::from),
        since: version(file, root.key("since"), written.since, findings),
        retirement: retirement(
            file,
            &root,
            written.deprecated,
            written.removed,
            written.replacement,
            findings,
        ),
        method: method(written.method),
        path: written.path.into(),
        paths: written.paths.into_iter().map(String::from).collect(),
        query: written.query,
        execution,
        auth: auth(written.auth),
        body,
        message,
        parameters: parameters(file, &root.key("parameters"), written.parameters, findings),
        response: fields(file, &root.key("response"), written.response, findings),
        tags: tags(file, &root.key("tags"), written.tags, findings),
        errors: written.errors.into_iter().map(error).collect(),
        examples: examples(file, &root.key("examples"), written.examples, findings),
        notes: notes(written.notes),
        documented: written.documented.map(documented_values),
        renamed_from: written.renamed_from.map(String::from),
        source: written.source,
        history,
        file: path.to_owned(),
    }
}

fn tags(file: FileId, at: &Path, written: Vec<source::Tag>, findings: &mut Findings) -> Vec<Tag> {
    let mut tags = Vec::with_capacity(written.len());
    for (nth, it) in written.into_iter().enumerate() {
        let at = at.index(nth);
        let pattern = String::from(it.pattern);
        let (prefix, variable) = split_pattern(&pattern).unwrap_or_else(|| {
            let problem = RouteProblem::TagPattern { pattern: pattern.clone() };
            findings.report(file, At::value(at.key("pattern")), problem);
            Default::default()
        });
        tags.push(Tag {
            pattern,
            prefix,
            variable,
            description: it.description.into(),
            since: version(file, at.key("since"), it.since, findings),
            source: it.source,
        });
    }
    tags
}

/// Splits `cdromUuid::{cdromUuid}` into the text before the variable and the variable.
fn split_pattern(pattern: &str) -> Option<(String, String)> {
    let (prefix, variable) = pattern.strip_suffix('}')?.split_once('{')?;
    let fits = !prefix.is_empty() && !prefix.contains('}') && is_ident(variable);
    fits.then(|| (prefix.to_owned(), variable.to_owned()))
}

fn error(written: source::ErrorCase) -> ErrorCase {
    ErrorCase { code: written.code.into(), cause: written.cause.map(String::from), when: written.when.into() }
}

fn examples(file: FileId, at: &Path, written: Vec<source::Example>, findings: &mut Findings) -> Vec<Example> {
    let numbered = written.into_iter().enumerate();
    let examples = numbered.map(|(nth, example)| Example {
        name: example.name.into(),
        since: example.since.map(|since| version(file, at.index(nth).key("since"), since, findings)),
        request: example.request.0,
        status: example.status,
        response: example.response.0.into(),
    });
    examples.collect()
}

fn notes(written: Option<Notes>) -> Vec<String> {
    match written {
        None => Vec::new(),
        Some(Notes::One(note)) => vec![note.into()],
        Some(Notes::Several(notes)) => notes.into_iter().map(String::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_tag_patterns_that_end_with_a_variable() {
        let split = |pattern| split_pattern(pattern).map(|(prefix, variable)| prefix + "|" + &variable);
        assert_eq!(split("cdromUuid::{cdromUuid}").as_deref(), Some("cdromUuid::|cdromUuid"));
        for pattern in ["", "x", "{x}", "a::{x}::b", "a::{x}{y}", "a::{}", "a::{x y}", "a}::{x}"] {
            assert_eq!(split(pattern), None, "{pattern}");
        }
    }
}
