//! The same with some operations over TCP, where all that is written and read
//! is bytes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::serve::ListenerExt as _;
use bytes::Bytes;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use zstack_client::identity::LogInByAccount;
use zstack_client::vm_instance::{CreateVmCdRom, DetachIsoFromVmInstance, StopVmInstance};
use zstack_client::{BoxFuture, Call as _, Client, ErrorKind, HttpTransport, Transport, TransportError};
use zstack_conformance::Echo;
use zstack_server::NewerParameters;

use super::parameters::Matrix;
use super::{Playing, RELEASES, Release, built, least_answer, playing, runtime, told};
use crate::api::{Visit as _, router};

/// A server that plays a release, on a socket.
struct Listening {
    echo: Arc<Echo>,
    address: SocketAddr,
    /// How many connections were opened.
    connections: Arc<AtomicUsize>,
}

impl Listening {
    /// Serves whenever the runtime, which has no thread of its own, waits.
    fn new(runtime: &Runtime, release: &Release) -> Self {
        let echo = Arc::new(Echo::default());
        let router = router(&echo, playing(release, NewerParameters::Refuse));
        let connections = Arc::new(AtomicUsize::new(0));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let counter = Arc::clone(&connections);
        let listener = listener.tap_io(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { echo, address, connections }
    }
}

/// Carries requests to this address, whatever they name.
struct Tcp {
    http: HttpTransport,
    address: SocketAddr,
}

impl Transport for Tcp {
    fn send(
        &self,
        mut request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let target = request.uri().path_and_query().unwrap();
        *request.uri_mut() = format!("http://{}{target}", self.address).parse().unwrap();
        self.http.send(request)
    }
}

/// Operations whose parameters travel in bodies, in query strings and beside
/// the operation's key, some of them new to it.
#[test]
fn parameters_at_every_release() {
    let runtime = runtime();
    let servers = RELEASES.iter().map(|release| {
        let Listening { echo, address, .. } = Listening::new(&runtime, release);
        Playing {
            release,
            newer: NewerParameters::Refuse,
            echo,
            transport: Arc::new(Tcp { http: HttpTransport::direct().unwrap(), address }),
        }
    });
    let servers = servers.collect();
    let mut matrix = Matrix::new(runtime, servers);
    matrix.visit::<LogInByAccount>();
    matrix.visit::<StopVmInstance>();
    matrix.visit::<DetachIsoFromVmInstance>();
    matrix.visit::<CreateVmCdRom>();
    let counts = &matrix.counts;
    assert!(counts.without_operation > 0 && counts.refused > 0 && counts.arrived > 0, "{counts:?}");
}

#[test]
fn no_connection_is_opened_for_what_a_server_does_not_have() {
    let runtime = runtime();
    let before = RELEASES.iter().find(|release| release.name == "2.3").unwrap();
    let server = Listening::new(&runtime, before);
    server.echo.answer(least_answer::<DetachIsoFromVmInstance>());
    let client = Client::builder(format!("http://{}", server.address));
    let client = built(told(client.transport(HttpTransport::direct().unwrap()), before));
    let detach = DetachIsoFromVmInstance::new("f95bdc72e9963a05b8f19b8817f09d9d");

    let with_iso = detach.clone().iso_uuid("3e5e142462c54736b1880b43d49edeba");
    let error = runtime.block_on(with_iso.call(&client)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooNew, "{error}");
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);

    runtime.block_on(detach.call(&client)).unwrap();
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    assert!(server.echo.received().is_some());
}
