//! The conversion of values to and from columns.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::model::{
    AccountKind, Architecture, BackupStorageKind, Connection, Enabled, Hypervisor, ImageFormat, ImageStatus,
    MediaType, Moment, Platform, PrimaryStorageKind, Secret, VmState, VolumeFormat, VolumeKind, VolumeStatus,
    Word,
};

macro_rules! words {
    ($($name:ty),+ $(,)?) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                Self::read(value.as_str()?).map_err(FromSqlError::other)
            }
        }
    )+};
}

words! {
    AccountKind, Architecture, BackupStorageKind, Connection, Enabled, Hypervisor, ImageFormat, ImageStatus, MediaType,
    Platform, PrimaryStorageKind, VmState, VolumeFormat, VolumeKind, VolumeStatus,
}

impl ToSql for Secret {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Secret {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        String::column_result(value).map(Self)
    }
}

impl ToSql for Moment {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.millis().into())
    }
}

impl FromSql for Moment {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self::from_millis)
    }
}
