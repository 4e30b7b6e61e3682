//! Types, with links to the pages of data types.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use serde::{Serialize, Serializer};
use zstack_model::Type;

use super::Name;

/// A type. It displays as HTML with links relative to a page in a folder, and
/// serializes in the syntax of the spec.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeText<'a>(pub(crate) &'a Type);

impl TypeText<'_> {
    /// Returns the type as Markdown code.
    pub(crate) fn md(&self) -> String {
        format!("`{}`", self.0)
    }
}

impl Display for TypeText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Type::List(ty) => write!(f, "List&lt;{}&gt;", TypeText(ty)),
            Type::Map(ty) => write!(f, "Map&lt;String,{}&gt;", TypeText(ty)),
            Type::Named(name) => {
                write!(f, "<a href=\"../types/{name}.html\">{}</a>", Name(name))
            }
            plain => write!(f, "{plain}"),
        }
    }
}

impl HtmlSafe for TypeText<'_> {}

impl Serialize for TypeText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}
