//! Names of resources in messages.

/// Words that are not written in lower case.
const WORDS: [(&str, &str); 26] = [
    ("Acl", "ACL"),
    ("Cd", "CD"),
    ("Cdp", "CDP"),
    ("Cpu", "CPU"),
    ("Db", "DB"),
    ("Dns", "DNS"),
    ("Ebs", "EBS"),
    ("Eip", "EIP"),
    ("Esx", "ESX"),
    ("Gc", "GC"),
    ("Gpu", "GPU"),
    ("Ha", "HA"),
    ("Ip", "IP"),
    ("Ldap", "LDAP"),
    ("Lldp", "LLDP"),
    ("Nic", "NIC"),
    ("Pci", "PCI"),
    ("Qos", "QoS"),
    ("Rom", "ROM"),
    ("Slb", "SLB"),
    ("Ssh", "SSH"),
    ("Vip", "VIP"),
    ("Vlan", "VLAN"),
    ("Vm", "VM"),
    ("Vni", "VNI"),
    ("Vxlan", "VXLAN"),
];

/// Derives the label of a resource: `L2VlanNetwork` becomes `L2 VLAN network`.
pub(super) fn derive(name: &str) -> String {
    let words = split(name).into_iter().map(|word| {
        if let Some((_, written)) = WORDS.iter().find(|(known, _)| *known == word) {
            return (*written).to_owned();
        }
        let is_acronym = word.chars().skip(1).any(|character| !character.is_ascii_lowercase());
        if is_acronym { word.to_owned() } else { word.to_lowercase() }
    });
    words.collect::<Vec<_>>().join(" ").replace("CD ROM", "CD-ROM")
}

/// Splits a name before each capital letter, but keeps several capital letters together.
fn split(name: &str) -> Vec<&str> {
    let characters: Vec<_> = name.char_indices().collect();
    let mut words = Vec::new();
    let mut start = 0;
    for window in characters.windows(2) {
        let [(_, before), (at, here)] = *window else { continue };
        let next_is_lower = name[at..].chars().nth(1).is_some_and(|next| next.is_ascii_lowercase());
        let begins_word = here.is_ascii_uppercase() && (!before.is_ascii_uppercase() || next_is_lower);
        if begins_word {
            words.push(&name[start..at]);
            start = at;
        }
    }
    words.push(&name[start..]);
    words
}

#[cfg(test)]
mod tests {
    use super::derive;

    #[test]
    fn labels_read_like_words() {
        for (name, label) in [
            ("Zone", "zone"),
            ("VmInstance", "VM instance"),
            ("VmCdRom", "VM CD-ROM"),
            ("KVMHost", "KVM host"),
            ("L2VlanNetwork", "L2 VLAN network"),
            ("IAM2VirtualID", "IAM2 virtual ID"),
            ("UsedIp", "used IP"),
            ("SNSTopic", "SNS topic"),
        ] {
            assert_eq!(derive(name), label);
        }
    }
}
