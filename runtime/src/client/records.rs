use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::answer::Reply;
use super::connection::Connection;
use super::error::Error;
use super::transport::BoxFuture;
use crate::query::{QueryRequest, Sort};
use crate::record::{Place, Record, View};

/// The default number of records per page.
const PAGE: i32 = 200;

/// A stream of the records that a query finds; see [`Client::stream`](super::Client::stream).
///
/// It ends after an error. Pages are requested by position, so records that are created or deleted
/// in the meantime may shift those of later pages.
///
/// ```no_run
/// use zstack_runtime::client::{Client, Error};
/// use zstack_runtime::query::QueryRequest;
///
/// async fn count<Q: QueryRequest>(client: &Client, query: Q) -> Result<usize, Error> {
///     let mut records = client.stream(query);
///     let mut count = 0;
///     while let Some(record) = records.next().await {
///         record?;
///         count += 1;
///     }
///     Ok(count)
/// }
/// # fn main() {}
/// ```
#[must_use = "no page is requested before the first record is taken"]
pub struct Records<Q: QueryRequest> {
    connection: Connection,
    query: Q,
    page: i32,
    /// The number of records still wanted; `None` for all.
    left: Option<i32>,
    /// The position of the next page.
    start: i32,
    decoded: std::vec::IntoIter<Q::Item>,
    state: State<Q>,
}

enum State<Q: QueryRequest> {
    /// There may be another page.
    More,
    /// A requested page, and its size.
    Asked(i32, BoxFuture<'static, Result<Q::Response, Error>>),
    Over,
}

impl<Q: QueryRequest> Records<Q> {
    pub(super) fn new(connection: Connection, mut query: Q) -> Self {
        let standard = query.query_mut();
        let (left, start) = (standard.limit, standard.start.unwrap_or(0));
        // A count lists no records.
        standard.count = None;
        if standard.sort.is_none() && Q::Item::SHAPE.index_of("uuid").is_some() {
            standard.sort = Some(Sort::ascending("uuid"));
        }
        let decoded = Vec::new().into_iter();
        Self { connection, query, page: PAGE, left, start, decoded, state: State::More }
    }

    /// Sets the number of records per page. Default: 200.
    pub fn page_size(mut self, records: i32) -> Self {
        self.page = records.max(1);
        self
    }

    /// Returns the next record; `None` after the last one, and after an error.
    pub async fn next(&mut self) -> Option<Result<Q::Item, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the next record of the current page.
    #[cfg(feature = "blocking")]
    pub(super) fn next_decoded(&mut self) -> Option<Q::Item> {
        self.decoded.next()
    }

    fn ask(&mut self) -> State<Q> {
        let size = self.left.map_or(self.page, |left| left.min(self.page));
        if size <= 0 {
            return State::Over;
        }
        let (connection, mut query) = (self.connection.clone(), self.query.clone());
        let standard = query.query_mut();
        standard.limit = Some(size);
        standard.start = (self.start != 0).then_some(self.start);
        State::Asked(size, Box::pin(async move { connection.call(query, Reply::read_records::<Q>).await }))
    }

    /// Stores a page of at most `size` records, and returns whether there may be another.
    fn take(&mut self, size: i32, response: Q::Response) -> State<Q> {
        let page = Q::records(response);
        let count = i32::try_from(page.len()).unwrap_or(i32::MAX);
        self.decoded = page.into_iter();
        self.left = self.left.map(|left| left.saturating_sub(count));
        let next = self.start.checked_add(count);
        self.start = next.unwrap_or(i32::MAX);
        // A query for a single record always returns that record.
        let is_last = count < size || next.is_none() || self.has_single_record();
        if is_last { State::Over } else { State::More }
    }

    /// Returns whether the path selects a single record.
    fn has_single_record(&self) -> bool {
        let fields = Q::SHAPE.fields.iter().enumerate();
        let mut in_path = fields.filter(|(_, field)| field.place == Place::Path);
        in_path.any(|(index, _)| !matches!(self.query.get(index), View::Absent))
    }
}

/// All fields may move; the future is boxed.
impl<Q: QueryRequest> Unpin for Records<Q> {}

impl<Q: QueryRequest> Stream for Records<Q> {
    type Item = Result<Q::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let records = self.get_mut();
        loop {
            if let Some(record) = records.decoded.next() {
                return Poll::Ready(Some(Ok(record)));
            }
            records.state = match &mut records.state {
                State::Over => return Poll::Ready(None),
                State::More => records.ask(),
                State::Asked(size, page) => {
                    let size = *size;
                    match ready!(page.as_mut().poll(context)) {
                        Ok(response) => records.take(size, response),
                        Err(error) => {
                            records.state = State::Over;
                            return Poll::Ready(Some(Err(error)));
                        }
                    }
                }
            };
        }
    }
}

impl<Q: QueryRequest> fmt::Debug for Records<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records")
            .field("operation", &Q::OPERATION.name)
            .field("start", &self.start)
            .finish_non_exhaustive()
    }
}
