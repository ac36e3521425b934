//! Asking other servers, with the certificate authorities and the cryptography that this program brings along.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::path::{Path, PathBuf};

/// Why other servers cannot be asked over TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The cryptography cannot be used.
    #[error(transparent)]
    Cryptography(#[from] rustls::Error),
    /// The file has no certificates.
    #[error("cannot use the certificates in {path}: {reason}", path = path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
}

/// Begins a client for HTTP, also over TLS.
///
/// # Errors
/// When the cryptography cannot be used.
pub fn client() -> Result<reqwest::ClientBuilder, TlsError> {
    Ok(reqwest::Client::builder().tls_backend_preconfigured(config(None)?))
}

/// Whom to believe over TLS: whoever the authorities vouch for, or the certificates in a file (PEM).
///
/// # Errors
/// [`TlsError`].
pub fn config(authorities: Option<&Path>) -> Result<ClientConfig, TlsError> {
    let roots = match authorities {
        None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
        Some(path) => {
            read(path).map_err(|reason| TlsError::Certificates { path: path.to_owned(), reason })?
        }
    };
    Ok(ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn read(path: &Path) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())? {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() { Err("there are none".to_owned()) } else { Ok(roots) }
}
