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

/// The number of records of a page.
const PAGE: i32 = 200;

/// The records that a query finds: a stream of them. See
/// [`Client::stream`](super::Client::stream).
///
/// An error ends it. Pages are requested by number; records that are created or
/// deleted in the meantime may shift those of later pages.
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
#[must_use = "no page is requested before records are taken"]
pub struct Records<Q: QueryRequest> {
    connection: Connection,
    query: Q,
    page: i32,
    /// How many more may be taken; `None` for all.
    left: Option<i32>,
    /// The record that the next page begins with.
    start: i32,
    taken: std::vec::IntoIter<Q::Item>,
    state: State<Q>,
}

enum State<Q: QueryRequest> {
    /// There may be another page.
    More,
    /// A page that was requested, and its largest size.
    Asked(i32, BoxFuture<'static, Result<Q::Response, Error>>),
    Over,
}

impl<Q: QueryRequest> Records<Q> {
    pub(super) fn new(connection: Connection, mut query: Q) -> Self {
        let standard = query.query_mut();
        let (left, start) = (standard.limit, standard.start.unwrap_or(0));
        // A count has no records.
        standard.count = None;
        if standard.sort.is_none() && Q::Item::SHAPE.index_of("uuid").is_some() {
            standard.sort = Some(Sort::ascending("uuid"));
        }
        let taken = Vec::new().into_iter();
        Self { connection, query, page: PAGE, left, start, taken, state: State::More }
    }

    /// Sets the number of records of a page. Default: 200.
    pub fn page_size(mut self, records: i32) -> Self {
        self.page = records.max(1);
        self
    }

    /// The next record; `None` after the last one, and after an error.
    pub async fn next(&mut self) -> Option<Result<Q::Item, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next record of the page that is there already.
    #[cfg(feature = "blocking")]
    pub(super) fn taken(&mut self) -> Option<Q::Item> {
        self.taken.next()
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

    /// Takes a page of at most `size`, and returns whether there may be another.
    fn take(&mut self, size: i32, response: Q::Response) -> State<Q> {
        let page = Q::records(response);
        let count = i32::try_from(page.len()).unwrap_or(i32::MAX);
        self.taken = page.into_iter();
        self.left = self.left.map(|left| left.saturating_sub(count));
        let next = self.start.checked_add(count);
        self.start = next.unwrap_or(i32::MAX);
        // A record that the path names is on every page.
        let is_last = count < size || next.is_none() || self.names_one();
        if is_last { State::Over } else { State::More }
    }

    /// Whether the query asks for one record, by its own path.
    fn names_one(&self) -> bool {
        let fields = Q::SHAPE.fields.iter().enumerate();
        let mut in_path = fields.filter(|(_, field)| field.place == Place::Path);
        in_path.any(|(index, _)| !matches!(self.query.get(index), View::Absent))
    }
}

/// All of it may move: the future is boxed.
impl<Q: QueryRequest> Unpin for Records<Q> {}

impl<Q: QueryRequest> Stream for Records<Q> {
    type Item = Result<Q::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let it = self.get_mut();
        loop {
            if let Some(record) = it.taken.next() {
                return Poll::Ready(Some(Ok(record)));
            }
            it.state = match &mut it.state {
                State::Over => return Poll::Ready(None),
                State::More => it.ask(),
                State::Asked(size, page) => {
                    let size = *size;
                    match ready!(page.as_mut().poll(context)) {
                        Ok(response) => it.take(size, response),
                        Err(error) => {
                            it.state = State::Over;
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
