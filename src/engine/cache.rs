//! Small files that only save time: read if they can be, written whole or not at all.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What was stored last; `None` when there is nothing or it cannot be read.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Stores something in place of what was there. A cache that cannot be written is only slower.
pub(super) fn store<T: Serialize + ?Sized>(path: &Path, content: &T) {
    let Some(folder) = path.parent() else { return };
    let write = || -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(content)?)?;
        file.persist(path)?;
        Ok(())
    };
    let _ = write();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_is_read_back_and_what_is_broken_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/list.json");
        assert_eq!(read::<Vec<String>>(&path), None);
        store(&path, &["a.b"]);
        assert_eq!(read(&path), Some(vec!["a.b".to_owned()]));
        std::fs::File::create(&path).unwrap().write_all(b"[\"a").unwrap();
        assert_eq!(read::<Vec<String>>(&path), None);
    }
}
