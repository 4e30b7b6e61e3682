//! The trait of query operations.

use super::{Condition, Query, Sort};
use crate::operation::Request;
use crate::record::Record;

/// The request of a query operation.
///
/// Implemented by the [derive](derive@crate::Operation).
pub trait QueryRequest: Request {
    /// The type of the records that it lists.
    type Item: Record;

    /// Returns the standard parameters for modification.
    fn query_mut(&mut self) -> &mut Query;

    /// Takes the records out of a response.
    fn records(response: Self::Response) -> Vec<Self::Item>;

    /// Adds a condition; records must meet all of them.
    #[must_use]
    fn filter(mut self, condition: Condition) -> Self {
        self.query_mut().conditions.push(condition);
        self
    }

    /// Sets the sort order.
    #[must_use]
    fn sort(mut self, sort: Sort) -> Self {
        self.query_mut().sort = Some(sort);
        self
    }

    /// Sets the largest number of records to list.
    #[must_use]
    fn limit(mut self, limit: i32) -> Self {
        self.query_mut().limit = Some(limit);
        self
    }
}
