//! What values must satisfy, checked from the table of a record.

mod pattern;

use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::Version;
use crate::record::{AnyRecord, EnumShape, Field, Kind, Limits, View};

use pattern::matches_whole;

pub use zstack_vocabulary::is_uuid;

/// A value that does not satisfy its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The path of the field: `name`, `dataDiskSizes[2]`.
    pub field: String,
    /// What is wrong, as the rest of a sentence: `is longer than 255 characters`.
    pub problem: String,
}

/// `[name] is longer than 255 characters`: the platform's own texts have the
/// field in brackets too.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.field, self.problem)
    }
}

/// How many violations are listed; a hostile request may have millions.
const MOST: usize = 32;

/// Every violation of a record, in the order of its fields; at most 32.
///
/// Whether required fields are there is not seen here: a record always holds
/// them. Who reads a record knows.
#[must_use]
pub fn check(record: &dyn AnyRecord, at: Version) -> Vec<Violation> {
    // Each request is checked: its paths are written in one place, not in one
    // each.
    let mut check = Check { at, path: String::with_capacity(64), found: Vec::new() };
    check.record(record);
    check.found
}

struct Check {
    at: Version,
    path: String,
    found: Vec<Violation>,
}

impl Check {
    fn record(&mut self, record: &dyn AnyRecord) {
        for (index, field) in record.shape().fields.iter().enumerate() {
            let value = record.get(index);
            if self.found.len() < MOST && !matches!(value, View::Absent) {
                let length = self.path.len();
                if length > 0 {
                    self.path.push('.');
                }
                self.path.push_str(field.name);
                self.field(field, value);
                self.path.truncate(length);
            }
        }
    }

    fn below(&mut self, step: fmt::Arguments<'_>, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        // A String takes all.
        let _ = self.path.write_fmt(step);
        check(self);
        self.path.truncate(length);
    }

    fn report(&mut self, problem: String) {
        if self.found.len() < MOST {
            self.found.push(Violation { field: self.path.clone(), problem });
        }
    }

    fn field(&mut self, field: &Field, value: View<'_>) {
        let empty = match value {
            View::List(items) => items.count() == 0,
            View::Map(entries) => entries.count() == 0,
            View::Text(text) => text.is_empty(),
            _ => false,
        };
        if field.limits.non_empty && empty {
            self.report("must not be empty".to_owned());
        }
        self.value(field.kind, field.limits, value);
    }

    fn value(&mut self, kind: Kind, limits: &Limits, value: View<'_>) {
        match (kind, value) {
            (Kind::List(kind), View::List(items)) => {
                for index in 0..items.count() {
                    self.below(format_args!("[{index}]"), |it| it.value(*kind, limits, items.item(index)));
                }
            }
            (Kind::Map(kind), View::Map(entries)) => {
                entries.visit(&mut |key, value| {
                    self.below(format_args!("[{key}]"), |it| it.value(*kind, limits, value));
                });
            }
            (Kind::Enum(shape), View::Text(text)) => self.one_of(shape(), text),
            (Kind::Uuid, View::Text(text)) if !is_uuid(text) => {
                self.report("is no UUID of 32 lower-case hexadecimal digits".to_owned());
            }
            (_, View::Text(text)) => self.text(limits, text),
            (_, View::Integer(number)) => self.number(limits, number, |limit| limit),
            (_, View::Double(number)) => self.number(limits, number, |limit| limit as f64),
            (_, View::Boolean(value)) => self.values(limits, if value { "true" } else { "false" }),
            (_, View::Record(record)) => self.record(record),
            _ => {}
        }
    }

    fn text(&mut self, limits: &Limits, text: &str) {
        let units = || text.encode_utf16().count() as u64;
        if let Some(most) = limits.max_length
            // No text has more UTF-16 units than bytes.
            && text.len() as u64 > u64::from(most)
            && units() > u64::from(most)
        {
            self.report(format!("is longer than {most} characters"));
        }
        if let Some(least) = limits.min_length
            && units() < u64::from(least)
        {
            self.report(format!("is shorter than {least} characters"));
        }
        self.values(limits, text);
        if let Some(pattern) = limits.pattern
            && !matches_whole(pattern, text)
        {
            self.report(format!("does not match {pattern}"));
        }
    }

    fn values(&mut self, limits: &Limits, text: &str) {
        if !limits.values.is_empty() && !limits.values.contains(&text) {
            self.report(format!("must be one of {}", limits.values.join(", ")));
        }
    }

    /// Checks a number of either type; `limit` converts the limits to its type.
    fn number<N>(&mut self, limits: &Limits, number: N, limit: impl Fn(i64) -> N)
    where
        N: PartialOrd + FromStr,
    {
        let is_same = |value: &&str| value.parse().is_ok_and(|value: N| value == number);
        if !limits.values.is_empty() && !limits.values.iter().any(is_same) {
            self.report(format!("must be one of {}", limits.values.join(", ")));
        }
        if let Some((low, high)) = limits.range
            && !(limit(low)..=limit(high)).contains(&number)
        {
            self.report(format!("must be from {low} to {high}"));
        }
    }

    fn one_of(&mut self, shape: &EnumShape, text: &str) {
        let at = self.at;
        let mut allowed = shape.values.iter().filter(|(_, since)| *since <= at).map(|(name, _)| *name);
        if !allowed.clone().any(|name| name == text) {
            let mut list = allowed.by_ref().collect::<Vec<_>>().join(", ");
            if list.is_empty() {
                list.push_str("nothing in this release");
            }
            self.report(match shape.since(text) {
                Some(since) => {
                    format!(
                        "must be one of {list}; `{text}` came with release {since}; this server emulates {at}"
                    )
                }
                None => format!("must be one of {list}"),
            });
        }
    }
}
