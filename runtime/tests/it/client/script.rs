//! A transport with scripted responses.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;
use zstack_runtime::client::{BoxFuture, Client, ClientBuilder, PollPolicy, Transport, TransportError};

pub(crate) const SESSION: &str = "5e55105e55105e55105e55105e55105e";
pub(crate) const JOB: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

/// The response to one request.
#[derive(Clone)]
pub(crate) enum Step {
    Answer(u16, String, Option<u32>),
    Fail(&'static str),
    Hang,
}

pub(crate) fn answer(status: u16, body: impl Into<String>) -> Step {
    Step::Answer(status, body.into(), None)
}

/// `202` with a job at an unreachable host.
pub(crate) fn accept_job() -> Step {
    answer(202, format!(r#"{{"location":"http://172.16.0.9:8080/zstack/v1/api-jobs/{JOB}"}}"#))
}

/// A request, and the time when it was sent.
pub(crate) struct Sent {
    pub(crate) at: Instant,
    pub(crate) request: http::Request<Bytes>,
}

/// Answers with one step after the other, and repeats the last one.
#[derive(Default)]
pub(crate) struct Script {
    steps: Mutex<VecDeque<Step>>,
    sent: Mutex<Vec<Sent>>,
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Arc<Self> {
        Arc::new(Self { steps: Mutex::new(steps.into_iter().collect()), sent: Mutex::default() })
    }

    /// A client with a session, and polls after 1, 2, 4, 4, … seconds.
    pub(crate) fn client(self: &Arc<Self>) -> Client {
        self.builder().build().unwrap()
    }

    pub(crate) fn builder(self: &Arc<Self>) -> ClientBuilder {
        let seconds = Duration::from_secs;
        Client::builder("http://10.0.0.1:8080")
            .session(SESSION)
            .poll(PollPolicy::new().initial(seconds(1)).factor(2.0).max_delay(seconds(4)).jitter(0.0))
            .transport(Arc::clone(self))
    }

    pub(crate) fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// Returns methods and URIs of the requests.
    pub(crate) fn lines(&self) -> Vec<String> {
        let sent = self.sent.lock().unwrap();
        sent.iter().map(|sent| format!("{} {}", sent.request.method(), sent.request.uri())).collect()
    }

    /// Returns the seconds between successive requests.
    pub(crate) fn gaps(&self) -> Vec<f64> {
        let sent = self.sent.lock().unwrap();
        sent.windows(2).map(|window| (window[1].at - window[0].at).as_secs_f64().round()).collect()
    }

    pub(crate) fn header(&self, index: usize, name: &str) -> Option<String> {
        let sent = self.sent.lock().unwrap();
        let value = sent[index].request.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    }

    fn next(&self) -> Step {
        let mut steps = self.steps.lock().unwrap();
        if steps.len() > 1 {
            steps.pop_front().unwrap()
        } else {
            steps.front().cloned().expect("a script has steps")
        }
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        self.sent.lock().unwrap().push(Sent { at: Instant::now(), request });
        let step = self.next();
        Box::pin(async move {
            match step {
                Step::Answer(status, body, retry_after) => {
                    let mut response = http::Response::builder().status(status);
                    if let Some(seconds) = retry_after {
                        response = response.header("Retry-After", seconds);
                    }
                    Ok(response.body(body.into()).unwrap())
                }
                Step::Fail(why) => Err(TransportError::new(why)),
                Step::Hang => std::future::pending().await,
            }
        })
    }
}
