//! Removal of secrets from what the journal shows: passwords, tokens, sessions, keys and signatures.

use serde_json::{Map, Value};

/// What is shown instead of a secret.
pub(super) const REMOVED: &str = "***";

/// Headers whose values are secret.
const HEADERS: [&str; 4] = ["cookie", "set-cookie", "proxy-authorization", "x-web-hook"];

/// Keys whose values are secret, in lower case and without separators.
const KEYS: [&str; 9] = [
    "sessionid",
    "sessionuuid",
    "privatekey",
    "passphrase",
    "signature",
    "credentials",
    "authorization",
    "pwd",
    "apikey",
];

/// Parts of keys whose values are secret, in lower case and without separators.
const PARTS: [&str; 4] = ["password", "secret", "token", "passwd"];

/// Returns the value of a header without secrets; `Authorization` keeps its scheme.
pub(super) fn header(name: &str, value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    if name == "authorization" {
        return format!("{} {REMOVED}", text.split(' ').next().unwrap_or_default());
    }
    if HEADERS.contains(&name) || is_secret(name) { REMOVED.to_owned() } else { text.into_owned() }
}

/// Returns the target of a request without secrets: the session in a path below `/sessions/`, and the values
/// of secret keys of the query string.
pub(super) fn path_and_query(path: &str, query: Option<&str>) -> (String, Option<String>) {
    let mut is_session = false;
    let segments: Vec<_> = path
        .split('/')
        .map(|segment| {
            let shown = if is_session && !segment.is_empty() { REMOVED } else { segment };
            is_session = segment == "sessions";
            shown
        })
        .collect();
    let query = query.map(|query| {
        let pair = |pair: &str| match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => format!("{name}={REMOVED}"),
            _ => pair.to_owned(),
        };
        query.split('&').map(pair).collect::<Vec<_>>().join("&")
    });
    (segments.join("/"), query)
}

/// Removes secrets from a body.
pub(super) fn body(value: &mut Value) {
    match value {
        Value::Object(fields) => fields_of(fields),
        Value::Array(values) => values.iter_mut().for_each(body),
        // A system tag such as `consolePassword::secret`.
        Value::String(text) => {
            if let Some((name, _)) = text.split_once("::")
                && is_secret(name)
            {
                *text = format!("{name}::{REMOVED}");
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn fields_of(fields: &mut Map<String, Value>) {
    // The inventory of a session: its UUID is the token.
    let is_session = fields.contains_key("accountUuid") && fields.contains_key("expiredDate");
    for (name, value) in fields.iter_mut() {
        let is_token = is_session && name == "uuid";
        if is_token || is_secret(name) && !matches!(value, Value::Null | Value::Bool(_)) {
            *value = REMOVED.into();
            continue;
        }
        body(value);
        if name == "session"
            && let Some(uuid) = value.get_mut("uuid")
        {
            *uuid = REMOVED.into();
        }
    }
}

fn is_secret(name: &str) -> bool {
    let name: String = name
        .chars()
        .filter(|character| character.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    KEYS.contains(&&*name) || PARTS.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn removes_secrets_from_bodies() {
        for (given, expected) in [
            (
                json!({"logInByAccount": {"accountName": "a", "password": "x"}}),
                json!({"logInByAccount": {"accountName": "a", "password": "***"}}),
            ),
            (
                json!({"inventory": {"uuid": "s", "accountUuid": "a", "expiredDate": "d"}}),
                json!({"inventory": {"uuid": "***", "accountUuid": "a", "expiredDate": "d"}}),
            ),
            (
                json!({"inventory": {"AccessKeyID": "id", "AccessKeySecret": "k", "uuid": "u"}}),
                json!({"inventory": {"AccessKeyID": "id", "AccessKeySecret": "***", "uuid": "u"}}),
            ),
            (
                json!({"org.zstack.APIStartVmInstanceMsg": {"uuid": "v", "session": {"uuid": "s"}}}),
                json!({"org.zstack.APIStartVmInstanceMsg": {"uuid": "v", "session": {"uuid": "***"}}}),
            ),
            (
                json!({"systemTags": ["consolePassword::abc", "hostname::web"]}),
                json!({"systemTags": ["consolePassword::***", "hostname::web"]}),
            ),
            (
                json!({"sessionId": "s", "sshPassword": "p", "api_token": 5, "hasPassword": true, "name": "x"}),
                json!({"sessionId": "***", "sshPassword": "***", "api_token": "***", "hasPassword": true, "name": "x"}),
            ),
        ] {
            let mut found = given;
            body(&mut found);
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn removes_secrets_from_headers_and_targets() {
        for (name, value, expected) in [
            ("authorization", "OAuth abc", "OAuth ***"),
            ("authorization", "ZStack id:signature", "ZStack ***"),
            ("cookie", "a=b", "***"),
            ("x-auth-token", "a", "***"),
            ("x-job-uuid", "a", "a"),
        ] {
            assert_eq!(header(name, value.as_bytes()), expected, "{name}");
        }
        let (path, query) = path_and_query("/zstack/v1/accounts/sessions/abc", Some("sessionId=x&q=name=a"));
        assert_eq!(
            (&*path, query.as_deref()),
            ("/zstack/v1/accounts/sessions/***", Some("sessionId=***&q=name=a"))
        );
        let (path, _) = path_and_query("/zstack/v1/accounts/sessions/abc/valid", None);
        assert_eq!(path, "/zstack/v1/accounts/sessions/***/valid");
    }
}
