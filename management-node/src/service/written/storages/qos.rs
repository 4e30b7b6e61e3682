//! Limits of the bandwidth and of the operations of volumes.

use serde_json::{Map, Value, json};

use super::capacity::answer;
use crate::cloud::volumes::check_field;
use crate::model::Document;
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::{Context, Done};
use crate::store::Store;

/// The private field with the limits, by parameter.
const LIMITS: &str = "_limits";

/// A limit: its parameter, the direction, the field of GetVolumeQos, and the word in `volumeQos`.
const ROWS: [(&str, &str, &str, &str); 6] = [
    ("totalBandwidth", "total", "volumeBandwidth", "total"),
    ("readBandwidth", "read", "volumeBandwidthRead", "read"),
    ("writeBandwidth", "write", "volumeBandwidthWrite", "write"),
    ("totalIOPS", "total", "iopsTotal", "totalIops"),
    ("readIOPS", "read", "iopsRead", "readIops"),
    ("writeIOPS", "write", "iopsWrite", "writeIops"),
];

fn limits(volume: &Document) -> Map<String, Value> {
    volume.fields.get(LIMITS).and_then(Value::as_object).cloned().unwrap_or_default()
}

fn set_limits(volume: &mut Document, limits: Map<String, Value>) {
    let text =
        |(parameter, _, _, word): &(&str, _, _, &str)| Some(format!("{word}={}", limits.get(*parameter)?));
    let texts: Vec<_> = ROWS.iter().filter_map(text).collect();
    volume.set("volumeQos", if texts.is_empty() { Value::Null } else { texts.join(",").into() });
    volume.set(LIMITS, limits);
}

/// Limits a volume. A limit of both directions replaces those of single ones, and the reverse.
pub(super) fn set<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut volume = context.target("uuid")?;
    check_field("volume", &volume, "status", &["Ready"])?;
    let mode = context.text("mode").unwrap_or("total");
    let mut limits = limits(&volume);
    let mut is_given = false;
    for (parameter, direction, _, _) in ROWS {
        let by_mode = parameter.ends_with("Bandwidth") && direction == mode;
        let by_mode = || context.parameters.get("volumeBandwidth").filter(|_| by_mode);
        let Some(value) = context.parameters.get(parameter).or_else(by_mode) else { continue };
        if value.as_i64().is_none_or(|value| value <= 0) {
            return Err(errors::invalid_argument(format!(
                "[{parameter}] is {value}, but a limit must be positive; use DeleteVolumeQos to remove one."
            ))
            .into());
        }
        is_given = true;
        let unit = parameter.strip_prefix(direction).unwrap_or_default();
        limits.retain(|other, _| {
            !other.ends_with(unit) || (direction != "total" && !other.starts_with("total"))
        });
        limits.insert(parameter.to_owned(), value.clone());
    }
    if !is_given {
        return Err(errors::invalid_argument(
            "No limit is given; give [volumeBandwidth], or one of the limits of a direction.",
        )
        .into());
    }
    set_limits(&mut volume, limits);
    Ok(context.finish_change(volume))
}

/// Returns the limits of a volume; -1 means that there is none.
pub(super) fn get<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let volume = context.target("uuid")?;
    let limits = limits(&volume);
    let mut fields = json!({"volumeUuid": volume.uuid});
    for (parameter, _, field, _) in ROWS {
        fields[field] = limits.get(parameter).cloned().unwrap_or_else(|| (-1).into());
        fields[format!("{field}Upthreshold")] = (-1).into();
    }
    Ok(answer(fields))
}

/// Removes the limits of a direction, or all.
pub(super) fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut volume = context.target("uuid")?;
    let mode = context.text("mode").unwrap_or("total");
    let mut limits = limits(&volume);
    limits.retain(|parameter, _| !matches!(mode, "all" | "overwrite") && !parameter.starts_with(mode));
    set_limits(&mut volume, limits);
    Ok(context.finish_change(volume))
}
