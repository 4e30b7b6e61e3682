//! From names on the wire to names in Rust.
//!
//! Every emitter takes its identifiers from here, and so do the checks that
//! find out beforehand that two names would become one.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// The cargo feature that enables all categories.
pub const FULL: &str = "full";

/// The cargo features of the generated crates that are not categories.
pub const OTHER_FEATURES: [&str; 5] = ["blocking", "default", FULL, "reqwest", "tls"];

/// The identifier of a field or a parameter: `readIOPS` becomes `read_iops`.
///
/// The result may be a keyword; see [`is_keyword`].
pub fn field_ident(wire: &str) -> String {
    wire.to_snake_case()
}

/// The name on the wire that the derives give a field of this identifier:
/// `vm_instance_uuid` becomes `vmInstanceUuid`.
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

/// The identifier of a parameter's setter: that of the parameter, unless every
/// request has a method of this name: `query` becomes `with_query`.
pub fn setter_ident(wire: &str) -> String {
    let ident = field_ident(wire);
    if is_request_method(&ident) { format!("with_{ident}") } else { ident }
}

/// Whether a name is that of a method of every request, of those with tags, or
/// of every query: one that nothing else may have.
pub fn is_request_method(ident: &str) -> bool {
    const METHODS: [&str; 14] = [
        "call",
        "call_blocking",
        "clone",
        "dry_run",
        "eq",
        "get",
        "into",
        "new",
        "query",
        "set",
        "start",
        "system_tag",
        "tags",
        "user_tag",
    ];
    METHODS.contains(&ident)
}

/// The identifier of a type, a trait or an operation: `vm-instance` becomes
/// `VmInstance`.
///
/// What already is one stays as it is, acronyms included: `LoginByLDAP`.
pub fn type_ident(name: &str) -> String {
    if is_upper_camel(name) { name.to_owned() } else { name.to_upper_camel_case() }
}

/// The identifier of the trait of a category: `vm-instance` becomes
/// `VmInstanceApi`.
pub fn trait_ident(category: &str) -> String {
    format!("{}Api", type_ident(category))
}

/// The identifier of the client's trait of a category: `vm-instance` becomes
/// `VmInstanceActions`.
pub fn actions_ident(category: &str) -> String {
    format!("{}Actions", type_ident(category))
}

/// The identifier of an enum's variant: `qcow2` becomes `Qcow2`.
///
/// Numbers that a separator keeps apart stay apart (`x86_64` becomes `X86_64`),
/// and what begins with a digit gets a letter (`1.0` becomes `V1_0`).
pub fn variant_ident(wire: &str) -> String {
    let mut ident = String::new();
    for part in wire.split(|it: char| !it.is_alphanumeric()).filter(|part| !part.is_empty()) {
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

/// The identifier of a module: `vm-instance` becomes `vm_instance`, and
/// `VmCdRomInventory` becomes `vm_cd_rom_inventory`.
pub fn module_ident(name: &str) -> String {
    name.to_snake_case()
}

/// Whether a word is a keyword of Rust, 2024 edition: what names a thing has
/// to be written `r#…`.
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

/// Whether a word is a keyword that not even `r#…` turns into a name.
pub fn is_path_keyword(word: &str) -> bool {
    matches!(word, "self" | "Self" | "super" | "crate" | "_")
}

/// Whether a name is upper camel case as it stands: `VmCdRomInventory`.
pub fn is_upper_camel(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_uppercase())
        && name.chars().all(|character| character.is_ascii_alphanumeric())
}

/// Whether a name is kebab case as it stands: `vm-instance`.
pub fn is_kebab(name: &str) -> bool {
    name.split('-').all(|word| {
        !word.is_empty()
            && word.chars().all(|character| character.is_ascii_lowercase() || character.is_ascii_digit())
    }) && !name.starts_with(is_digit)
}

/// Whether a text can name a field, a parameter or a tag on the wire: it begins
/// with an ASCII letter, and has ASCII letters, digits, `_`, `-` and `.`.
pub fn is_wire_name(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.'))
}

/// Whether Windows takes a name for a device, in any folder, in any case and
/// with any extension: no file can be called so.
pub fn is_device(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let numbered = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt"));
    matches!(name.as_str(), "con" | "prn" | "aux" | "nul")
        || numbered.is_some_and(|it| it.len() == 1 && it.starts_with(is_digit))
}

/// Whether a text is an identifier, keywords included.
pub fn is_ident(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
}

fn is_digit(it: char) -> bool {
    it.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
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
    fn setters() {
        for (wire, ident) in [("uuid", "uuid"), ("query", "with_query"), ("dryRun", "with_dry_run")] {
            assert_eq!(setter_ident(wire), ident, "{wire}");
        }
    }

    #[test]
    fn types() {
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
    fn variants() {
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
    fn modules() {
        for (name, ident) in [
            ("vm-instance", "vm_instance"),
            ("VmCdRomInventory", "vm_cd_rom_inventory"),
            ("L3NetworkInventory", "l3_network_inventory"),
        ] {
            assert_eq!(module_ident(name), ident, "{name}");
        }
    }

    #[test]
    fn keywords() {
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
    fn devices() {
        for name in ["Con", "PRN", "aux", "Nul", "Com1", "lpt9", "COM0"] {
            assert!(is_device(name), "{name}");
        }
        for name in ["Console", "Com", "Com10", "Lpt", "ComA", "Null", ""] {
            assert!(!is_device(name), "{name}");
        }
    }

    #[test]
    fn names_on_the_wire() {
        for name in ["vmUuid", "some-header", "a.b", "x_1", "A"] {
            assert!(is_wire_name(name), "{name}");
        }
        for name in ["", "1a", "_a", "a b", "a\n", "a\"", "größe", "a;", "-a", "a/b", "a$"] {
            assert!(!is_wire_name(name), "{name}");
        }
    }

    #[test]
    fn forms() {
        assert!(is_upper_camel("VmNic2") && !is_upper_camel("vmNic") && !is_upper_camel("Vm_Nic"));
        assert!(is_kebab("l3-network") && !is_kebab("3d") && !is_kebab("vm--nic") && !is_kebab(""));
        assert!(is_ident("vm_nic") && is_ident("type") && !is_ident("3d") && !is_ident("größe"));
    }
}
