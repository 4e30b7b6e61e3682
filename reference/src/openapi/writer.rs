//! The state of writing a document: the parts that are made, and the facts that later parts need.

use std::collections::HashSet;

use zstack_model::{Field, Model, Version};

use super::document::Parameter;
use super::losses::Losses;
use super::names::Names;
use super::parts::Members;
use super::schema::Schema;

pub(super) struct Writer<'a> {
    /// As of the release.
    pub(super) model: &'a Model,
    /// All releases: names do not depend on which one is written.
    pub(super) whole: &'a Model,
    pub(super) at: Option<&'a Version>,
    /// The standard parameters of queries that the release has.
    pub(super) standard: &'a [Field],
    pub(super) names: Names,
    /// The data types that clients read.
    pub(super) told: HashSet<&'a str>,
    pub(super) losses: Losses,
    /// The id of the operation that polls a job, where there are jobs.
    pub(super) job: Option<String>,
    /// Components for bodies and results.
    pub(super) schemas: Members<'a, Schema<'a>>,
    /// Components for the standard parameters of queries that are used.
    pub(super) parameters: Members<'a, Parameter<'a>>,
    pub(super) uses_uuid: bool,
    pub(super) uses_timestamp: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        model: &'a Model,
        whole: &'a Model,
        at: Option<&'a Version>,
        standard: &'a [Field],
        told: HashSet<&'a str>,
    ) -> Self {
        Self {
            model,
            whole,
            at,
            standard,
            names: Names::new(whole),
            told,
            losses: Losses::default(),
            job: None,
            schemas: Members::new(),
            parameters: Members::new(),
            uses_uuid: false,
            uses_timestamp: false,
        }
    }
}
