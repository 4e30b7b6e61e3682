//! The conditions of requests to `/_node/requests`.

use axum::http::HeaderName;
use jiff::Timestamp;
use serde_json::Value;

use super::record::Entry;
use crate::model::{Moment, Uuid};
use crate::suggest::closest_name;

/// The parameters of a filter.
const PARAMETERS: [&str; 12] = [
    "operation",
    "status",
    "method",
    "account",
    "resource",
    "header",
    "fault",
    "since",
    "until",
    "after",
    "limit",
    "path",
];

/// A filter as a request states it, with names that have not been looked up.
#[derive(Default)]
pub(crate) struct FilterRequest {
    filter: Filter,
    /// The UUID or the name of an account.
    pub(crate) account: Option<String>,
    /// The UUID or the name of a resource.
    pub(crate) resource: Option<String>,
}

/// The conditions of entries, joined by `and`; those of the same parameter are joined by `or`, except headers.
#[derive(Default)]
pub(crate) struct Filter {
    operations: Vec<String>,
    statuses: Vec<Status>,
    methods: Vec<String>,
    paths: Vec<String>,
    headers: Vec<(HeaderName, Option<String>)>,
    faults: Vec<u64>,
    since: Option<Moment>,
    until: Option<Moment>,
    after: Option<u64>,
    account: Option<Uuid>,
    /// The UUIDs of resources, and the text that names them.
    resources: Option<Vec<String>>,
    /// The maximum number of entries, the newest ones.
    pub(super) limit: Option<usize>,
}

/// A status, or all statuses with a first digit.
#[derive(Clone, Copy)]
enum Status {
    One(u16),
    Class(u16),
}

impl FilterRequest {
    /// Reads the query string, or returns all of its problems.
    pub(crate) fn read(query: &str) -> Result<Self, Vec<String>> {
        let mut request = Self::default();
        let mut problems = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if let Err(problem) = request.add(&name, &value) {
                problems.push(problem);
            }
        }
        if problems.is_empty() { Ok(request) } else { Err(problems) }
    }

    fn add(&mut self, name: &str, value: &str) -> Result<(), String> {
        let must_be = |form: &str| format!("`{name}` must be {form}; got `{value}`");
        let number = |form: &str| value.parse::<u64>().map_err(|_| must_be(form));
        let time = || match value.parse::<Timestamp>() {
            Ok(time) => Ok(Some(Moment::from(time))),
            Err(_) => Err(must_be("a time such as 2030-01-01T00:00:00Z")),
        };
        let filter = &mut self.filter;
        match name {
            "operation" => filter.operations.push(value.to_owned()),
            "method" => filter.methods.push(value.to_ascii_uppercase()),
            "path" => filter.paths.push(value.to_owned()),
            "status" => {
                let status = Status::parse(value);
                filter
                    .statuses
                    .push(status.ok_or_else(|| must_be("a status such as 200, or a class such as 5xx"))?);
            }
            "header" => {
                let (header, value) = match value.split_once([':', '=']) {
                    Some((header, value)) => (header.trim(), Some(value.trim().to_owned())),
                    None => (value.trim(), None),
                };
                let header = header.parse().map_err(|_| must_be("the name of a header, or `name: value`"))?;
                filter.headers.push((header, value));
            }
            "fault" => filter.faults.push(number("the id of a fault")?),
            "since" => filter.since = time()?,
            "until" => filter.until = time()?,
            "after" => filter.after = Some(number("the id of an entry")?),
            "limit" => {
                let limit = number("a number of entries")?;
                filter.limit = Some(usize::try_from(limit).unwrap_or(usize::MAX));
            }
            "account" => self.account = Some(value.to_owned()),
            "resource" => self.resource = Some(value.to_owned()),
            _ => {
                let hint = match closest_name(name, PARAMETERS) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => format!("known parameters: {}", PARAMETERS.join(", ")),
                };
                return Err(format!("the parameter `{name}` is unknown; {hint}"));
            }
        }
        Ok(())
    }

    /// Makes a filter, with the UUID of the account and the UUIDs of resources.
    pub(crate) fn resolve(self, account: Option<Uuid>, resources: Option<Vec<String>>) -> Filter {
        Filter { account, resources, ..self.filter }
    }
}

impl Status {
    fn parse(text: &str) -> Option<Self> {
        match text.strip_suffix("xx") {
            Some(class) => class.parse().ok().filter(|class| (1..=5).contains(class)).map(Self::Class),
            None => text.parse().ok().filter(|status| (100..=599).contains(status)).map(Self::One),
        }
    }

    fn matches(self, status: u16) -> bool {
        match self {
            Self::One(one) => one == status,
            Self::Class(class) => class == status / 100,
        }
    }
}

impl Filter {
    /// True for an entry that meets all conditions.
    pub(super) fn passes(&self, entry: &Entry) -> bool {
        let Self { operations, statuses, methods, paths, headers, faults, since, until, .. } = self;
        let one_of = |texts: &[String], found: Option<&str>| {
            texts.is_empty() || found.is_some_and(|found| texts.iter().any(|text| text == found))
        };
        let has_header = |(name, value): &(HeaderName, Option<String>)| {
            let is_equal = |found: &[u8]| value.as_ref().is_none_or(|value| found == value.as_bytes());
            entry.request_headers().any(|(found, value)| found == name.as_str() && is_equal(value))
        };
        let status = entry.status.as_u16();
        one_of(operations, entry.exchange.operation())
            && one_of(methods, Some(entry.method()))
            && one_of(paths, Some(entry.path()))
            && (statuses.is_empty() || statuses.iter().any(|one| one.matches(status)))
            && headers.iter().all(has_header)
            && (faults.is_empty() || faults.iter().any(|id| entry.faults().contains(id)))
            && since.is_none_or(|since| entry.begun >= since)
            && until.is_none_or(|until| entry.begun < until)
            && self.after.is_none_or(|after| entry.id > after)
            && self.account.as_deref().is_none_or(|account| entry.exchange.account() == Some(account))
            && self.resources.as_ref().is_none_or(|texts| texts.iter().any(|text| concerns(entry, text)))
    }
}

/// True if a request names a resource, or created it.
fn concerns(entry: &Entry, text: &str) -> bool {
    let quoted = Value::from(text).to_string();
    let contains = |bytes: &[u8]| bytes.windows(quoted.len()).any(|window| window == quoted.as_bytes());
    let is_created = |body: &[u8]| {
        let parse = || serde_json::from_slice::<Value>(body).ok();
        contains(body) && parse().is_some_and(|body| body["inventory"]["uuid"] == text)
    };
    let is_operand = |value: &str| value == text || value.rsplit('=').next() == Some(text);
    let mut pairs = form_urlencoded::parse(entry.query().unwrap_or_default().as_bytes());
    entry.path().split('/').any(|segment| segment == text)
        || pairs.any(|(_, value)| is_operand(&value))
        || entry.request_body().is_some_and(contains)
        || entry.response_body().is_some_and(is_created)
}
