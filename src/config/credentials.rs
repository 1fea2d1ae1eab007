//! Where keys come from: the command line, a file, standard input, the environment, a command or the keyring.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::error::KeyError;
use super::{keyring, private, shellish, silent};
use crate::child;
use crate::signals::Interrupts;
use model::Secret;
use model::provider::{Auth, KEY, KeyForm};
use model::secret::is_unseen;

/// A source of the key.
#[derive(Clone, Debug, PartialEq)]
pub enum KeySource {
    /// Given as an argument, where `ps` shows it.
    Argument(Secret),
    /// From an environment variable.
    Environment {
        /// Its name.
        name: String,
        /// Its value.
        secret: Secret,
    },
    /// The first line of a command's output.
    Command(String),
    /// The first line of a file that is not blank. The file must not be readable by others.
    File(PathBuf),
    /// The first line of standard input.
    Stdin,
    /// The desktop's keyring, under the name of a profile.
    Keyring(String),
}

impl KeySource {
    /// The source given by the argument of `-k`: `-` is standard input, `@FILE` a file, anything else the key itself.
    pub fn of_argument(text: &str) -> KeySource {
        match text.strip_prefix('@') {
            _ if text == "-" => KeySource::Stdin,
            Some(file) => KeySource::File(file.into()),
            None => KeySource::Argument(Secret::new(text)),
        }
    }

    /// Whether the key can be read without asking anyone. A key on standard input must be read first, before anything
    /// else is read from there.
    pub fn is_at_hand(&self) -> bool {
        matches!(self, KeySource::Argument(_) | KeySource::Environment { .. } | KeySource::Stdin) && self.is_there()
    }

    /// Whether there is anything to read: a variable may not be set.
    pub fn is_there(&self) -> bool {
        !matches!(self, KeySource::Environment { secret, .. } if secret.expose().is_empty())
    }

    /// The source, in words for people.
    pub fn place(&self) -> String {
        match self {
            KeySource::Argument(_) => "the command line".into(),
            KeySource::Environment { name, .. } => format!("the variable {name}"),
            KeySource::Command(command) => format!("the command `{command}`"),
            KeySource::File(path) => path.display().to_string(),
            KeySource::Stdin => "standard input".into(),
            KeySource::Keyring(_) => "the keyring".into(),
        }
    }

    /// Reads the key.
    pub fn read(&self, stdin: &mut dyn Read) -> Result<Secret, KeyError> {
        match self {
            KeySource::Argument(secret) => usable(&self.place(), secret.expose()),
            KeySource::Environment { name, .. } if !self.is_there() => Err(KeyError::Unset { name: name.clone() }),
            KeySource::Environment { secret, .. } => usable(&self.place(), secret.expose()),
            KeySource::File(path) => usable(&self.place(), &private_file(path)?),
            KeySource::Command(command) => usable(&self.place(), &printed(command)?).map_err(|error| match error {
                KeyError::Unusable { place, reason, .. } => {
                    KeyError::Unusable { place, reason, hint: shellish::advice(command) }
                }
                error => error,
            }),
            KeySource::Stdin => {
                let line = silent::first_line(stdin).map_err(|error| match error.kind() {
                    io::ErrorKind::Interrupted => KeyError::Cancelled,
                    _ => KeyError::Stdin(error),
                });
                usable(&self.place(), &line?)
            }
            KeySource::Keyring(profile) => usable(&self.place(), keyring::read(profile)?.expose()),
        }
    }
}

/// Whether this program was built with the keyring.
pub const HAS_KEYRING: bool = keyring::BUILT_IN;

/// Writes a key to a file that only its owner can read.
pub fn store_in_file(path: &Path, key: &Secret) -> io::Result<()> {
    private::store(path, format!("{}\n", key.expose()).as_bytes())
}

/// Stores a key in the keyring, under the name of a profile.
pub fn store_in_keyring(profile: &str, key: &Secret) -> Result<(), KeyError> {
    keyring::store(profile, key.expose().to_owned())
}

/// A typed key, if it can be one.
pub fn typed(key: &Secret) -> Result<Secret, KeyError> {
    usable("the terminal", key.expose())
}

/// The output of a command. It runs without a shell, its standard error goes to the user, and it may ask the user
/// something on the terminal; it is stopped after a time limit.
fn printed(command: &str) -> Result<String, KeyError> {
    const LONGEST: Duration = Duration::from_secs(60);
    const TICK: Duration = Duration::from_millis(50);
    let fault = |cause: String| KeyError::Command { command: command.to_owned(), cause };
    let words = shlex::split(command).filter(|words| !words.is_empty());
    let words = words.ok_or_else(|| fault("it is not a command".into()))?;
    let (program, arguments) = words.split_first().ok_or_else(|| fault("it is not a command".into()))?;
    // Ctrl-C at the terminal also reaches the command, which ends or asks something else.
    let interrupts = Interrupts::record();
    let child = child::command(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| fault(error.to_string()))?;
    let Some(mut output) = child.stdout.take() else { return Err(fault("it has no output".into())) };
    let (sender, printed) = channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = output.by_ref().take(4096).read_to_string(&mut text);
        // There is no receiver once the time is up.
        let _ = sender.send(read.map(|_| text));
    });
    let since = Instant::now();
    let read = loop {
        match printed.recv_timeout(TICK) {
            Ok(read) => break read,
            Err(RecvTimeoutError::Timeout) if !interrupts.pressed() && since.elapsed() < LONGEST => {}
            Err(_) => {
                let _ = child.kill().and_then(|()| child.wait());
                return Err(match interrupts.pressed() {
                    true => KeyError::Interrupted { command: command.to_owned() },
                    false => fault(format!("it did not answer within {} s", LONGEST.as_secs())),
                });
            }
        }
    };
    let text = read.map_err(|error| fault(error.to_string()))?;
    let status = child.wait().map_err(|error| fault(error.to_string()))?;
    match status.success() {
        true => Ok(text),
        false if interrupts.pressed() => Err(KeyError::Interrupted { command: command.to_owned() }),
        false => Err(fault(format!("it ended with {status}"))),
    }
}

fn private_file(path: &Path) -> Result<String, KeyError> {
    let fault = |cause| KeyError::File { path: path.to_owned(), cause };
    let file = File::open(path).map_err(fault)?;
    let mode = mode_of(&file).map_err(fault)?;
    if mode & 0o077 != 0 {
        return Err(KeyError::Open { path: path.to_owned(), mode });
    }
    let mut text = String::new();
    file.take(4096).read_to_string(&mut text).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => not_text(path),
        _ => fault(error),
    })?;
    Ok(text)
}

fn not_text(path: &Path) -> KeyError {
    KeyError::Unusable { place: path.display().to_string(), reason: "it is not UTF-8 text".into(), hint: None }
}

#[cfg(unix)]
fn mode_of(file: &File) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode_of(_: &File) -> io::Result<u32> {
    Ok(0)
}

/// The first line of a text that is not blank, as a key. A byte order mark at the start is ignored.
fn usable(place: &str, text: &str) -> Result<Secret, KeyError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let key = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    // The key is sent in a header, where most of these characters are not allowed, and none is intended.
    let hidden = key.chars().find(|c| is_unseen(*c));
    let reason = match (key, hidden) {
        ("", _) => "it is empty".to_owned(),
        (_, Some(c)) if c.is_control() || c.is_whitespace() => "it contains spaces or control characters".to_owned(),
        (_, Some(c)) => format!("it contains an invisible character (U+{:04X})", u32::from(c)),
        (key, None) if is_quoted(key) => "it is in quotes; remove them".to_owned(),
        (key, None) => return Ok(Secret::new(key)),
    };
    Err(KeyError::Unusable { place: place.to_owned(), reason, hint: None })
}

fn is_quoted(key: &str) -> bool {
    let pairs = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’'), ('„', '“'), ('«', '»')];
    key.chars().count() > 1 && pairs.iter().any(|(open, close)| key.starts_with(*open) && key.ends_with(*close))
}

impl KeySource {
    /// Whether a key from this source can be one of the provider's. `at_home` means that it goes to the provider
    /// itself: another service in its place may use keys of another format.
    pub fn check(&self, key: &Secret, auth: &Auth, at_home: bool) -> Result<(), KeyError> {
        let text = key.expose();
        let reason = match auth.key {
            Some(form) if at_home && !form.fits(text) => format!("a key of this provider has {}", form.words()),
            // Whatever the format of a stand-in's keys, they are not words.
            Some(KeyForm::Hex32) if !text.is_ascii() => "it contains a letter that no key has, such as é".to_owned(),
            _ if text.contains(':') && auth.user_is(KEY) => {
                "it contains a colon, and HTTP Basic sends it as a user name".to_owned()
            }
            _ => return Ok(()),
        };
        Err(KeyError::Unusable { place: self.place(), reason, hint: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Diagnostic;

    fn read(source: &KeySource, stdin: &str) -> Result<String, KeyError> {
        source.read(&mut stdin.as_bytes()).map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn the_argument_says_where_the_key_is() {
        assert_eq!(KeySource::of_argument("-"), KeySource::Stdin);
        assert_eq!(KeySource::of_argument("@/run/key"), KeySource::File("/run/key".into()));
        assert_eq!(read(&KeySource::of_argument("abc"), "").unwrap(), "abc");
    }

    #[test]
    fn standard_input_gives_its_first_line_and_keeps_the_rest() {
        let mut stdin: &[u8] = b"the-key\r\nservice.list\n";
        let key = KeySource::Stdin.read(&mut stdin).unwrap();
        assert_eq!((key.expose(), stdin), ("the-key", &b"service.list\n"[..]));
        assert!(read(&KeySource::Stdin, "").is_err());
        assert!(read(&KeySource::Stdin, "a b\n").is_err());
    }

    #[test]
    fn text_around_a_key_is_removed_or_refused() {
        for (text, key) in [
            ("the-key", Ok("the-key")),
            ("\u{feff}the-key\r\nmore", Ok("the-key")),
            ("\n \n\u{feff}", Err("an invisible character (U+FEFF)")),
            ("\n\n  the-key \n", Ok("the-key")),
            ("the\u{200b}-key", Err("an invisible character (U+200B)")),
            ("the key", Err("spaces")),
            ("\"the-key\"", Err("quotes")),
            ("'the-key'", Err("quotes")),
            ("“the-key”", Err("quotes")),
            ("the'key\"", Ok("the'key\"")),
            ("\"", Ok("\"")),
            ("pässword", Ok("pässword")),
            ("\u{feff}\n", Err("empty")),
        ] {
            let found =
                usable("here", text).map(|secret| secret.expose().to_owned()).map_err(|error| error.to_string());
            match key {
                Ok(key) => assert_eq!(found.as_deref(), Ok(key), "{text:?}"),
                Err(reason) => {
                    assert!(found.as_ref().is_err_and(|error| error.contains(reason)), "{text:?}: {found:?}")
                }
            }
        }
    }

    #[test]
    fn a_key_that_cannot_be_the_providers_is_refused() {
        use model::provider::AuthScheme;
        let auth = |key, user: &str| Auth { scheme: AuthScheme::Basic, user: user.into(), key, ..Auth::default() };
        let hex = "0123456789abcdef0123456789abcdef";
        for (auth, key, home, away) in [
            (auth(Some(KeyForm::Hex32), KEY), hex, true, true),
            (auth(Some(KeyForm::Hex32), KEY), "a-key", false, true),
            (auth(Some(KeyForm::Hex32), KEY), "clé", false, false),
            (auth(Some(KeyForm::Alphanumeric), "{user}"), "abc1", true, true),
            (auth(Some(KeyForm::Alphanumeric), "{user}"), "abc-1", false, true),
            (auth(None, KEY), "a:b", false, false),
            (auth(None, "{user}"), "a:bé", true, true),
        ] {
            let fits = |at_home| KeySource::Stdin.check(&Secret::new(key), &auth, at_home).is_ok();
            assert_eq!((fits(true), fits(false)), (home, away), "{key}");
        }
    }

    #[test]
    fn a_command_prints_the_key() {
        assert_eq!(read(&KeySource::Command("printf 'the-key\\nmore'".into()), "").unwrap(), "the-key");
        for bad in ["false", "", "'", "no-such-program-at-all", "printf ''"] {
            assert!(read(&KeySource::Command(bad.into()), "").is_err(), "{bad}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused_with_the_remedy() {
        use std::io::Write;
        use std::os::unix::fs::PermissionsExt;
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"the-key\n").unwrap();
        let source = KeySource::File(file.path().to_owned());
        assert_eq!(read(&source, "").unwrap(), "the-key");
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).unwrap();
        let error = read(&source, "").unwrap_err();
        assert!(error.hint().unwrap_or_default().starts_with("chmod 600"), "{error}");
    }
}
