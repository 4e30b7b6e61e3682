//! Translates messages to calls, and answers to results.

use std::time::{Duration, SystemTime};

use http::StatusCode;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::query::{Condition, Operator};
use crate::server::authenticate::Credentials;
use crate::server::parameters::Input;
use crate::{Auth, Operation, Timestamp, Version};

/// The content of a message.
pub(super) struct LegacyMessage {
    pub(super) input: Input,
    pub(super) credentials: Credentials,
    pub(super) timeout: Option<Duration>,
}

/// Splits a body into the class and the content of its only message. The error is a text for users,
/// which the channel answers with status 200.
pub(super) fn read_envelope(body: &[u8]) -> Result<(String, Map<String, Value>), String> {
    let object: Map<String, Value> =
        serde_json::from_slice(body).map_err(|error| format!("the body is not a JSON object: {error}"))?;
    let mut messages = object.into_iter();
    match (messages.next(), messages.next()) {
        (Some((class, Value::Object(content))), None) => Ok((class, content)),
        (Some((class, _)), None) => Err(format!("the content of {class} is not an object")),
        _ => Err("the body must have exactly one key: the class of a message".to_owned()),
    }
}

impl LegacyMessage {
    /// Reads the content of a message.
    pub(super) fn read(
        operation: &Operation,
        mut content: Map<String, Value>,
        at: Version,
    ) -> Result<Self, String> {
        let credentials = match (operation.auth, session(&content)) {
            (Auth::None, _) => Credentials::None,
            // A missing session is reported like an invalid one.
            (Auth::Session, session) => Credentials::Session(session.unwrap_or_default()),
        };
        let timeout = content.get("timeout").and_then(Value::as_u64).filter(|milliseconds| *milliseconds > 0);
        if operation.is_query_in(at) {
            translate(&mut content)?;
        }
        let parameters = serde_json::to_vec(&content).map_err(|error| error.to_string())?;
        let input = Input { parameters: Some(parameters.into()), is_message: true, ..Input::default() };
        Ok(Self { input, credentials, timeout: timeout.map(Duration::from_millis) })
    }
}

fn session(content: &Map<String, Value>) -> Option<String> {
    Some(content.get("session")?.get("uuid")?.as_str()?.to_owned())
}

/// Translates the parameters of a query, which have other names and forms in this channel.
fn translate(content: &mut Map<String, Value>) -> Result<(), String> {
    let conditions = match content.remove("conditions") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(conditions)) => conditions,
        Some(_) => return Err("[conditions] must be a list".to_owned()),
    };
    let conditions = conditions.iter().map(condition).collect::<Result<Vec<_>, _>>()?;
    if !conditions.is_empty() {
        content.insert("q".to_owned(), conditions.into());
    }
    if let Some(Value::String(field)) = content.remove("sortBy") {
        let descending = content.get("sortDirection").and_then(Value::as_str) == Some("desc");
        content.insert("sort".to_owned(), format!("{}{field}", if descending { '-' } else { '+' }).into());
    }
    if let Some(Value::Array(fields)) = content.get("fields") {
        let fields: Vec<_> = fields.iter().filter_map(Value::as_str).collect();
        content.insert("fields".to_owned(), fields.join(",").into());
    }
    Ok(())
}

/// Translates a condition such as `{"name": "state", "op": "not in", "value": "Running,Stopped"}`.
fn condition(message: &Value) -> Result<Value, String> {
    let text = |key: &str| match message.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
        _ => None,
    };
    let name = text("name").ok_or_else(|| format!("a condition has no `name`: {message}"))?;
    let operator = match text("op").unwrap_or_default().trim() {
        "=" => Operator::Equal,
        "!=" => Operator::NotEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterOrEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessOrEqual,
        "in" => Operator::In,
        "not in" => Operator::NotIn,
        "like" => Operator::Like,
        "not like" => Operator::NotLike,
        "is null" => Operator::IsNull,
        "is not null" => Operator::NotNull,
        other => {
            return Err(format!(
                "the condition on `{name}` has the unknown operator `{other}`; allowed: =, !=, >, >=, <, <=, in, \
                 not in, like, not like, is null, is not null"
            ));
        }
    };
    Ok(Condition::new(&name, operator, text("value").unwrap_or_default()).to_string().into())
}

/// The progress of an operation, in the form of this channel.
pub(super) struct Progress {
    /// The job of a long operation.
    pub(super) uuid: Option<String>,
    pub(super) begun: Timestamp,
    /// The result, and the time of completion.
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

/// Encodes an answer in the form of this channel: an object below the class of the reply, with
/// `success`.
pub(super) fn encode_result(class: &str, status: StatusCode, body: &[u8]) -> String {
    let mut fields: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    // This channel has no schema.
    fields.remove("schema");
    fields.insert("success".to_owned(), status.is_success().into());
    json!({ class: fields }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translates_conditions() {
        for (written, expected) in [
            (json!({"name": "name", "op": "=", "value": "web"}), "name=web"),
            (json!({"name": "cpuNum", "op": ">=", "value": 2}), "cpuNum>=2"),
            (json!({"name": "uuid", "op": "in", "value": "a,b"}), "uuid?=a,b"),
            (json!({"name": "uuid", "op": "not in", "value": "a"}), "uuid!?=a"),
            (json!({"name": "name", "op": "like", "value": "w%"}), "name~=w%"),
            (json!({"name": "name", "op": "not like", "value": "w%"}), "name!~=w%"),
            (json!({"name": "isoUuid", "op": "is null", "value": ""}), "isoUuid is null"),
            (json!({"name": "isoUuid", "op": "is not null"}), "isoUuid not null"),
            (json!({"name": "isShareable", "op": "!=", "value": true}), "isShareable!=true"),
        ] {
            assert_eq!(condition(&written), Ok(expected.into()), "{written}");
        }
        for written in [json!({"op": "=", "value": "x"}), json!({"name": "x", "op": "~"}), json!(5)] {
            assert!(condition(&written).is_err(), "{written}");
        }
    }

    #[test]
    fn accepts_one_message_only() {
        assert_eq!(read_envelope(br#"{"a.B": {"x": 1}}"#).unwrap().0, "a.B");
        for body in ["", "[]", "{}", r#"{"a.B": 1}"#, r#"{"a.B": {}, "a.C": {}}"#] {
            assert!(read_envelope(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn encodes_results_below_the_class_of_the_reply() {
        assert_eq!(
            encode_result("a.Reply", StatusCode::OK, br#"{"x":1,"schema":{}}"#),
            r#"{"a.Reply":{"success":true,"x":1}}"#
        );
        assert_eq!(
            encode_result("a.Reply", StatusCode::SERVICE_UNAVAILABLE, br#"{"error":{"code":"SYS.1003"}}"#),
            r#"{"a.Reply":{"error":{"code":"SYS.1003"},"success":false}}"#
        );
    }
}
