//! What all query operations have in common.

use super::{Condition, Query, Sort};
use crate::operation::Request;
use crate::record::Record;

/// A query operation: its standard parameters, and the records that it lists.
///
/// Implemented by the [derive](derive@crate::Operation).
pub trait QueryRequest: Request {
    /// What it finds.
    type Item: Record;

    /// Which ones, how many, in which order; for changing.
    fn query_mut(&mut self) -> &mut Query;

    /// The records of an answer.
    fn records(response: Self::Response) -> Vec<Self::Item>;

    /// Adds a condition. All of them must hold.
    #[must_use]
    fn filter(mut self, condition: Condition) -> Self {
        self.query_mut().conditions.push(condition);
        self
    }

    /// Asks for an order.
    #[must_use]
    fn sort(mut self, sort: Sort) -> Self {
        self.query_mut().sort = Some(sort);
        self
    }

    /// Asks for at most so many.
    #[must_use]
    fn limit(mut self, limit: i32) -> Self {
        self.query_mut().limit = Some(limit);
        self
    }
}
