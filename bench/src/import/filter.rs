//! Removes what no spec can contain, and reports it.

use std::collections::{HashMap, HashSet};

use super::corpus::{DataType, EnumValue, Field, Operation, Parameter};
use super::report::{Approximation, Report};
use super::{OPERATIONS, TYPES};
use zstack_model::check::{SCHEMA_KEY, name_owner};
use zstack_model::names::{
    field_ident, is_device, is_ident, is_path_keyword, is_upper_camel, is_wire_name, variant_ident,
};

pub(super) fn remove_invalid(
    operations: &mut Vec<(usize, Operation)>,
    types: &mut Vec<(usize, DataType)>,
    report: &mut Report,
) {
    let mut names = HashMap::new();
    types.retain(|(line, ty)| {
        let problem = reserve(&ty.name, &mut names).err().or_else(|| {
            let is_valid = ty.fields.is_some() != ty.values.is_some();
            (!is_valid).then(|| format!("`{}` omitted: it must have either `fields` or `values`", ty.name))
        });
        report.check(TYPES, *line, problem)
    });
    operations.retain(|(line, operation)| {
        report.check(OPERATIONS, *line, reserve(&operation.name, &mut names).err())
    });
    operations.retain(|(line, operation)| {
        let response = format!("{}Response", operation.name);
        report.check(OPERATIONS, *line, reserve(&response, &mut names).err())
    });
    for (line, ty) in types.iter_mut() {
        let mut members = Members { owner: &ty.name, file: TYPES, line: *line, report };
        if let Some(fields) = &mut ty.fields {
            members.remove_invalid(fields);
        }
        if let Some(values) = &mut ty.values {
            members.remove_invalid(values);
        }
    }
    for (line, operation) in operations.iter_mut() {
        let mut members = Members { owner: &operation.name, file: OPERATIONS, line: *line, report };
        members.remove_invalid(&mut operation.params);
        members.remove_invalid(&mut operation.response);
        operation.response.retain(|field| {
            let is_schema = !field.envelope && field.name == SCHEMA_KEY;
            let problem = is_schema.then(|| {
                format!(
                    "`{}`: `{}` omitted: the server writes a key with this name",
                    operation.name, field.name
                )
            });
            report.check(OPERATIONS, *line, problem)
        });
    }
    remove_inherited_fields(types, report);
}

/// Reserves a name in the generated code.
///
/// # Errors
///
/// The name is invalid or already used.
fn reserve(name: &str, names: &mut HashMap<String, String>) -> Result<(), String> {
    if !is_upper_camel(name) {
        return Err(format!("`{name}` omitted: a name must be in upper camel case"));
    }
    if let Some(owner) = name_owner(name) {
        return Err(format!("`{name}` omitted: {owner} has this name"));
    }
    if is_device(name) {
        return Err(format!("`{name}` omitted: the name is that of a Windows device"));
    }
    // Names that differ only in case are the same module and file.
    match names.get(&name.to_lowercase()) {
        Some(other) => Err(format!("`{name}` omitted: the name collides with `{other}`")),
        None => {
            names.insert(name.to_lowercase(), name.to_owned());
            Ok(())
        }
    }
}

/// A named part of an operation or a data type.
trait Member {
    fn name(&self) -> &str;

    /// The identifier in the generated code; `None` if the name is invalid.
    fn ident(&self) -> Option<String> {
        is_wire_name(self.name()).then(|| field_ident(self.name()))
    }
}

impl Member for Field {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Member for Parameter {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Member for EnumValue {
    fn name(&self) -> &str {
        &self.name
    }

    fn ident(&self) -> Option<String> {
        self.name.is_ascii().then(|| variant_ident(&self.name))
    }
}

/// The line whose members are checked.
struct Members<'a> {
    owner: &'a str,
    file: &'static str,
    line: usize,
    report: &'a mut Report,
}

impl Members<'_> {
    /// Removes members with invalid names, and all but the first of several members with the same
    /// identifier.
    fn remove_invalid<T: Member>(&mut self, members: &mut Vec<T>) {
        let Self { owner, file, line, report } = self;
        let mut seen = HashSet::new();
        let is_valid = |ident: &String| is_ident(ident) && !is_path_keyword(ident) && ident != "Unrecognized";
        members.retain(|member| {
            let reason = match member.ident().filter(is_valid) {
                None => Some("the name is not possible in the generated code"),
                Some(ident) => (!seen.insert(ident)).then_some("another one has the same name"),
            };
            let problem = reason.map(|reason| format!("`{owner}`: `{}` omitted: {reason}", member.name()));
            report.check(file, *line, problem)
        });
    }
}

/// Removes fields that a data type inherits, and invalid bases.
fn remove_inherited_fields(types: &mut [(usize, DataType)], report: &mut Report) {
    let index: HashMap<String, usize> =
        types.iter().enumerate().map(|(at, (_, ty))| (ty.name.clone(), at)).collect();
    for at in 0..types.len() {
        let (line, ty) = &types[at];
        let Some(base) = &ty.extends else { continue };
        let problem = if !index.contains_key(base) {
            format!("`{}` extends the unknown type `{base}`; imported without the base", ty.name)
        } else if bases(types, &index, at).contains(&at) {
            format!("`{}` extends itself; imported without the base", ty.name)
        } else {
            continue;
        };
        report.problem(TYPES, *line, problem);
        types[at].1.extends = None;
    }
    for at in 0..types.len() {
        let inherited: HashMap<String, String> = bases(types, &index, at)
            .iter()
            .flat_map(|base| types[*base].1.fields.iter().flatten())
            .map(|field| (field.name.clone(), field.r#type.clone()))
            .collect();
        let ty = &mut types[at].1;
        let (name, Some(fields)) = (&ty.name, &mut ty.fields) else { continue };
        fields.retain(|field| {
            let base_type = inherited.get(&field.name);
            if let Some(base_type) = base_type.filter(|base_type| **base_type != field.r#type) {
                let place = format!("{name}.{}: {} is {base_type}", field.name, field.r#type);
                report.note(Approximation::FieldRepeated, place);
            }
            base_type.is_none()
        });
    }
}

/// Returns the types that a type extends, directly or indirectly, the nearest first.
fn bases(types: &[(usize, DataType)], index: &HashMap<String, usize>, at: usize) -> Vec<usize> {
    let mut bases: Vec<usize> = Vec::new();
    let mut current = at;
    while let Some(base) = types[current].1.extends.as_ref().and_then(|base| index.get(base)).copied() {
        if bases.contains(&base) {
            break;
        }
        bases.push(base);
        current = base;
    }
    bases
}
