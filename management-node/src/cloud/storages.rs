//! Checks of primary and backup storages, and how much they hold.

use serde_json::Value;

use crate::model::Document;
use crate::rules::errors::{self, Verdict};

/// The capacity of the disks of a host, since hosts are emulated.
const HOST_DISKS: i64 = 1 << 40;

/// The capacity of a storage in the network.
const NETWORK_DISKS: i64 = 10 << 40;

/// The port of a monitor of a Ceph cluster.
const MONITOR_PORT: u16 = 6789;

/// The folders of the system, in which no storage can be.
const SYSTEM_FOLDERS: [&str; 3] = ["/dev", "/proc", "/sys"];

/// Refuses a path in a folder of the system.
pub(crate) fn check_outside_of_system(parameter: &str, path: &str) -> Verdict<()> {
    let is_in = |folder: &&&str| {
        path.strip_prefix(**folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match SYSTEM_FOLDERS.iter().find(is_in) {
        Some(folder) => Err(errors::invalid_argument(format!(
            "[{parameter}] is `{path}`, which is in the folder {folder} of the system; choose another folder."
        ))),
        None => Ok(()),
    }
}

/// Requires an absolute path outside of the folders of the system.
pub(crate) fn check_folder(parameter: &str, path: &str) -> Verdict<()> {
    if !path.starts_with('/') {
        return Err(errors::invalid_argument(format!(
            "[{parameter}] is `{path}`, which is not an absolute path; write one such as `/zstack_ps`."
        )));
    }
    check_outside_of_system(parameter, path)
}

/// Requires the address of a folder on an NFS server: `server:/path`.
pub(crate) fn check_nfs_url(parameter: &str, url: &str) -> Verdict<()> {
    match url.split_once(":/") {
        Some((server, path)) if !server.is_empty() => check_outside_of_system(parameter, &format!("/{path}")),
        _ => Err(errors::invalid_argument(format!(
            "[{parameter}] is `{url}`, which is not a folder on an NFS server; write it as `server:/path`."
        ))),
    }
}

/// Requires a host name or an IPv4 address.
pub(crate) fn check_hostname(parameter: &str, name: &str) -> Verdict<()> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let looks_like_address = name.split('.').all(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    let is_valid = if looks_like_address {
        name.parse::<std::net::Ipv4Addr>().is_ok()
    } else {
        name.len() <= 253 && name.split('.').all(is_label)
    };
    if is_valid {
        return Ok(());
    }
    Err(errors::invalid_argument(format!(
        "[{parameter}] is `{name}`, which is neither a host name nor an IPv4 address; correct it."
    )))
}

/// A monitor of a Ceph cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Monitor {
    pub(crate) host: String,
    pub(crate) user: String,
    pub(crate) ssh_port: u16,
    pub(crate) port: u16,
}

/// Reads the URLs of monitors, of which no two have the same host.
pub(crate) fn monitors(parameter: &str, urls: &[&str]) -> Verdict<Vec<Monitor>> {
    let mut monitors: Vec<Monitor> = Vec::with_capacity(urls.len());
    for url in urls {
        let Some(monitor) = monitor(url) else {
            return Err(errors::invalid_argument(format!(
                "[{parameter}] contains `{url}`, which is not a monitor; write it as \
                 `user:password@host[:port][/?monPort=port]`."
            )));
        };
        if monitors.iter().any(|other| other.host == monitor.host) {
            return Err(errors::invalid_argument(format!(
                "[{parameter}] names the host {} twice; name each once.",
                monitor.host
            )));
        }
        monitors.push(monitor);
    }
    if monitors.is_empty() {
        return Err(errors::invalid_argument(format!(
            "[{parameter}] is empty; name the monitors of the Ceph cluster."
        )));
    }
    Ok(monitors)
}

fn monitor(url: &str) -> Option<Monitor> {
    // A password may contain an at sign.
    let (credentials, address) = url.rsplit_once('@')?;
    let (user, password) = credentials.split_once(':')?;
    let (address, query) = address.split_once('?').unwrap_or((address, ""));
    let address = address.trim_end_matches('/');
    let (host, ssh_port) = match address.split_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (address, 22),
    };
    let port = match query.strip_prefix("monPort=") {
        Some(port) => port.parse().ok()?,
        None if query.is_empty() => MONITOR_PORT,
        None => return None,
    };
    let is_valid = !user.is_empty() && !password.is_empty() && check_hostname("", host).is_ok();
    is_valid.then(|| Monitor { host: host.to_owned(), user: user.to_owned(), ssh_port, port })
}

/// Sets the capacity of a storage: the total one, unless it is stored, and what `allocated` leaves.
pub(crate) fn set_capacity(storage: &mut Document, hosts: &[Document], allocated: i64) {
    let is_primary = storage.base == "PrimaryStorage";
    let total = match storage.number("totalCapacity") {
        Some(total) => total,
        None if storage.text("type") == Some("LocalStorage") => {
            let is_attached = |host: &&Document| {
                let cluster = host.text("clusterUuid");
                storage.texts("attachedClusterUuids").any(|attached| Some(attached) == cluster)
            };
            let count = hosts.iter().filter(is_attached).count();
            HOST_DISKS.saturating_mul(i64::try_from(count).unwrap_or(i64::MAX))
        }
        None => NETWORK_DISKS,
    };
    let available = total.saturating_sub(allocated).max(0);
    storage.set("totalCapacity", total);
    storage.set("availableCapacity", available);
    if is_primary {
        storage.set("totalPhysicalCapacity", storage.number("totalPhysicalCapacity").unwrap_or(total));
        storage.set("availablePhysicalCapacity", available);
        storage.set("systemUsedCapacity", 0);
    }
}

/// The number of bytes in a field of a document.
pub(crate) fn bytes(document: &Document, field: &str) -> i64 {
    document.fields.get(field).and_then(Value::as_i64).unwrap_or(0)
}

/// Requires that a primary or backup storage can take something new.
pub(crate) fn check_usable(label: &str, storage: &Document) -> Verdict<()> {
    for (field, required) in [("state", "Enabled"), ("status", "Connected")] {
        let present = storage.text(field).unwrap_or_default();
        if present != required {
            return Err(errors::operation_failed(format!(
                "The {label} [uuid:{}] is {present}; it must be {required}.",
                storage.uuid
            )));
        }
    }
    Ok(())
}

/// Requires that so many bytes are available.
pub(crate) fn check_room(label: &str, storage: &Document, size: i64) -> Verdict<()> {
    let available = bytes(storage, "availableCapacity");
    if size <= available {
        return Ok(());
    }
    Err(errors::operation_failed(format!(
        "The {label} [uuid:{}] has {available} bytes available, but {size} are needed; delete something, or use \
         another {label}.",
        storage.uuid
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_monitors() {
        let monitors =
            monitors("monUrls", &["root:p@ss@ceph-1:2222/?monPort=7000", "root:x@10.0.0.2"]).unwrap();
        let [first, second] = &*monitors else { panic!("{monitors:?}") };
        assert_eq!((&*first.host, first.ssh_port, first.port), ("ceph-1", 2222, 7000));
        assert_eq!((&*second.host, second.ssh_port, second.port), ("10.0.0.2", 22, MONITOR_PORT));
        for wrong in
            ["root@10.0.0.1", "root:x@", ":x@10.0.0.1", "root:x@10.0.0.1:a", "root:x@10.0.0.1?port=1"]
        {
            assert_eq!(monitor(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn checks_folders_and_names() {
        assert!(check_folder("url", "/zstack_ps").is_ok() && check_folder("url", "/device").is_ok());
        for wrong in ["zstack_ps", "", "/dev", "/proc/1", "/sys/"] {
            assert!(check_folder("url", wrong).is_err(), "{wrong}");
        }
        assert!(check_nfs_url("url", "10.0.0.1:/export").is_ok());
        assert!(check_nfs_url("url", "10.0.0.1").is_err() && check_nfs_url("url", "a:/dev/x").is_err());
        assert!(check_hostname("hostname", "bs-1.example").is_ok());
        assert!(
            check_hostname("hostname", "10.0.0.256").is_err() && check_hostname("hostname", "a b").is_err()
        );
    }
}
