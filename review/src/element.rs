//! What a change is about, by its name: names stay, places move.

use std::fmt::{self, Display, Formatter};

use camino::Utf8Path;

use zstack_model::positions::Path;
use zstack_model::waivers::{self, Waiver};
use zstack_model::{Model, TypeShape};

/// An element of a spec.
///
/// It prints as its identity, on which waivers hang: parameters without their
/// place, so that one that moves is still the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// The service as a whole.
    Service,
    /// A way to authenticate.
    AuthScheme(String),
    /// A release that `api.yaml` declares.
    Release(String),
    /// A category of operations.
    Category(String),
    /// A field that every answer may carry.
    Envelope(String),
    /// A path of the platform that the spec does not describe.
    ReservedPath(String),
    /// An operation.
    Operation(String),
    /// A part of an operation.
    OfOperation(String, Part, String),
    /// A data type.
    Type(String),
    /// A field of a data type.
    Field(String, String),
    /// A value of an enum.
    Value(String, String),
    /// A waiver, by what it is about.
    Waiver {
        /// The rule.
        rule: &'static str,
        /// The element, as it is displayed.
        element: String,
        /// The change, if one alone is meant.
        fingerprint: Option<String>,
    },
}

/// A kind of part of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A parameter.
    Parameter,
    /// A field of the answer.
    Response,
    /// A system tag.
    Tag,
    /// An error that it is known to answer with.
    Error,
    /// An example.
    Example,
}

impl Part {
    /// The list of the file that it stands in, which is also what its identity
    /// says; parameters, which are most, go without.
    const fn list(self) -> &'static str {
        match self {
            Self::Parameter => "parameters",
            Self::Response => "response",
            Self::Tag => "tags",
            Self::Error => "errors",
            Self::Example => "examples",
        }
    }
}

impl Display for Element {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service => f.write_str("api"),
            Self::AuthScheme(name) => write!(f, "api/auth/{name}"),
            Self::Release(version) => write!(f, "api/releases/{version}"),
            Self::Category(name) => write!(f, "api/categories/{name}"),
            Self::Envelope(name) => write!(f, "api/envelope/{name}"),
            Self::ReservedPath(path) => write!(f, "api/reserved{path}"),
            Self::Operation(name) | Self::Type(name) => f.write_str(name),
            Self::OfOperation(operation, Part::Parameter, name) => write!(f, "{operation}/{name}"),
            Self::OfOperation(operation, part, name) => write!(f, "{operation}/{}/{name}", part.list()),
            Self::Field(ty, name) | Self::Value(ty, name) => write!(f, "{ty}/{name}"),
            Self::Waiver { rule, element, fingerprint: None } => write!(f, "waivers/{rule}/{element}"),
            Self::Waiver { rule, element, fingerprint: Some(it) } => {
                write!(f, "waivers/{rule}/{element}/{it}")
            }
        }
    }
}

impl Element {
    /// A part of an operation.
    pub(super) fn part(operation: &str, part: Part, name: &str) -> Self {
        Self::OfOperation(operation.to_owned(), part, name.to_owned())
    }

    /// Its own name, without that of what it is part of; the service has none.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Service => "",
            Self::AuthScheme(name)
            | Self::Release(name)
            | Self::Category(name)
            | Self::Envelope(name)
            | Self::ReservedPath(name)
            | Self::Operation(name)
            | Self::OfOperation(_, _, name)
            | Self::Type(name)
            | Self::Field(_, name)
            | Self::Value(_, name) => name,
            Self::Waiver { element, .. } => element,
        }
    }

    /// The same by another name.
    pub(super) fn named(&self, name: &str) -> Self {
        let name = name.to_owned();
        match self {
            Self::Service => Self::Service,
            Self::AuthScheme(_) => Self::AuthScheme(name),
            Self::Release(_) => Self::Release(name),
            Self::Category(_) => Self::Category(name),
            Self::Envelope(_) => Self::Envelope(name),
            Self::ReservedPath(_) => Self::ReservedPath(name),
            Self::Operation(_) => Self::Operation(name),
            Self::OfOperation(owner, part, _) => Self::OfOperation(owner.clone(), *part, name),
            Self::Type(_) => Self::Type(name),
            Self::Field(owner, _) => Self::Field(owner.clone(), name),
            Self::Value(owner, _) => Self::Value(owner.clone(), name),
            Self::Waiver { .. } => self.clone(),
        }
    }

    /// The same part of what has another name.
    pub(super) fn part_of(&self, owner: &str) -> Self {
        let owner = owner.to_owned();
        match self {
            Self::OfOperation(_, part, name) => Self::OfOperation(owner, *part, name.clone()),
            Self::Field(_, name) => Self::Field(owner, name.clone()),
            Self::Value(_, name) => Self::Value(owner, name.clone()),
            alone => alone.clone(),
        }
    }

    /// The operation that it is, or is part of.
    pub fn operation(&self) -> Option<&str> {
        match self {
            Self::Operation(name) | Self::OfOperation(name, ..) => Some(name),
            _ => None,
        }
    }

    /// The data type that it is, or is part of.
    pub fn data_type(&self) -> Option<&str> {
        match self {
            Self::Type(name) | Self::Field(name, _) | Self::Value(name, _) => Some(name),
            _ => None,
        }
    }

    /// What it is part of; `None` for what stands alone.
    pub(super) fn owner(&self) -> Option<Self> {
        match self {
            Self::OfOperation(name, ..) => Some(Self::Operation(name.clone())),
            Self::Field(name, _) | Self::Value(name, _) => Some(Self::Type(name.clone())),
            _ => None,
        }
    }

    /// The file that it stands in, and the path to it there; `None` where a
    /// side does not have it.
    pub(super) fn place<'m>(&self, model: &'m Model, waivers: &[Waiver]) -> Option<(&'m Utf8Path, Path)> {
        let api = Utf8Path::new("api.yaml");
        let root = Path::root();
        let service = &model.service;
        let item = |list: &'static str, index: Option<usize>| Some(root.key(list).index(index?));
        Some(match self {
            Self::Service => (api, root),
            Self::AuthScheme(name) => {
                service.auth.iter().find(|auth| auth.name == *name)?;
                (api, root.key("auth").key(name.clone()))
            }
            Self::Release(version) => {
                let index = service.releases.iter().position(|release| release.version.text == *version);
                (api, item("releases", index)?)
            }
            Self::Category(name) => (
                api,
                item("categories", model.categories.iter().position(|category| category.name == *name))?,
            ),
            Self::Envelope(name) => {
                (api, item("envelope", service.envelope.iter().position(|envelope| envelope.name == *name))?)
            }
            Self::ReservedPath(path) => {
                (api, item("reserved", service.reserved.iter().position(|it| it.path == *path))?)
            }
            Self::Operation(name) => (&model.operation(name)?.file, root),
            Self::OfOperation(name, part, of) => {
                let it = model.operation(name)?;
                let index = match part {
                    Part::Parameter => it.parameters.iter().position(|parameter| parameter.field.name == *of),
                    Part::Response => it.response.iter().position(|response| response.name == *of),
                    Part::Tag => it.tags.iter().position(|tag| tag.pattern == *of),
                    Part::Error => it.errors.iter().position(|error| error.identity() == *of),
                    Part::Example => it.examples.iter().position(|example| example.name == *of),
                };
                (&it.file, item(part.list(), index)?)
            }
            Self::Type(name) => (&model.data_type(name)?.file, root),
            Self::Field(ty, name) => {
                let it = model.data_type(ty)?;
                let mut line = std::iter::once(it).chain(model.bases(it));
                let (it, index) = line.find_map(|line| {
                    Some((line, line.own_fields().iter().position(|field| field.name == *name)?))
                })?;
                (&it.file, item("fields", Some(index))?)
            }
            Self::Value(ty, name) => {
                let it = model.data_type(ty)?;
                let TypeShape::Enum { values } = &it.shape else { return None };
                (&it.file, item("values", values.iter().position(|value| value.name == *name))?)
            }
            Self::Waiver { .. } => {
                let index = waivers.iter().position(|waiver| Self::from(waiver) == *self);
                (Utf8Path::new(waivers::FILE), item("waivers", index)?)
            }
        })
    }
}

impl From<&Waiver> for Element {
    fn from(it: &Waiver) -> Self {
        let Waiver { rule, element, fingerprint, .. } = it;
        Self::Waiver { rule: rule.id(), element: element.clone(), fingerprint: fingerprint.clone() }
    }
}
