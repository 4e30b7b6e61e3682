//! Names of resources in messages.

/// Words, and names of several words, that are not written in lower case.
const WORDS: &[(&str, &str)] = &[
    ("Acl", "ACL"),
    ("Aliyun", "Aliyun"),
    ("BareMetal2", "bare metal 2"),
    ("CdRom", "CD-ROM"),
    ("Cdp", "CDP"),
    ("Ceph", "Ceph"),
    ("DingTalk", "DingTalk"),
    ("Dns", "DNS"),
    ("Ebs", "EBS"),
    ("Eip", "EIP"),
    ("Ethernet", "Ethernet"),
    ("Expon", "Expon"),
    ("FeiShu", "FeiShu"),
    ("Gpu", "GPU"),
    ("Ha", "HA"),
    ("Http", "HTTP"),
    ("IPsec", "IPsec"),
    ("Ip", "IP"),
    ("Ipmi", "IPMI"),
    ("Iscsi", "iSCSI"),
    ("Kvm", "KVM"),
    ("Ldap", "LDAP"),
    ("Lldp", "LLDP"),
    ("Lun", "LUN"),
    ("Microsoft", "Microsoft"),
    ("Nic", "NIC"),
    ("Nvme", "NVMe"),
    ("Os", "OS"),
    ("Osd", "OSD"),
    ("Pci", "PCI"),
    ("Pxe", "PXE"),
    ("Qos", "QoS"),
    ("Ref", "reference"),
    ("Scsi", "SCSI"),
    ("Sdn", "SDN"),
    ("Sftp", "SFTP"),
    ("Slb", "SLB"),
    ("Sms", "SMS"),
    ("Snmp", "SNMP"),
    ("Ssh", "SSH"),
    ("VCenter", "vCenter"),
    ("VRouter", "vRouter"),
    ("Vf", "VF"),
    ("Vip", "VIP"),
    ("Vlan", "VLAN"),
    ("Vm", "VM"),
    ("Vni", "VNI"),
    ("Vpc", "VPC"),
    ("Vtep", "VTEP"),
    ("Vxlan", "VXLAN"),
    ("WeCom", "WeCom"),
    ("XDragon", "X-Dragon"),
    ("Xml", "XML"),
    ("Xsky", "XSKY"),
    ("ZBox", "ZBox"),
];

/// Derives the label of a resource: `L2VlanNetwork` becomes `L2 VLAN network`.
pub(super) fn derive(name: &str) -> String {
    let mut words = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let (word, written) = first_word(rest);
        rest = &rest[word.len()..];
        words.push(written);
    }
    words.join(" ")
}

/// Returns the first word of a name, and how it is written in a message.
fn first_word(name: &str) -> (&str, String) {
    let is_end = |at: usize| !name[at..].starts_with(|next: char| next.is_ascii_lowercase());
    let known = WORDS.iter().find(|(word, _)| name.starts_with(word) && is_end(word.len()));
    if let Some((word, written)) = known {
        return (word, (*written).to_owned());
    }
    let word = &name[..word_length(name)];
    let is_acronym = word.chars().skip(1).any(|character| !character.is_ascii_lowercase());
    (word, if is_acronym { word.to_owned() } else { word.to_lowercase() })
}

/// Finds the end of the first word: the next capital letter, or of several capital letters the last one
/// if a lower-case letter follows.
fn word_length(name: &str) -> usize {
    let characters: Vec<_> = name.char_indices().collect();
    let ends = characters.windows(2).filter_map(|pair| match *pair {
        [(_, before), (at, here)] if here.is_ascii_uppercase() => {
            let next = name[at..].chars().nth(1);
            let begins_word = next.is_some_and(|next| next.is_ascii_lowercase());
            (!before.is_ascii_uppercase() || begins_word).then_some(at)
        }
        _ => None,
    });
    ends.min().unwrap_or(name.len())
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
            ("IPsecConnection", "IPsec connection"),
            ("UsedIp", "used IP"),
            ("SNSTopic", "SNS topic"),
            ("VCenterCluster", "vCenter cluster"),
            ("BareMetal2Gateway", "bare metal 2 gateway"),
        ] {
            assert_eq!(derive(name), label);
        }
    }
}
