//! Small files that only save time. They are read if possible, and written completely or not at all.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::private;

/// What was stored last; `None` when there is nothing or it cannot be read.
pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Replaces the stored content. If it cannot be written, the next start is only slower.
pub(crate) fn store<T: Serialize + ?Sized>(path: &Path, content: &T) {
    if let Ok(bytes) = serde_json::to_vec(content) {
        let _ = private::store(path, &bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_is_read_back_and_what_is_broken_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/list.json");
        assert_eq!(read::<Vec<String>>(&path), None);
        store(&path, &["a.b"]);
        assert_eq!(read(&path), Some(vec!["a.b".to_owned()]));
        private::store(&path, b"[\"a").unwrap();
        assert_eq!(read::<Vec<String>>(&path), None);
    }
}
