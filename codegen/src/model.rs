//! The specification after every rule held: names linked, order fixed,
//! nothing left that can be wrong. The emitters take this and cannot fail.

use camino::Utf8PathBuf;

/// A whole specification.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Facts about the service itself (`api.yaml`).
    pub service: Service,
    /// Categories in the order of `api.yaml`; every one has an operation.
    pub categories: Vec<Category>,
    /// Operations, by category in the order above, then by name.
    pub operations: Vec<Operation>,
    /// Data types, by name.
    pub types: Vec<DataType>,
}

/// What `api.yaml` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// The title, for people.
    pub title: String,
    /// A paragraph about the service.
    pub description: Option<String>,
    /// The prefix of every path, such as `/zstack/v1`.
    pub base_path: String,
    /// Releases, oldest first.
    pub releases: Vec<Release>,
    /// The fields that any response may carry besides its own, such as `error`.
    pub envelope: Vec<Field>,
}

/// A declared release.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// Whether it is out, or still being written.
    pub state: ReleaseState,
}

/// Whether a release is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseState {
    /// Out: what belongs to it does not change any more.
    Released,
    /// Being written.
    Next,
}

/// A version as the spec writes it: one to four numbers, compared as numbers.
///
/// `3.3` and `3.3.0` are equal; each prints as it was written.
#[derive(Clone, Debug)]
pub struct Version {
    /// The four numbers, absent ones zero.
    pub numbers: [u16; 4],
    /// The text in the file.
    pub text: String,
}

impl Version {
    /// Whether it is release 0, which stands for "nobody knows".
    pub fn is_unknown(&self) -> bool {
        self.numbers == [0; 4]
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers
    }
}
impl Eq for Version {}
impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Version {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.numbers.cmp(&other.numbers)
    }
}
impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// A group of operations; a module, a trait and a cargo feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// Kebab case, as in the folder's name: `vm-instance`.
    pub name: String,
    /// For people: `VM Instance Operations`.
    pub title: String,
    /// A paragraph.
    pub description: Option<String>,
}

/// An operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Its identity, upper camel case.
    pub name: String,
    /// The name of its [`Category`].
    pub category: String,
    /// One sentence.
    pub summary: String,
    /// More than the summary says.
    pub description: Option<String>,
    /// The first release that has it.
    pub since: Version,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base path: `/vm-instances/{vmInstanceUuid}/iso`.
    pub path: String,
    /// Other paths that lead here.
    pub paths: Vec<String>,
    /// Whether it takes the platform's standard query parameters.
    pub query: bool,
    /// Long (a job) or answered at once.
    pub execution: Execution,
    /// What authentication it takes.
    pub auth: Auth,
    /// Where body parameters are enclosed.
    pub body: Body,
    /// Parameters in the order of the file.
    pub parameters: Vec<Parameter>,
    /// The fields of a successful answer, in the order of the file.
    pub response: Vec<Field>,
    /// System tags that this operation understands.
    pub tags: Vec<Tag>,
    /// Error codes this operation is known to answer with.
    pub errors: Vec<ErrorCase>,
    /// Examples; every one fits the types.
    pub examples: Vec<Example>,
    /// Notes for people.
    pub notes: Vec<String>,
    /// What the document prints where the wire differs.
    pub documented: Option<Documented>,
    /// Who says that the operation exists.
    pub source: Source,
    /// The file it came from, relative to the spec folder.
    pub file: Utf8PathBuf,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// DELETE.
    Delete,
}

/// How long an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Execution {
    /// Answered at once.
    Sync,
    /// Long: 202 and a job to poll.
    Async,
}

/// The authentication an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// A session in the `Authorization` header.
    Session,
    /// None.
    None,
}

/// Where the parameters of a body stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// There is no body.
    None,
    /// Below this key: `params`, `null`.
    Key(String),
    /// Below this key, which also selects the operation among those that
    /// share the route: `reimageVmInstance`.
    Action(String),
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// In the body, below the operation's key.
    Body,
    /// In the body, beside the operation's key (`enclosed: false`).
    BesideBody,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Name, type and the rest.
    pub field: Field,
    /// Where it travels.
    pub place: Place,
}

/// A parameter's or a field's own facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// As on the wire.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// The first release that has it.
    pub since: Version,
    /// A parameter that must be given; a field that is always there.
    pub required: bool,
    /// One or more sentences.
    pub description: Option<String>,
    /// What a value must satisfy.
    pub constraints: Constraints,
    /// What the platform takes where nothing is given.
    pub default: Option<serde_json::Value>,
    /// What the document prints where the wire differs.
    pub documented: Option<Documented>,
    /// Who says so.
    pub source: Source,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// Text of 32 lower-case hexadecimal digits in a UUID's form.
    Uuid,
    /// True or false.
    Boolean,
    /// 32 bits.
    Integer,
    /// 64 bits.
    Long,
    /// A floating-point number.
    Double,
    /// A date and time.
    Timestamp,
    /// Any JSON value.
    Any,
    /// A list.
    List(Box<Type>),
    /// A map from text.
    Map(Box<Type>),
    /// A [`DataType`] of the model, by name.
    Named(String),
}

/// What a value must satisfy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// The longest text, in UTF-16 units.
    pub max_length: Option<u32>,
    /// The shortest text, in UTF-16 units.
    pub min_length: Option<u32>,
    /// Lowest and highest number, both allowed.
    pub range: Option<(i64, i64)>,
    /// A regular expression for the whole text.
    pub pattern: Option<String>,
    /// A regular expression that only Java reads; never evaluated.
    pub java_pattern: Option<String>,
    /// The only values allowed, as texts.
    pub values: Vec<String>,
    /// A list needs an element, a text a character.
    pub non_empty: bool,
    /// Blanks at both ends of a text stay.
    pub no_trim: bool,
    /// The unit of a number.
    pub unit: Option<String>,
}

/// What a document prints, where the wire differs. Only what differs is set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Documented {
    /// The location column.
    pub place: Option<String>,
    /// The type column.
    pub ty: Option<String>,
    /// The starting version column.
    pub since: Option<String>,
    /// Whether it is required.
    pub required: Option<bool>,
    /// The execution badge.
    pub execution: Option<Execution>,
}

/// Who says that an element exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// The API document.
    #[default]
    Document,
    /// The platform: seen on the wire or in its code, in no document.
    Platform,
}

/// A system tag with a meaning, such as `cdromUuid::{cdromUuid}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// The pattern; its one variable stands in braces.
    pub pattern: String,
    /// The text before the variable: `cdromUuid::`.
    pub prefix: String,
    /// The variable, the name of the setter in snake case: `cdromUuid`.
    pub variable: String,
    /// What it means.
    pub description: String,
    /// The first release that understands it.
    pub since: Version,
    /// Who says so.
    pub source: Source,
}

/// An error an operation is known to answer with.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorCase {
    /// The code: `SYS.1006`.
    pub code: String,
    /// The code of its cause: `VM.1010`.
    pub cause: Option<String>,
    /// When it happens.
    pub when: String,
}

/// A request and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// One line.
    pub name: String,
    /// The parameters, by name.
    pub request: serde_json::Map<String, serde_json::Value>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The body of the answer.
    pub response: serde_json::Value,
}

/// A data type.
#[derive(Clone, Debug, PartialEq)]
pub struct DataType {
    /// Its identity, upper camel case.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// More than the summary says.
    pub description: Option<String>,
    /// The first release that has it.
    pub since: Version,
    /// The record whose fields it has besides its own.
    pub extends: Option<String>,
    /// The class that the platform names in a reply's `schema`.
    pub java_class: Option<String>,
    /// Its shape.
    pub shape: TypeShape,
    /// Who says so.
    pub source: Source,
    /// The file it came from, relative to the spec folder.
    pub file: Utf8PathBuf,
}

/// The shape of a data type.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeShape {
    /// An object.
    Record {
        /// Its own fields in the order of the file; see [`Model::fields`].
        fields: Vec<Field>,
        /// The path of the Rust type that is written by hand, if it is: the
        /// emitters re-export it instead of writing one.
        native: Option<String>,
    },
    /// One of several texts, open to later ones.
    Enum {
        /// The values in the order of the file.
        values: Vec<EnumValue>,
    },
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// As on the wire.
    pub name: String,
    /// The first release that has it.
    pub since: Version,
    /// What it means.
    pub description: Option<String>,
}

impl Model {
    /// The data type of this name.
    pub fn data_type(&self, name: &str) -> Option<&DataType> {
        self.types.binary_search_by(|it| it.name.as_str().cmp(name)).ok().map(|index| &self.types[index])
    }

    /// The records that a record extends, the nearest first.
    pub fn bases<'a>(&'a self, ty: &'a DataType) -> impl Iterator<Item = &'a DataType> {
        std::iter::successors(Some(ty), |it| self.data_type(it.extends.as_deref()?)).skip(1)
    }

    /// The fields of a record: those of its bases, the farthest first, then its
    /// own. An enum has none.
    pub fn fields<'a>(&'a self, ty: &'a DataType) -> Vec<&'a Field> {
        let mut line: Vec<_> = std::iter::once(ty).chain(self.bases(ty)).collect();
        line.reverse();
        line.into_iter().flat_map(DataType::own_fields).collect()
    }

    /// The operations of a category.
    pub fn operations_of<'a>(&'a self, category: &'a str) -> impl Iterator<Item = &'a Operation> {
        self.operations.iter().filter(move |it| it.category == category)
    }
}

impl DataType {
    /// The fields that stand in its own file. An enum has none.
    pub fn own_fields(&self) -> &[Field] {
        match &self.shape {
            TypeShape::Record { fields, .. } => fields,
            TypeShape::Enum { .. } => &[],
        }
    }
}
