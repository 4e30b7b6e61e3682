use std::time::SystemTime;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::Timestamp;

/// The progress of an operation, as this channel shows it.
pub(super) struct Progress {
    /// The job of a long operation.
    pub(super) uuid: Option<String>,
    pub(super) begun: Timestamp,
    /// The result, and the time when it was there.
    pub(super) end: Option<(String, Timestamp)>,
}

impl Progress {
    pub(super) fn to_json(&self) -> Value {
        let mut json = json!({"state": "Processing", "createdDate": self.begun.to_string()});
        if let Some(uuid) = &self.uuid {
            json["uuid"] = json!(uuid);
        }
        if let Some((result, end)) = &self.end {
            json["state"] = json!("Done");
            json["finishedDate"] = json!(end.to_string());
            json["result"] = json!(result);
        }
        json
    }
}

pub(super) fn now() -> Timestamp {
    timestamp(SystemTime::now())
}

pub(super) fn timestamp(time: SystemTime) -> Timestamp {
    let instant = jiff::Timestamp::try_from(time).unwrap_or_default();
    Timestamp::from_instant(instant, &TimeZone::UTC)
}
