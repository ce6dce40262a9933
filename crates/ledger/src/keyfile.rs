//! Key files: Ed25519 keys in OpenSSH's form, as `ssh-keygen -t ed25519` makes them.
//!
//! A private key is written with mode 0600, is not read if others can read it, and
//! is never printed or logged. What a key may do is not said in its file but in the
//! ledger's entries.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::{SigningKey, VerifyingKey};
use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{LineEnding, PrivateKey, PublicKey};
use zeroize::Zeroizing;

/// The longest key file that is read, in bytes; an Ed25519 key takes some 500.
const LONGEST: u64 = 65_536;

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
    /// The file holds what is private, and not its owner alone can read it.
    #[error("others than its owner can read or change {}: its mode is {mode:04o}", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The passphrase is not the one that locks the key.
    #[error("this is not the passphrase of {}", path.display())]
    WrongPassphrase {
        /// The file.
        path: PathBuf,
    },
}

/// A key as it stands in a file: the public half, whose it is, and perhaps the private half.
pub struct KeyFile {
    /// The public key.
    pub public: VerifyingKey,
    /// The file's comment: whose the key is. A locked key does not tell it.
    pub comment: String,
    /// The private key, unless it is locked or the file holds the public half only.
    pub private: Option<SigningKey>,
    /// The private key, if it is locked by a passphrase.
    pub locked: Option<LockedKey>,
}

/// A private key locked by a passphrase.
pub struct LockedKey {
    path: PathBuf,
    key: PrivateKey,
}

impl KeyFile {
    /// Reads a private key file, or the `.pub` file beside one.
    ///
    /// # Errors
    /// The file cannot be read, holds no Ed25519 key, or holds a private key that
    /// others than its owner can read or change.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let (text, mode) = text(path)?;
        let public = PublicKey::from_openssh(text.trim_end());
        if let Ok(key) = &public {
            return Self::from_public(key, path);
        }
        let key = PrivateKey::from_openssh(text.as_str()).map_err(|error| {
            let path = path.to_owned();
            match public {
                Err(other) if is_of_another_sort(&error) || is_of_another_sort(&other) => {
                    KeyFileError::NotEd25519 { path }
                }
                _ => KeyFileError::NotAKey { path },
            }
        })?;
        check_mode(path, mode)?;
        if key.is_encrypted() {
            let public = Self::from_public(key.public_key(), path)?;
            let path = path.to_owned();
            return Ok(Self {
                locked: Some(LockedKey { path, key }),
                ..public
            });
        }
        Self::from_private(&key, path)
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
            locked: None,
        })
    }

    fn from_private(key: &PrivateKey, path: &Path) -> Result<Self, KeyFileError> {
        let KeypairData::Ed25519(pair) = key.key_data() else {
            return Err(KeyFileError::NotEd25519 {
                path: path.to_owned(),
            });
        };
        let private = SigningKey::from_bytes(&Zeroizing::new(pair.private.to_bytes()));
        Ok(Self {
            public: private.verifying_key(),
            comment: key.comment().to_owned(),
            private: Some(private),
            locked: None,
        })
    }
}

impl LockedKey {
    /// Returns the file that the key is in.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the key file as it is without the passphrase.
    ///
    /// # Errors
    /// It is another passphrase.
    pub fn unlock(&self, passphrase: &[u8]) -> Result<KeyFile, KeyFileError> {
        let key = self.key.decrypt(passphrase);
        let key = key.map_err(|_| KeyFileError::WrongPassphrase {
            path: self.path.clone(),
        })?;
        KeyFile::from_private(&key, &self.path)
    }
}

/// Reads a passphrase out of a file: all of it, but for a line's end behind it.
///
/// # Errors
/// The file cannot be read, or others than its owner can.
pub fn read_passphrase(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    let (text, mode) = text(path)?;
    check_mode(path, mode)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    Ok(Zeroizing::new(line.to_owned()))
}

/// Returns what is written in a small file, and the mode of just that file.
fn text(path: &Path) -> Result<(Zeroizing<String>, u32), KeyFileError> {
    let file_error = |source| KeyFileError::File {
        path: path.to_owned(),
        source,
    };
    let file = fs::File::open(path).map_err(file_error)?;
    let mode = file.metadata().map_err(file_error)?.permissions().mode();
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST)
        .read_to_string(&mut text)
        .map_err(file_error)?;
    Ok((text, mode & 0o777))
}

/// What is private is for its owner alone, as OpenSSH demands it too.
fn check_mode(path: &Path, mode: u32) -> Result<(), KeyFileError> {
    if mode | 0o700 == 0o700 {
        return Ok(());
    }
    Err(KeyFileError::Exposed {
        path: path.to_owned(),
        mode,
    })
}

/// Returns whether a file holds a key of a sort that is not read at all, such as ECDSA.
fn is_of_another_sort(error: &ssh_key::Error) -> bool {
    matches!(
        error,
        ssh_key::Error::AlgorithmUnknown | ssh_key::Error::AlgorithmUnsupported { .. }
    )
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
