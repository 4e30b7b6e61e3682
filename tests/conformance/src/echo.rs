//! What serves any operation.

use std::sync::{Mutex, MutexGuard, PoisonError};

use zstack_runtime::record::AnyRecord;
use zstack_runtime::server::Outcome;
use zstack_runtime::{ErrorCode, Operation, Request, decode, encode};

use crate::dynamic::Dynamic;

/// What an [`Echo`] answers.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Success, with this JSON as the result.
    Result(Vec<u8>),
    /// A refusal.
    Refusal(Box<ErrorCode>),
}

/// Serves any operation: keeps the request it got, and answers what it was
/// told to.
#[derive(Debug, Default)]
pub struct Echo {
    received: Mutex<Option<(&'static str, Vec<u8>)>>,
    answer: Mutex<Option<Answer>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What a failed test left behind is what the next one overwrites.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Echo {
    /// Sets what is answered from now on.
    pub fn answer(&self, answer: Answer) {
        *lock(&self.answer) = Some(answer);
    }

    /// The operation that was last called, and its request as JSON; forgets
    /// it.
    pub fn received(&self) -> Option<(&'static str, Vec<u8>)> {
        lock(&self.received).take()
    }

    /// Serves an operation: for a handler to call, with its request.
    ///
    /// # Errors
    ///
    /// The refusal it was told to answer.
    ///
    /// # Panics
    ///
    /// When no answer is set, or one that does not fit.
    pub fn exchange<R: Request>(&self, request: &R) -> Outcome<R::Response> {
        self.meet(R::OPERATION, request, |json| decode::from_slice(json).map_err(|error| error.to_string()))
    }

    /// The same, of an operation that was made at run time.
    ///
    /// # Errors
    ///
    /// The refusal it was told to answer.
    ///
    /// # Panics
    ///
    /// When no answer is set, or one that does not fit.
    pub fn exchange_any(&self, operation: &Operation, request: &Dynamic) -> Outcome<Dynamic> {
        self.meet(operation, request, |json| Dynamic::read(operation.response, json))
    }

    #[expect(clippy::panic, reason = "for tests, which are to fail here")]
    fn meet<T>(
        &self,
        operation: &Operation,
        request: &dyn AnyRecord,
        read: impl FnOnce(&[u8]) -> Result<T, String>,
    ) -> Outcome<T> {
        *lock(&self.received) = Some((operation.name, encode::to_vec(request)));
        match lock(&self.answer).clone() {
            Some(Answer::Result(json)) => match read(&json) {
                Ok(response) => Ok(response),
                Err(error) => panic!("the answer fits no {}: {error}", operation.response.name),
            },
            Some(Answer::Refusal(error)) => Err(error),
            None => panic!("no answer is set"),
        }
    }
}
