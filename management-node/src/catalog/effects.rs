//! Resolves the declarations of operations into effects.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zstack_model::yaml::Span;
use zstack_model::{Field, Operation, Parameter, Type};

use super::action::{EVENTS, Effect, RelatedStates, Transitions};
use super::assignments::fits;
use super::file::{CopyForm, EffectForm, EventForm, OperationForm, RelatedForm};
use super::index::{Record, Spec, parameter};
use super::problem::{Reporter, Spanned};
use super::reader::ValueForm;
use super::resource::Relation;
use super::values::{self, check_text, find_field};

/// The resource on which an operation works.
#[derive(Clone, Copy)]
pub(super) struct Target<'a, 'm> {
    pub(super) resource: &'m str,
    pub(super) record: &'a Record<'m>,
    pub(super) relations: &'a [Relation],
}

/// Resolves the effect of an operation on a resource. Returns nothing for `none` and after a problem.
pub(super) fn resolve<'m>(
    form: &OperationForm,
    operation: &'m Operation,
    target: Target<'_, 'm>,
    spec: &Spec<'m>,
    reporter: Reporter<'_>,
) -> Option<Effect> {
    let Target { resource, record, relations } = target;
    Resolver { form, operation, resource, record, relations, spec, reporter }.resolve()
}

struct Resolver<'a, 'm> {
    form: &'a OperationForm,
    operation: &'m Operation,
    resource: &'m str,
    record: &'a Record<'m>,
    relations: &'a [Relation],
    spec: &'a Spec<'m>,
    reporter: Reporter<'a>,
}

impl<'m> Resolver<'_, 'm> {
    fn resolve(&self) -> Option<Effect> {
        Some(match &self.form.effect {
            EffectForm::None => return None,
            EffectForm::Written => Effect::Written,
            EffectForm::Query => Effect::Query,
            EffectForm::Get => Effect::Get { key: self.key(None)? },
            EffectForm::Create { set, copy } => {
                Effect::Create { set: self.values(set, false), copy: self.copies(copy) }
            }
            EffectForm::Update { set, copy } => {
                let (set, copy) = (self.values(set, true), self.copies(copy));
                Effect::Update { key: self.key(None)?, set, copy }
            }
            EffectForm::Delete { missing_is_success } => {
                let key = self.key(None)?;
                let missing_is_success = missing_is_success.unwrap_or(key == "uuid");
                Effect::Delete { key, missing_is_success }
            }
            EffectForm::State { field, parameter, events, related } => {
                self.state(field.as_ref(), parameter.as_ref(), events, related)?
            }
            EffectForm::Add { field, parameter } => {
                let (key, field, parameter) = self.list(field, parameter)?;
                Effect::Add { key, field, parameter }
            }
            EffectForm::Remove { field, parameter } => {
                let (key, field, parameter) = self.list(field, parameter)?;
                Effect::Remove { key, field, parameter }
            }
            EffectForm::Tag(tag) => self.tag(tag)?,
            EffectForm::Untag(name) => Effect::Tag {
                key: self.key(None)?,
                name: name.value.clone(),
                value: None,
                defaults: Map::new(),
            },
            EffectForm::GetTag { name, field } => {
                let field = find_field(field, &Record::of_response(self.operation), self.reporter)?;
                Effect::GetTag { key: self.key(None)?, name: name.value.clone(), field: field.name.clone() }
            }
            EffectForm::Answer(fields) => self.answer(fields)?,
        })
    }

    /// The parameter with the UUID of the document: the declared one, or that of the conventions.
    fn key(&self, except: Option<&str>) -> Option<String> {
        if let Some(key) = &self.form.key {
            return self.parameter(key).map(|parameter| parameter.field.name.clone());
        }
        let key = self.spec.key(self.operation, self.resource, except);
        if key.is_none() {
            let Operation { name, .. } = self.operation;
            let message =
                format!("no parameter of `{name}` is known to have the UUID of its {}", self.resource);
            let help = "name the parameter with `key: <parameter>`".to_owned();
            self.reporter.add("missing-key", self.form.name.span, message, help);
        }
        key.map(str::to_owned)
    }

    fn tag(&self, tag: &Spanned<String>) -> Option<Effect> {
        let Some((name, value)) = tag.value.split_once("::") else {
            let message = "a system tag requires a name and a value";
            self.reporter.add("wrong-type", tag.span, message, "write `<name>::{<parameter>}`".to_owned());
            return None;
        };
        let mut defaults = Map::new();
        for (parameter, _) in value.split('{').skip(1).filter_map(|part| part.split_once('}')) {
            let parameter = self.parameter(&Spanned { value: parameter.to_owned(), span: tag.span })?;
            let Field { name, default, .. } = &parameter.field;
            defaults.extend(default.clone().map(|value| (name.clone(), value)));
        }
        Some(Effect::Tag {
            key: self.key(None)?,
            name: name.to_owned(),
            value: Some(value.to_owned()),
            defaults,
        })
    }

    fn answer(&self, fields: &[ValueForm]) -> Option<Effect> {
        let key = match &self.form.key {
            Some(_) => self.key(None),
            None => self.spec.key(self.operation, self.resource, None).map(str::to_owned),
        };
        let response = Record::of_response(self.operation);
        let fields = values::resolve(fields, false, &response, self.spec, self.reporter);
        Some(Effect::Answer { key, fields })
    }

    fn parameter(&self, name: &Spanned<String>) -> Option<&'m Parameter> {
        let found = parameter(self.operation, &name.value);
        if found.is_none() {
            let message = format!("`{}` has no parameter `{}`", self.operation.name, name.value);
            let known = self.operation.parameters.iter().map(|parameter| &*parameter.field.name);
            self.reporter.unknown("unknown-parameter", name, message, known);
        }
        found
    }

    fn values(&self, forms: &[ValueForm], allow_null: bool) -> Map<String, Value> {
        values::resolve(forms, allow_null, self.record, self.spec, self.reporter)
    }

    fn copies(&self, forms: &[CopyForm]) -> Vec<(String, String)> {
        let copy = |form: &CopyForm| {
            let parameter = self.parameter(&form.parameter)?;
            if let Some((list, item)) = form.field.value.split_once('.') {
                let list = Spanned { value: list.to_owned(), span: form.field.span };
                let list = find_field(&list, self.record, self.reporter)?;
                self.check_list(list, form.field.span);
                return Some((parameter.field.name.clone(), format!("{}.{item}", list.name)));
            }
            let field = find_field(&form.field, self.record, self.reporter)?;
            if !fits(&parameter.field.ty, &field.ty, self.spec) {
                let (from, to) = (&parameter.field, field);
                let message =
                    format!("`{}` has the type `{}`, but `{}` has `{}`", from.name, from.ty, to.name, to.ty);
                self.reporter.add("wrong-type", form.field.span, message, None);
                return None;
            }
            Some((parameter.field.name.clone(), field.name.clone()))
        };
        forms.iter().filter_map(copy).collect()
    }

    /// Reports a field that is not a list.
    fn check_list(&self, list: &Field, span: Span) {
        if !matches!(list.ty, Type::List(_)) {
            let message = format!("`{}` must be a list; its type is `{}`", list.name, list.ty);
            self.reporter.add("wrong-type", span, message, None);
        }
    }

    fn list(&self, field: &Spanned<String>, parameter: &Spanned<String>) -> Option<(String, String, String)> {
        let list = find_field(field, self.record, self.reporter);
        if let Some(list) = list {
            self.check_list(list, field.span);
        }
        let parameter = self.parameter(parameter)?.field.name.clone();
        let key = self.key(Some(&parameter))?;
        Some((key, list?.name.clone(), parameter))
    }

    fn state(
        &self,
        field: Option<&Spanned<String>>,
        parameter: Option<&Spanned<String>>,
        events: &[EventForm],
        related: &[RelatedForm],
    ) -> Option<Effect> {
        let here = |name: &str| Spanned { value: name.to_owned(), span: self.form.name.span };
        let field_name = field.cloned().unwrap_or_else(|| here("state"));
        let parameter_name = parameter.cloned().unwrap_or_else(|| here("stateEvent"));
        let field = find_field(&field_name, self.record, self.reporter);
        let parameter = self.parameter(&parameter_name)?;
        let field = field?;
        let events = if events.is_empty() {
            self.default_events(field)
        } else {
            self.events(events, field, parameter)
        };
        let key = self.key(Some(&parameter.field.name))?;
        let related =
            related.iter().filter_map(|form| self.resolve_related(form, &field_name, parameter)).collect();
        let (parameter, field) = (parameter.field.name.clone(), field.name.clone());
        Some(Effect::ChangeState { key, parameter, field, events, related })
    }

    /// Resolves the events that related documents follow, in the field of the same name.
    fn resolve_related(
        &self,
        form: &RelatedForm,
        field: &Spanned<String>,
        parameter: &'m Parameter,
    ) -> Option<RelatedStates> {
        let name = &form.relation;
        let holders = self.relations.iter().filter(|relation| relation.field == "uuid");
        let Some(relation) = holders.clone().find(|relation| relation.name == name.value) else {
            let message =
                format!("`{}` is not a relation to documents that refer to {}", name.value, self.resource);
            let known = holders.map(|relation| &*relation.name);
            self.reporter.unknown("unknown-relation", name, message, known);
            return None;
        };
        let record = self.spec.records.get(&*relation.resource)?;
        let field = Spanned { value: field.value.clone(), span: name.span };
        let field = find_field(&field, record, self.reporter)?;
        Some(RelatedStates {
            resource: relation.resource.clone(),
            reference: relation.foreign_field.clone(),
            events: self.events(&form.events, field, parameter),
        })
    }

    fn default_events(&self, field: &'m Field) -> BTreeMap<String, Transitions> {
        let transitions = EVENTS.iter().map(|(event, state)| {
            self.check_state(&Spanned { value: (*state).to_owned(), span: self.form.name.span }, field);
            ((*event).to_owned(), Transitions::from([("*".to_owned(), (*state).to_owned())]))
        });
        transitions.collect()
    }

    fn events(
        &self,
        forms: &[EventForm],
        field: &'m Field,
        parameter: &'m Parameter,
    ) -> BTreeMap<String, Transitions> {
        let mut events = BTreeMap::new();
        for EventForm { event, transitions } in forms {
            if let Some(allowed) = self.spec.allowed_texts(&parameter.field) {
                check_text(event, &parameter.field.name, &allowed, self.reporter);
            }
            for (present, next) in transitions {
                if present.value != "*" {
                    self.check_state(present, field);
                }
                self.check_state(next, field);
            }
            let transitions =
                transitions.iter().map(|(present, next)| (present.value.clone(), next.value.clone()));
            events.insert(event.value.clone(), transitions.collect());
        }
        events
    }

    fn check_state(&self, state: &Spanned<String>, field: &'m Field) {
        if let Some(allowed) = self.spec.allowed_texts(field) {
            check_text(state, &field.name, &allowed, self.reporter);
        }
    }
}

/// Resolves the conditions of an operation: the values that fields of its document may have.
pub(super) fn conditions(
    form: &OperationForm,
    effect: &Effect,
    record: &Record<'_>,
    spec: &Spec<'_>,
    reporter: Reporter<'_>,
) -> Vec<(String, Vec<String>)> {
    if let (None, Some((field, _))) = (effect.key(), form.when.first()) {
        let message = format!("`{}` works on no document with conditions", form.name.value);
        reporter.add("missing-key", field.span, message, "remove `when`".to_owned());
    }
    values::conditions(&form.when, record, spec, reporter)
}
