//! Fields and values that the samples of a page have, and its tables do not.

use zstack_model::names::is_wire_name;
use zstack_model::{Type, TypeShape, variables};

use super::Merge;
use super::elements::ResolvedField;
use super::endpoints::Route;
use crate::draft::{ElementKey, Samples};
use crate::endpoint::path_of_url;
use crate::json::Sample;
use crate::page::Page;
use crate::report::NoteKind;
use crate::resolve::types::row_of_sample;

/// The number of elements of a list in a sample that are read.
const ELEMENT_LIMIT: usize = 8;

/// The value of a parameter in the samples of a page.
pub(super) fn of_parameter<'p>(page: &'p Page, name: &str) -> Option<&'p Sample> {
    let body = page.body.iter().map(|body| &body.value);
    let data = page.commands.iter().filter_map(|command| command.value.data.as_ref());
    let assigned = page.assignments.iter().map(|assigned| &assigned.value).filter(|(known, _)| known == name);
    let inside = |sample: &'p Sample| {
        let inner = sample.fields().iter().find_map(|(_, value)| value.field(name));
        inner.or_else(|| sample.field(name))
    };
    let is_real = |sample: &&Sample| !is_placeholder(sample) && **sample != Sample::Null;
    body.chain(data)
        .find_map(inside)
        .filter(is_real)
        .or_else(|| assigned.map(|(_, value)| value).find(is_real))
}

/// Returns whether a value is a placeholder: `<name>`, or a list of such.
fn is_placeholder(sample: &Sample) -> bool {
    match sample {
        Sample::Text(text) => {
            text.starts_with('<') && text.ends_with('>') || text.starts_with('{') && text.ends_with('}')
        }
        Sample::List(items) => items.iter().any(is_placeholder),
        _ => false,
    }
}

/// Adds the fields that the sample of the response has, and no table.
pub(super) fn add_fields(merge: &mut Merge<'_, '_>, nth: usize, page: &Page) {
    let Some(sample) = &page.response_sample else { return };
    for (name, value) in sample.value.fields() {
        let response = merge.draft.operations[nth].response.iter();
        let ty = response
            .chain(&merge.draft.service.envelope)
            .find(|field| field.name == *name)
            .map(|field| field.ty.clone());
        match ty {
            Some(ty) => merge.add_fields_of(&ty, value, sample.line),
            None if page.response.is_empty() => {}
            None => {
                let message =
                    format!("`{name}` is in the sample of the response, and in no table; it was left out");
                merge.note(NoteKind::Ignored, sample.line, message);
            }
        }
    }
}

impl Merge<'_, '_> {
    fn add_fields_of(&mut self, ty: &Type, sample: &Sample, line: usize) {
        match (ty, sample) {
            (Type::List(inner), Sample::List(items)) => {
                items.iter().take(ELEMENT_LIMIT).for_each(|item| self.add_fields_of(inner, item, line));
            }
            (Type::Named(name), Sample::Object(fields)) => {
                let Some(nth) = self.draft.data_type(name) else { return };
                if !matches!(self.draft.types[nth].shape, TypeShape::Record { .. }) {
                    return;
                }
                for (field, value) in fields {
                    self.add_sample_field(nth, name, field, value, line);
                }
            }
            _ => {}
        }
    }

    fn add_sample_field(&mut self, nth: usize, owner: &str, name: &str, value: &Sample, line: usize) {
        if let Some((ty, at)) = self.draft.find_field(nth, name) {
            let field = &self.draft.types[ty].own_fields()[at];
            let (ty, owner) = (field.ty.clone(), self.draft.types[ty].name.clone());
            self.draft.printed.insert(ElementKey::Field(owner, name.to_owned()));
            return self.add_fields_of(&ty, value, line);
        }
        // Without a table, all of its fields come from samples already.
        if !self.tables.contains(owner) || !is_wire_name(name) || *value == Sample::Null {
            return;
        }
        let mut row = row_of_sample(name, value, line, 0);
        row.description = Some("No table has it; the samples of the documents do.".to_owned());
        let (ty, is_vague) = self.field_type(&row, None, Some(value), owner);
        let key = ElementKey::Field(owner.to_owned(), name.to_owned());
        let message = format!(
            "`{name}` of `{owner}` is in the sample, and in no table; its type `{ty}` is that of the value"
        );
        self.note(NoteKind::Guessed, line, message);
        if !self.draft.is_new(&ElementKey::DataType(owner.to_owned())) {
            self.missing(&key, line);
        }
        let resolved =
            ResolvedField { printed: &row, ty, is_vague, is_required: false, has_requirement: false };
        let field = self.new_field(&resolved);
        let origin = self.origin(&resolved);
        let end = self.draft.types[nth].own_fields().len();
        self.draft.add_field(nth, end, field);
        self.draft.record_new(key, origin);
    }

    /// Keeps the samples of a new operation until its types are known.
    pub(super) fn collect_samples(&mut self, page: &Page, route: &Route, line: usize) {
        let mut values: Vec<(String, Sample)> = Vec::new();
        for command in &page.commands {
            if let Some((path, query)) = path_of_url(&command.value.url) {
                values.extend(
                    route.paths.iter().filter_map(|template| variable_values(template, path)).flatten(),
                );
                let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                values.extend(pairs.map(|(name, value)| (name.to_owned(), Sample::Text(value.to_owned()))));
            }
        }
        let key = self
            .draft
            .operation(&self.operation)
            .and_then(|nth| self.draft.operations[nth].body.key().map(str::to_owned));
        let data = page.commands.iter().filter_map(|command| command.value.data.as_ref());
        for sample in data.chain(page.body.iter().map(|body| &body.value)) {
            for (name, value) in sample.fields() {
                let is_key = key.as_deref().is_some_and(|key| key.eq_ignore_ascii_case(name));
                match value {
                    Sample::Object(inner) if is_key => values.extend(inner.iter().cloned()),
                    Sample::List(items) if items.is_empty() => {}
                    value => values.push((name.clone(), value.clone())),
                }
            }
        }
        values.extend(page.assignments.iter().map(|assigned| assigned.value.clone()));
        values.retain(|(_, value)| !is_placeholder(value) && *value != Sample::Null);
        let response = page.response_sample.as_ref().map(|sample| sample.value.clone());
        let at = page.response_sample.as_ref().map_or(line, |sample| sample.line);
        self.draft.samples.push(Samples {
            operation: self.operation.clone(),
            at: Some(self.at(at)),
            response,
            values,
        });
    }
}

/// The values of the variables of a path.
fn variable_values(template: &str, path: &str) -> Option<Vec<(String, Sample)>> {
    let mut segments = path.trim_matches('/').split('/');
    let mut names = variables(template);
    let mut values = Vec::new();
    for expected in template.trim_matches('/').split('/') {
        let segment = segments.next()?;
        if expected.starts_with('{') {
            values.push((names.next()?.to_owned(), Sample::Text(segment.to_owned())));
        } else if expected != segment {
            return None;
        }
    }
    segments.next().is_none().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_variables() {
        let found = variable_values("/zones/{uuid}/actions", "zones/abc/actions").unwrap();
        assert_eq!(found, [("uuid".to_owned(), Sample::Text("abc".to_owned()))]);
        assert_eq!(variable_values("/zones/{uuid}", "zones"), None);
    }
}
