//! The state of writing a document.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use zstack_model::{Example, Field, Model, Version};

use super::document::Parameter;
use super::losses::Losses;
use super::names::Names;
use super::parts::Members;
use super::schema::Schema;

/// The examples of each operation, written or generated.
pub(super) type Examples<'a> = HashMap<&'a str, Cow<'a, [Example]>>;

pub(super) struct Writer<'a> {
    /// The model of the release.
    pub(super) model: &'a Model,
    /// The model of all releases, since names do not depend on the release.
    pub(super) full_model: &'a Model,
    pub(super) at: Option<&'a Version>,
    /// The standard query parameters of the release.
    pub(super) standard: &'a [Field],
    pub(super) examples: &'a Examples<'a>,
    pub(super) names: Names,
    /// The data types in responses.
    pub(super) client_types: HashSet<&'a str>,
    pub(super) losses: Losses,
    /// The id of the operation that polls jobs, if there are jobs.
    pub(super) job: Option<String>,
    /// The components of bodies and results.
    pub(super) schemas: Members<'a, Schema<'a>>,
    /// The components of standard query parameters.
    pub(super) parameters: Members<'a, Parameter<'a>>,
    pub(super) uses_uuid: bool,
    pub(super) uses_timestamp: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        model: &'a Model,
        full_model: &'a Model,
        at: Option<&'a Version>,
        standard: &'a [Field],
        examples: &'a Examples<'a>,
        client_types: HashSet<&'a str>,
    ) -> Self {
        Self {
            model,
            full_model,
            at,
            standard,
            examples,
            names: Names::new(full_model),
            client_types,
            losses: Losses::default(),
            job: None,
            schemas: Members::new(),
            parameters: Members::new(),
            uses_uuid: false,
            uses_timestamp: false,
        }
    }
}
