//! The default transport: HTTP over TCP, with `reqwest`.

use std::sync::OnceLock;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};
use reqwest::{Url, redirect, retry};

use super::http_options::HttpOptions;
use super::transport::{BoxFuture, LARGEST_BODY, Transport, TransportError};

/// The time limit for establishing a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// The time limit of unused connections: shorter than the 20 s after which servlet containers close
/// them. Otherwise a request would sometimes use a connection that is being closed.
const IDLE: Duration = Duration::from_secs(15);

/// Sends requests over TCP: the default transport of a [`Client`](super::Client). Create one to
/// wrap it in another transport.
///
/// Connections are reused; redirects are not followed.
#[derive(Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
    origin: OnceLock<Origin>,
}

/// The server of the first request. Later requests to it need not parse scheme and host again,
/// which is 4 % of a short call.
#[derive(Debug)]
struct Origin {
    scheme: Option<Scheme>,
    authority: Option<Authority>,
    url: Url,
}

impl HttpTransport {
    /// Creates a transport that uses the proxy of the environment (`HTTP_PROXY`, `HTTPS_PROXY`,
    /// `NO_PROXY`).
    ///
    /// # Errors
    ///
    /// When TLS or the settings of the environment cannot be used.
    pub fn new() -> Result<Self, TransportError> {
        Self::with_options(&HttpOptions::new())
    }

    /// Creates a transport that uses no proxy, for a server on this machine.
    ///
    /// # Errors
    ///
    /// When TLS cannot be used.
    pub fn direct() -> Result<Self, TransportError> {
        Self::with_options(&HttpOptions::new().no_proxy())
    }

    /// Creates a transport with options.
    ///
    /// # Errors
    ///
    /// When a certificate, a key or a proxy cannot be used; the error names the option.
    pub fn with_options(options: &HttpOptions) -> Result<Self, TransportError> {
        let client = options.apply(Self::options())?.build().map_err(TransportError::new)?;
        Ok(Self::from_client(client))
    }

    /// Creates a transport that uses this `reqwest` client with all of its settings. Needs the
    /// feature `reqwest`.
    ///
    /// Build the client with [`redirect::Policy::none`]: the API has no redirects, and following
    /// one would send the session to another URL.
    ///
    /// ```
    /// use zstack_runtime::client::{Client, HttpTransport, reqwest};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let inner = reqwest::Client::builder()
    ///     .redirect(reqwest::redirect::Policy::none())
    ///     .tcp_nodelay(false)
    ///     .build()?;
    /// let transport = HttpTransport::with_reqwest(inner);
    /// let client = Client::builder("http://127.0.0.1:8080").transport(transport).build()?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn with_reqwest(client: reqwest::Client) -> Self {
        Self::from_client(client)
    }

    fn from_client(client: reqwest::Client) -> Self {
        Self { client, origin: OnceLock::new() }
    }

    fn options() -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .user_agent(concat!("zstack-client/", env!("CARGO_PKG_VERSION")))
            // The API has no redirects; following one would send the session elsewhere.
            .redirect(redirect::Policy::none())
            .referer(false)
            // The client itself repeats requests; reqwest would copy every request for it.
            .retry(retry::never().max_retries_per_request(0))
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
    }

    async fn exchange(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let lost = |error| TransportError::new(hide_url(error));
        let request = self.prepare(request)?;
        let mut response = self.client.execute(request).await.map_err(lost)?;
        let body = read(&mut response).await?;
        let mut answer = http::Response::new(body);
        *answer.status_mut() = response.status();
        *answer.version_mut() = response.version();
        std::mem::swap(answer.headers_mut(), response.headers_mut());
        Ok(answer)
    }

    fn prepare(&self, request: http::Request<Bytes>) -> Result<reqwest::Request, TransportError> {
        let (head, body) = request.into_parts();
        let url = self.url(&head.uri)?;
        let mut prepared = reqwest::Request::new(head.method, url);
        *prepared.headers_mut() = head.headers;
        *prepared.version_mut() = head.version;
        *prepared.body_mut() = Some(body.into());
        Ok(prepared)
    }

    fn url(&self, uri: &Uri) -> Result<Url, TransportError> {
        let (scheme, authority) = (uri.scheme(), uri.authority());
        if let Some(known) = self.origin.get()
            && (known.scheme.as_ref(), known.authority.as_ref()) == (scheme, authority)
            && let Some(target) = uri.path_and_query().map(PathAndQuery::as_str)
            // This would be a host.
            && !target.starts_with("//")
        {
            return known.url.join(target).map_err(TransportError::new);
        }
        let url: Url = uri.to_string().parse().map_err(TransportError::new)?;
        let root = url.join("/").map_err(TransportError::new)?;
        let origin = Origin { scheme: scheme.cloned(), authority: authority.cloned(), url: root };
        // The first one stays.
        let _ = self.origin.set(origin);
        Ok(url)
    }
}

/// Removes the URL from an error, since paths may contain a session.
fn hide_url(error: reqwest::Error) -> reqwest::Error {
    error.without_url()
}

async fn read(response: &mut reqwest::Response) -> Result<Bytes, TransportError> {
    let incomplete = |error| TransportError::incomplete(hide_url(error));
    let first = response.chunk().await.map_err(incomplete)?.unwrap_or_default();
    // Most bodies are one chunk, which is not copied.
    let Some(second) = response.chunk().await.map_err(incomplete)? else {
        return Ok(first);
    };
    let mut body = BytesMut::from(first);
    let mut chunk = Some(second);
    while let Some(more) = chunk {
        if body.len() + more.len() > LARGEST_BODY {
            return Err(TransportError::incomplete(format!(
                "the body exceeds the limit of {LARGEST_BODY} bytes"
            )));
        }
        body.extend_from_slice(&more);
        chunk = response.chunk().await.map_err(incomplete)?;
    }
    Ok(body.freeze())
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_keep_their_url() {
        let transport = HttpTransport::direct().unwrap();
        for uri in [
            "http://127.0.0.1:8080/zstack/v1/vm-instances/a%2Fb%20c?userTags=a%26b&userTags=",
            "http://127.0.0.1:8080/zstack/v1/images",
            "http://127.0.0.1:8080/",
            "http://127.0.0.1:8081/zstack/v1/images?q=name~%3D%25a%25",
            "https://[::1]:8080/proxy/zstack/v1/images",
            "http://127.0.0.1:8080//proxy/zstack/v1/images",
            "http://127.0.0.1:8080/zstack/v1/images//x",
            "http://127.0.0.1:8080/zstack/v1/%E5%BE%B7?x",
        ] {
            let url = transport.url(&uri.parse().unwrap()).unwrap();
            assert_eq!(url.as_str(), uri);
        }
    }

    #[test]
    fn refuses_requests_without_a_server() {
        let transport = HttpTransport::direct().unwrap();
        transport.url(&Uri::from_static("/zstack/v1/images")).unwrap_err();
    }

    #[test]
    fn does_not_store_paths() {
        let transport = HttpTransport::direct().unwrap();
        transport.url(&Uri::from_static("http://127.0.0.1/zstack/v1/accounts/sessions/topsecret")).unwrap();
        assert!(!format!("{transport:?}").contains("topsecret"), "{transport:?}");
    }
}
