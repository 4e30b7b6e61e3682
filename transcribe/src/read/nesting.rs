//! Trees of the fields of the portal: by their indentation, or by meaning if it was lost.

use super::expectations::Hints;
use super::placement::{Placement, place};
use crate::json::Sample;
use crate::page::Field;
use crate::report::{NoteKind, PageNotes};

/// The maximum depth of bullets.
const DEPTH_LIMIT: usize = 16;

/// Builds the tree of a list of fields without indentation.
pub(super) fn nest(
    mut fields: Vec<Field>,
    sample: Option<&Sample>,
    hints: Hints<'_>,
    notes: &mut PageNotes,
) -> Vec<Field> {
    let placements = place(&fields, sample, hints);
    for (field, placement) in fields.iter_mut().zip(&placements) {
        field.is_doubtful = !placement.is_certain;
    }
    for (field, Placement { owner, is_certain, .. }) in fields.iter().zip(&placements) {
        if !is_certain {
            let owner = owner.map_or("the response".to_owned(), |nth| format!("`{}`", fields[nth].name));
            let message = format!(
                "neither the sample nor another page shows to which value `{}` belongs; it was taken for a field of {owner}",
                field.name
            );
            notes.add(NoteKind::Guessed, field.line, message);
        }
    }
    by_indent(placements.iter().map(|placement| placement.depth).zip(fields).collect())
}

/// The tree of fields that are indented below those that contain them.
pub(super) fn by_indent(fields: Vec<(usize, Field)>) -> Vec<Field> {
    let mut open: Vec<(usize, Field)> = Vec::new();
    let mut top = Vec::new();
    let close = |open: &mut Vec<(usize, Field)>, top: &mut Vec<Field>| {
        if let Some((_, field)) = open.pop() {
            match open.last_mut() {
                Some((_, owner)) => owner.fields.get_or_insert_default().push(field),
                None => top.push(field),
            }
        }
    };
    for (indent, field) in fields {
        while open.last().is_some_and(|(above, _)| *above >= indent) || open.len() >= DEPTH_LIMIT {
            close(&mut open, &mut top);
        }
        open.push((indent, field));
    }
    while !open.is_empty() {
        close(&mut open, &mut top);
    }
    top
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read_text;
    use crate::known_types::{FieldsByType, KnownFields, KnownTypes, list_key};
    use crate::page::outline;
    use crate::report::Report;

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
        let nic = KnownFields::complete(["mac", "ip"].map(str::to_owned));
        let nics =
            KnownFields { names: ["mac", "lastOpDate"].map(str::to_owned).into(), samples: 2, tables: 0 };
        let types = KnownTypes::new(&FieldsByType::from([
            ("NicInventory".to_owned(), nic),
            (list_key(Some("BusInventory"), "nics"), nics),
        ]));
        outline(&nest(
            fields,
            sample.as_ref(),
            Hints { types: &types, operation: "GetVm" },
            &mut PageNotes::default(),
        ))
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
    fn conventions_place_fields_that_no_sample_has() {
        let sample = "{\"inventory\": {\"uuid\": 1, \"nics\": [{\"uuid\": 1, \"mac\": 1}], \"total\": 1}}";
        // `lastOpDate` is the last field of a NIC.
        let fields = "inventory:VmInventory* uuid:String nics:List* uuid:String mac:String createDate:Timestamp \
                      lastOpDate:Timestamp purpose:String total:Long";
        let expected = "inventory(uuid nics(uuid mac createDate lastOpDate) purpose total)";
        assert_eq!(nested_names(fields, sample), expected);
        // A NIC belongs to a VM instance; a VM instance does not refer to itself.
        let fields = "inventory:VmInstanceInventory* uuid:String nics:List* uuid:String mac:String \
                      lastOpDate:Timestamp vmInstanceUuid:String total:Long";
        assert_eq!(
            nested_names(fields, sample),
            "inventory(uuid nics(uuid mac lastOpDate vmInstanceUuid) total)"
        );
        // Lists are rarely deep inside others.
        let fields = "inventory:VmInventory* uuid:String nics:List* uuid:String mac:String disks:List* \
                      uuid:String size:Long total:Long";
        assert_eq!(nested_names(fields, sample), "inventory(uuid nics(uuid mac) disks(uuid size) total)");
        let fields = fields.replace("disks", "nicRoutes");
        assert_eq!(
            nested_names(&fields, sample),
            "inventory(uuid nics(uuid mac) nicRoutes(uuid size) total)"
        );
    }

    /// The sample leaves out the list; those of other pages show its fields in this type.
    #[test]
    fn lists_are_known_by_the_types_that_have_them() {
        let fields =
            "inventory:VmInventory* uuid:String nics:List* mac:String lastOpDate:Timestamp bus:String";
        let sample = "{\"inventory\": {\"uuid\": 1}}";
        assert_eq!(nested_names(fields, sample), "inventory(uuid nics(mac lastOpDate bus))");
        let fields = fields.replace("VmInventory", "BusInventory");
        assert_eq!(nested_names(&fields, sample), "inventory(uuid nics(mac lastOpDate) bus)");
    }

    #[test]
    fn a_field_with_two_likely_places_is_a_guess() {
        let is_guess = |sample: &str| {
            let fields = "inventory:VmInventory* uuid:String nics:List* mac:String bus:String total:Long";
            let fields = fields.split(' ').map(field).collect();
            let types = KnownTypes::default();
            let mut notes = PageNotes::default();
            nest(fields, read_text(sample).as_ref(), Hints { types: &types, operation: "GetVm" }, &mut notes);
            let mut report = Report::default();
            notes.report("page", &mut report);
            report.has(NoteKind::Guessed)
        };
        assert!(is_guess("{\"inventory\": {\"uuid\": 1, \"nics\": [{\"mac\": 1}], \"total\": 1}}"));
        assert!(!is_guess(
            "{\"inventory\": {\"uuid\": 1, \"nics\": [{\"mac\": 1, \"bus\": 1}], \"total\": 1}}"
        ));
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
