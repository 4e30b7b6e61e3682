//! The elements of a spec that can change, by name.

use std::fmt::{self, Display, Formatter};

use camino::Utf8Path;

use zstack_model::positions::Path;
use zstack_model::waivers::{self, Waiver};
use zstack_model::{Field, Model, Operation, TypeShape};

/// An element of a spec.
///
/// It displays as its identity, which waivers name. The identity does not contain the location of a parameter, so that
/// a parameter keeps it when it moves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpecElement {
    /// The service as a whole.
    Service,
    /// A way to authenticate.
    AuthScheme(String),
    /// A release that `api.yaml` declares.
    Release(String),
    /// A category of operations.
    Category(String),
    /// A field that every response may have.
    Envelope(String),
    /// A path that the platform has and the spec does not describe.
    ReservedPath(String),
    /// An operation.
    Operation(String),
    /// A part of an operation.
    OfOperation(String, OperationPart, String),
    /// A data type.
    Type(String),
    /// A field of a data type.
    Field(String, String),
    /// A value of an enum.
    Value(String, String),
    /// A waiver.
    Waiver {
        /// The rule.
        rule: &'static str,
        /// The identity of the element.
        element: String,
        /// The fingerprint, if the waiver accepts one change only.
        fingerprint: Option<String>,
    },
}

/// A kind of part of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperationPart {
    /// A parameter.
    Parameter,
    /// A field of the response.
    Response,
    /// A system tag.
    Tag,
    /// An error.
    Error,
    /// An example.
    Example,
}

impl OperationPart {
    /// The key of its list in the spec.
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

impl Display for SpecElement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service => f.write_str("api"),
            Self::AuthScheme(name) => write!(f, "api/auth/{name}"),
            Self::Release(version) => write!(f, "api/releases/{version}"),
            Self::Category(name) => write!(f, "api/categories/{name}"),
            Self::Envelope(name) => write!(f, "api/envelope/{name}"),
            Self::ReservedPath(path) => write!(f, "api/reserved{path}"),
            Self::Operation(name) | Self::Type(name) => f.write_str(name),
            Self::OfOperation(operation, OperationPart::Parameter, name) => write!(f, "{operation}/{name}"),
            Self::OfOperation(operation, part, name) => write!(f, "{operation}/{}/{name}", part.list()),
            Self::Field(ty, name) | Self::Value(ty, name) => write!(f, "{ty}/{name}"),
            Self::Waiver { rule, element, fingerprint: None } => write!(f, "waivers/{rule}/{element}"),
            Self::Waiver { rule, element, fingerprint: Some(digits) } => {
                write!(f, "waivers/{rule}/{element}/{digits}")
            }
        }
    }
}

impl SpecElement {
    /// Creates a part of an operation.
    pub(super) fn part(operation: &str, part: OperationPart, name: &str) -> Self {
        Self::OfOperation(operation.to_owned(), part, name.to_owned())
    }

    /// The name, without that of the owner. The service has none.
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

    /// The same element by another name.
    pub(super) fn with_name(&self, name: &str) -> Self {
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

    /// The same part of another owner.
    pub(super) fn with_owner(&self, owner: &str) -> Self {
        let owner = owner.to_owned();
        match self {
            Self::OfOperation(_, part, name) => Self::OfOperation(owner, *part, name.clone()),
            Self::Field(_, name) => Self::Field(owner, name.clone()),
            Self::Value(_, name) => Self::Value(owner, name.clone()),
            alone => alone.clone(),
        }
    }

    /// The operation that the element is or belongs to.
    pub fn operation(&self) -> Option<&str> {
        match self {
            Self::Operation(name) | Self::OfOperation(name, ..) => Some(name),
            _ => None,
        }
    }

    /// The data type that the element is or belongs to.
    pub fn data_type(&self) -> Option<&str> {
        match self {
            Self::Type(name) | Self::Field(name, _) | Self::Value(name, _) => Some(name),
            _ => None,
        }
    }

    /// The operation or data type to which a part belongs.
    pub(super) fn owner(&self) -> Option<Self> {
        match self {
            Self::OfOperation(name, ..) => Some(Self::Operation(name.clone())),
            Self::Field(name, _) | Self::Value(name, _) => Some(Self::Type(name.clone())),
            _ => None,
        }
    }

    /// The field, or the field of the parameter, that the element names. `operation` looks up operations of the model.
    pub(super) fn field<'m>(
        &self,
        model: &'m Model,
        operation: impl Fn(&str) -> Option<&'m Operation>,
    ) -> Option<&'m Field> {
        match self {
            Self::OfOperation(name, OperationPart::Parameter, of) => {
                let mut fields = operation(name)?.parameters.iter().map(|parameter| &parameter.field);
                fields.find(|field| field.name == *of)
            }
            Self::OfOperation(name, OperationPart::Response, of) => {
                operation(name)?.response.iter().find(|field| field.name == *of)
            }
            Self::Envelope(of) => model.service.envelope.iter().find(|field| field.name == *of),
            Self::Field(ty, of) => {
                model.fields(model.data_type(ty)?).into_iter().rfind(|field| field.name == *of)
            }
            _ => None,
        }
    }

    /// The file that contains the element, and its path there; `None` if the model does not have the element.
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
                let index =
                    service.releases.iter().position(|release| release.version.to_string() == *version);
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
                (api, item("reserved", service.reserved.iter().position(|reserved| reserved.path == *path))?)
            }
            Self::Operation(name) => (&model.operation(name)?.file, root),
            Self::OfOperation(name, part, of) => {
                let operation = model.operation(name)?;
                let index = match part {
                    OperationPart::Parameter => {
                        operation.parameters.iter().position(|parameter| parameter.field.name == *of)
                    }
                    OperationPart::Response => {
                        operation.response.iter().position(|response| response.name == *of)
                    }
                    OperationPart::Tag => operation.tags.iter().position(|tag| tag.pattern == *of),
                    OperationPart::Error => operation.errors.iter().position(|error| error.identity() == *of),
                    OperationPart::Example => {
                        operation.examples.iter().position(|example| example.name == *of)
                    }
                };
                (&operation.file, item(part.list(), index)?)
            }
            Self::Type(name) => (&model.data_type(name)?.file, root),
            Self::Field(ty, name) => {
                let record = model.data_type(ty)?;
                let mut records = std::iter::once(record).chain(model.bases(record));
                let (declaring, index) = records.find_map(|record| {
                    Some((record, record.own_fields().iter().position(|field| field.name == *name)?))
                })?;
                (&declaring.file, item("fields", Some(index))?)
            }
            Self::Value(ty, name) => {
                let data_type = model.data_type(ty)?;
                let TypeShape::Enum { values } = &data_type.shape else { return None };
                (&data_type.file, item("values", values.iter().position(|value| value.name == *name))?)
            }
            Self::Waiver { .. } => {
                let index = waivers.iter().position(|waiver| Self::from(waiver) == *self);
                (Utf8Path::new(waivers::FILE), item("waivers", index)?)
            }
        })
    }
}

impl From<&Waiver> for SpecElement {
    fn from(waiver: &Waiver) -> Self {
        let Waiver { rule, element, fingerprint, .. } = waiver;
        Self::Waiver { rule: rule.id(), element: element.clone(), fingerprint: fingerprint.clone() }
    }
}
