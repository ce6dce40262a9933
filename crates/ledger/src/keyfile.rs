//! Key files: Ed25519 keys in OpenSSH's form, as `ssh-keygen -t ed25519` makes them.
//!
//! A private key is written with mode 0600 and is never printed or logged.
//! What a key may do is not said in its file but in the ledger's entries.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use ed25519_dalek::{SigningKey, VerifyingKey};
use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{LineEnding, PrivateKey, PublicKey};

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("cannot use the key file {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is no OpenSSH key.
    #[error("{} is not an OpenSSH key file", path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// The key is of another sort.
    #[error("the key in {} is not Ed25519", path.display())]
    NotEd25519 {
        /// The file.
        path: PathBuf,
    },
    /// The key is locked by a passphrase.
    #[error("the key in {} is locked by a passphrase", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
}

/// A key as it stands in a file: the public half, whose it is, and perhaps the private half.
pub struct KeyFile {
    /// The public key.
    pub public: VerifyingKey,
    /// The file's comment: whose the key is.
    pub comment: String,
    /// The private key, unless the file holds the public half only.
    pub private: Option<SigningKey>,
}

impl KeyFile {
    /// Reads a private key file, or the `.pub` file beside one.
    ///
    /// # Errors
    /// The file cannot be read, or holds no Ed25519 key that can be used as it is.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let file_error = |source| KeyFileError::File {
            path: path.to_owned(),
            source,
        };
        let text = fs::read_to_string(path).map_err(file_error)?;
        if let Ok(key) = PublicKey::from_openssh(text.trim_end()) {
            return Self::from_public(&key, path);
        }
        let key = PrivateKey::from_openssh(&text).map_err(|_| KeyFileError::NotAKey {
            path: path.to_owned(),
        })?;
        if key.is_encrypted() {
            return Err(KeyFileError::Locked {
                path: path.to_owned(),
            });
        }
        let KeypairData::Ed25519(pair) = key.key_data() else {
            return Err(KeyFileError::NotEd25519 {
                path: path.to_owned(),
            });
        };
        let private = SigningKey::from_bytes(&pair.private.to_bytes());
        let public = private.verifying_key();
        Ok(Self {
            public,
            comment: key.comment().to_owned(),
            private: Some(private),
        })
    }

    fn from_public(key: &PublicKey, path: &Path) -> Result<Self, KeyFileError> {
        let wrong = || KeyFileError::NotEd25519 {
            path: path.to_owned(),
        };
        let bytes = key.key_data().ed25519().ok_or_else(wrong)?;
        let public = VerifyingKey::from_bytes(&bytes.0).map_err(|_| wrong())?;
        Ok(Self {
            public,
            comment: key.comment().to_owned(),
            private: None,
        })
    }
}

/// Writes a new key, made from 32 random bytes, to a file that must not exist yet.
///
/// # Errors
/// The file exists or cannot be written.
pub fn write_new(path: &Path, seed: &[u8; 32], comment: &str) -> Result<SigningKey, KeyFileError> {
    let file_error = |source| KeyFileError::File {
        path: path.to_owned(),
        source,
    };
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(seed));
    let text = PrivateKey::new(pair, comment)
        .and_then(|key| key.to_openssh(LineEnding::LF))
        .map_err(|_| KeyFileError::NotAKey {
            path: path.to_owned(),
        })?;
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(file_error)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(file_error)?;
    Ok(SigningKey::from_bytes(seed))
}
