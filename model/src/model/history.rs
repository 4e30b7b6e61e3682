//! What elements were before a release changed them on the wire.

use serde_json::Value;

use super::attributes::{Body, Message, Type};
use super::version::Version;
use zstack_vocabulary::{Auth, Execution, Method, Place};

/// An entry of an element's history.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// The release that changed the element.
    pub release: Version,
    /// What it was until then.
    pub was: Was,
}

/// The value of one attribute that is on the wire.
///
/// Where an attribute follows from another one, what follows comes along: the
/// place from `in` and `enclosed`, the answer of a message from its class and
/// from how long the operation takes.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is an attribute of an element, and documented there")]
pub enum Was {
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

impl Was {
    /// The key of the spec that says it.
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

    /// The value in the words of the spec; nothing where it is not set.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let list = |it: &[String]| (!it.is_empty()).then(|| it.join(", "));
        match self {
            Self::Type(it) => Some(it.to_string()),
            Self::Required(it) | Self::NonEmpty(it) | Self::NoTrim(it) | Self::Query(it) => {
                Some(it.to_string())
            }
            Self::Default(it) => it.as_ref().map(Value::to_string),
            Self::MaxLength(it) | Self::MinLength(it) => it.map(|it| it.to_string()),
            Self::Range(it) => it.map(|(lowest, highest)| format!("[{lowest}, {highest}]")),
            Self::Pattern(it)
            | Self::JavaPattern(it)
            | Self::Unit(it)
            | Self::Extends(it)
            | Self::JavaClass(it) => it.clone(),
            Self::Values(it) | Self::Paths(it) => list(it),
            Self::In(it) => Some(it.word().to_owned()),
            Self::Enclosed(it) => Some((*it != Place::BesideBody).to_string()),
            Self::Method(method) => Some(method.as_str().to_owned()),
            Self::Path(it) => Some(it.clone()),
            Self::Execution(it, _) => Some(it.word().to_owned()),
            Self::Auth(it) => Some(it.word().to_owned()),
            Self::Body(it) => Some(match it {
                Body::None => "none".to_owned(),
                Body::Key(key) => key.clone(),
                Body::Action(_) => "action".to_owned(),
            }),
            Self::Message(it) => it.as_ref().map(|it| it.class.clone()),
            Self::Reply(it) => it.as_ref().map(|it| it.reply.clone()),
        }
    }
}

/// An element that may change on the wire.
pub trait Historic {
    /// Its history, in the order of releases.
    fn history(&self) -> &[HistoryEntry];

    /// The same, to be changed.
    fn history_mut(&mut self) -> &mut Vec<HistoryEntry>;

    /// Gives an attribute another value, and gives back the one that it had.
    /// An attribute of elements of another kind stays as it is.
    fn exchange(&mut self, was: &mut Was);

    /// Whether another one is the same on the wire, whatever its name.
    fn is_same_on_wire(&self, other: &Self) -> bool;

    /// What it is on the wire: all attributes that may have a history.
    fn facts(&self) -> Vec<Was>;

    /// Takes back every change of a release that is not `kept`, the latest
    /// first. Those entries are gone then.
    fn undo(&mut self, kept: impl Fn(&Version) -> bool)
    where
        Self: Sized,
    {
        if self.history().iter().all(|history| kept(&history.release)) {
            return;
        }
        let history = std::mem::take(self.history_mut());
        let (kept, mut undone): (Vec<_>, Vec<_>) =
            history.into_iter().partition(|history| kept(&history.release));
        undone.iter_mut().rev().for_each(|undone| self.exchange(&mut undone.was));
        *self.history_mut() = kept;
    }

    /// Its history, each entry with the value that the attribute took.
    fn changes(&self) -> Vec<(HistoryEntry, Was)>
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
