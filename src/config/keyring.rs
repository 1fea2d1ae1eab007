//! The desktop's keyring, if the program was built with it (`--features keyring`).
//!
//! It is called from a separate thread: the call must not be made on a thread that runs a network runtime, and a locked
//! keyring may never answer.

use super::error::KeyError;
use model::Secret;

#[cfg(feature = "keyring")]
mod asked {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use keyring_core::Entry;

    use super::{KeyError, Secret};

    /// The time limit: long enough to type the password of a locked keyring.
    const LONGEST: Duration = Duration::from_secs(60);
    /// The service name under which all keys of this program are stored.
    const SERVICE: &str = "marsh";

    /// Whether this build has it.
    pub(crate) const BUILT_IN: bool = true;

    /// The key of a profile.
    pub(crate) fn read(profile: &str) -> Result<Secret, KeyError> {
        with_entry(profile, |entry| entry.get_password().map(Secret::new))
    }

    /// Stores the key of a profile.
    pub(crate) fn store(profile: &str, key: String) -> Result<(), KeyError> {
        with_entry(profile, move |entry| entry.set_password(&key))
    }

    fn with_entry<T: Send + 'static>(
        profile: &str,
        ask: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T, KeyError> {
        let (sender, answer) = channel();
        let name = profile.to_owned();
        std::thread::spawn(move || {
            let asked = || {
                keyring_core::set_default_store(zbus_secret_service_keyring_store::Store::new()?);
                ask(&Entry::new(SERVICE, &name)?)
            };
            // There is no receiver once the time is up.
            let _ = sender.send(asked().map_err(|error| error.to_string()));
        });
        let late = || Err(format!("it did not answer within {} s", LONGEST.as_secs()));
        let answered = answer.recv_timeout(LONGEST).unwrap_or_else(|_| late());
        answered.map_err(|cause| KeyError::Keyring { profile: profile.to_owned(), cause })
    }
}

#[cfg(not(feature = "keyring"))]
mod asked {
    use super::{KeyError, Secret};

    /// Whether this build has it.
    pub(crate) const BUILT_IN: bool = false;

    /// Always the error that there is no keyring.
    pub(crate) fn read(profile: &str) -> Result<Secret, KeyError> {
        Err(KeyError::NoKeyring { profile: profile.to_owned() })
    }

    /// Always the error that there is no keyring.
    pub(crate) fn store(profile: &str, _: String) -> Result<(), KeyError> {
        Err(KeyError::NoKeyring { profile: profile.to_owned() })
    }
}

pub(super) use asked::{BUILT_IN, read, store};
