//! HTTPS, with a private certificate authority.
//!
//! Behind the feature `tls`, whose cryptography takes longer to compile than all other dependencies
//! of the client together.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test is to fail there")]

use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use axum::routing::put;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use zstack_client::management_node::GetVersion;
use zstack_client::{Call, Client, Error, ErrorKind, HttpOptions};

/// A certificate authority for tests.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    /// Issues a certificate with its key.
    fn issue(&self, name: &str, usage: ExtendedKeyUsagePurpose) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.extended_key_usages.push(usage);
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    /// Issues a client certificate with its key, as PEM.
    fn client_pem(&self) -> String {
        let (certificate, key) = self.issue("client", ExtendedKeyUsagePurpose::ClientAuth);
        key.serialize_pem() + &certificate.pem()
    }

    /// Starts a server that has a certificate of this authority, and requires a client certificate
    /// issued by `clients`. Returns its URL.
    async fn serve(&self, clients: Option<&Self>) -> String {
        let (certificate, key) = self.issue("localhost", ExtendedKeyUsagePurpose::ServerAuth);
        let provider = Arc::new(default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let config = match clients {
            None => config.with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(clients.0.der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                config.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let show = |uri: Uri| async move { format!(r#"{{"version":"{}"}}"#, uri.path()) };
        let service = TowerToHyperService::new(Router::new().fallback(put(show)));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, service) = (acceptor.clone(), service.clone());
                tokio::spawn(async move {
                    // A client that does not trust the server disconnects.
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let connection = hyper::server::conn::http1::Builder::new();
                    let _ = connection.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        url
    }
}

fn client(url: &str, options: HttpOptions) -> Client {
    Client::builder(url).retries(0).http(options).build().unwrap()
}

async fn call(client: &Client) -> Result<String, Error> {
    GetVersion::new().call(client).await.map(|answer| answer.version)
}

const ANSWER: &str = "/zstack/v1/management-nodes/actions";

#[tokio::test]
async fn trusts_a_configured_private_authority() {
    let (authority, other) = (Authority::new(), Authority::new());
    let url = authority.serve(None).await;
    let trusting = |pem: String| client(&url, HttpOptions::new().root_certificates(pem));

    assert_eq!(call(&trusting(authority.pem())).await.unwrap(), ANSWER);
    // One of several authorities, in one text or in several.
    assert_eq!(call(&trusting(other.pem() + &authority.pem())).await.unwrap(), ANSWER);
    let both = HttpOptions::new().root_certificates(authority.pem()).root_certificates(other.pem());
    assert_eq!(call(&client(&url, both)).await.unwrap(), ANSWER);

    for distrusting in [client(&url, HttpOptions::new()), trusting(other.pem())] {
        let error = call(&distrusting).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert!(error.to_string().contains("certificate"), "{error}");
    }
    // The certificate is for the name, not for the address.
    let by_address = url.replace("localhost", "127.0.0.1");
    let by_address = client(&by_address, HttpOptions::new().root_certificates(authority.pem()));
    assert!(call(&by_address).await.unwrap_err().to_string().contains("certificate"));
}

#[tokio::test]
async fn sends_the_client_certificate() {
    let (servers, clients) = (Authority::new(), Authority::new());
    let url = servers.serve(Some(&clients)).await;
    let options = || HttpOptions::new().root_certificates(servers.pem());
    let known = client(&url, options().client_certificate(clients.client_pem()));
    assert_eq!(call(&known).await.unwrap(), ANSWER);
    for unknown in [options(), options().client_certificate(servers.client_pem())] {
        assert_eq!(call(&client(&url, unknown)).await.unwrap_err().kind(), ErrorKind::Transport);
    }
}

#[test]
fn refuses_malformed_certificates_when_building() {
    let authority = Authority::new();
    let broken = authority.pem().replace("-----END", "-----OND");
    let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (options, option) in [
        (HttpOptions::new().root_certificates(""), "`root_certificates` must be one"),
        (HttpOptions::new().root_certificates("not PEM"), "`root_certificates` must be one"),
        (HttpOptions::new().root_certificates(broken), "`root_certificates` must be one"),
        (HttpOptions::new().root_certificates(garbage), "certificate"),
        // A certificate without its key.
        (
            HttpOptions::new().client_certificate(authority.pem()),
            "`client_certificate` must be a private key",
        ),
        (HttpOptions::new().client_certificate("topsecret"), "`client_certificate` must be a private key"),
    ] {
        let error = Client::builder("https://localhost").http(options).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        let story = error.to_string();
        assert!(story.contains(option) && !story.contains("topsecret"), "{option} in {story}");
    }
}

#[tokio::test]
async fn reqwest_clients_keep_their_settings() {
    use zstack_client::{HttpTransport, reqwest};

    let authority = Authority::new();
    let url = authority.serve(None).await;
    let certificate = reqwest::Certificate::from_pem(authority.pem().as_bytes()).unwrap();
    let inner = reqwest::Client::builder().no_proxy().tls_certs_only([certificate]).build().unwrap();
    let transport = HttpTransport::with_reqwest(inner);
    let client = Client::builder(&url).transport(transport).build().unwrap();
    assert_eq!(call(&client).await.unwrap(), ANSWER);
}
