use std::fmt;

/// The credentials of a caller.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Credentials {
    /// The operation needs no credentials.
    #[default]
    None,
    /// The UUID of a session, as sent: any text, possibly empty.
    Session(String),
    /// The ID of the access key that the request was signed with; the signature has been checked.
    /// See [`AccessKeys`](crate::server::AccessKeys).
    AccessKey(String),
    /// The UUID of an account for which the server itself calls the operation. No request has it.
    Account(String),
}

impl Credentials {
    /// Returns the UUID of the session, if there is one.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        match self {
            Self::None | Self::AccessKey(_) | Self::Account(_) => None,
            Self::Session(uuid) => Some(uuid),
        }
    }
}

/// Hides the session: it must not get into logs.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Session(_) => "Session(…)",
            Self::AccessKey(_) => "AccessKey(…)",
            Self::Account(_) => "Account(…)",
        })
    }
}
