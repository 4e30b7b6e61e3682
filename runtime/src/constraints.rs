//! Validation: checks the values of a record against the constraints in its table.

mod pattern;

use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::Version;
use crate::record::{AnyRecord, EnumShape, Field, Kind, Limits, View};

use pattern::matches_whole;

pub use zstack_vocabulary::is_uuid;

/// A value that violates a constraint of its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The path of the field, such as `name` or `dataDiskSizes[2]`.
    pub field: String,
    /// The problem, as the rest of a sentence: `is longer than 255 characters`.
    pub problem: String,
}

/// Writes `[name] is longer than 255 characters`, with the field in brackets as in the platform's
/// own messages.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.field, self.problem)
    }
}

/// The largest number of violations that are listed; a hostile request may have millions.
const MAX_VIOLATIONS: usize = 32;

/// Returns the violations of a record, at most 32, in the order of its fields.
///
/// Missing required fields are not reported: a record always has a value for them. Only the code
/// that read the record knows which of them were missing.
///
/// ```
/// use zstack_runtime::{Record, Version, constraints};
///
/// #[derive(Clone, Default, Record)]
/// #[record(since = "0.6")]
/// struct Disk {
///     #[field(max_length = 8)]
///     name: String,
/// }
///
/// let violations = constraints::check(&Disk::new("much too long"), Version::NEWEST);
/// assert_eq!(violations[0].to_string(), "[name] is longer than 8 characters");
/// ```
#[must_use]
pub fn check(record: &dyn AnyRecord, at: Version) -> Vec<Violation> {
    // Each request is checked, so all paths share one buffer.
    let mut check = Check { at, path: String::with_capacity(64), violations: Vec::new() };
    check.record(record);
    check.violations
}

struct Check {
    at: Version,
    path: String,
    violations: Vec<Violation>,
}

impl Check {
    fn record(&mut self, record: &dyn AnyRecord) {
        for (index, field) in record.shape().fields.iter().enumerate() {
            let value = record.get(index);
            if self.violations.len() < MAX_VIOLATIONS && !matches!(value, View::Absent) {
                let length = self.path.len();
                if length > 0 {
                    self.path.push('.');
                }
                self.path.push_str(field.name);
                self.field(field.at(self.at), value);
                self.path.truncate(length);
            }
        }
    }

    fn with_step(&mut self, step: fmt::Arguments<'_>, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        // Writing to a `String` cannot fail.
        let _ = self.path.write_fmt(step);
        check(self);
        self.path.truncate(length);
    }

    fn report(&mut self, problem: String) {
        if self.violations.len() < MAX_VIOLATIONS {
            self.violations.push(Violation { field: self.path.clone(), problem });
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
                    self.with_step(format_args!("[{index}]"), |check| {
                        check.value(*kind, limits, items.item(index))
                    });
                }
            }
            (Kind::Map(kind), View::Map(entries)) => {
                entries.visit(&mut |key, value| {
                    self.with_step(format_args!("[{key}]"), |check| check.value(*kind, limits, value));
                });
            }
            (Kind::Enum(shape), View::Text(text)) => self.enum_value(shape(), text),
            (Kind::Uuid, View::Text(text)) if !is_uuid(text) => {
                self.report("must be a UUID of 32 lower-case hexadecimal digits".to_owned());
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
            // A text has at most as many UTF-16 units as bytes.
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

    /// Checks an integer or a floating-point number; `limit` converts a limit to its type.
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

    fn enum_value(&mut self, shape: &EnumShape, text: &str) {
        let at = self.at;
        if !shape.values_at(at).any(|name| name == text) {
            let list = shape.values_at(at).collect::<Vec<_>>().join(", ");
            let mut problem = match list.as_str() {
                "" => "has no valid value in this release".to_owned(),
                _ => format!("must be one of {list}"),
            };
            if let Some(absence) = shape.absence(text, at) {
                problem.push_str(&format!("; `{text}` {absence}; this server emulates {at}"));
            }
            self.report(problem);
        }
    }
}
