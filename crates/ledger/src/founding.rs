//! Founding a ledger: its origin, its first keys, its folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chancery_chain::{Hash, Instant, KeyPayload, Origin, PrivateKey, Role, seal};
use chancery_store::Store;
use ed25519_dalek::VerifyingKey;

use crate::custody;
use crate::keyfile::{self, KeyFile, KeyFileError};
use crate::settings;

/// Why a ledger was not founded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FoundingError {
    /// The folder holds something already.
    #[error("{} is not empty", folder.display())]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
    },
    /// A key file that was given cannot be used.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The key that signs the founding, or the checkpoints, has no private half here.
    #[error("the {} key must be a private key: it signs", role.name())]
    PublicOnly {
        /// Its role.
        role: Role,
    },
    /// Two log keys: checkpoints would have two signers of one name.
    #[error("a ledger is founded with one log key")]
    SeveralLogKeys,
    /// The submission cannot be sealed.
    #[error("the founding cannot be sealed")]
    Seal(#[from] chancery_chain::SealError),
    /// The system cannot write.
    #[error("cannot write {}", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The store cannot be made.
    #[error("cannot make the ledger's store")]
    Store(#[from] chancery_store::OpenError),
    /// The store was made but not synced.
    #[error("cannot make the ledger's store durable")]
    Close(#[from] chancery_store::EngineError),
}

/// What was founded.
#[derive(Clone, Debug)]
pub struct Founded {
    /// The head after the first submission: it pins the whole ledger.
    pub founding: Hash,
    /// The keys, in the order of their entries.
    pub keys: Vec<KeyPayload>,
    /// The private key files that were made.
    pub made: Vec<PathBuf>,
}

/// A private key, wherever it is, that may be used from any thread.
pub type AnyKey = Box<dyn PrivateKey + Send + Sync>;

/// A key that was there before the ledger.
pub struct GivenKey {
    /// What it may do.
    pub role: Role,
    /// The public half.
    pub public: VerifyingKey,
    /// Whose it is.
    pub comment: String,
    /// The private half, if it can sign.
    pub private: Option<AnyKey>,
}

impl GivenKey {
    /// Returns the key in a file, as it is without a passphrase or an agent.
    pub fn of(role: Role, file: KeyFile) -> Self {
        let private = file.private.map(|key| -> AnyKey { Box::new(key) });
        Self {
            role,
            public: file.public,
            comment: file.comment,
            private,
        }
    }
}

/// A key that a ledger is founded with.
struct FoundingKey {
    payload: KeyPayload,
    private: Option<AnyKey>,
}

/// Founds a ledger in `folder`, with the keys given and new ones for the roles
/// that none was given for.
///
/// # Errors
/// The folder is not empty, a key cannot be used, or the system cannot write.
pub fn found(
    folder: &Path,
    origin: &Origin,
    given: Vec<GivenKey>,
    now: Instant,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<Founded, FoundingError> {
    check_empty(folder)?;
    let mut keys = Vec::new();
    for key in given {
        keys.push(given_key(origin, key)?);
    }
    if keys
        .iter()
        .filter(|key| key.payload.role == Role::Log)
        .count()
        > 1
    {
        return Err(FoundingError::SeveralLogKeys);
    }
    check_keeper(&keys)?;
    let given: Vec<Role> = keys.iter().map(|key| key.payload.role).collect();
    create(folder)?;
    let mut made = Vec::new();
    for role in Role::ALL {
        if !given.contains(&role) {
            let path = folder.join("keys").join(role.name());
            keys.push(new_key(origin, role, &path, random)?);
            made.push(path);
        }
    }
    // A founding that outlived its keys would be a ledger that nobody can write to.
    sync_folder(&folder.join("keys"))?;
    keys.sort_by_key(|key| key.payload.role);
    let founding = write_founding(folder, origin, &keys, now)?;
    let keys = keys.into_iter().map(|key| key.payload).collect();
    Ok(Founded {
        founding,
        keys,
        made,
    })
}

fn write_founding(
    folder: &Path,
    origin: &Origin,
    keys: &[FoundingKey],
    now: Instant,
) -> Result<Hash, FoundingError> {
    let keeper = keys
        .iter()
        .position(|key| key.payload.role == Role::Keeper && key.private.is_some())
        .ok_or(FoundingError::PublicOnly { role: Role::Keeper })?;
    let Some(private) = &keys[keeper].private else {
        return Err(FoundingError::PublicOnly { role: Role::Keeper });
    };
    let payloads: Vec<KeyPayload> = keys.iter().map(|key| key.payload.clone()).collect();
    let (entries, head) = seal::seal_founding(origin, &payloads, keeper, private.as_ref(), now)?;
    let store = Store::create(folder, &entries, Box::new(crate::index::pairs))?;
    store.close()?;
    let path = folder.join(settings::FILE);
    fs::write(&path, settings::text(origin, &payloads, &head.hash))
        .map_err(|source| FoundingError::Write { path, source })?;
    sync_folder(folder)?;
    Ok(head.hash)
}

/// If keepers' keys are given, one of them must be able to sign the founding.
fn check_keeper(keys: &[FoundingKey]) -> Result<(), FoundingError> {
    let role = Role::Keeper;
    let mut keepers = keys.iter().filter(|key| key.payload.role == role);
    let named = keepers.clone().next().is_some();
    if named && !keepers.any(|key| key.private.is_some()) {
        return Err(FoundingError::PublicOnly { role });
    }
    Ok(())
}

fn sync_folder(folder: &Path) -> Result<(), FoundingError> {
    let synced = fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| FoundingError::Write {
        path: folder.to_owned(),
        source,
    })
}

fn check_empty(folder: &Path) -> Result<(), FoundingError> {
    match fs::read_dir(folder) {
        Ok(files) => match files.count() {
            0 => Ok(()),
            _ => Err(FoundingError::NotEmpty {
                folder: folder.to_owned(),
            }),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(FoundingError::Write {
            path: folder.to_owned(),
            source,
        }),
    }
}

fn create(folder: &Path) -> Result<(), FoundingError> {
    use std::os::unix::fs::DirBuilderExt;
    let write = |path: &Path, result: io::Result<()>| {
        result.map_err(|source| FoundingError::Write {
            path: path.to_owned(),
            source,
        })
    };
    write(folder, fs::create_dir_all(folder))?;
    let sources = folder.join(custody::FOLDER);
    write(&sources, fs::create_dir_all(&sources))?;
    let keys = folder.join("keys");
    write(
        &keys,
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&keys),
    )
}

fn given_key(origin: &Origin, key: GivenKey) -> Result<FoundingKey, FoundingError> {
    let role = key.role;
    let name = match role {
        Role::Log => origin.as_str().to_owned(),
        _ if KeyPayload::may_be_named(&key.comment) => key.comment,
        _ => role.name().to_owned(),
    };
    if key.private.is_none() && role == Role::Log {
        return Err(FoundingError::PublicOnly { role });
    }
    let payload = KeyPayload {
        role,
        key: key.public,
        name,
    };
    Ok(FoundingKey {
        payload,
        private: key.private,
    })
}

fn new_key(
    origin: &Origin,
    role: Role,
    path: &Path,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<FoundingKey, FoundingError> {
    let mut seed = [0; 32];
    random(&mut seed);
    let name = match role {
        Role::Log => origin.as_str().to_owned(),
        _ => role.name().to_owned(),
    };
    let private = keyfile::write_new(path, &seed, &name)?;
    let payload = KeyPayload {
        role,
        key: private.verifying_key(),
        name,
    };
    Ok(FoundingKey {
        payload,
        private: Some(Box::new(private)),
    })
}
