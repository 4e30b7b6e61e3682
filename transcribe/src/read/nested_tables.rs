//! Finds the field that each table of the response describes: by its anchor, by the sample, or by
//! its turn.

use std::collections::HashMap;

use crate::json::Sample;
use crate::page::{Field, Printed};
use crate::report::{NoteKind, PageNotes};
use crate::words::{ERROR_FIELDS, spec_type};

/// The maximum depth of types, and the maximum number of fields of a response, copies included.
const DEPTH_LIMIT: usize = 16;
const FIELD_LIMIT: usize = 20_000;

/// A table of the response.
#[derive(Debug)]
pub(super) struct Table {
    /// The name of the field that it describes.
    pub(super) anchor: Option<Printed<String>>,
    pub(super) fields: Vec<Field>,
    /// The line of its head.
    pub(super) line: usize,
}

/// The fields of the first table, with the other tables in their places.
pub(super) fn attach(tables: Vec<Table>, sample: Option<&Sample>, notes: &mut PageNotes) -> Vec<Field> {
    // The first table without an anchor is that of the response itself.
    let top = tables.iter().position(|table| table.anchor.is_none() && !is_error(&table.fields));
    let mut top_fields = Vec::new();
    let mut nested = Vec::with_capacity(tables.len());
    for (nth, table) in tables.into_iter().enumerate() {
        if Some(nth) == top {
            top_fields = table.fields;
        } else {
            nested.push(table);
        }
    }
    let mut by_anchor: HashMap<String, Vec<usize>> = HashMap::new();
    for (nth, table) in nested.iter().enumerate() {
        if let Some(anchor) = &table.anchor {
            by_anchor.entry(anchor.value.clone()).or_default().push(nth);
        }
    }
    let used = vec![false; nested.len()];
    let mut tree = Tree { nested, by_anchor, used, count: 0 };
    tree.describe(&mut top_fields, sample, &mut Vec::new(), Turn::Sample);
    tree.describe(&mut top_fields, sample, &mut Vec::new(), Turn::Order);
    for (table, _) in tree.nested.iter().zip(&tree.used).filter(|(_, used)| !**used) {
        let name = table.anchor.as_ref().map_or(String::new(), |anchor| format!(" `{}`", anchor.value));
        notes.add(
            NoteKind::Ignored,
            table.line,
            format!("no field of the response refers to the table{name}"),
        );
    }
    top_fields
}

fn is_error(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.name == "code")
        && fields.iter().any(|field| field.name == "details")
        && fields.iter().all(|field| ERROR_FIELDS.contains(&&*field.name))
}

/// By what tables without anchors are found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// By the keys of the sample.
    Sample,
    /// By their order.
    Order,
}

struct Tree {
    nested: Vec<Table>,
    by_anchor: HashMap<String, Vec<usize>>,
    used: Vec<bool>,
    count: usize,
}

impl Tree {
    /// Gives tables to the fields that can have one. `above` are the tables that contain them.
    fn describe(
        &mut self,
        fields: &mut [Field],
        sample: Option<&Sample>,
        above: &mut Vec<usize>,
        turn: Turn,
    ) {
        for field in fields {
            self.count += 1;
            if self.count > FIELD_LIMIT || above.len() > DEPTH_LIMIT {
                return;
            }
            let inner = sample.and_then(|sample| sample.field(&field.name)).and_then(Sample::element);
            if let Some(fields) = &mut field.fields {
                // Its table was found before; those below it may not have been.
                let depth = above.len();
                above.push(usize::MAX);
                self.describe(fields, inner, above, turn);
                above.truncate(depth);
                continue;
            }
            if !may_have_fields(&field.ty) {
                continue;
            }
            let Some(nth) = self.table_of(field, inner, above, turn) else { continue };
            self.used[nth] = true;
            let mut fields = self.nested[nth].fields.clone();
            above.push(nth);
            self.describe(&mut fields, inner, above, turn);
            above.pop();
            field.fields = Some(fields);
        }
    }

    fn table_of(&self, field: &Field, sample: Option<&Sample>, above: &[usize], turn: Turn) -> Option<usize> {
        let is_free = |nth: &usize| !above.contains(nth);
        let is_error_field = field.name == "error" || field.ty == crate::words::ERROR_TYPE.0;
        // These were found at the first turn, or are parts of themselves.
        if turn == Turn::Order && (is_error_field || self.tables_of(field).is_some()) {
            return None;
        }
        if let Some(tables) = self.tables_of(field) {
            let mut free = tables.iter().copied().filter(is_free);
            let first = free.clone().find(|nth| !self.used[*nth]);
            return first.or_else(|| free.next());
        }
        let unanchored = (0..self.nested.len()).filter(is_free);
        let mut unanchored = unanchored.filter(|nth| !self.used[*nth] && self.nested[*nth].anchor.is_none());
        if is_error_field {
            // The error of an error is described by the same table.
            return unanchored.find(|nth| is_error(&self.nested[*nth].fields));
        }
        match turn {
            Turn::Sample => {
                let keys = sample?.fields();
                let scored = unanchored.map(|nth| (overlap(&self.nested[nth].fields, keys), nth));
                scored
                    .filter(|(score, _)| *score > 0.5)
                    .max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)))
                    .map(|(_, nth)| nth)
            }
            Turn::Order => {
                let is_described = refers(field) || sample.is_some() || !is_collection(&field.ty);
                is_described.then(|| unanchored.next()).flatten()
            }
        }
    }

    /// The tables whose anchor a field names, by its own name or in its description.
    fn tables_of(&self, field: &Field) -> Option<&Vec<usize>> {
        let referred = field.description.as_deref().and_then(reference);
        let referred = referred.and_then(|name| self.by_anchor.get(name));
        self.by_anchor.get(&field.name).or(referred)
    }
}

/// Returns the similarity of a table and the keys of a sample: 1 if both have the same names.
fn overlap(fields: &[Field], keys: &[(String, Sample)]) -> f64 {
    let common = keys.iter().filter(|(key, _)| fields.iter().any(|field| field.name == *key)).count();
    // A sample leaves out what has no value; a table leaves out nothing.
    let missing = keys.len() - common;
    let most = keys.len().min(fields.len()).max(1);
    (common as f64 - missing as f64 * 0.5 + common as f64 / fields.len().max(1) as f64 * 0.1) / most as f64
}

fn may_have_fields(ty: &str) -> bool {
    match spec_type(ty) {
        None => true,
        Some(known) => matches!(known, "List" | "Any" | "Map<String,Any>"),
    }
}

fn is_collection(ty: &str) -> bool {
    matches!(spec_type(ty), Some("List" | "Any" | "Map<String,Any>"))
}

fn refers(field: &Field) -> bool {
    field.description.as_deref().is_some_and(|text| reference(text).is_some())
}

/// The name that a description refers to: `See inventory.`
pub(super) fn reference(description: &str) -> Option<&str> {
    let marks =
        ["For details, see ", "See details ", "see details ", "See ", " see ", "详情参考", "参考", "详见"];
    let after = marks.iter().find_map(|mark| Some(description.rsplit_once(mark)?.1))?;
    let name = after.trim().trim_end_matches(['.', '。']);
    zstack_model::names::is_wire_name(name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read_text;
    use crate::page::outline;

    fn field(name: &str, ty: &str, description: &str) -> Field {
        let description = Some(description.to_owned());
        Field { name: name.to_owned(), ty: ty.to_owned(), description, ..Field::default() }
    }

    fn table(anchor: Option<&str>, fields: &[(&str, &str, &str)]) -> Table {
        let anchor = anchor.map(|anchor| Printed::new(anchor.to_owned(), 1));
        let fields = fields.iter().map(|(name, ty, description)| field(name, ty, description)).collect();
        Table { anchor, fields, line: 1 }
    }

    #[test]
    fn anchors_name_fields_or_are_referred_to() {
        let tables = vec![
            table(None, &[("inventory", "ZoneInventory", "See zone."), ("size", "Long", "")]),
            table(Some("zone"), &[("uuid", "String", ""), ("tags", "List", "See tags.")]),
            table(Some("tags"), &[("name", "String", "")]),
        ];
        let found = attach(tables, None, &mut PageNotes::default());
        assert_eq!(outline(&found), "inventory(uuid tags(name)) size");
    }

    #[test]
    fn tables_without_anchors_are_found_by_the_sample() {
        let tables = vec![
            table(None, &[("inventory", "ZoneInventory", "See inventory.")]),
            table(None, &[("uuid", "String", ""), ("a", "List", "See a."), ("b", "List", "See b.")]),
            table(None, &[("y", "String", "")]),
            table(None, &[("x", "String", "")]),
        ];
        let sample = read_text("{\"inventory\": {\"uuid\": \"\", \"a\": [{\"x\": 1}], \"b\": [{\"y\": 1}]}}");
        let found = attach(tables, sample.as_ref(), &mut PageNotes::default());
        assert_eq!(outline(&found), "inventory(uuid a(x) b(y))");
    }

    #[test]
    fn a_type_may_contain_itself() {
        let tables = vec![
            table(None, &[("error", "ErrorCode", "See error.")]),
            table(Some("error"), &[("code", "String", ""), ("cause", "ErrorCode", "See error.")]),
        ];
        let found = attach(tables, None, &mut PageNotes::default());
        assert_eq!(outline(&found), "error(code cause)");
    }
}
