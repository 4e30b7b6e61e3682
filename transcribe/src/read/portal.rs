//! Pages of the portal: bullets with glued fields, nested by indentation, or one field on each line.

use std::cell::RefCell;
use std::collections::HashSet;

use zstack_model::{Execution, Place, Version};

use super::expectations::Hints;
use super::glued_field::{Known, split};
use super::nested_tables::reference;
use super::nesting::{by_indent, nest};
use super::tables::shorten;
use super::{command, sample, sdk};
use crate::endpoint::{self, METHODS};
use crate::json::Sample;
use crate::known_types::KnownTypes;
use crate::line::Line;
use crate::page::{Field, Form, Page, Parameter, Printed, PrintedPlace};
use crate::report::{NoteKind, PageNotes};
use crate::titles::{is_badge, title};
use crate::words::{ERROR_TYPE, Section, TAGS, is_boilerplate, section, spec_type};

/// The number of fields of a request or a response that are read. Real pages have some hundreds.
const FIELD_LIMIT: usize = 5_000;

/// Reads the page of one operation.
pub(super) fn read(lines: &[Line], types: &KnownTypes, notes: &mut PageNotes) -> Page {
    let mut reader = Reader::default();
    let mut at = 0;
    while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
        at += reader.take(rest, notes);
    }
    reader.finish(types, notes)
}

#[derive(Default)]
struct Reader<'l> {
    page: Page,
    section: Option<Section>,
    inputs: Vec<(Place, &'l Line)>,
    response: Vec<&'l Line>,
}

impl<'l> Reader<'l> {
    /// Takes what begins at the first line, and returns how many lines that is.
    fn take(&mut self, lines: &'l [Line], notes: &mut PageNotes) -> usize {
        let line = &lines[0];
        let text = line.text.as_str();
        if text.is_empty() {
            return 1;
        }
        if is_badge(text) {
            self.badge(line);
            return 1;
        }
        if let Some(section) = section(text) {
            if section != Section::Half {
                self.section = Some(section);
            }
            return 1;
        }
        if let Some(endpoint) = endpoint::read(text) {
            self.page.endpoints.push(Printed::new(endpoint, line.number));
            return 1;
        }
        if text.starts_with("curl ") {
            let (command, used) = command::read(lines);
            self.page.commands.push(command);
            return used;
        }
        if text.starts_with('{') {
            return self.sample(lines, notes);
        }
        if sdk::read(line, &mut self.page) || is_boilerplate(text) || text.starts_with("/zstack/") {
            return 1;
        }
        match self.section {
            None => self.head(line),
            Some(Section::Inputs(place)) => self.inputs.push((place.unwrap_or(Place::Body), line)),
            Some(Section::Response) => self.response.push(line),
            Some(Section::OperationId) => {
                if let Some(name) = title(text) {
                    self.page.name = Some(Printed::new(name, line.number));
                } else {
                    let message = format!("`{}` is not the name of an operation", shorten(text));
                    notes.add(NoteKind::Unreadable, line.number, message);
                }
                self.section = Some(Section::Aside);
            }
            Some(Section::Aside | Section::QueryableFields) => {}
            Some(_) => {
                let message = format!("nothing was made of this line: {}", shorten(text));
                notes.add(NoteKind::Ignored, line.number, message);
            }
        }
        1
    }

    /// Reads a badge: `POSTZone OperationsSince 0.6SynchronousAuth Required`.
    fn badge(&mut self, line: &Line) {
        // The lines above the badge are about the site.
        (self.page.name, self.page.summary) = (None, None);
        let text = line.text.as_str();
        let (before, after) =
            text.split_once("Since ").or_else(|| text.split_once("起始版本")).unwrap_or((text, ""));
        let category = METHODS.iter().find_map(|method| before.strip_prefix(method.as_str()));
        let category = category.unwrap_or(before).trim();
        if !category.is_empty() && category.is_ascii() {
            self.page.category = Some(Printed::new(category.to_owned(), line.number));
        }
        let after = after.trim_start();
        let end = after.find(|character: char| !(character.is_ascii_digit() || character == '.'));
        let version = &after[..end.unwrap_or(after.len())];
        if version.parse::<Version>().is_ok() {
            self.page.since = Some(Printed::new(version.to_owned(), line.number));
        }
        let is_job = after.contains("Asynchronous") || after.contains("异步");
        let is_sync = !is_job && (after.contains("Synchronous") || after.contains("同步"));
        let execution = if is_job { Some(Execution::Async) } else { is_sync.then_some(Execution::Sync) };
        self.page.execution = execution.map(|execution| Printed::new(execution, line.number));
        self.page.is_public = text.ends_with("No Auth") || text.ends_with("无需认证");
    }

    /// Reads a line below the badge: the name, or a title that is not a name.
    fn head(&mut self, line: &Line) {
        match title(&line.text) {
            Some(name) if self.page.name.is_none() => self.page.name = Some(Printed::new(name, line.number)),
            Some(_) => {}
            // The way to the page: `Resource Center/Hardware`.
            None if line.text.contains('/') => {}
            None if self.page.summary.is_none() => {
                self.page.summary = Some(Printed::new(line.text.clone(), line.number));
            }
            None => {}
        }
    }

    fn sample(&mut self, lines: &[Line], notes: &mut PageNotes) -> usize {
        let end = lines[1..].iter().take_while(|line| section(&line.text).is_none()).count() + 1;
        let last_line = lines.last().map_or(1, |line| line.number);
        let Some(found) = sample::read(&lines[..end], last_line, &mut self.page, notes) else { return 1 };
        if self.section == Some(Section::ResponseSample) && self.page.response_sample.is_none() {
            self.page.response_sample = Some(Printed::new(found.sample, lines[0].number));
        }
        found.lines
    }

    fn finish(mut self, types: &KnownTypes, notes: &mut PageNotes) -> Page {
        let data = self.page.commands.iter().find_map(|command| command.value.data.as_ref()).cloned();
        let sample = self.page.response_sample.as_ref().map(|sample| sample.value.clone());
        let operation = self.page.operation().to_owned();
        let hints = Hints { types, operation: &operation };
        let mut is_nested = false;
        let places = [Place::Path, Place::Query, Place::Body];
        for place in places {
            let lines: Vec<&Line> =
                self.inputs.iter().filter(|(at, _)| *at == place).map(|(_, line)| *line).collect();
            let (fields, by_indent) = fields(&lines, data.as_ref(), hints, notes);
            is_nested |= by_indent;
            self.add_inputs(place, fields, data.as_ref());
        }
        let (response, by_indent) = fields(&self.response, sample.as_ref(), hints, notes);
        self.page.form = if is_nested || by_indent { Form::Portal } else { Form::Glued };
        self.page.response = response;
        self.page
    }

    /// Adds parameters. In the body, an object with fields is the key that encloses them.
    fn add_inputs(&mut self, place: Place, fields: Vec<Field>, data: Option<&Sample>) {
        for field in fields {
            let printed = PrintedPlace::of(place);
            let is_key = place == Place::Body && is_body_key(&field, data);
            if !is_key {
                let place = Some(PrintedPlace { is_next_to_key: TAGS.contains(&&*field.name), ..printed });
                self.page.parameters.push(Parameter { field, place });
                continue;
            }
            self.page.body_key = Some(Printed::new(field.name.clone(), field.line));
            for inner in field.fields.unwrap_or_default() {
                let place = PrintedPlace { structure: Some(field.name.clone()), ..printed.clone() };
                self.page.parameters.push(Parameter { field: inner, place: Some(place) });
            }
        }
    }
}

/// Returns whether a field of the body is the key that encloses the parameters.
fn is_body_key(field: &Field, data: Option<&Sample>) -> bool {
    let is_object = matches!(data.and_then(|data| data.field(&field.name)), Some(Sample::Object(_)));
    field.ty == "Object" && (is_object || field.fields.is_some() || data.is_none())
}

/// The tree of the fields on some lines, and whether indentation shows it.
fn fields(
    lines: &[&Line],
    sample: Option<&Sample>,
    hints: Hints<'_>,
    notes: &mut PageNotes,
) -> (Vec<Field>, bool) {
    let has_bullets = lines.iter().any(|line| bullet(&line.text).is_some());
    let mut keys = HashSet::new();
    collect_keys(sample, &mut keys);
    // A type that one field has is a type of others: the values of an enum have that of their field.
    let seen: RefCell<HashSet<String>> = RefCell::default();
    let is_data_type = |name: &str| {
        name == ERROR_TYPE.0 || seen.borrow().contains(name) || hints.types.fields(name).is_some()
    };
    let mut found: Vec<(usize, Field)> = Vec::new();
    for (nth, line) in lines.iter().enumerate() {
        if found.len() == FIELD_LIMIT {
            let message =
                format!("there are more than {FIELD_LIMIT} fields; those from here on were left out");
            notes.add(NoteKind::Unreadable, line.number, message);
            break;
        }
        let bulleted = bullet(&line.text);
        let below = lines.get(nth + 1).filter(|below| has_bullets && bullet(&below.text).is_none());
        let known = Known {
            is_key: &|name| keys.contains(name),
            is_data_type: &is_data_type,
            reference: below.and_then(|below| reference(&below.text)),
        };
        let is_field = bulleted.is_some() || !has_bullets;
        match split(bulleted.unwrap_or(&line.text), &known).filter(|_| is_field) {
            Some(field) => {
                if spec_type(field.ty).is_none() {
                    seen.borrow_mut().insert(field.ty.to_owned());
                }
                let description = Some(field.description.to_owned()).filter(|text| !text.is_empty());
                let field = Field {
                    name: field.name.to_owned(),
                    ty: field.ty.to_owned(),
                    description,
                    required: Some(field.is_required),
                    line: line.number,
                    ..Field::default()
                };
                found.push((line.indent, field));
            }
            None if bulleted.is_some() && !is_remark(&found, line) => {
                let message = format!("this is not a name and a type: {}", shorten(&line.text));
                notes.add(NoteKind::Unreadable, line.number, message);
            }
            None => match found.last_mut() {
                Some((_, field)) => {
                    let description = field.description.get_or_insert_default();
                    if !description.is_empty() {
                        description.push(' ');
                    }
                    description.push_str(bulleted.unwrap_or(&line.text));
                }
                None => {
                    let message = format!("nothing was made of this line: {}", shorten(&line.text));
                    notes.add(NoteKind::Ignored, line.number, message);
                }
            },
        }
    }
    let first = found.first().map_or(0, |(indent, _)| *indent);
    let is_indented = has_bullets && found.iter().any(|(indent, _)| *indent != first);
    if is_indented {
        (by_indent(found), true)
    } else {
        (nest(found.into_iter().map(|(_, field)| field).collect(), sample, hints, notes), has_bullets)
    }
}

/// Returns whether a bullet below a field is its description, and not another field.
fn is_remark(found: &[(usize, Field)], line: &Line) -> bool {
    found.last().is_some_and(|(indent, _)| line.indent > *indent)
}

fn bullet(text: &str) -> Option<&str> {
    ["•", "- ", "* ", "● ", "○ "].iter().find_map(|mark| text.strip_prefix(mark)).map(str::trim)
}

fn collect_keys(sample: Option<&Sample>, keys: &mut HashSet<String>) {
    match sample {
        Some(Sample::Object(fields)) => {
            for (name, value) in fields {
                keys.insert(name.clone());
                collect_keys(Some(value), keys);
            }
        }
        Some(Sample::List(items)) => items.iter().for_each(|item| collect_keys(Some(item), keys)),
        _ => {}
    }
}
