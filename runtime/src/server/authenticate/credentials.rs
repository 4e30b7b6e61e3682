use std::fmt;

/// Who a caller claims to be.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Credentials {
    /// None: the operation takes none.
    #[default]
    None,
    /// The UUID of a session: any text, may be empty.
    Session(String),
    /// The ID of the access key that the request was signed with; the signature
    /// is valid. See [`AccessKeys`](crate::server::AccessKeys).
    AccessKey(String),
}

impl Credentials {
    /// The UUID of the session, if there is one.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        match self {
            Self::None | Self::AccessKey(_) => None,
            Self::Session(uuid) => Some(uuid),
        }
    }
}

/// Without the session: a reader of a log could act with it.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Session(_) => "Session(…)",
            Self::AccessKey(_) => "AccessKey(…)",
        })
    }
}
