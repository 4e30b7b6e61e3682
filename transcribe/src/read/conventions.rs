//! Conventions for names that hint at the value to which a field belongs.

/// Returns whether a field refers to the object of a level: `vmInstanceUuid` is a field of what belongs
/// to a VM instance, and not of the VM instance. `stem` is the name of its type in lower case.
pub(super) fn refers_to(field: &str, stem: &str) -> bool {
    const LEAST: usize = 3;
    let Some(target) = field.strip_suffix("Uuid").map(str::to_ascii_lowercase) else { return false };
    target.len() >= LEAST && (stem.ends_with(&target) || stem.len() > LEAST && target.ends_with(stem))
}

/// Returns whether a field begins with the name of the object that has it: `nvmeLunHostRefs` are the
/// hosts of an NVMe LUN.
pub(super) fn begins_with(field: &str, stem: &str) -> bool {
    const LEAST: usize = 5;
    let field = field.to_ascii_lowercase();
    // More than the plural has to follow: `results` is not a field of a `CleanTrashResult`.
    let is_beginning = |name: &str| field.strip_prefix(name).is_some_and(|rest| rest.len() > 1);
    stem.char_indices().any(|(at, _)| stem.len() - at >= LEAST && is_beginning(&stem[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_prefixes() {
        assert!(refers_to("vmInstanceUuid", "vminstance"));
        assert!(refers_to("poolUuid", "l2vxlannetworkpool"));
        assert!(!refers_to("hostUuid", "vminstance"));
        assert!(!refers_to("uuid", "vminstance"));
        assert!(begins_with("scsiLunVmInstanceRefs", "iscsilun"));
        assert!(!begins_with("hostRefs", "iscsilun"));
        assert!(!begins_with("results", "cleantrashresult"));
    }
}
