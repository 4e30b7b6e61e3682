//! Facts that OpenAPI cannot express.
//!
//! A loss is something that a tool with knowledge of OpenAPI alone gets wrong, or
//! does not know, about requests or responses. Other facts, such as releases,
//! units and Java classes, are in `x-` keys.

use std::fmt;

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

/// The kind of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LossKind {
    /// Several operations share a method and path.
    SharedRoute,
    /// An operation has several paths.
    MultiplePaths,
    /// Operations name a variable of their path differently.
    VariableName,
    /// A path is reserved for jobs.
    HiddenByJobs,
    /// Operations on one route define a query parameter differently.
    SharedParameter,
    /// The schema of a job's result depends on the operation that started it.
    JobResult,
    /// The UUID of a job that the caller did not name is part of a URL.
    JobLocation,
    /// `q`, `sort` and `fields` have their own syntax.
    QueryLanguage,
    /// A query that names fields omits all others, even required ones.
    PartialRecords,
    /// Strings in `systemTags` have a meaning.
    SystemTag,
    /// An operation has error codes.
    ErrorCodes,
    /// Later releases may add values.
    OpenEnum,
    /// A record may have the fields of a record that extends it.
    Extension,
    /// A map of lists is in a query string.
    ListsInQuery,
    /// A regular expression has Java's dialect.
    JavaPattern,
    /// ECMAScript does not support a regular expression, or reads it differently.
    Pattern,
    /// Lengths are counted in UTF-16 units.
    Length,
    /// Surrounding whitespace is significant, unlike in other strings.
    Whitespace,
    /// A default is not among the allowed values.
    Default,
    /// A date and time has no time zone, and not the format of RFC 3339.
    Timestamp,
    /// Null is the same as absent.
    Null,
    /// The value of a header begins with a fixed word.
    HeaderPrefix,
    /// A header is computed for each request.
    Signature,
    /// The operation is also available on the legacy channel.
    LegacyChannel,
}

impl LossKind {
    /// Describes how the document handles it.
    pub fn treatment(self) -> &'static str {
        match self {
            Self::SharedRoute => "one operation; its body is `oneOf`, `x-operations` lists them",
            Self::MultiplePaths => "an operation per path; the ids of the others end in `_2`, `_3`",
            Self::VariableName => "all have the name of the first; `x-name` is the original",
            Self::HiddenByJobs => "omitted, since servers look for a job there",
            Self::SharedParameter => "as defined by the first operation",
            Self::JobResult => "any object; the operation's `x-job-result` is the schema",
            Self::JobLocation => "the link uses the UUID that the caller sent in X-Job-UUID",
            Self::QueryLanguage => "plain strings",
            Self::PartialRecords => "`required` applies to queries without `fields`",
            Self::SystemTag => "plain strings; `x-system-tags` describes them",
            Self::ErrorCodes => "a string; `x-errors` lists the codes",
            Self::OpenEnum => "a string; `x-extensible-enum` and `x-enum-values` list the known values",
            Self::Extension => "`allOf` with the base, whose `x-extended-by` lists it; no discriminator",
            Self::ListsInQuery => "an object of lists, whose format OpenAPI leaves open",
            Self::JavaPattern => "`x-java-pattern`",
            Self::Pattern => "`x-pattern`",
            Self::Length => "`maxLength` and `minLength`, which count code points",
            Self::Whitespace => "`x-keeps-whitespace`",
            Self::Default => "`x-default`",
            Self::Timestamp => "a string with a `pattern`",
            Self::Null => "omitted: the schemas have no null",
            Self::HeaderPrefix => "an `apiKey`, whose value begins with `x-prefix`",
            Self::Signature => "an `apiKey`; the description explains the signature",
            Self::LegacyChannel => "`x-message` names the classes",
        }
    }
}

/// The key in `x-losses`.
impl fmt::Display for LossKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// The losses of a document, without duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    found: IndexSet<(LossKind, String)>,
}

impl Losses {
    pub(super) fn add(&mut self, kind: LossKind, place: impl Into<String>) {
        self.found.insert((kind, place.into()));
    }

    /// Returns every loss with its place, in the order of the document.
    pub fn iter(&self) -> impl Iterator<Item = (LossKind, &str)> {
        self.found.iter().map(|(kind, place)| (*kind, place.as_str()))
    }

    /// Counts the losses of each kind, in the order of the kinds.
    pub fn counts(&self) -> IndexMap<LossKind, usize> {
        let mut counts = IndexMap::new();
        for (kind, _) in self.iter() {
            *counts.entry(kind).or_default() += 1;
        }
        counts.sort_unstable_keys();
        counts
    }
}

/// The most places that are shown of each kind.
const MAX_SHOWN: usize = 3;

/// A table of kinds, counts and treatments, with the first places of each kind.
impl fmt::Display for Losses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, count) in self.counts() {
            writeln!(f, "{:<17} {count:>6}  {}", kind.to_string(), kind.treatment())?;
            let mut places = self.iter().filter(|(other, _)| *other == kind).map(|(_, place)| place);
            for place in places.by_ref().take(MAX_SHOWN) {
                writeln!(f, "{:26}{place}", "")?;
            }
            match places.count() {
                0 => {}
                more => writeln!(f, "{:26}… {more} more", "")?,
            }
        }
        Ok(())
    }
}
