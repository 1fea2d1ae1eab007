//! The text of a file that decides what is run: `config.toml`, which names commands to run and files to read keys from,
//! and the saved lines. It is only read if no one but its owner could have written it.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use super::error::ConfigError;

/// What `config.toml` decides.
pub(super) const KEYS: &str = "it says where keys come from";
/// What the saved lines decide.
pub(super) const LINES: &str = "it says which lines are run";
/// Write permission for the group and for others.
const OTHERS_WRITE: u32 = 0o022;

/// The content of the file; `None` if it does not exist. `says` is what it decides, for an error.
pub(super) fn text(path: &Path, says: &'static str) -> Result<Option<String>, ConfigError> {
    let unreadable = |cause| ConfigError::Read { path: path.to_owned(), cause };
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(unreadable)?,
    };
    let found = file.metadata().map_err(unreadable)?;
    // A link to /dev/null means that there are no settings.
    if !found.file_type().is_char_device() {
        trust((path, says), &found, rustix::process::geteuid().as_raw())?;
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    utf8(path, bytes).map(Some)
}

/// Refuses a file that others can change. Root could change it anyway.
fn trust((path, says): (&Path, &'static str), found: &Metadata, user: u32) -> Result<(), ConfigError> {
    const ROOT: u32 = 0;
    let (path, mode, owner) = (path.to_owned(), found.mode() & 0o7777, found.uid());
    if mode & OTHERS_WRITE != 0 {
        return Err(ConfigError::Open { path, mode, says });
    }
    if owner != user && owner != ROOT {
        return Err(ConfigError::Foreign { path, owner, says });
    }
    Ok(())
}

/// The bytes as text, or an error with the line that is not UTF-8.
fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, ConfigError> {
    let fault = |line, problem: String, from: &str| ConfigError::Content {
        path: path.to_owned(),
        line,
        problem,
        hint: Some(format!("save it as UTF-8: iconv -f {from} -t UTF-8 {}", path.display())),
    };
    let starts_with_two = bytes.first_chunk::<2>();
    if matches!(starts_with_two, Some([0xff, 0xfe] | [0xfe, 0xff])) || bytes.contains(&0) {
        return Err(fault(1, "the file is UTF-16 and not UTF-8".into(), "UTF-16"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let (before, rest) = error.as_bytes().split_at(at);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let byte = rest.first().copied().unwrap_or_default();
        fault(line, format!("byte 0x{byte:02x} is not UTF-8"), "LATIN1")
    })
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use model::Diagnostic;

    #[test]
    fn a_file_that_others_can_change_is_refused_with_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        super::super::private::store(&path, b"timeout = 5\n").unwrap();
        for bits in 0..0o1000 {
            set_permissions(&path, Permissions::from_mode(bits)).unwrap();
            let found = std::fs::metadata(&path).unwrap();
            let refused = trust((&path, KEYS), &found, found.uid()).err();
            assert_eq!(refused.is_some(), bits & 0o022 != 0, "{bits:o}");
            if let Some(error) = refused {
                assert_eq!(error.class().exit_code(), 3);
                assert!(error.hint().unwrap().starts_with("chmod go-w "), "{error}");
            }
        }
        set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        let found = std::fs::metadata(&path).unwrap();
        let other = trust((&path, KEYS), &found, found.uid() + 1);
        assert_eq!(other.is_err(), found.uid() != 0);
    }

    #[test]
    fn invalid_utf_8_is_reported_with_its_line() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for (bytes, words) in [
            (b"a = 1\n# caf\xe9\n".to_vec(), "line 2: byte 0xe9 is not UTF-8"),
            (b"\xff".to_vec(), "line 1: byte 0xff is not UTF-8"),
            (wide("\u{feff}a = 1\n"), "line 1: the file is UTF-16"),
            (wide("a = 1\n"), "line 1: the file is UTF-16"),
        ] {
            let error = utf8(Path::new("c.toml"), bytes).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
            assert!(error.hint().unwrap().starts_with("save it as UTF-8: iconv -f "), "{error}");
        }
        assert_eq!(utf8(Path::new("c"), "caf\u{e9}".into()).unwrap(), "caf\u{e9}");
    }

    #[test]
    fn a_missing_file_counts_as_empty() {
        assert_eq!(text(Path::new("/nowhere/config.toml"), KEYS).unwrap(), None);
        assert_eq!(text(Path::new("/dev/null"), KEYS).unwrap().as_deref(), Some(""));
    }
}
