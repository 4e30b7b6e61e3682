//! The generated client, and a hand-written one for comparison.

use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::StatusCode;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;
use zstack_client::image::GetCandidateVmForAttachingIso;
use zstack_client::vm_instance::ReimageVmInstance;
use zstack_client::{Call as _, Client, Tagged as _};
use zstack_runtime::Version;

use super::hand_written::{Inventories, Inventory};
use super::load::Limits;
use super::scenario::{ISO_OF_MANY, ISO_OF_ONE, Scenario, TAG, VM};
use crate::Failure;
use crate::raw_http::SESSION;

/// The time limit of a call: the default of the generated client.
const TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// A client that calls the operation of a scenario.
pub(crate) trait Caller: Clone + Send + Sync + 'static {
    fn call(&self, scenario: Scenario) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// The generated client.
#[derive(Clone)]
pub(crate) struct Generated(Client);

impl Generated {
    pub(crate) fn new(server: SocketAddr) -> Result<Self, Failure> {
        Self::with_release(server, Version::NEWEST)
    }

    /// Creates a client for a server of a known release.
    pub(crate) fn with_release(server: SocketAddr, release: Version) -> Result<Self, Failure> {
        let client = Client::builder(format!("http://{server}")).session(SESSION);
        Ok(Self(client.api_version(release).build()?))
    }
}

impl Caller for Generated {
    async fn call(&self, scenario: Scenario) -> Result<(), Failure> {
        let candidates = |iso| GetCandidateVmForAttachingIso::new(iso).user_tag(TAG).call(&self.0);
        match scenario {
            Scenario::One => drop(black_box(candidates(ISO_OF_ONE).await?)),
            Scenario::Many => drop(black_box(candidates(ISO_OF_MANY).await?)),
            Scenario::Long => drop(black_box(ReimageVmInstance::new(VM).user_tag(TAG).call(&self.0).await?)),
        }
        Ok(())
    }
}

/// The reference, as one would write it with reqwest and serde. It makes the same requests, with the
/// same time limits, and reads the same types. It does not poll jobs.
#[derive(Clone)]
pub(crate) struct HandWritten {
    http: reqwest::Client,
    base: Arc<str>,
}

/// The body of ReimageVmInstance.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reimage<'a> {
    reimage_vm_instance: Nothing,
    user_tags: &'a [String],
}

#[derive(Serialize)]
struct Nothing {}

impl HandWritten {
    pub(crate) fn new(server: SocketAddr) -> Result<Self, Failure> {
        let http = reqwest::Client::builder()
            .user_agent("hand-written/0.1.0")
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .connect_timeout(Duration::from_secs(10))
            .build()?;
        Ok(Self { http, base: format!("http://{server}").into() })
    }

    async fn candidates(&self, iso: &str, tags: &[String]) -> Result<Inventories, Failure> {
        let mut url = format!("{}/zstack/v1/images/iso/{iso}/vm-candidates", self.base);
        let mut separator = '?';
        for tag in tags {
            url.push(separator);
            url.push_str("userTags=");
            url.extend(form_urlencoded::byte_serialize(tag.as_bytes()));
            separator = '&';
        }
        self.send(self.http.get(url)).await
    }

    async fn reimage(&self, vm: &str, user_tags: &[String]) -> Result<Inventory, Failure> {
        let body = serde_json::to_vec(&Reimage { reimage_vm_instance: Nothing {}, user_tags })?;
        let request = self
            .http
            .put(format!("{}/zstack/v1/vm-instances/{vm}/actions", self.base))
            .header(CONTENT_TYPE, "application/json;charset=UTF-8")
            .body(body);
        self.send(request).await
    }

    async fn send<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, Failure> {
        let request =
            request.header(ACCEPT, "application/json").header(AUTHORIZATION, format!("OAuth {SESSION}"));
        let response = request.send().await?;
        let status = response.status();
        let body = response.bytes().await?;
        match status {
            StatusCode::OK => Ok(serde_json::from_slice(&body)?),
            StatusCode::ACCEPTED => Err("the operation became a job".into()),
            _ => Err(String::from_utf8_lossy(&body).into()),
        }
    }
}

impl Caller for HandWritten {
    async fn call(&self, scenario: Scenario) -> Result<(), Failure> {
        let tags = [TAG.to_owned()];
        match scenario {
            Scenario::One => drop(black_box(self.candidates(ISO_OF_ONE, &tags).await?)),
            Scenario::Many => drop(black_box(self.candidates(ISO_OF_MANY, &tags).await?)),
            Scenario::Long => drop(black_box(self.reimage(VM, &tags).await?)),
        }
        Ok(())
    }
}

/// Calls from many tasks at once until the turn is over, and returns the times that the calls took.
pub(crate) async fn call(
    caller: &impl Caller,
    scenario: Scenario,
    concurrency: usize,
    limits: &Arc<Limits>,
) -> Result<Vec<Duration>, Failure> {
    let mut running = JoinSet::new();
    for _ in 0..concurrency {
        let (caller, limits) = (caller.clone(), Arc::clone(limits));
        running.spawn(async move {
            let mut times = Vec::new();
            while limits.allow_call() {
                let start = Instant::now();
                caller.call(scenario).await?;
                times.push(start.elapsed());
            }
            Ok::<_, Failure>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(result) = running.join_next().await {
        times.extend(result??);
    }
    Ok(times)
}
