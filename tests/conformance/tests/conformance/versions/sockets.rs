//! Requests of some operations over TCP, where everything is sent as bytes.

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
use super::{OldServer, RELEASES, Release, build, minimal_answer, runtime, server_options, with_release};
use crate::api::{Visit as _, router};

/// A server that emulates a release, on a socket.
struct Listening {
    echo: Arc<Echo>,
    address: SocketAddr,
    /// The number of connections.
    connections: Arc<AtomicUsize>,
}

impl Listening {
    /// The server runs whenever the single-threaded runtime waits.
    fn new(runtime: &Runtime, release: &Release) -> Self {
        let echo = Arc::new(Echo::default());
        let router = router(&echo, server_options(release, NewerParameters::Refuse));
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

/// Sends requests to this address, whatever their host.
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

/// Operations with parameters in bodies, in query strings and next to the operation's key,
/// including later ones.
#[test]
fn parameters_work_at_every_release() {
    let runtime = runtime();
    let servers = RELEASES.iter().map(|release| {
        let Listening { echo, address, .. } = Listening::new(&runtime, release);
        OldServer {
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
fn later_elements_open_no_connection() {
    let runtime = runtime();
    let before = RELEASES.iter().find(|release| release.name == "2.3").unwrap();
    let server = Listening::new(&runtime, before);
    server.echo.answer(minimal_answer::<DetachIsoFromVmInstance>());
    let client = Client::builder(format!("http://{}", server.address));
    let client = build(with_release(client.transport(HttpTransport::direct().unwrap()), before));
    let detach = DetachIsoFromVmInstance::new("f95bdc72e9963a05b8f19b8817f09d9d");

    let with_iso = detach.clone().iso_uuid("3e5e142462c54736b1880b43d49edeba");
    let error = runtime.block_on(with_iso.call(&client)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooNew, "{error}");
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);

    runtime.block_on(detach.call(&client)).unwrap();
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    assert!(server.echo.take_received().is_some());
}
