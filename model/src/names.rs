//! Conversion of names on the wire to names in Rust.
//!
//! Emitters use these functions for all identifiers, and checks use them to find collisions.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// The cargo feature that enables all categories.
pub const FULL: &str = "full";

/// The cargo features of the generated crates that are not categories.
pub const OTHER_FEATURES: [&str; 5] = ["blocking", "default", FULL, "reqwest", "tls"];

/// Converts the name of a field or a parameter: `readIOPS` becomes `read_iops`.
///
/// The result may be a keyword; see [`is_keyword`].
pub fn field_ident(wire: &str) -> String {
    wire.to_snake_case()
}

/// Converts an identifier to the name on the wire that the derives use by default: `vm_instance_uuid` becomes
/// `vmInstanceUuid`.
pub fn wire_name(ident: &str) -> String {
    let mut words = ident.split('_').filter(|word| !word.is_empty());
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        name.push_str(&first.to_uppercase());
        name.push_str(rest);
    }
    name
}

/// Converts the first letter to lower case: `ReimageVmInstance` becomes `reimageVmInstance`.
pub fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|letter| letter.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// Converts the first letter to upper case: `vmNics` becomes `VmNics`.
pub fn upper_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Converts the name of a parameter to that of its setter. A name that is a method of every request
/// gets a prefix: `query` becomes `with_query`.
pub fn setter_ident(wire: &str) -> String {
    let ident = field_ident(wire);
    if is_request_method(&ident) { format!("with_{ident}") } else { ident }
}

/// Returns whether every request, every request with tags, or every query has a method of this name.
pub fn is_request_method(ident: &str) -> bool {
    const METHODS: &str =
        "call call_blocking clone dry_run eq get into new query set start system_tag tags user_tag";
    METHODS.split(' ').any(|method| method == ident)
}

/// Converts the name of a type, a trait or an operation: `vm-instance` becomes `VmInstance`.
///
/// A name in upper camel case is not changed, even with acronyms such as `LoginByLDAP`.
pub fn type_ident(name: &str) -> String {
    if is_upper_camel(name) { name.to_owned() } else { name.to_upper_camel_case() }
}

/// Names the server trait of a category: `vm-instance` becomes `VmInstanceApi`.
pub fn trait_ident(category: &str) -> String {
    format!("{}Api", type_ident(category))
}

/// Names the client trait of a category: `vm-instance` becomes `VmInstanceActions`.
pub fn actions_ident(category: &str) -> String {
    format!("{}Actions", type_ident(category))
}

/// Converts a value to the name of an enum variant: `qcow2` becomes `Qcow2`.
///
/// Separated numbers remain separated (`x86_64` becomes `X86_64`), and a leading digit gets a prefix
/// (`1.0` becomes `V1_0`).
pub fn variant_ident(wire: &str) -> String {
    let mut ident = String::new();
    for part in wire.split(|character: char| !character.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let word = part.to_upper_camel_case();
        if ident.ends_with(is_digit) && word.starts_with(is_digit) {
            ident.push('_');
        }
        ident.push_str(&word);
    }
    if ident.starts_with(is_digit) {
        ident.insert(0, 'V');
    }
    ident
}

/// Converts a name to that of a module: `vm-instance` becomes `vm_instance`, and `VmCdRomInventory` becomes
/// `vm_cd_rom_inventory`.
pub fn module_ident(name: &str) -> String {
    name.to_snake_case()
}

/// Returns whether a word is a keyword of Rust 2024, which is written `r#…` as an identifier.
pub fn is_keyword(word: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
        "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
        "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static",
        "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
        "while", "yield",
    ];
    KEYWORDS.binary_search(&word).is_ok() || is_path_keyword(word)
}

/// Returns whether a word is a keyword that cannot be an identifier even with `r#`.
pub fn is_path_keyword(word: &str) -> bool {
    matches!(word, "self" | "Self" | "super" | "crate" | "_")
}

/// Returns whether a name is in upper camel case, such as `VmCdRomInventory`.
pub fn is_upper_camel(name: &str) -> bool {
    name.starts_with(|character: char| character.is_ascii_uppercase())
        && name.chars().all(|character| character.is_ascii_alphanumeric())
}

/// Returns whether a name is in kebab case, such as `vm-instance`.
pub fn is_kebab(name: &str) -> bool {
    name.split('-').all(|word| {
        !word.is_empty()
            && word.chars().all(|character| character.is_ascii_lowercase() || character.is_ascii_digit())
    }) && !name.starts_with(is_digit)
}

/// Returns whether a text is a valid name for a field, a parameter or a tag: it begins with an ASCII
/// letter and consists of ASCII letters, digits, `_`, `-` and `.`.
pub fn is_wire_name(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_alphabetic())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.'))
}

/// Returns whether Windows reserves a name for a device, in any folder, in any case and with any extension.
pub fn is_device(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let numbered = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt"));
    matches!(name.as_str(), "con" | "prn" | "aux" | "nul")
        || numbered.is_some_and(|number| number.len() == 1 && number.starts_with(is_digit))
}

/// Returns whether a text is an identifier or a keyword.
pub fn is_ident(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_alphabetic())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_letter_changes_its_case() {
        assert_eq!(lower_first("ReimageVmInstance"), "reimageVmInstance");
        assert_eq!(lower_first(""), "");
        assert_eq!(upper_first("vmNics"), "VmNics");
        assert_eq!(upper_first(""), "");
    }

    #[test]
    fn converts_field_names() {
        for (wire, ident) in [
            ("uuid", "uuid"),
            ("readIOPS", "read_iops"),
            ("AccessKeyID", "access_key_id"),
            ("vmCdRoms", "vm_cd_roms"),
            ("l3NetworkUuid", "l3_network_uuid"),
            ("ipInLong", "ip_in_long"),
            ("x86", "x86"),
            ("type", "type"),
            ("lastOpDate", "last_op_date"),
            ("usedIpUuid", "used_ip_uuid"),
            ("CPUNum", "cpu_num"),
            ("some-header", "some_header"),
        ] {
            assert_eq!(field_ident(wire), ident, "{wire}");
        }
        for (ident, wire) in
            [("uuid", "uuid"), ("l3_network_uuid", "l3NetworkUuid"), ("read_iops", "readIops")]
        {
            assert_eq!(wire_name(ident), wire);
        }
    }

    #[test]
    fn converts_setter_names() {
        for (wire, ident) in [("uuid", "uuid"), ("query", "with_query"), ("dryRun", "with_dry_run")] {
            assert_eq!(setter_ident(wire), ident, "{wire}");
        }
    }

    #[test]
    fn converts_type_names() {
        for (name, ident) in [
            ("VmCdRomInventory", "VmCdRomInventory"),
            ("LoginByLDAP", "LoginByLDAP"),
            ("vm-instance", "VmInstance"),
            ("reimageVmInstance", "ReimageVmInstance"),
        ] {
            assert_eq!(type_ident(name), ident, "{name}");
        }
    }

    #[test]
    fn converts_variant_names() {
        for (wire, ident) in [
            ("enable", "Enable"),
            ("Running", "Running"),
            ("VolumeMigrating", "VolumeMigrating"),
            ("qcow2", "Qcow2"),
            ("x86_64", "X86_64"),
            ("aarch64", "Aarch64"),
            ("1.0", "V1_0"),
            ("UEFI_WITH_CSM", "UefiWithCsm"),
            ("KVM", "Kvm"),
            ("", ""),
            ("::", ""),
        ] {
            assert_eq!(variant_ident(wire), ident, "{wire}");
        }
    }

    #[test]
    fn converts_module_names() {
        for (name, ident) in [
            ("vm-instance", "vm_instance"),
            ("VmCdRomInventory", "vm_cd_rom_inventory"),
            ("L3NetworkInventory", "l3_network_inventory"),
        ] {
            assert_eq!(module_ident(name), ident, "{name}");
        }
    }

    #[test]
    fn recognizes_keywords() {
        for word in [
            "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
            "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
            "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
            "self", "Self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe",
            "unsized", "use", "virtual", "where", "while", "yield", "_",
        ] {
            assert!(is_keyword(word), "{word}");
        }
        for word in ["union", "auto", "raw", "default", "uuid", "Type", ""] {
            assert!(!is_keyword(word), "{word}");
        }
    }

    #[test]
    fn recognizes_windows_devices() {
        for name in ["Con", "PRN", "aux", "Nul", "Com1", "lpt9", "COM0"] {
            assert!(is_device(name), "{name}");
        }
        for name in ["Console", "Com", "Com10", "Lpt", "ComA", "Null", ""] {
            assert!(!is_device(name), "{name}");
        }
    }

    #[test]
    fn accepts_valid_wire_names_only() {
        for name in ["vmUuid", "some-header", "a.b", "x_1", "A"] {
            assert!(is_wire_name(name), "{name}");
        }
        for name in ["", "1a", "_a", "a b", "a\n", "a\"", "größe", "a;", "-a", "a/b", "a$"] {
            assert!(!is_wire_name(name), "{name}");
        }
    }

    #[test]
    fn recognizes_name_forms() {
        assert!(is_upper_camel("VmNic2") && !is_upper_camel("vmNic") && !is_upper_camel("Vm_Nic"));
        assert!(is_kebab("l3-network") && !is_kebab("3d") && !is_kebab("vm--nic") && !is_kebab(""));
        assert!(is_ident("vm_nic") && is_ident("type") && !is_ident("3d") && !is_ident("größe"));
    }
}
