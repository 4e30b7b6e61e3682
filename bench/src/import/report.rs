//! The report of an import: invalid lines, and differences between the corpus and the spec.

use std::collections::BTreeMap;
use std::fmt;

/// The result of an import.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The number of operations in the spec.
    pub(crate) operations: usize,
    /// The number of data types in the spec.
    pub(crate) types: usize,
    /// The lines that are invalid, completely or in part.
    pub(crate) problems: Vec<Problem>,
    approximations: BTreeMap<Approximation, Vec<String>>,
}

/// A problem of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The name of the file.
    pub(crate) file: &'static str,
    /// The number of the line, from 1.
    pub(crate) line: usize,
    /// The problem, and how it was handled.
    pub(crate) message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

macro_rules! approximations {
    ($($name:ident = $words:literal,)+) => {
        /// A kind of difference between the corpus and the spec.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Approximation {
            $($name,)+
        }

        impl Approximation {
            fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)+
                }
            }
        }
    };
}

approximations! {
    VersionUnknown = "no version: that of the owner or of the type, or else release 0",
    VersionMalformed = "malformed version: treated as missing",
    OlderThanOwner = "older than the owner: the version of the owner",
    RequiredNewer = "required, but newer than the operation: the version of the operation",
    TypeNewerThanUse = "type newer than its first use: the version of that use",
    BaseNewer = "type newer than a type that extends it: the version of that type",
    NoSummary = "no summary: derived from the name",
    CategoryOfPackage = "no category: derived from the package",
    CategoryOfPath = "neither category nor package: derived from the path",
    PathCollision = "additional path that is the path of another operation: omitted",
    PathNormalized = "variable that is only a part of a segment: made a separate segment",
    VariableAdded = "path variable without a parameter: a parameter of type String",
    VariableRequired = "optional parameter that all paths have: required",
    BodyNull = "POST whose body has only tags, without a key: the key \"null\", which is never sent",
    HeaderParameter = "parameter in a header: omitted",
    TypeBytes = "bytes: a list of integers, as in JSON",
    TypeFloat = "float: Double",
    TypeMapKey = "map with keys of any type: keys are strings in JSON",
    TypeUnresolved = "type that the source does not name: Any",
    TypeStructured = "structured type in a query string: Any",
    EmptyText = "`nonempty` of something other than a list, which the platform does not check: omitted",
    EmptyElements = "no empty strings in a list, which the spec cannot express: omitted",
    LengthOfList = "length of something other than a string, which the platform does not check: omitted",
    ValuesOfEnum = "values of a parameter whose type is an enum: those of the enum",
    FieldRepeated = "inherited field with a different type: the type of the base",
    DeprecatedUnknown = "deprecated in an unknown release: in release 0",
    UnitNames = "several names of a unit: the last one",
    Envelope = "field of every response: in the envelope of api.yaml",
    StandardQuery = "standard parameter of queries: `query: true`",
    FactInferred = "type that was inferred, which the spec does not record",
    FactPrimitive = "primitive in Java, which the spec does not record",
    FactDocument = "only in a document, which the spec does not record",
    FactSynthetic = "parameter added by the corpus, which the spec does not record",
    FactUnique = "list without duplicates, which the spec does not record",
    FactNullElements = "list that may contain null, which the spec does not record",
    FactResultType = "class of the response, which the spec does not record",
    FactPackage = "package of a type in the Java client, which the spec does not record",
    FactAlias = "operation that is an alias of another one, which the spec does not record",
    FactVariables = "variables with other names in Java, which the spec does not record",
}

/// The number of examples of each kind in a summary.
const EXAMPLES: usize = 2;

impl Report {
    /// Records an approximation at a place.
    pub(super) fn note(&mut self, kind: Approximation, place: impl Into<String>) {
        self.approximations.entry(kind).or_default().push(place.into());
    }

    pub(super) fn problem(&mut self, file: &'static str, line: usize, message: impl Into<String>) {
        self.problems.push(Problem { file, line, message: message.into() });
    }

    /// Records a problem, if there is one, and reports whether there is none.
    pub(super) fn check(&mut self, file: &'static str, line: usize, problem: Option<String>) -> bool {
        let is_valid = problem.is_none();
        problem.into_iter().for_each(|message| self.problem(file, line, message));
        is_valid
    }

    /// Returns all problems, and all approximations with all places.
    pub(crate) fn complete(&self) -> String {
        self.text(usize::MAX)
    }

    /// Returns all problems, and the number of each approximation with two examples.
    pub(crate) fn summary(&self) -> String {
        self.text(EXAMPLES)
    }

    fn text(&self, max_places: usize) -> String {
        let mut text = String::new();
        for problem in &self.problems {
            text.push_str(&format!("{problem}\n"));
        }
        if !self.problems.is_empty() {
            text.push('\n');
        }
        for (kind, places) in &self.approximations {
            text.push_str(&format!("{:>6}  {}\n", places.len(), kind.words()));
            for place in places.iter().take(max_places) {
                text.push_str(&format!("          {place}\n"));
            }
        }
        text.push_str(&format!(
            "\n{} operations and {} data types imported, {} problems, {} approximations of {} kinds\n",
            self.operations,
            self.types,
            self.problems.len(),
            self.approximations.values().map(Vec::len).sum::<usize>(),
            self.approximations.len(),
        ));
        text
    }
}
