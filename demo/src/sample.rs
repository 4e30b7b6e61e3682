//! What the demo needs of the sample cloud (`management-node/sample.yaml`).

/// Running, with one empty drive.
pub(crate) const WEB: &str = "d0000000000040008000000000000001";
/// Stopped, its root disk grown.
pub(crate) const DB: &str = "d0000000000040008000000000000002";
/// Running, with two ISOs in its drives.
pub(crate) const WINDOWS: &str = "d0000000000040008000000000000005";
/// Stopped, without a drive.
pub(crate) const BARE: &str = "d0000000000040008000000000000006";
/// An ISO for everybody.
pub(crate) const RESCUE_CD: &str = "15000000000040008000000000000001";
/// What `db-1` was made from.
pub(crate) const ROCKY_SIZE: i64 = 20 << 30;
