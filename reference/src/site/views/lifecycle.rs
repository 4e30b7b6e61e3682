//! The releases that added, deprecated and removed an element.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use serde::Serialize;
use zstack_model::prose::escape;
use zstack_model::words;
use zstack_model::{Retirement, Version};

use crate::site::text::Prose;

/// The releases that added, deprecated and removed an element.
///
/// As HTML, these are the attributes that scripts read: `data-since`,
/// `data-deprecated` and `data-removed`. Unknown releases are left out.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Lifecycle<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deprecated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) removed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replacement: Option<&'a str>,
    /// The deprecation and removal in a sentence.
    #[serde(skip)]
    pub(crate) end: Option<Prose<'a>>,
}

impl<'a> Lifecycle<'a> {
    pub(crate) fn of(since: &'a Version, retirement: &'a Retirement) -> Self {
        let known = |version: &Version| (!version.is_unknown()).then(|| version.to_string());
        Self {
            since: known(since),
            deprecated: retirement.deprecated.as_ref().and_then(known),
            removed: retirement.removed.as_ref().and_then(known),
            replacement: retirement.replacement.as_deref(),
            end: words::retirement(retirement, str::to_owned).map(Prose::new),
        }
    }

    pub(crate) fn since(since: &'a Version) -> Self {
        Self::of(since, const { &Retirement::NONE })
    }

    /// `, since 3.3.0`, for Markdown.
    pub(crate) fn md(&self) -> String {
        let since =
            self.since.as_deref().map(|version| format!(", since {}", escape(version))).unwrap_or_default();
        let end = self.end.as_ref().map(|end| format!(". {}", end.md())).unwrap_or_default();
        since + end.trim_end_matches('.')
    }
}

impl Display for Lifecycle<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // Versions contain only digits and dots, so they need no escapes.
        for (name, version) in
            [("since", &self.since), ("deprecated", &self.deprecated), ("removed", &self.removed)]
        {
            if let Some(version) = version {
                write!(f, " data-{name}=\"{version}\"")?;
            }
        }
        Ok(())
    }
}

impl HtmlSafe for Lifecycle<'_> {}
