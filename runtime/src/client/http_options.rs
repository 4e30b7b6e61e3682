//! Options of HTTP over TCP: proxy and certificates.

use std::borrow::Cow;
use std::fmt;

use super::transport::{BoxError, TransportError};

/// How requests travel over TCP: through which proxy and, with the feature
/// `tls`, with which certificates.
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
/// Mistakes are found when the client or the transport is made. `Debug` shows
/// no key and no proxy, whose URL may hold a password.
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
    /// The one that the environment names.
    #[default]
    Environment,
    None,
    Url(String),
}

impl HttpOptions {
    /// The proxy of the environment, and the certificate authorities of the
    /// system.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends all requests through this proxy: `http://proxy.example.com:3128`,
    /// with `user:password@` before the host where it asks for that. The last
    /// of [`proxy`](Self::proxy) and [`no_proxy`](Self::no_proxy) counts.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Proxy::Url(url.into());
        self
    }

    /// Sends requests through no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Trusts these certificate authorities, in PEM, in addition to those of
    /// the system and of earlier calls. With the feature `tls`.
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

    /// Shows this certificate to servers that ask for one: in PEM, the private
    /// key and the certificate, followed by those that lead to the authority.
    /// With the feature `tls`.
    #[cfg(feature = "tls")]
    pub fn client_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.client_certificate = Some(pem.into());
        self
    }

    /// The options for a server: requests to this machine do not go through the
    /// proxy of the environment.
    pub(super) fn for_server(&self, is_this_machine: bool) -> Cow<'_, Self> {
        match self.proxy {
            Proxy::Environment if is_this_machine => Cow::Owned(self.clone().no_proxy()),
            _ => Cow::Borrowed(self),
        }
    }

    /// Applies the options.
    pub(super) fn apply(
        &self,
        mut builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, TransportError> {
        builder = match &self.proxy {
            Proxy::Environment => builder,
            Proxy::None => builder.no_proxy(),
            Proxy::Url(url) => {
                // Errors are shown without the URL, which may hold a password.
                let proxy = reqwest::Proxy::all(url).map_err(|error| {
                    wrong("proxy", "must be a URL as in http://proxy.example.com:3128", error.without_url())
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
                "must be one certificate or more in PEM, each between BEGIN CERTIFICATE and END CERTIFICATE";
            let certificates = reqwest::Certificate::from_pem_bundle(pem)
                .map_err(|error| wrong("root_certificates", expected, error))?;
            if certificates.is_empty() {
                return Err(TransportError::new(format!("`root_certificates` {expected}")));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        if let Some(pem) = &self.client_certificate {
            let expected = "must be a private key and its certificate, both in PEM";
            let identity = reqwest::Identity::from_pem(pem)
                .map_err(|error| wrong("client_certificate", expected, error))?;
            builder = builder.identity(identity);
        }
        Ok(builder)
    }
}

fn wrong(option: &str, expected: &str, error: impl Into<BoxError>) -> TransportError {
    let error = TransportError::new(error);
    TransportError::new(format!("`{option}` {expected}: {error}"))
}

impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpOptions")
    }
}
