//! Leaves out what cannot be part of any spec, and says so.

use std::collections::{HashMap, HashSet};

use super::corpus::{DataType, EnumValue, Field, Operation};
use super::report::{Compromise, Report};
use super::{OPERATIONS, TYPES};
use zstack_model::check::SCHEMA_KEY;
use zstack_model::check::name_owner;
use zstack_model::names::{
    field_ident, is_device, is_ident, is_path_keyword, is_upper_camel, is_wire_name, variant_ident,
};

pub(super) fn sift(
    operations: &mut Vec<(usize, Operation)>,
    types: &mut Vec<(usize, DataType)>,
    report: &mut Report,
) {
    let mut taken = HashMap::new();
    types.retain(|(line, it)| {
        let usable = usable(&it.name, &mut taken).map_err(|why| report.problem(TYPES, *line, why)).is_ok();
        let shaped = it.fields.is_some() != it.values.is_some();
        if usable && !shaped {
            report.problem(TYPES, *line, format!("`{}` left out: it needs `fields` or `values`", it.name));
        }
        usable && shaped
    });
    operations.retain(|(line, it)| {
        usable(&it.name, &mut taken).map_err(|why| report.problem(OPERATIONS, *line, why)).is_ok()
    });
    operations.retain(|(line, it)| {
        let response = format!("{}Response", it.name);
        usable(&response, &mut taken).map_err(|why| report.problem(OPERATIONS, *line, why)).is_ok()
    });
    for (line, it) in types.iter_mut() {
        let (name, fields, values) = (&it.name, it.fields.iter_mut(), it.values.iter_mut());
        let mut say = |why| report.problem(TYPES, *line, why);
        fields.for_each(|it| {
            members(name, it, |it: &Field| field_ident(&it.name), |it| &it.name, is_wire_name, &mut say)
        });
        values.for_each(|it| {
            members(
                name,
                it,
                |it: &EnumValue| variant_ident(&it.name),
                |it| &it.name,
                str::is_ascii,
                &mut say,
            );
        });
    }
    for (line, it) in operations.iter_mut() {
        let mut say = |why| report.problem(OPERATIONS, *line, why);
        members(&it.name, &mut it.params, |it| field_ident(&it.name), |it| &it.name, is_wire_name, &mut say);
        members(
            &it.name,
            &mut it.response,
            |it| field_ident(&it.name),
            |it| &it.name,
            is_wire_name,
            &mut say,
        );
        it.response.retain(|field| {
            let is_schema = !field.envelope && field.name == SCHEMA_KEY;
            if is_schema {
                say(format!(
                    "`{}`: `{}` left out: the server writes a key of this name",
                    it.name, field.name
                ));
            }
            !is_schema
        });
    }
    bases(types, report);
}

/// Whether a name is one, and still free in the generated code.
fn usable(name: &str, taken: &mut HashMap<String, String>) -> Result<(), String> {
    if !is_upper_camel(name) {
        return Err(format!("`{name}` left out: a name is upper camel case"));
    }
    if let Some(owner) = name_owner(name) {
        return Err(format!("`{name}` left out: {owner} has this name"));
    }
    if is_device(name) {
        return Err(format!("`{name}` left out: Windows takes it for a device"));
    }
    // What is one module is one file, and so is what differs by case alone.
    match taken.insert(name.to_lowercase(), name.to_owned()) {
        Some(other) => {
            let why = format!("`{name}` left out: it collides with `{other}`");
            taken.insert(name.to_lowercase(), other);
            Err(why)
        }
        None => Ok(()),
    }
}

/// Keeps of several members of one name in the generated code the first.
fn members<T>(
    owner: &str,
    list: &mut Vec<T>,
    ident: impl Fn(&T) -> String,
    name: impl Fn(&T) -> &String,
    is_name: fn(&str) -> bool,
    say: &mut impl FnMut(String),
) {
    let mut seen = HashSet::new();
    list.retain(|list| {
        let ident = ident(list);
        let name = name(list);
        let why = if !is_name(name) || !is_ident(&ident) || is_path_keyword(&ident) || ident == "Unrecognized"
        {
            "it cannot name anything in the generated code"
        } else if !seen.insert(ident) {
            "there is another one of this name"
        } else {
            return true;
        };
        say(format!("`{owner}`: `{name}` left out: {why}"));
        false
    });
}

/// Takes inherited fields away from those who inherit them.
fn bases(types: &mut [(usize, DataType)], report: &mut Report) {
    let index: HashMap<String, usize> =
        types.iter().enumerate().map(|(at, (_, it))| (it.name.clone(), at)).collect();
    for at in 0..types.len() {
        let (line, it) = &types[at];
        let Some(base) = &it.extends else { continue };
        let problem = if !index.contains_key(base) {
            format!("`{}` extends `{base}`, which is no type; its fields are its own", it.name)
        } else if line_of(types, &index, at).contains(&at) {
            format!("`{}` extends itself; its fields are its own", it.name)
        } else {
            continue;
        };
        report.problem(TYPES, *line, problem);
        types[at].1.extends = None;
    }
    for at in 0..types.len() {
        let bases = line_of(types, &index, at);
        let inherited: HashMap<String, String> = bases
            .iter()
            .flat_map(|base| types[*base].1.fields.iter().flatten())
            .map(|field| (field.name.clone(), field.r#type.clone()))
            .collect();
        let it = &mut types[at].1;
        let (name, Some(fields)) = (&it.name, &mut it.fields) else { continue };
        fields.retain(|field| match inherited.get(&field.name) {
            None => true,
            Some(ty) => {
                if *ty != field.r#type {
                    let place = format!("{name}.{}: {} is {ty}", field.name, field.r#type);
                    report.note(Compromise::FieldRepeated, place);
                }
                false
            }
        });
    }
}

/// The types that a type extends, the nearest first; in a circle, each once.
fn line_of(types: &[(usize, DataType)], index: &HashMap<String, usize>, at: usize) -> Vec<usize> {
    let mut line: Vec<usize> = Vec::new();
    let mut current = at;
    while let Some(base) = types[current].1.extends.as_ref().and_then(|it| index.get(it)).copied() {
        if line.contains(&base) {
            break;
        }
        line.push(base);
        current = base;
    }
    line
}
