//! The nesting of fields that the portal prints without indentation, found by meaning: by the keys
//! of a sample, by the fields of a known data type, and by the order.

use std::collections::HashSet;

use super::expectations::{FieldNames, TOP_FIELDS, known_names, opens};
use super::placement::depths;
use crate::json::Sample;
use crate::page::Field;
use crate::report::{NoteKind, PageNotes};
use crate::words::ERROR_TYPE;

/// Builds the tree of a list of fields.
pub(super) fn nest(
    fields: Vec<Field>,
    sample: Option<&Sample>,
    types: FieldNames<'_>,
    notes: &mut PageNotes,
) -> Vec<Field> {
    let top = TOP_FIELDS.iter().map(|&name| name.to_owned()).collect();
    let mut levels = vec![Level::new(None, sample, top)];
    let depths = depths(&fields, sample, types);
    for (field, depth) in fields.into_iter().zip(depths) {
        if let Some(owner) = guessed_owner(&levels, &field.name, depth) {
            let message =
                format!("`{}` is not in the sample; it was taken for a field of `{owner}`", field.name);
            notes.add(NoteKind::Guessed, field.line, message);
        }
        while levels.len() > depth + 1 {
            close(&mut levels);
        }
        let level = &mut levels[depth];
        level.used.insert(field.name.clone());
        let inner = level.sample.and_then(|sample| sample.field(&field.name)).and_then(Sample::element);
        let owners = levels.iter().take(depth + 1).filter_map(|level| level.owner.as_ref());
        if opens(owners, &field, inner, depth + 1) {
            let known = known_names(&field, inner, types);
            levels.push(Level::new(Some(field), inner, known));
        } else {
            levels[depth].fields.push(field);
        }
    }
    while levels.len() > 1 {
        close(&mut levels);
    }
    levels.pop().map_or(Vec::new(), |level| level.fields)
}

/// The fields of a value that contains fields.
struct Level<'s> {
    /// The field whose value it is; none at the top.
    owner: Option<Field>,
    sample: Option<&'s Sample>,
    /// The names of its data type.
    known: Vec<String>,
    used: HashSet<String>,
    fields: Vec<Field>,
}

impl<'s> Level<'s> {
    fn new(owner: Option<Field>, sample: Option<&'s Sample>, known: Vec<String>) -> Self {
        Self { owner, sample, known, used: HashSet::new(), fields: Vec::new() }
    }

    /// Returns whether a field of this name is expected here, and has not come yet.
    fn expects(&self, name: &str) -> bool {
        let is_key = self.sample.is_some_and(|sample| sample.field(name).is_some());
        (is_key || self.known.iter().any(|known| known == name)) && self.is_free(name)
    }

    fn is_free(&self, name: &str) -> bool {
        !self.used.contains(name)
    }

    /// Returns whether an unexpected field may be one of these. All fields of an error are known.
    fn takes(&self, name: &str) -> bool {
        let is_error = self.owner.as_ref().is_some_and(|owner| owner.ty == ERROR_TYPE.0);
        !is_error && self.is_free(name)
    }

    fn has_expectations(&self) -> bool {
        !self.known.is_empty() || self.sample.is_some_and(|sample| !sample.fields().is_empty())
    }
}

/// The field whose value a field was put into although it may belong to another one.
fn guessed_owner(levels: &[Level<'_>], name: &str, depth: usize) -> Option<String> {
    let is_expected = levels.iter().any(|level| level.expects(name));
    let is_certain = is_expected || !levels[depth].has_expectations();
    let choices = levels.iter().skip(1).filter(|level| level.takes(name)).count();
    let owner = levels[depth].owner.as_ref()?;
    (!is_certain && choices > 1).then(|| owner.name.clone())
}

/// Closes the deepest level: its fields become those of its owner.
fn close(levels: &mut Vec<Level<'_>>) {
    let Some(Level { owner: Some(mut owner), fields, .. }) = levels.pop() else { return };
    if !fields.is_empty() {
        owner.fields = Some(fields);
    }
    if let Some(level) = levels.last_mut() {
        level.fields.push(owner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read_text;
    use crate::page::outline;

    fn field(text: &str) -> Field {
        let (name, ty) = text.split_once(':').unwrap();
        let is_reference = ty.ends_with('*');
        let description = is_reference.then(|| format!("See {name}."));
        Field {
            name: name.to_owned(),
            ty: ty.trim_end_matches('*').to_owned(),
            description,
            ..Field::default()
        }
    }

    fn nested_names(fields: &str, sample: &str) -> String {
        let fields = fields.split(' ').map(field).collect();
        let sample = read_text(sample);
        let types = |name: &str| (name == "NicInventory").then(|| vec!["mac".to_owned(), "ip".to_owned()]);
        outline(&nest(fields, sample.as_ref(), &types, &mut PageNotes::default()))
    }

    #[test]
    fn fields_go_on_after_a_nested_list() {
        let fields = "error:ErrorCode* code:String cause:ErrorCode inventory:VmInventory* uuid:String nics:List* \
                      uuid:String mac:String state:String total:Long";
        let sample = "{\"inventory\": {\"uuid\": 1, \"nics\": [{\"uuid\": 1, \"mac\": 1}], \"state\": 1}, \"total\": 1}";
        assert_eq!(
            nested_names(fields, sample),
            "error(code cause) inventory(uuid nics(uuid mac) state) total"
        );
    }

    #[test]
    fn samples_leave_out_fields_of_nested_types() {
        let fields = "inventory:VmInventory* uuid:String nics:List* mac:String ips:List* uuid:String ip:String \
                      createDate:Timestamp lastOpDate:Timestamp state:String createDate:Timestamp";
        let sample = "{\"inventory\": {\"uuid\": 1, \"nics\": [{\"mac\": 1, \"ips\": [{\"ip\": 1, \"lastOpDate\": 1}], \
                      \"state\": 1, \"createDate\": 1}]}}";
        let expected = "inventory(uuid nics(mac ips(uuid ip createDate lastOpDate) state createDate))";
        assert_eq!(nested_names(fields, sample), expected);
    }

    /// The first `createDate` is not in the sample of the NIC, but in that of the VM; it is that of
    /// the NIC, since otherwise the second one would have no place.
    #[test]
    fn fields_that_come_twice_are_placed_together() {
        let fields = "inventory:VmInventory* uuid:String nics:List* uuid:String mac:String createDate:Timestamp \
                      lastOpDate:Timestamp createDate:Timestamp lastOpDate:Timestamp";
        let sample = "{\"inventory\": {\"uuid\": 1, \"nics\": [{\"uuid\": 1, \"mac\": 1}], \
                      \"createDate\": 1, \"lastOpDate\": 1}}";
        let expected = "inventory(uuid nics(uuid mac createDate lastOpDate) createDate lastOpDate)";
        assert_eq!(nested_names(fields, sample), expected);
    }

    #[test]
    fn a_map_has_no_fields() {
        let fields = "inventory:VmInventory* labels:Map uuid:String";
        let sample = "{\"inventory\": {\"labels\": {\"key\": 1}, \"uuid\": 1}}";
        assert_eq!(nested_names(fields, sample), "inventory(labels uuid)");
    }

    #[test]
    fn an_error_has_no_other_fields() {
        let fields = "error:ErrorCode* code:String details:String url:String";
        assert_eq!(nested_names(fields, "{}"), "error(code details) url");
    }

    #[test]
    fn without_a_sample_names_and_types_decide() {
        let fields = "inventory:VmInventory* uuid:String nic:NicInventory* mac:String ip:String uuid:String";
        // A second `uuid` is that of the NIC, which has none yet.
        assert_eq!(nested_names(fields, "{}"), "inventory(uuid nic(mac ip uuid))");
    }
}
