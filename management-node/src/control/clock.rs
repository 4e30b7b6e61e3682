//! `/_node/clock`: the clock of the node.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::{ControlError, parse_json};
use crate::clock::{Clock as _, DATES, VirtualClock};
use crate::model::Moment;

/// The changes of a request, in the order in which they are made.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Change<'a> {
    frozen: Option<bool>,
    now: Option<&'a str>,
    /// A number of seconds.
    #[serde(default)]
    advance: u32,
}

/// Describes the clock.
pub(super) fn report(clock: &VirtualClock) -> Value {
    json!({ "now": clock.now().to_string(), "frozen": clock.is_frozen() })
}

/// Freezes, sets and advances the clock.
pub(super) fn change(clock: &VirtualClock, body: &str) -> Result<Value, ControlError> {
    let Change { frozen, now, advance } = parse_json(body)?;
    let read = |text: &str| {
        text.parse::<Timestamp>().map(Moment::from).map_err(|error| {
            ControlError::bad_request(format!(
                "`now` must be a time such as 2030-01-01T00:00:00Z; got `{text}`: {error}"
            ))
        })
    };
    let start = now.map_or_else(|| Ok(clock.now()), read)?;
    let end = start.plus_seconds(i64::from(advance));
    if !DATES.contains(&start) || !DATES.contains(&end) {
        return Err(ControlError::bad_request(format!(
            "the clock of the node shows times from 1970 to 9999; got {end}"
        )));
    }
    if let Some(frozen) = frozen {
        clock.freeze(frozen);
    }
    if now.is_some() || advance > 0 {
        clock.set(end);
    }
    Ok(report(clock))
}
