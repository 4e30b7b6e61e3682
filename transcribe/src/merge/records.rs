//! Merges the response of an operation, and the data types that its tables describe.

use zstack_model::{DataType, EnumValue, Retirement, Source, Type, TypeShape};

use super::Merge;
use super::elements::ResolvedField;
use super::type_names::is_type_name;
use crate::draft::{ElementKey, Origin};
use crate::json::Sample;
use crate::page::{self, Page};
use crate::report::NoteKind;
use crate::resolve::naming::type_summary;
use crate::resolve::types::{self, PrintedType, row_of_sample};
use crate::words::{ALWAYS_PRESENT, ERROR_FIELDS, ERROR_TYPE, is_result};

/// The depth to which a sample without a table becomes data types.
const SAMPLE_DEPTH: usize = 8;

impl Merge<'_, '_> {
    /// Merges the fields of the response.
    pub(super) fn response(&mut self, nth: usize, page: &Page) {
        let sample = page.response_sample.as_ref();
        let mut fields = page.response.clone();
        if fields.iter().all(|field| field.name == "error") {
            let known = sample.map_or(&[][..], |sample| sample.value.fields());
            let line = sample.map_or(0, |sample| sample.line);
            let unknown =
                known.iter().filter(|(name, _)| name != "error" && zstack_model::names::is_wire_name(name));
            let rows: Vec<_> =
                unknown.map(|(name, value)| row_of_sample(name, value, line, SAMPLE_DEPTH)).collect();
            if !rows.is_empty() {
                self.note(NoteKind::Guessed, line, "the page has no table of the response; its fields and their types are those of the sample");
            }
            fields.extend(rows);
        }
        let mut before: Option<String> = None;
        for field in &fields {
            let value = sample.and_then(|sample| sample.value.field(&field.name));
            let is_envelope = field.name == "error"
                || self.draft.service.envelope.iter().any(|known| known.name == field.name);
            if is_envelope {
                self.envelope_field(field);
            } else {
                self.response_field(nth, field, value, before.as_deref());
                before = Some(field.name.clone());
            }
        }
    }

    /// Merges the error, which every response may hold.
    fn envelope_field(&mut self, field: &page::Field) {
        let key = ElementKey::EnvelopeField(field.name.clone());
        let at = self.draft.service.envelope.iter().position(|known| known.name == field.name);
        let known = at.map(|at| self.draft.service.envelope[at].ty.clone());
        let (ty, is_vague) = self.field_type(field, known.as_ref(), None, "");
        let resolved =
            ResolvedField { printed: field, ty, is_vague, is_required: false, has_requirement: false };
        if at.is_some() {
            self.compare_shared(&key, &resolved);
            return;
        }
        self.vague_list(&resolved);
        let field = self.new_field(&resolved);
        let origin = self.origin(&resolved);
        self.draft.service.envelope.push(field);
        self.draft.record_new(key, origin);
    }

    /// Compares what all responses share. Pages of later operations date it to their own releases.
    fn compare_shared(&mut self, key: &ElementKey, resolved: &ResolvedField<'_>) {
        let printed = page::Field { since: None, ..resolved.printed.clone() };
        self.compare_field(key, &ResolvedField { printed: &printed, ty: resolved.ty.clone(), ..*resolved });
    }

    fn response_field(
        &mut self,
        nth: usize,
        field: &page::Field,
        sample: Option<&Sample>,
        before: Option<&str>,
    ) {
        let key = ElementKey::ResponseField(self.operation.clone(), field.name.clone());
        let known = self.draft.operations[nth].response.iter().find(|known| known.name == field.name);
        let known_type = known.map(|known| known.ty.clone());
        let (ty, is_vague) = self.field_type(field, known_type.as_ref(), sample, "");
        let is_result = is_result(&field.name) && !self.draft.operations[nth].query;
        let resolved = ResolvedField {
            printed: field,
            ty,
            is_vague,
            is_required: is_result,
            has_requirement: field.required.is_some(),
        };
        if known_type.is_some() {
            self.compare_field(&key, &resolved);
            return;
        }
        if !self.draft.is_new(&ElementKey::Operation(self.operation.clone())) {
            self.missing(&key, field.line);
        }
        self.vague_list(&resolved);
        let new = self.new_field(&resolved);
        let origin = self.origin(&resolved);
        let response = &mut self.draft.operations[nth].response;
        let after = before.and_then(|before| response.iter().position(|known| known.name == before));
        response.insert(after.map_or(response.len(), |at| at + 1), new);
        self.draft.record_new(key, origin);
    }

    fn vague_list(&mut self, resolved: &ResolvedField<'_>) {
        if resolved.is_vague {
            let message = format!(
                "the page does not describe the values of `{}`; any are allowed",
                resolved.printed.name
            );
            self.note(NoteKind::Guessed, resolved.printed.line, message);
        }
    }

    /// The type of a field, and whether it is a guess. Tables below it become data types. `owner` is
    /// the data type that has the field.
    pub(super) fn field_type(
        &mut self,
        field: &page::Field,
        known: Option<&Type>,
        sample: Option<&Sample>,
        owner: &str,
    ) -> (Type, bool) {
        let element = sample.and_then(Sample::element);
        let rows = field.fields.as_deref().unwrap_or_default();
        if field.ty.is_empty() {
            match known {
                // The keys of a map in a sample are not fields.
                Some(known) if known.data_type_name().is_none() => {
                    return (known.clone(), *known == Type::Any);
                }
                _ if rows.is_empty() => return (sample.map_or(Type::String, types::of_sample), false),
                _ => {}
            }
        }
        let printed = match (field.ty.is_empty(), sample) {
            (true, Some(Sample::List(_))) => PrintedType::List(None),
            (true, _) => PrintedType::Whole(Type::Any),
            (false, _) => types::read(&field.ty),
        };
        match printed {
            PrintedType::List(Some(inner)) => {
                let inner_field = page::Field { ty: inner_text(&field.ty), ..field.clone() };
                let known = match known {
                    Some(Type::List(known)) => Some(&**known),
                    _ => None,
                };
                let (ty, is_vague) = match *inner {
                    PrintedType::Whole(ty) if rows.is_empty() => (ty, false),
                    _ => self.field_type(&inner_field, known, element, owner),
                };
                (Type::List(Box::new(ty)), is_vague)
            }
            PrintedType::List(None) if rows.is_empty() => match known {
                Some(Type::List(known)) => (Type::List(known.clone()), **known == Type::Any),
                _ => {
                    let (ty, is_vague) = types::element(&field.name, sample);
                    (Type::List(Box::new(ty)), is_vague)
                }
            },
            PrintedType::List(None) => {
                let known = match known {
                    Some(Type::List(known)) => known.data_type_name(),
                    _ => None,
                };
                let name = self.record(field, None, known, element, owner);
                (Type::List(Box::new(Type::Named(name))), false)
            }
            PrintedType::Named(name) if is_enum(field, &name) => {
                (Type::Named(self.enumeration(&name, rows)), false)
            }
            PrintedType::Named(name) if !rows.is_empty() && is_type_name(&name) => {
                (Type::Named(self.record(field, Some(name), None, element, owner)), false)
            }
            PrintedType::Named(name) if self.draft.data_type(&name).is_some() => (Type::Named(name), false),
            PrintedType::Named(name) if name == owner => (Type::Named(name), false),
            PrintedType::Named(_) => match known {
                Some(known) => (known.clone(), *known == Type::Any),
                // No table describes it; another page may.
                None => (Type::Any, true),
            },
            PrintedType::Whole(Type::Any | Type::Map(_)) if !rows.is_empty() => (
                Type::Named(self.record(field, None, known.and_then(Type::data_type_name), element, owner)),
                false,
            ),
            PrintedType::Whole(ty) => (ty, false),
        }
    }

    /// Merges the table of a record, and returns the name of the data type.
    fn record(
        &mut self,
        field: &page::Field,
        printed: Option<String>,
        known: Option<&str>,
        sample: Option<&Sample>,
        owner: &str,
    ) -> String {
        let rows = field.fields.as_deref().unwrap_or_default();
        let known = known.filter(|known| self.draft.data_type(known).is_some()).map(str::to_owned);
        let is_named = printed.is_some() || known.is_some();
        let name = printed.or(known).unwrap_or_else(|| self.record_name(field, rows, owner));
        let nth = match self.draft.data_type(&name) {
            Some(nth) if matches!(self.draft.types[nth].shape, TypeShape::Record { .. }) => nth,
            Some(_) => return name,
            None => {
                if !is_named {
                    let message = format!(
                        "the page does not name the type of `{}`; it was called `{name}`",
                        field.name
                    );
                    self.note(NoteKind::Decided, field.line, message);
                }
                let native = (name == ERROR_TYPE.0).then(|| ERROR_TYPE.1.to_owned());
                let shape = TypeShape::Record { fields: Vec::new(), native };
                self.new_type(&name, shape, rows.first().map_or(field.line, |row| row.line))
            }
        };
        let has_table = rows.iter().any(|row| !row.ty.is_empty());
        if has_table {
            self.tables.insert(name.clone());
            self.draft.described.insert(name.clone());
        }
        self.draft.printed.insert(ElementKey::DataType(name.clone()));
        self.record_fields(nth, &name, rows, sample, has_table);
        name
    }

    fn new_type(&mut self, name: &str, shape: TypeShape, line: usize) -> usize {
        let since = self.draft.version(&self.since.clone());
        let ty = DataType {
            name: name.to_owned(),
            summary: if name == ERROR_TYPE.0 {
                "Why an operation failed.".to_owned()
            } else {
                type_summary(name)
            },
            description: None,
            since,
            retirement: Retirement::NONE,
            extends: None,
            resource: None,
            java_class: None,
            shape,
            renamed_from: None,
            source: Source::Document,
            history: Vec::new(),
            file: format!("types/{name}.yaml").into(),
        };
        let key = ElementKey::DataType(name.to_owned());
        let origin =
            Origin { at: self.at(line), has_version: false, has_requirement: false, is_vague: false };
        self.draft.record_new(key, origin);
        self.draft.add_type(ty)
    }

    fn record_fields(
        &mut self,
        nth: usize,
        name: &str,
        rows: &[page::Field],
        sample: Option<&Sample>,
        has_table: bool,
    ) {
        let is_error = name == ERROR_TYPE.0;
        let is_new_type = self.draft.is_new(&ElementKey::DataType(name.to_owned()));
        let mut before: Option<String> = None;
        for row in rows {
            let value = sample.and_then(|sample| sample.field(&row.name));
            let found = self.draft.find_field(nth, &row.name);
            let known_type = found.map(|(ty, at)| self.draft.types[ty].own_fields()[at].ty.clone());
            let is_absent =
                matches!(sample, Some(Sample::Object(_))) && value.is_none_or(|value| *value == Sample::Null);
            let is_required = !is_absent && is_always_present(name, row);
            let (ty, is_vague) = self.field_type(row, known_type.as_ref(), value, name);
            let has_requirement = row.required.is_some() && !is_error;
            let resolved = ResolvedField { printed: row, ty, is_vague, is_required, has_requirement };
            if let Some((ty, at)) = found {
                let owner = self.draft.types[ty].name.clone();
                let key = ElementKey::Field(owner, row.name.clone());
                if is_absent && self.draft.is_new(&key) {
                    self.make_optional(ty, at, row);
                }
                if is_error {
                    self.compare_shared(&key, &resolved)
                } else {
                    self.compare_field(&key, &resolved)
                }
                before = Some(row.name.clone());
                continue;
            }
            let key = ElementKey::Field(name.to_owned(), row.name.clone());
            let has_known_fields = !is_new_type || self.draft.described.contains(name);
            if has_known_fields && !has_table {
                let message =
                    format!("`{}` of the sample is not a field of `{name}`; it was left out", row.name);
                self.note(NoteKind::Ignored, row.line, message);
                continue;
            }
            if !is_new_type {
                self.missing(&key, row.line);
            }
            self.vague_list(&resolved);
            let field = self.new_field(&resolved);
            let origin = self.origin(&resolved);
            let own = self.draft.types[nth].own_fields();
            let after =
                before.as_deref().and_then(|before| own.iter().position(|known| known.name == before));
            let at = after.map_or(own.len(), |at| at + 1);
            self.draft.add_field(nth, at, field);
            self.draft.record_new(key, origin);
            before = Some(row.name.clone());
        }
    }

    /// Makes a field optional that a sample leaves out.
    fn make_optional(&mut self, ty: usize, at: usize, row: &page::Field) {
        let TypeShape::Record { fields, .. } = &mut self.draft.types[ty].shape else { return };
        let field = &mut fields[at];
        if field.required {
            field.required = false;
            if row.required == Some(true) {
                field.documented.get_or_insert_default().required = Some(true);
            }
        }
    }

    /// Merges the table of an enum, whose rows are its values.
    fn enumeration(&mut self, name: &str, rows: &[page::Field]) -> String {
        if self.draft.data_type(name).is_none() {
            let values = rows.iter().map(|row| {
                let since = row.since.as_ref().map_or(self.since.clone(), |since| since.value.clone());
                EnumValue {
                    name: row.name.clone(),
                    rust_name: None,
                    since: self.draft.version(&since),
                    retirement: Retirement::NONE,
                    description: row.description.as_deref().map(super::elements::readable),
                    renamed_from: None,
                }
            });
            let values = values.collect();
            let line = rows.first().map_or(0, |row| row.line);
            self.new_type(name, TypeShape::Enum { values }, line);
        }
        self.draft.printed.insert(ElementKey::DataType(name.to_owned()));
        name.to_owned()
    }
}

/// Returns whether a field has a value in every object of the platform.
fn is_always_present(ty: &str, row: &page::Field) -> bool {
    let is_primitive = matches!(&*row.ty, "long" | "int" | "boolean" | "double" | "float" | "short");
    match ty == ERROR_TYPE.0 {
        true => row.name == ERROR_FIELDS[0],
        false => is_primitive || ALWAYS_PRESENT.contains(&&*row.name),
    }
}

/// Returns whether the rows below a field are the values of an enum: they have its type.
fn is_enum(field: &page::Field, name: &str) -> bool {
    let rows = field.fields.as_deref().unwrap_or_default();
    !rows.is_empty()
        && name != ERROR_TYPE.0
        && is_type_name(name)
        && rows.iter().all(|row| types::read(&row.ty) == PrintedType::Named(name.to_owned()))
}

/// The element in a printed list: `String` of `List<String>`.
fn inner_text(ty: &str) -> String {
    let generic = ty.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    generic.or_else(|| ty.strip_suffix("[]")).unwrap_or(ty).trim().to_owned()
}
