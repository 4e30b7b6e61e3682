//! Makes an example of the samples of a page: values that fit the types, in the order of the page.

use zstack_model::{Field, Operation, Type, TypeShape};
use zstack_vocabulary::{Timestamp, is_uuid};

use crate::draft::{Draft, DraftExample, Samples};
use crate::json::{Sample, number};
use crate::report::{NoteKind, Report};

/// Builds the examples of all new operations.
pub(crate) fn build(draft: &mut Draft<'_>, report: &mut Report) {
    for samples in std::mem::take(&mut draft.samples) {
        let Some(nth) = draft.operation(&samples.operation) else { continue };
        let Some(response) = &samples.response else { continue };
        let (mut dropped, mut substitutes) = (Vec::new(), Vec::new());
        let example = {
            let fitting = Fitting { draft, dropped: &mut dropped, substitutes: &mut substitutes };
            fitting.example(&draft.operations[nth], &samples, response)
        };
        let Some(at) = samples.at else { continue };
        for message in dropped {
            report.add(NoteKind::Ignored, at.clone(), message);
        }
        for (name, is_of_response) in substitutes {
            let (kind, value) = match is_of_response {
                true => (NoteKind::Decided, "that of the response"),
                false => (NoteKind::Guessed, "a made-up one"),
            };
            let message =
                format!("the page shows no value of the parameter `{name}`; the example has {value}");
            report.add(kind, at.clone(), message);
        }
        match example {
            Ok(example) => drop(draft.examples.insert(samples.operation, example)),
            Err(why) => {
                report.add(NoteKind::Ignored, at, format!("the sample did not become an example: {why}"))
            }
        }
    }
}

struct Fitting<'f, 's> {
    draft: &'f Draft<'s>,
    /// Omissions, with their reasons.
    dropped: &'f mut Vec<String>,
    /// Parameters whose values the page does not show, and whether the response has a value.
    substitutes: &'f mut Vec<(String, bool)>,
}

impl Fitting<'_, '_> {
    fn example(
        mut self,
        operation: &Operation,
        samples: &Samples,
        response: &Sample,
    ) -> Result<DraftExample, String> {
        let fields: Vec<&Field> = operation.response.iter().chain(&self.draft.service.envelope).collect();
        let response = self.record(response, &fields, &operation.name)?;
        let mut request = Vec::new();
        for parameter in &operation.parameters {
            let field = &parameter.field;
            let found = samples.values.iter().filter(|(name, _)| *name == field.name);
            let value = found.filter_map(|(_, value)| self.argument(value, field)).next();
            let value = match value {
                Some(value) => Some(value),
                None if field.required => Some(self.substitute(field, samples)?),
                None => None,
            };
            request.extend(value.map(|value| (field.name.clone(), value)));
        }
        Ok(DraftExample { request, response })
    }

    /// A value that fits a parameter; those of a query string are texts.
    fn argument(&mut self, value: &Sample, field: &Field) -> Option<Sample> {
        let typed = match (&field.ty, value) {
            (Type::Boolean, Sample::Text(text)) => text.parse().ok().map(Sample::Boolean)?,
            (Type::Integer | Type::Long | Type::Double, Sample::Text(text)) => Sample::Number(text.clone()),
            (Type::List(_), Sample::Text(text)) => Sample::List(vec![Sample::Text(text.clone())]),
            (_, value) => value.clone(),
        };
        let fitting = self.value(&typed, &field.ty, &field.name).ok().flatten()?;
        satisfies(&fitting, field).then_some(fitting)
    }

    /// A value for a parameter that must be given, and has none on the page: that of the response, or
    /// a UUID of zeros.
    fn substitute(&mut self, field: &Field, samples: &Samples) -> Result<Sample, String> {
        let inventory = samples.response.as_ref().and_then(|response| {
            response
                .fields()
                .iter()
                .find_map(|(name, value)| name.starts_with("inventor").then(|| value.element()).flatten())
        });
        let own = inventory.and_then(|inventory| inventory.field(&field.name)).cloned();
        let fitting = own.and_then(|value| self.argument(&value, field));
        let made_up = || {
            let is_uuid = field.name.to_lowercase().ends_with("uuid");
            Some(match &field.ty {
                _ if !field.constraints.values.is_empty() => {
                    let value = field.constraints.values.first()?.clone();
                    match &field.ty {
                        Type::List(_) => Sample::List(vec![Sample::Text(value)]),
                        Type::Integer | Type::Long => Sample::Number(value),
                        _ => Sample::Text(value),
                    }
                }
                Type::Uuid => Sample::Text("0".repeat(32)),
                Type::String if is_uuid => Sample::Text("0".repeat(32)),
                Type::String => Sample::Text(field.name.clone()),
                Type::Boolean => Sample::Boolean(true),
                Type::Integer | Type::Long | Type::Double => Sample::Number("1".to_owned()),
                Type::Any => Sample::Text(field.name.clone()),
                Type::List(_) => Sample::List(Vec::new()),
                Type::Map(_) => Sample::Object(Vec::new()),
                Type::Timestamp | Type::Named(_) => return None,
            })
        };
        let is_of_response = fitting.is_some();
        let value = match fitting {
            Some(value) => value,
            None => made_up().ok_or_else(|| format!("the page shows no value of `{}`", field.name))?,
        };
        self.substitutes.push((field.name.clone(), is_of_response));
        Ok(value)
    }

    /// The part of an object that fits the fields of a record.
    fn record(&mut self, sample: &Sample, fields: &[&Field], owner: &str) -> Result<Sample, String> {
        let mut fitting = Vec::new();
        for (name, value) in sample.fields() {
            let Some(field) = fields.iter().find(|field| field.name == *name) else { continue };
            match self.value(value, &field.ty, name)? {
                Some(value) if satisfies(&value, field) => fitting.push((name.clone(), value)),
                Some(_) => self
                    .dropped
                    .push(format!("the value of `{name}` of the sample does not satisfy the spec")),
                None => {}
            }
        }
        let missing = fields
            .iter()
            .find(|field| field.required && !fitting.iter().any(|(name, _)| *name == field.name));
        match missing {
            Some(field) => Err(format!("it has no `{}`, which every `{owner}` has", field.name)),
            None => Ok(Sample::Object(fitting)),
        }
    }

    /// The part of a value that fits a type; nothing of null and of a value of another type.
    fn value(&mut self, value: &Sample, ty: &Type, name: &str) -> Result<Option<Sample>, String> {
        let fitting = match (ty, value) {
            (_, Sample::Null) => return Ok(None),
            (Type::Any, value) => Some(value.clone()),
            (Type::String, Sample::Text(_)) | (Type::Boolean, Sample::Boolean(_)) => Some(value.clone()),
            (Type::Uuid, Sample::Text(text)) => is_uuid(text).then(|| value.clone()),
            (Type::Timestamp, Sample::Text(text)) => Timestamp::is_canonical(text).then(|| value.clone()),
            (Type::Double, Sample::Number(_)) => Some(value.clone()),
            (Type::Integer | Type::Long, Sample::Number(text)) => {
                let fits = number(text)
                    .as_i64()
                    .is_some_and(|whole| *ty == Type::Long || i32::try_from(whole).is_ok());
                fits.then(|| value.clone())
            }
            (Type::List(inner), Sample::List(items)) => {
                let mut fitting = Vec::new();
                for item in items {
                    fitting.extend(self.value(item, inner, name)?);
                }
                Some(Sample::List(fitting))
            }
            (Type::Map(inner), Sample::Object(fields)) => {
                let mut fitting = Vec::new();
                for (key, item) in fields {
                    fitting.extend(self.value(item, inner, name)?.map(|item| (key.clone(), item)));
                }
                Some(Sample::Object(fitting))
            }
            (Type::Named(ty), value) => return self.example_of(value, ty, name),
            _ => None,
        };
        if fitting.is_none() {
            self.dropped.push(format!(
                "the value of `{name}` in a sample is not of the type `{ty}`; it was left out of the example"
            ));
        }
        Ok(fitting)
    }

    fn example_of(&mut self, value: &Sample, ty: &str, name: &str) -> Result<Option<Sample>, String> {
        let Some(nth) = self.draft.data_type(ty) else { return Ok(None) };
        match (&self.draft.types[nth].shape, value) {
            (TypeShape::Record { .. }, Sample::Object(_)) => {
                let names: Vec<&str> = self.draft.field_names(nth);
                let find = |name: &&str| {
                    let (ty, at) = self.draft.find_field(nth, name)?;
                    self.draft.types[ty].own_fields().get(at)
                };
                let fields: Vec<&Field> = names.iter().filter_map(find).collect();
                self.record(value, &fields, ty).map(Some)
            }
            (TypeShape::Enum { values }, Sample::Text(text))
                if values.iter().any(|known| known.name == *text) =>
            {
                Ok(Some(value.clone()))
            }
            _ => {
                self.dropped.push(format!("the value of `{name}` in a sample is not of the type `{ty}`; it was left out of the example"));
                Ok(None)
            }
        }
    }
}

fn satisfies(value: &Sample, field: &Field) -> bool {
    zstack_model::check::values::violations(&value.to_value(), &field.ty, &field.constraints).is_empty()
}
