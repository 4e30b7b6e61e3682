//! Options of HTTP over TCP: the proxy and certificates.

use std::borrow::Cow;
use std::fmt;

use super::transport::{BoxError, TransportError};

/// Options of HTTP over TCP: the proxy and, with the feature `tls`, certificates.
///
/// ```
/// use zstack_runtime::client::{Client, HttpOptions};
///
/// # fn main() -> Result<(), zstack_runtime::client::Error> {
/// let options = HttpOptions::new().proxy("http://proxy.example.com:3128");
/// let client = Client::builder("http://10.0.0.1:8080").http(options).build()?;
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
///
/// Invalid options are reported when the client or the transport is built. `Debug` shows no key,
/// and no proxy, whose URL may contain a password.
#[derive(Clone, Default)]
#[must_use]
pub struct HttpOptions {
    proxy: Proxy,
    #[cfg(feature = "tls")]
    root_certificates: Vec<Vec<u8>>,
    #[cfg(feature = "tls")]
    client_certificate: Option<Vec<u8>>,
}

#[derive(Clone, Default)]
enum Proxy {
    /// The proxy of the environment.
    #[default]
    Environment,
    None,
    Url(String),
}

impl HttpOptions {
    /// Creates options with the proxy of the environment and the certificate authorities of the
    /// system.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends all requests through a proxy, such as `http://proxy.example.com:3128`;
    /// `user:password@` before the host if the proxy requires it. The last of
    /// [`proxy`](Self::proxy) and [`no_proxy`](Self::no_proxy) counts.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Proxy::Url(url.into());
        self
    }

    /// Uses no proxy, not even that of the environment.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Trusts these certificate authorities, in PEM, in addition to those of the system and of
    /// earlier calls. Needs the feature `tls`.
    ///
    /// ```no_run
    /// use zstack_runtime::client::{Client, HttpOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let authority = std::fs::read("/etc/zstack/ca.pem")?;
    /// let options = HttpOptions::new().root_certificates(authority);
    /// let client = Client::builder("https://cloud.example.com").http(options).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "tls")]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Sends this certificate to servers that request one: in PEM, the private key and the
    /// certificate, followed by those of its issuers. Needs the feature `tls`.
    #[cfg(feature = "tls")]
    pub fn client_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.client_certificate = Some(pem.into());
        self
    }

    /// Returns the options for a server: requests to this machine ignore the proxy of the
    /// environment.
    pub(super) fn for_server(&self, is_this_machine: bool) -> Cow<'_, Self> {
        match self.proxy {
            Proxy::Environment if is_this_machine => Cow::Owned(self.clone().no_proxy()),
            _ => Cow::Borrowed(self),
        }
    }

    /// Applies the options to a builder.
    pub(super) fn apply(
        &self,
        mut builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, TransportError> {
        builder = match &self.proxy {
            Proxy::Environment => builder,
            Proxy::None => builder.no_proxy(),
            Proxy::Url(url) => {
                // The error must not show the URL, which may contain a password.
                let proxy = reqwest::Proxy::all(url).map_err(|error| {
                    invalid_option(
                        "proxy",
                        "must be a URL such as http://proxy.example.com:3128",
                        error.without_url(),
                    )
                })?;
                builder.proxy(proxy)
            }
        };
        #[cfg(feature = "tls")]
        {
            builder = self.apply_tls(builder)?;
        }
        Ok(builder)
    }

    #[cfg(feature = "tls")]
    fn apply_tls(
        &self,
        mut builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, TransportError> {
        for pem in &self.root_certificates {
            let expected =
                "must be one or more certificates in PEM, each between BEGIN CERTIFICATE and END CERTIFICATE";
            let certificates = reqwest::Certificate::from_pem_bundle(pem)
                .map_err(|error| invalid_option("root_certificates", expected, error))?;
            if certificates.is_empty() {
                return Err(TransportError::new(format!("`root_certificates` {expected}")));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        if let Some(pem) = &self.client_certificate {
            let expected = "must be a private key and its certificate, both in PEM";
            let identity = reqwest::Identity::from_pem(pem)
                .map_err(|error| invalid_option("client_certificate", expected, error))?;
            builder = builder.identity(identity);
        }
        Ok(builder)
    }
}

fn invalid_option(option: &str, expected: &str, error: impl Into<BoxError>) -> TransportError {
    let error = TransportError::new(error);
    TransportError::new(format!("`{option}` {expected}: {error}"))
}

impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpOptions")
    }
}
