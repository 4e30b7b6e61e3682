//! Histories: the values of attributes before a release changed them.

use serde_json::Value;

use super::attributes::{Body, Message, Type};
use super::version::Version;
use zstack_vocabulary::{Auth, Execution, Method, Place};

/// A change of an attribute by a release.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// The release that changed the attribute.
    pub release: Version,
    /// The attribute with its previous value.
    pub was: AttributeValue,
}

/// An attribute that is visible on the wire, with a value.
///
/// The value of an attribute includes what is derived from it: `in` and `enclosed` both determine the
/// place, and the message class and the execution determine the reply.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is an attribute of an element, and documented there")]
pub enum AttributeValue {
    Type(Type),
    Required(bool),
    Default(Option<Value>),
    MaxLength(Option<u32>),
    MinLength(Option<u32>),
    Range(Option<(i64, i64)>),
    Pattern(Option<String>),
    JavaPattern(Option<String>),
    Values(Vec<String>),
    NonEmpty(bool),
    NoTrim(bool),
    Unit(Option<String>),
    In(Place),
    Enclosed(Place),
    Method(Method),
    Path(String),
    Paths(Vec<String>),
    Query(bool),
    Execution(Execution, Option<Message>),
    Auth(Auth),
    Body(Body),
    Message(Option<Message>),
    Reply(Option<Message>),
    Extends(Option<String>),
    JavaClass(Option<String>),
}

impl AttributeValue {
    /// The key of the attribute in the spec.
    #[must_use]
    pub const fn attribute(&self) -> &'static str {
        match self {
            Self::Type(_) => "type",
            Self::Required(_) => "required",
            Self::Default(_) => "default",
            Self::MaxLength(_) => "maxLength",
            Self::MinLength(_) => "minLength",
            Self::Range(_) => "range",
            Self::Pattern(_) => "pattern",
            Self::JavaPattern(_) => "javaPattern",
            Self::Values(_) => "values",
            Self::NonEmpty(_) => "nonEmpty",
            Self::NoTrim(_) => "noTrim",
            Self::Unit(_) => "unit",
            Self::In(_) => "in",
            Self::Enclosed(_) => "enclosed",
            Self::Method(_) => "method",
            Self::Path(_) => "path",
            Self::Paths(_) => "paths",
            Self::Query(_) => "query",
            Self::Execution(..) => "execution",
            Self::Auth(_) => "auth",
            Self::Body(_) => "body",
            Self::Message(_) => "message",
            Self::Reply(_) => "reply",
            Self::Extends(_) => "extends",
            Self::JavaClass(_) => "javaClass",
        }
    }

    /// The value in the form of the spec; `None` where it is not set.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let list = |values: &[String]| (!values.is_empty()).then(|| values.join(", "));
        match self {
            Self::Type(value) => Some(value.to_string()),
            Self::Required(value) | Self::NonEmpty(value) | Self::NoTrim(value) | Self::Query(value) => {
                Some(value.to_string())
            }
            Self::Default(value) => value.as_ref().map(Value::to_string),
            Self::MaxLength(value) | Self::MinLength(value) => value.map(|length| length.to_string()),
            Self::Range(value) => value.map(|(lowest, highest)| format!("[{lowest}, {highest}]")),
            Self::Pattern(value)
            | Self::JavaPattern(value)
            | Self::Unit(value)
            | Self::Extends(value)
            | Self::JavaClass(value) => value.clone(),
            Self::Values(value) | Self::Paths(value) => list(value),
            Self::In(value) => Some(value.word().to_owned()),
            Self::Enclosed(value) => Some((*value != Place::BesideBody).to_string()),
            Self::Method(method) => Some(method.as_str().to_owned()),
            Self::Path(value) => Some(value.clone()),
            Self::Execution(value, _) => Some(value.word().to_owned()),
            Self::Auth(value) => Some(value.word().to_owned()),
            Self::Body(value) => Some(match value {
                Body::None => "none".to_owned(),
                Body::Key(key) => key.clone(),
                Body::Action(_) => "action".to_owned(),
            }),
            Self::Message(value) => value.as_ref().map(|message| message.class.clone()),
            Self::Reply(value) => value.as_ref().map(|message| message.reply.clone()),
        }
    }
}

/// An element with a history.
pub trait Historic {
    /// The history, in the order of releases.
    fn history(&self) -> &[HistoryEntry];

    /// The history, mutably.
    fn history_mut(&mut self) -> &mut Vec<HistoryEntry>;

    /// Swaps the value of an attribute. Attributes that this kind of element does not have are ignored.
    fn exchange(&mut self, value: &mut AttributeValue);

    /// Returns whether another element is the same on the wire, regardless of its name.
    fn is_same_on_wire(&self, other: &Self) -> bool;

    /// The current values of all attributes that may have a history.
    fn attributes(&self) -> Vec<AttributeValue>;

    /// Undoes every change of a release for which `is_included` returns `false`, the latest first, and
    /// removes these entries.
    fn undo(&mut self, is_included: impl Fn(&Version) -> bool)
    where
        Self: Sized,
    {
        if self.history().iter().all(|entry| is_included(&entry.release)) {
            return;
        }
        let history = std::mem::take(self.history_mut());
        let (kept, mut undone): (Vec<_>, Vec<_>) =
            history.into_iter().partition(|entry| is_included(&entry.release));
        undone.iter_mut().rev().for_each(|entry| self.exchange(&mut entry.was));
        *self.history_mut() = kept;
    }

    /// The states before the changes of each release, the oldest first, each with the release that changed it.
    fn earlier_states(&self) -> Vec<(Version, Self)>
    where
        Self: Clone,
    {
        let mut releases: Vec<&Version> = self.history().iter().map(|entry| &entry.release).collect();
        releases.dedup();
        let before = |release: &Version| {
            let mut state = self.clone();
            state.undo(|other| other < release);
            (*release, state)
        };
        releases.into_iter().map(before).collect()
    }

    /// The history, each entry with the value after the change.
    fn changes(&self) -> Vec<(HistoryEntry, AttributeValue)>
    where
        Self: Clone,
    {
        if self.history().is_empty() {
            return Vec::new();
        }
        let mut undone = self.clone();
        let mut changes: Vec<_> = self
            .history()
            .iter()
            .rev()
            .map(|entry| {
                let mut became = entry.was.clone();
                undone.exchange(&mut became);
                (entry.clone(), became)
            })
            .collect();
        changes.reverse();
        changes
    }
}
