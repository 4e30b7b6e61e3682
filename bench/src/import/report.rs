//! What became of a corpus: what is wrong with it, and where the spec says
//! something else.

use std::collections::BTreeMap;
use std::fmt;

/// What an import came to.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Operations in the spec.
    pub(crate) operations: usize,
    /// Data types in the spec.
    pub(crate) types: usize,
    /// Lines that are wrong, wholly or in part.
    pub(crate) problems: Vec<Problem>,
    compromises: BTreeMap<Compromise, Vec<String>>,
}

/// Something wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The file's name.
    pub(crate) file: &'static str,
    /// The line, from 1.
    pub(crate) line: usize,
    /// What is wrong, and what was done about it.
    pub(crate) message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

macro_rules! compromises {
    ($($name:ident = $words:literal,)+) => {
        /// A kind of difference between the corpus and the spec.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Compromise {
            $($name,)+
        }

        impl Compromise {
            fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)+
                }
            }
        }
    };
}

compromises! {
    VersionUnknown = "no version: that of what it is part of, or of its type; failing that, release 0",
    VersionMalformed = "a version that is none: as if there were none",
    OlderThanOwner = "older than what it is part of: the version of that",
    RequiredNewer = "required, and newer than its operation: the operation's version",
    TypeNewerThanUse = "a type newer than its first use: the version of that use",
    BaseNewer = "a type newer than one that extends it: the version of that one",
    NoSummary = "no summary: made from the name",
    CategoryOfPackage = "no category: made from the package",
    CategoryOfPath = "neither category nor package: made from the path",
    PathTaken = "another path of an operation that is the path of another one: left out",
    PathMended = "a variable that does not fill its segment of the path: made a segment of its own",
    VariableAdded = "a variable of a path that no parameter describes: a parameter of type String",
    VariableRequired = "an optional parameter that every path has: required",
    BodyNull = "a POST whose body holds tags alone, below no key: the key \"null\", which is never sent",
    HeaderParameter = "a parameter in a header: left out",
    TypeBytes = "bytes: a list of integers, as on the wire",
    TypeFloat = "a float: a Double",
    TypeMapKey = "a map whose keys are any value: keys are text in JSON",
    TypeUnresolved = "a type that the source does not name: Any",
    TypeStructured = "a structure in a query string: Any",
    EmptyText = "`nonempty` of what is no list, which the platform does not check: left out",
    EmptyElements = "no empty texts in a list, which the language cannot say: left out",
    LengthOfList = "a length of what is no text, which the platform does not check: left out",
    ValuesOfEnum = "values of a parameter whose type is an enum: left to the enum",
    FieldRepeated = "a field that the extended type has, in another type: the extended one's",
    DeprecatedUnknown = "deprecated, since nobody knows when: since release 0",
    UnitNames = "several names of one unit: the last",
    Envelope = "a field that belongs to every answer: in the envelope of api.yaml",
    StandardQuery = "a standard parameter of a query: `query: true`",
    FactInferred = "a type that was inferred, which the spec does not say",
    FactPrimitive = "primitive in Java, which the spec does not say of a parameter or a field",
    FactDocument = "only in a document, which the spec does not say of a parameter or a field",
    FactSynthetic = "a parameter added by the corpus, which the spec does not say",
    FactUnique = "a list without repetitions, which the spec does not say",
    FactNullElements = "a list that may hold null, which the spec does not say",
    FactResultType = "the class of the answer, which the spec does not name",
    FactPackage = "the package of a type in the Java client, which the spec does not name",
    FactAlias = "an operation that is another name of one, which the spec does not say",
    FactVariables = "variables that have other names in Java, which the spec does not say",
}

/// How many examples a summary shows of each kind.
const SHOWN: usize = 2;

impl Report {
    pub(super) fn note(&mut self, what: Compromise, place: impl Into<String>) {
        self.compromises.entry(what).or_default().push(place.into());
    }

    pub(super) fn problem(&mut self, file: &'static str, line: usize, message: impl Into<String>) {
        self.problems.push(Problem { file, line, message: message.into() });
    }

    /// Everything: all problems, all compromises, every place.
    pub(crate) fn full(&self) -> String {
        self.text(usize::MAX)
    }

    /// The problems, and of every compromise how often it was made and two
    /// examples.
    pub(crate) fn summary(&self) -> String {
        self.text(SHOWN)
    }

    fn text(&self, most: usize) -> String {
        let mut text = String::new();
        for problem in &self.problems {
            text.push_str(&format!("{problem}\n"));
        }
        if !self.problems.is_empty() {
            text.push('\n');
        }
        for (what, places) in &self.compromises {
            text.push_str(&format!("{:>6}  {}\n", places.len(), what.words()));
            for place in places.iter().take(most) {
                text.push_str(&format!("          {place}\n"));
            }
        }
        text.push_str(&format!(
            "\n{} operations and {} data types imported, {} problems, {} compromises of {} kinds\n",
            self.operations,
            self.types,
            self.problems.len(),
            self.compromises.values().map(Vec::len).sum::<usize>(),
            self.compromises.len(),
        ));
        text
    }
}
