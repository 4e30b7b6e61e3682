use super::schema;
use crate::record::AnyRecord;
use crate::{Version, encode};

/// The encoded result of an operation.
pub struct Served {
    pub(crate) body: Vec<u8>,
    pub(crate) schema: Schema,
}

impl Served {
    /// The result of a dry run.
    pub(crate) fn empty() -> Self {
        Self { body: b"{}".to_vec(), schema: Schema::Empty }
    }
}

/// The classes of the records in an answer. Writing them takes longer than
/// writing the answer, and few callers ask for them: so that is done when a
/// caller may ask.
pub(crate) enum Schema {
    /// No caller will ask.
    None,
    /// The schema of an answer without fields.
    Empty,
    Of {
        answer: Box<dyn AnyRecord + Send>,
        /// The fields of each record that a query asked for.
        names: Option<Box<[String]>>,
    },
}

impl Schema {
    pub(crate) fn encode(self, at: Version) -> Option<Vec<u8>> {
        match self {
            Self::None => None,
            Self::Empty => Some(b"{}".to_vec()),
            Self::Of { answer, names } => Some(schema::of(&*answer, names.as_deref(), at)),
        }
    }
}

/// Encodes an answer; of a query, only the fields of these names. Not generic,
/// so that it is compiled once.
pub(crate) fn encode_body(answer: &dyn AnyRecord, names: Option<&[String]>, at: Version) -> Vec<u8> {
    // Enough for an inventory with its lists: growing costs a copy.
    let mut body = Vec::with_capacity(3 * 1024);
    match names {
        Some(names) => encode::projection(answer, names, at, &mut body),
        None => encode::record(answer, at, &mut body),
    }
    body
}
