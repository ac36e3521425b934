//! Secrets of an installation: 256 random bits each, in a file of the data directory that only its owner reads.

use crate::random::{self, NoRandomness};
use data_encoding::BASE64URL_NOPAD;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Why a secret cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read or made.
    #[error("cannot use {path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("{path} is not a secret of Cabildo: restore it from a backup, or remove it to begin anew", path = .0.display())]
    Damaged(PathBuf),
    /// There is no randomness to make one.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// The secret in the file `name` of a data directory; made if it is not there.
///
/// # Errors
/// [`SecretError`].
pub fn open(directory: &Path, name: &str) -> Result<[u8; 32], SecretError> {
    let path = directory.join(name);
    let failed = |source| SecretError::File { path: path.clone(), source };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::fs::create_dir_all(directory).map_err(failed)?;
    match options.open(&path) {
        Ok(mut file) => {
            let secret = random::secret()?;
            file.write_all(BASE64URL_NOPAD.encode(&secret).as_bytes()).map_err(failed)?;
            file.sync_all().map_err(failed)?;
            Ok(secret)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let text = std::fs::read(&path).map_err(failed)?;
            let secret = BASE64URL_NOPAD.decode(&text).ok().and_then(|secret| secret.try_into().ok());
            secret.ok_or(SecretError::Damaged(path))
        }
        Err(error) => Err(failed(error)),
    }
}
