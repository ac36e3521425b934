//! Asking other servers, with the certificate authorities and the cryptography that this program brings along.

/// Begins a client for HTTP, also over TLS.
///
/// # Errors
/// When the cryptography cannot be used.
pub fn client() -> Result<reqwest::ClientBuilder, rustls::Error> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(reqwest::Client::builder().tls_backend_preconfigured(tls))
}
