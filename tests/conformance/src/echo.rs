//! A service that handles any operation.

use std::sync::{Mutex, MutexGuard, PoisonError};

use zstack_dynamic::Dynamic;
use zstack_runtime::record::AnyRecord;
use zstack_runtime::server::Outcome;
use zstack_runtime::{ErrorCode, Operation, Request, decode, encode};

/// The answer of an [`Echo`].
#[derive(Clone, Debug)]
pub enum Answer {
    /// Success, with this JSON as the result.
    Result(Vec<u8>),
    /// A refusal.
    Refusal(Box<ErrorCode>),
}

/// Handles any operation: records the request, and returns the answer that was set.
#[derive(Debug, Default)]
pub struct Echo {
    take_received: Mutex<Option<(&'static str, Vec<u8>)>>,
    answer: Mutex<Option<Answer>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // The state that a failed test left is overwritten by the next one.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Echo {
    /// Sets the answer.
    pub fn answer(&self, answer: Answer) {
        *lock(&self.answer) = Some(answer);
    }

    /// Takes the operation that was last called, and its request as JSON.
    pub fn take_received(&self) -> Option<(&'static str, Vec<u8>)> {
        lock(&self.take_received).take()
    }

    /// Handles an operation: handlers call this with their request.
    ///
    /// # Errors
    ///
    /// The refusal that was set as the answer.
    ///
    /// # Panics
    ///
    /// When no answer is set, or one that does not fit.
    pub fn exchange<R: Request>(&self, request: &R) -> Outcome<R::Response> {
        self.respond(R::OPERATION, request, |json| {
            decode::from_slice(json).map_err(|error| error.to_string())
        })
    }

    /// Handles an operation whose table was built at run time.
    ///
    /// # Errors
    ///
    /// The refusal that was set as the answer.
    ///
    /// # Panics
    ///
    /// When no answer is set, or one that does not fit.
    pub fn exchange_any(&self, operation: &Operation, request: &Dynamic) -> Outcome<Dynamic> {
        self.respond(operation, request, |json| Dynamic::read(operation.response, json))
    }

    #[expect(clippy::panic, reason = "for tests, which are to fail here")]
    fn respond<T>(
        &self,
        operation: &Operation,
        request: &dyn AnyRecord,
        read: impl FnOnce(&[u8]) -> Result<T, String>,
    ) -> Outcome<T> {
        *lock(&self.take_received) = Some((operation.name, encode::to_vec(request)));
        match lock(&self.answer).clone() {
            Some(Answer::Result(json)) => match read(&json) {
                Ok(response) => Ok(response),
                Err(error) => panic!("the answer is not a {}: {error}", operation.response.name),
            },
            Some(Answer::Refusal(error)) => Err(error),
            None => panic!("no answer is set"),
        }
    }
}
