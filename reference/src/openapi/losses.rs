//! What OpenAPI has no words for.
//!
//! A loss is what a tool that knows OpenAPI alone gets wrong, or does not know,
//! about a request or an answer. Since when there is something, its unit, its
//! Java class: that is no loss, it stands in `x-` keys.

use std::fmt;

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

/// A kind of loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LossKind {
    /// Several operations share a method and a path.
    SharedRoute,
    /// One operation has several paths.
    SeveralPaths,
    /// Operations of one path call its variables differently.
    VariableName,
    /// A path that the jobs are at.
    HiddenByJobs,
    /// Parameters of the query string that operations on one route have in
    /// different forms.
    SharedParameter,
    /// A job's result is known by the operation that began it.
    JobResult,
    /// The UUID of a job that the caller did not name is a part of a URL.
    JobLocation,
    /// `q`, `sort` and `fields` are a language of their own.
    QueryLanguage,
    /// A query that names fields is answered without others, also required
    /// ones.
    PartialRecords,
    /// Texts in `systemTags` that mean something.
    SystemTag,
    /// The error codes of an operation.
    ErrorCodes,
    /// Values of later releases may come.
    OpenEnum,
    /// A record may have the fields of one that extends it.
    Extension,
    /// A map of lists in a query string.
    ListsInQuery,
    /// A regular expression in Java's dialect.
    JavaPattern,
    /// A regular expression that ECMAScript reads otherwise, or not at all.
    Pattern,
    /// Lengths are counted in UTF-16 units.
    Length,
    /// Texts are cut at both ends before they are looked at, this one is not.
    Blanks,
    /// A default that is not among the values allowed.
    Default,
    /// A date and time without a zone, not in the form of RFC 3339.
    Timestamp,
    /// Null is the same as absent.
    Null,
    /// A header whose value begins with a word.
    HeaderPrefix,
    /// A header that is computed anew for each request.
    Signature,
    /// The same operations by the platform's older channel.
    OlderChannel,
}

impl LossKind {
    /// What becomes of it in the document.
    pub fn told(self) -> &'static str {
        match self {
            Self::SharedRoute => "one operation; its body is `oneOf`, `x-operations` lists them",
            Self::SeveralPaths => "an operation for each path; the ids of the others end in `_2`, `_3`",
            Self::VariableName => "all have the name of the first; `x-name` is the own one",
            Self::HiddenByJobs => "left out, since a server looks for a job there",
            Self::SharedParameter => "as the first operation has it",
            Self::JobResult => "any object; `x-job-result` of the operation is its schema",
            Self::JobLocation => "the link takes the UUID that the caller gave in X-Job-UUID",
            Self::QueryLanguage => "plain texts",
            Self::PartialRecords => "`required` holds for queries that do not name `fields`",
            Self::SystemTag => "plain texts; `x-system-tags` says what they mean",
            Self::ErrorCodes => "a text; `x-errors` lists the codes",
            Self::OpenEnum => "a text; `x-extensible-enum` and `x-enum-values` list the values known",
            Self::Extension => "`allOf` the base, which says `x-extended-by`; nothing tells them apart",
            Self::ListsInQuery => "an object of lists, whose form OpenAPI leaves open",
            Self::JavaPattern => "`x-java-pattern`",
            Self::Pattern => "`x-pattern`",
            Self::Length => "`maxLength` and `minLength`, which count code points",
            Self::Blanks => "`x-keeps-blanks`",
            Self::Default => "`x-default`",
            Self::Timestamp => "a text with a `pattern`",
            Self::Null => "left out: the schemas have no null",
            Self::HeaderPrefix => "an `apiKey`, whose value is to begin with `x-prefix`",
            Self::Signature => "an `apiKey`; how to sign is told in words",
            Self::OlderChannel => "`x-message` names the class",
        }
    }
}

/// The name of the variant, as `x-losses` has it.
impl fmt::Display for LossKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// What a document does not say, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    found: IndexSet<(LossKind, String)>,
}

impl Losses {
    pub(super) fn add(&mut self, kind: LossKind, place: impl Into<String>) {
        self.found.insert((kind, place.into()));
    }

    /// Every loss, and where it is, in the order of the document.
    pub fn iter(&self) -> impl Iterator<Item = (LossKind, &str)> {
        self.found.iter().map(|(kind, place)| (*kind, place.as_str()))
    }

    /// How many there are of each kind that there is, in the order of the
    /// kinds.
    pub fn counts(&self) -> IndexMap<LossKind, usize> {
        let mut counts = IndexMap::new();
        for (kind, _) in self.iter() {
            *counts.entry(kind).or_default() += 1;
        }
        counts.sort_unstable_keys();
        counts
    }
}

/// How many places are shown of each kind.
const SHOWN: usize = 3;

/// A table for people: kind, number, what becomes of it; below, where.
impl fmt::Display for Losses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, count) in self.counts() {
            writeln!(f, "{:<17} {count:>6}  {}", kind.to_string(), kind.told())?;
            let mut places = self.iter().filter(|it| it.0 == kind).map(|it| it.1);
            for place in places.by_ref().take(SHOWN) {
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
