//! Names on the wire and in Rust.

use proc_macro2::Ident;

/// Returns the text of an identifier, without `r#`.
pub(crate) fn text(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

/// Returns the name on the wire of a field: `vm_instance_uuid` becomes `vmInstanceUuid`. A trailing
/// underscore is dropped; it distinguishes a field from `tags`, `query` or `more`.
pub(crate) fn wire(ident: &str) -> String {
    let mut words = ident.split('_').filter(|word| !word.is_empty());
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        name.push_str(&first.to_uppercase());
        name.push_str(rest);
    }
    name
}

/// Returns the name of the column of a field. `SHAPE` is taken: every record has a constant of this
/// name.
pub(crate) fn column(ident: &str) -> String {
    match ident.trim_end_matches('_').to_uppercase() {
        name if name == "SHAPE" => "SHAPE_".to_owned(),
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_names_from_fields() {
        for (ident, name) in [
            ("uuid", "uuid"),
            ("vm_instance_uuid", "vmInstanceUuid"),
            ("l3_network", "l3Network"),
            ("more_", "more"),
        ] {
            assert_eq!(wire(ident), name);
        }
        assert_eq!(column("vm_nics"), "VM_NICS");
        assert_eq!(column("shape"), "SHAPE_");
    }
}
