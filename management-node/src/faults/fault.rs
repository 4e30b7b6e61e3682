//! A fault: what it selects, and its effects.

use axum::http::HeaderMap;
use serde::{Serialize, Serializer};

use super::delay::{Chance, Delay};
use crate::exchange::Cut;

/// The selector of all operations.
pub(super) const ALL: &str = "*";

/// A fault as a test adds it. Its selectors are joined by `and`.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Fault {
    /// The name of an operation, or [`ALL`]; empty for a fault that disconnects a resource.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) operation: String,
    /// A UUID or a name that is among the parameters, or the name of a resource with such a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resource: Option<String>,
    /// The UUID or the name of the account of the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) header: Option<Header>,
    /// The number of the first affected call; 1 is the next selected one.
    pub(super) from: u64,
    /// Affects one of so many selected calls.
    pub(super) every: u64,
    /// The maximum number of affected calls; `None` for all.
    #[serde(serialize_with = "serialize_calls")]
    pub(super) calls: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) probability: Option<f64>,
    /// Repeats the choices of `probability` and `delay`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delay: Option<Delay>,
    /// Holds the call until the fault is removed or releases it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) hold: bool,
    /// Holds the call, and gives its caller a job at once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) hang: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<InjectedError>,
    /// The status of the response that replaces the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    /// The body of that response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cut: Option<Cut>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) lose_webhook: bool,
    /// The UUID or the name of a host or storage that is disconnected while the fault exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disconnect: Option<String>,
}

fn serialize_calls<S: Serializer>(calls: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    match calls {
        Some(calls) => serializer.serialize_u64(*calls),
        None => serializer.serialize_str("all"),
    }
}

/// A header that the request has; with any value if there is none.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Header {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<String>,
}

impl Header {
    pub(super) fn is_in(&self, headers: &HeaderMap) -> bool {
        let is_equal = |value: &str| {
            headers.get_all(&self.name).iter().any(|found| found.as_bytes() == value.as_bytes())
        };
        self.value.as_deref().map_or_else(|| headers.contains_key(&self.name), is_equal)
    }
}

/// The error of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct InjectedError {
    /// The error code, such as `SYS.1006`.
    pub(super) code: String,
    /// The meaning of the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    /// The cause of this error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) details: Option<String>,
}

/// A call, as far as selectors need it.
pub(super) struct CallFacts<'a> {
    pub(super) operation: &'static str,
    /// True if the operation is long.
    pub(super) is_long: bool,
    /// `None` for a call of the node itself.
    pub(super) headers: Option<&'a HeaderMap>,
    /// The UUID and the name of the account.
    pub(super) account: &'a [String],
    /// The texts among the parameters, and the names of the resources with these UUIDs.
    pub(super) resources: &'a [String],
}

impl Fault {
    /// True if it draws random numbers.
    pub(super) fn uses_chance(&self) -> bool {
        self.probability.is_some() || self.delay.is_some_and(|delay| !matches!(delay, Delay::Fixed(_)))
    }

    pub(super) fn is_for_operation(&self, operation: &str) -> bool {
        self.operation == operation || self.operation == ALL
    }

    /// True if all selectors but those of numbers select a call.
    pub(super) fn selects(&self, call: &CallFacts<'_>) -> bool {
        let is_of_http = self.status.is_some() || self.cut.is_some() || self.header.is_some();
        self.is_for_operation(call.operation)
            && (call.is_long || !(self.hang || self.lose_webhook))
            && (call.headers.is_some() || !is_of_http && !self.hang)
            && self.account.as_ref().is_none_or(|account| call.account.contains(account))
            && self.resource.as_ref().is_none_or(|resource| call.resources.contains(resource))
            && self.header.as_ref().is_none_or(|header| call.headers.is_some_and(|all| header.is_in(all)))
    }

    /// True if the selected call with this number is affected, after so many affected ones.
    pub(super) fn affects(&self, call: u64, affected: u64, chance: &mut Chance) -> bool {
        let is_due = call.checked_sub(self.from).is_some_and(|after| after % self.every.max(1) == 0);
        // A number is drawn for each call, so that the choice for one depends on no other option.
        let is_chosen = self.probability.is_none_or(|probability| chance.happens(probability));
        is_due && self.calls.is_none_or(|calls| affected < calls) && is_chosen
    }
}
