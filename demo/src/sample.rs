//! UUIDs and sizes from the sample inventory, `management-node/sample.yaml`.

/// `web-1`: running, with one empty drive.
pub(crate) const WEB: &str = "d0000000000040008000000000000001";
/// `db-1`: stopped, with an enlarged root volume.
pub(crate) const DB: &str = "d0000000000040008000000000000002";
/// `windows-1`: running, with ISOs in both drives.
pub(crate) const WINDOWS: &str = "d0000000000040008000000000000005";
/// `bare-1`: stopped, without a drive.
pub(crate) const BARE: &str = "d0000000000040008000000000000006";
/// An ISO that all accounts can use.
pub(crate) const RESCUE_CD: &str = "15000000000040008000000000000001";
/// The size in bytes of the image that `db-1` was created from.
pub(crate) const ROCKY_SIZE: i64 = 20 << 30;
